// Around the figures of the report: above them the advice that a run gives, taken with one click, below them what
// happened in it.

import { formatDurationMs } from "../../base/units.ts";
// Makes the manuals known, which rules ask.
import "../../brokers/manuals.ts";
import { type Advice, isPending } from "../../model/advice/advice.ts";
import { adviseOn } from "../../model/advice/index.ts";
import type { Note, Report, TheoryReport } from "../../model/report.ts";
import type { Scenario } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { AdviceLines } from "./AdviceLines.tsx";
import styles from "./ReportPanel.module.css";

/** What the run advises for the drawing as it is now. */
export function AdviceList({ report, ran }: { readonly report: Report; readonly ran: Scenario }) {
  const now = useDocumentStore((state) => state.scenario);
  const advice = pendingAdvice(report, ran, now);
  return <AdviceLines label="Advice" advice={advice} />;
}

/** Advice that has not been taken and still concerns the drawing. */
export function pendingAdvice(report: Report, ran: Scenario, now: Scenario): readonly Advice[] {
  return adviseOn(ran, report).filter((advice) => isPending(advice, ran, now));
}

/** Why services differ from the queues of theory, where they do. */
export function TheoryList({ theory }: { readonly theory: readonly TheoryReport[] }) {
  const shown = theory.filter(({ agrees, stable }) => agrees === false || !stable);
  if (shown.length === 0) return null;
  return (
    <section className={styles["notes"]} aria-label="Theory and simulation">
      <h3>Where theory and simulation differ</h3>
      <ul>
        {shown.map(({ id, sentence }) => (
          <li key={id} className={styles["theory"]}>
            <button type="button" onClick={() => useSessionStore.getState().select([id])}>
              {sentence}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Most anomalies that are listed; the tables count all. */
const anomaliesListed = 100;

/** What stores with versions should not have shown, in order of time. */
export function AnomalyList({ consistency }: Pick<Report, "consistency">) {
  const { anomalies } = consistency;
  if (anomalies.length === 0) return null;
  return (
    <section className={styles["notes"]} aria-label="Anomalies">
      <h3>Anomalies</h3>
      <ol>
        {anomalies.slice(0, anomaliesListed).map(({ t, kind, message, sentence }, i) => (
          // One message may do the same twice; their place is what they are.
          <li key={`${i} ${t}`}>
            <span>{formatDurationMs(t * 1000)}</span>
            <button
              type="button"
              data-tip={`${kind}: show the life of message ${message}`}
              onClick={() => useSessionStore.getState().trace(message)}
            >
              {sentence}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Acts, leaders that moved, groups that rebalanced: in order of time. */
export function NoteList({ notes }: { readonly notes: readonly Note[] }) {
  if (notes.length === 0) return null;
  return (
    <section className={styles["notes"]} aria-label="What happened">
      <h3>What happened</h3>
      <ol>
        {notes.map((note, i) => (
          // Two notes may be equal; their place is what they are.
          <li key={`${i} ${note.t}`}>
            <span>{formatDurationMs(note.t * 1000)}</span>
            <button type="button" onClick={() => useSessionStore.getState().select([note.element])}>
              {note.sentence}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
