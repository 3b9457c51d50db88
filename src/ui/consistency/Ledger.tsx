// What every store holds against what it should hold: by the changes that it accepted itself, and by the stores that it
// follows.

import { formatNumber } from "../../base/units.ts";
import type { LedgerLine } from "../../model/consistencyView.ts";
import { nameOf } from "../../model/elements.ts";
import type { Scenario } from "../../model/scenario.ts";
import { Fragment, useState } from "react";
import styles from "./consistency.module.css";

interface LedgerProps {
  readonly scenario: Scenario;
  readonly ledger: readonly LedgerLine[];
}

/** The ledger. */
export function Ledger({ scenario, ledger }: LedgerProps) {
  const [open, setOpen] = useState("");
  return (
    <table className={styles["ledger"]}>
      <caption>Expected and actual values</caption>
      <thead>
        <tr>
          <th scope="col">Store</th>
          <th scope="col">Expected</th>
          <th scope="col">Actual</th>
          <th scope="col">Keys apart</th>
        </tr>
      </thead>
      <tbody>
        {ledger.map((line) => {
          const id = `${line.source}→${line.store}`;
          const isOpen = open === id;
          const isOwn = line.source === line.store;
          return (
            <Fragment key={id}>
              <tr data-bad={line.differing > 0}>
                <th scope="row">
                  <button
                    type="button"
                    aria-expanded={isOpen}
                    disabled={line.differing === 0}
                    onClick={() => setOpen(isOpen ? "" : id)}
                  >
                    {nameOf(scenario, line.store)}{" "}
                    <small>
                      {isOwn ? "by its own writes" : `as ${nameOf(scenario, line.source)} says`}
                    </small>
                  </button>
                </th>
                <td>{formatNumber(line.expected)}</td>
                <td>{formatNumber(line.actual)}</td>
                <td>
                  {line.differing === 0
                    ? "none"
                    : `${line.differing.toLocaleString("en-US")} of ${line.keys.toLocaleString("en-US")}`}
                </td>
              </tr>
              {isOpen
                ? line.worst.map(({ key, expected, actual }) => (
                    <tr key={`${id}/${key}`} className={styles["ledgerKey"]}>
                      <th scope="row">{key}</th>
                      <td>{formatNumber(expected)}</td>
                      <td>{formatNumber(actual)}</td>
                      <td>{signed(actual - expected)}</td>
                    </tr>
                  ))
                : null}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

function signed(value: number): string {
  return value > 0 ? `+${formatNumber(value)}` : formatNumber(value);
}
