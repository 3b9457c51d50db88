// The report of the run as a person reads it: headlines in words, objectives, and a table per kind of place.
// Fetched when the run stands still, and once a second while it goes on. Loaded on demand.

import { useEffect, useState } from "react";
import { nameOf } from "../../model/elements.ts";
import type { Breach } from "../../model/objectiveState.ts";
import type { ObjectiveReport, Report } from "../../model/report.ts";
import { formatDurationMs, formatNumber } from "../../base/units.ts";
import { latestLiveRun } from "../../store/liveRun.ts";
import { useRunStore } from "../../store/runStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { commandOf, runCommand } from "../app/commands.ts";
import { Button } from "../controls/Button.tsx";
import { AdviceList, AnomalyList, NoteList, TheoryList } from "./ReportNotes.tsx";
import { Replications } from "./Replications.tsx";
import styles from "./ReportPanel.module.css";
import { type ReportTable, reportTables } from "./reportTables.ts";
import { accounts, headlines, ways } from "./reportWords.ts";

const refreshMs = 1000;

/** The report. */
export function ReportPanel() {
  const report = useReport();
  const live = latestLiveRun();
  if (report === null || live === null)
    return (
      <p className={styles["empty"]}>
        Press <kbd>Space</kbd> to run
      </p>
    );
  return (
    <div className={styles["report"]}>
      <AdviceList report={report} ran={live.scenario} />
      <Headlines report={report} />
      <Ways report={report} name={(id) => nameOf(live.scenario, id)} />
      {commandOf("run/twin")?.isEnabled?.() === true ? (
        <div>
          <Button icon="copy" onClick={() => runCommand("run/twin")}>
            Compare with the synchronous twin
          </Button>
        </div>
      ) : null}
      <Objectives objectives={report.objectives} />
      <div className={styles["tables"]}>
        {reportTables(report, live.scenario).map((table) => (
          <Table key={table.id} table={table} />
        ))}
      </div>
      <TheoryList theory={report.theory} />
      <Books report={report} />
      <AnomalyList consistency={report.consistency} />
      <NoteList notes={report.notes} />
      <Replications />
    </div>
  );
}

/** The report as of now: anew at every standstill, every second while it runs. */
function useReport(): Report | null {
  const status = useRunStore((state) => state.status);
  const generation = useRunStore((state) => state.generation);
  // Steps and acts move the time of a standing run; while it runs, the timer below is enough.
  const standingNs = useRunStore((state) => (state.status === "running" ? -1 : state.timeNs));
  const [known, setKnown] = useState<{ readonly report: Report; readonly generation: number }>();
  useEffect(() => {
    let isGone = false;
    async function fetchReport(): Promise<void> {
      const report = await useRunStore.getState().report();
      if (!isGone && report !== null && standingNs !== 0) setKnown({ report, generation });
    }
    void fetchReport();
    const timer =
      status === "running" ? setInterval(() => void fetchReport(), refreshMs) : undefined;
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [status, generation, standingNs]);
  return known?.generation === generation ? known.report : null;
}

function Headlines({ report }: { readonly report: Report }) {
  return (
    <dl className={styles["headlines"]}>
      {headlines(report).map(({ label, value, tone }) => (
        <div key={label} data-tone={tone}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div>
        <dt>Simulated</dt>
        <dd>{formatNumber(report.simulatedSeconds)} s</dd>
      </div>
      <div>
        <dt>Events</dt>
        <dd data-tip={`${formatNumber(report.wallSeconds)} s of computing, seed ${report.seed}`}>
          {report.events.toLocaleString("en-US")}
        </dd>
      </div>
      <div>
        <dt>State</dt>
        <dd
          data-hash
          data-tip="Fingerprint of the whole state: the same scenario, seed and timeline give the same one everywhere"
        >
          {report.stateHash}
        </dd>
      </div>
    </dl>
  );
}

interface WaysProps {
  readonly report: Report;
  readonly name: (id: string) => string;
}

/** The ways of the same load side by side: how many requests got their answer, and how many failed. */
function Ways({ report, name }: WaysProps) {
  return (
    <ul className={styles["ways"]} aria-label="Requests by way">
      {ways(report, name).map((way) => (
        <li key={way.id} data-failed={way.failed > 0}>
          <span>{way.name}</span>
          <strong>
            {way.failed === 0
              ? "none failed"
              : `${way.failed.toLocaleString("en-US")} of ${way.asked.toLocaleString("en-US")} failed`}
          </strong>
          <span>
            {way.asked.toLocaleString("en-US")} requests, p99 {way.p99}
          </span>
          <i style={{ inlineSize: `${(100 * way.failed) / Math.max(1, way.asked)}%` }} />
        </li>
      ))}
    </ul>
  );
}

function Objectives({ objectives }: { readonly objectives: readonly ObjectiveReport[] }) {
  if (objectives.length === 0) return null;
  return (
    <ul className={styles["objectives"]} aria-label="Objectives">
      {objectives.map((objective) => (
        <li key={objective.id} data-met={objective.met}>
          <b>{objective.met ? "met" : "missed"}</b> {objective.title}
          <span>
            {" "}
            {objective.measure} {objective.is} {formatNumber(objective.target)}, actual{" "}
            {objective.actual === null ? "–" : formatNumber(objective.actual)}
          </span>
          <Breaches breaches={objective.breaches ?? []} />
        </li>
      ))}
    </ul>
  );
}

const breachesShown = 3;

/** When it was missed on the way, and after what; a click goes there. */
function Breaches({ breaches }: { readonly breaches: readonly Breach[] }) {
  const more = breaches.length - breachesShown;
  if (breaches.length === 0) return null;
  return (
    <ul className={styles["breaches"]}>
      {breaches.slice(0, breachesShown).map(({ fromS, toS, cause }) => (
        <li key={fromS}>
          <button type="button" onClick={() => void useRunStore.getState().seek(fromS * 1e9)}>
            not met from {formatDurationMs(fromS * 1000)}
            {toS === null ? " on" : ` to ${formatDurationMs(toS * 1000)}`}
          </button>{" "}
          <span>{cause}</span>
        </li>
      ))}
      {more > 0 ? <li>and {more} more times</li> : null}
    </ul>
  );
}

function Table({ table }: { readonly table: ReportTable }) {
  const select = (id: string): void => useSessionStore.getState().select([id]);
  const [first, ...others] = table.columns;
  return (
    <table className={styles["table"]} data-table={table.id}>
      <caption>{table.title}</caption>
      <thead>
        <tr>
          <th scope="col">{first}</th>
          {others.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map(({ id, of = id, cells: [name, ...cells] }) => (
          <tr key={id}>
            <th scope="row">
              <button type="button" onClick={() => select(of)}>
                {name?.text}
              </button>
            </th>
            {cells.map((cell, i) => (
              <td
                key={others[i]}
                data-bad={cell.isBad === true}
                data-tip={cell.tip}
                aria-description={cell.tip}
              >
                {cell.text}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Books({ report }: { readonly report: Report }) {
  const { holds, violations } = report.conservation;
  return (
    <section className={styles["books"]} data-holds={holds} aria-label="The books">
      <h3>{holds ? "The books balance ✓" : "The books do not balance"}</h3>
      <ul>
        {accounts(report).map((account) => (
          <li key={account}>{account}</li>
        ))}
        {violations.map((violation) => (
          <li key={violation}>{violation}</li>
        ))}
      </ul>
    </section>
  );
}
