// What an import has to say about the files: errors first, the rest on request.

import { useState } from "react";
import type { Finding } from "../../imports/findings.ts";
import { Button } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import styles from "./importing.module.css";

interface ImportFindingsProps {
  readonly findings: readonly Finding[];
  /** Whether the official parser has said what it has to say. */
  readonly isComplete: boolean;
}

const kinds = [
  { severity: "error", one: "error", many: "errors" },
  { severity: "warning", one: "warning", many: "warnings" },
  { severity: "info", one: "note", many: "notes" },
] as const;

type Kind = (typeof kinds)[number]["severity"];

/** Findings that are shown at once. */
const step = 100;

/** The list of findings. */
export function ImportFindings({ findings, isComplete }: ImportFindingsProps) {
  const [hidden, setHidden] = useState<ReadonlySet<Kind>>(new Set(["info"]));
  const [most, setMost] = useState(step);
  const shown = findings.filter(({ severity }) => !hidden.has(severity));
  const toggle = (kind: Kind): void => {
    const next = new Set(hidden);
    if (!next.delete(kind)) next.add(kind);
    setHidden(next);
  };
  if (findings.length === 0)
    return isComplete ? (
      <p className={styles["good"]}>
        <Icon name="check" size={15} /> Everything was understood; nothing is wrong.
      </p>
    ) : null;
  return (
    <section className={styles["findings"]} aria-label="Findings">
      <div className={styles["filters"]} role="group" aria-label="Show">
        {kinds.map(({ severity, one, many }) => {
          const count = findings.filter((finding) => finding.severity === severity).length;
          return (
            <button
              key={severity}
              type="button"
              className={styles["filter"]}
              aria-pressed={!hidden.has(severity)}
              disabled={count === 0}
              onClick={() => toggle(severity)}
            >
              {count} {count === 1 ? one : many}
            </button>
          );
        })}
      </div>
      <ul className={styles["list"]}>
        {shown.slice(0, most).map((finding) => (
          <li
            key={`${finding.code} ${finding.file} ${finding.pointer} ${finding.line} ${finding.message}`}
            data-severity={finding.severity}
          >
            <Icon name={finding.severity} size={15} />
            <span>{finding.message}</span>
            <code>
              {finding.file}:{finding.line}:{finding.column}
            </code>
          </li>
        ))}
      </ul>
      {shown.length > most ? (
        <Button onClick={() => setMost(most + step)}>Show more of {shown.length}</Button>
      ) : null}
    </section>
  );
}
