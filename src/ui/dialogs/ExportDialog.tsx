// Every way out of Spillway in one place: a list, what can be chosen, the files to look at, to copy and to save.
// The ways themselves are loaded when the dialog opens, their large libraries when they are chosen.

import { use, useId, useMemo, useState } from "react";
import type * as Exports from "../../exports/index.ts";
import { choosing, type Choice, groups, type WayOut } from "../../exports/wayOut.ts";
import { hasErrors } from "../../base/problem.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { Boundary } from "../controls/Boundary.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { ExportedFiles } from "./ExportedFiles.tsx";
import styles from "./export.module.css";

interface ExportDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The dialog for everything that other tools read. */
export function ExportDialog({ open, onClose }: ExportDialogProps) {
  return open ? <OpenExportDialog onClose={onClose} /> : null;
}

// Loaded once; every opening uses the same promise.
let exporting: Promise<typeof Exports> | undefined;
const loadExports = () => (exporting ??= import("../../exports/index.ts"));

function OpenExportDialog({ onClose }: { readonly onClose: () => void }) {
  const problems = useDocumentStore((state) => state.problems);
  return (
    <Dialog title="Export" size="large" onClose={onClose}>
      {hasErrors(problems) ? (
        <p role="alert">
          This scenario has errors, and an export would repeat them. Correct them first; the tab
          “Problems” lists them.
        </p>
      ) : (
        <Boundary name="The export" waiting={<p role="status">Preparing the list …</p>}>
          <Ways />
        </Boundary>
      )}
    </Dialog>
  );
}

/** Which way out was chosen last; the next opening begins there. */
let lastWay = "";

function Ways() {
  const scenario = useDocumentStore((state) => state.scenario);
  const all = use(loadExports()).waysOut;
  const ways = all.filter(({ concerns }) => concerns === undefined || concerns(scenario));
  const [id, setId] = useState(lastWay);
  const way = ways.find((one) => one.id === id) ?? ways[0];
  const choose = (chosen: string) => {
    lastWay = chosen;
    setId(chosen);
  };
  if (way === undefined) return null;
  return (
    <div className={styles["ways"]}>
      <WayList ways={ways} chosen={way.id} onChoose={choose} />
      <Way key={way.id} way={way} />
    </div>
  );
}

interface WayListProps {
  readonly ways: readonly WayOut[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** A list of radio buttons, whose arrow keys browsers know; where there is no room beside it, a menu. */
function WayList({ ways, chosen, onChoose }: WayListProps) {
  const name = useId();
  const lists = groups
    .map((group) => ({ group, ways: ways.filter((way) => way.group === group) }))
    .filter((list) => list.ways.length > 0);
  return (
    <>
      <div className={styles["list"]} role="radiogroup" aria-label="Ways out">
        {lists.map((list) => (
          <div key={list.group} className={styles["group"]}>
            <span className={styles["groupName"]}>{list.group}</span>
            {list.ways.map(({ id, label }) => (
              <label key={id} className={styles["entry"]}>
                <input
                  type="radio"
                  name={name}
                  value={id}
                  checked={id === chosen}
                  onChange={() => onChoose(id)}
                />
                {label}
              </label>
            ))}
          </div>
        ))}
      </div>
      <select
        className={styles["menu"]}
        aria-label="Way out"
        value={chosen}
        onChange={(event) => onChoose(event.target.value)}
      >
        {lists.map((list) => (
          <optgroup key={list.group} label={list.group}>
            {list.ways.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </>
  );
}

function Way({ way }: { readonly way: WayOut }) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const chosen = useMemo(() => choosing(values), [values]);
  return (
    <section className={styles["way"]} aria-label={way.label}>
      <p className={styles["description"]}>{way.description}</p>
      {way.choices.length === 0 ? null : (
        <div className={styles["choices"]}>
          {way.choices.map((choice) => (
            <Options
              key={choice.id}
              choice={choice}
              value={chosen(choice)}
              onChoose={(value) => setValues({ ...values, [choice.id]: value })}
            />
          ))}
        </div>
      )}
      <ExportedFiles way={way} chosen={chosen} />
    </section>
  );
}

interface OptionsProps {
  readonly choice: Choice;
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

function Options({ choice, value, onChoose }: OptionsProps) {
  const name = useId();
  return (
    <fieldset className={styles["choice"]}>
      <legend>{choice.label}</legend>
      {choice.options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChoose(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
