// Around the figures of the report: above them the advice that a run gives, taken with one click, below them what
// happened in it.

import { formatDurationMs } from "../../base/units.ts";
import { type Advice, adviseOn, isPending, takeAdvice } from "../../model/advice.ts";
import type { Note, Report, TheoryReport } from "../../model/report.ts";
import type { Scenario } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import styles from "./ReportPanel.module.css";

/** What the run advises for the drawing as it is now. */
export function AdviceList({ report, ran }: { readonly report: Report; readonly ran: Scenario }) {
  const now = useDocumentStore((state) => state.scenario);
  const advice = pendingAdvice(report, ran, now);
  if (advice.length === 0) return null;
  return (
    <ul className={styles["advice"]} aria-label="Advice">
      {advice.map((one) => (
        <li key={one.element}>
          <span>{one.sentence}</span>
          <button type="button" onClick={() => take(one)}>
            {one.remedy}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Advice that has not been taken and still concerns the drawing. */
export function pendingAdvice(report: Report, ran: Scenario, now: Scenario): readonly Advice[] {
  return adviseOn(ran, report).filter((advice) => isPending(advice, ran, now));
}

function take(advice: Advice): void {
  const { scenario, commit } = useDocumentStore.getState();
  commit(takeAdvice(scenario, advice), advice.remedy);
  useSessionStore.getState().select([advice.element]);
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
