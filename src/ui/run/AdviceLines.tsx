// Pieces of advice, each with a button that takes it; one key takes it back.

import type { Advice } from "../../model/advice/advice.ts";
import { elementOf, nameOf } from "../../model/elements.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import styles from "./ReportPanel.module.css";

interface AdviceLinesProps {
  readonly label: string;
  readonly advice: readonly Advice[];
}

/** The lines; nothing where there is no advice. */
export function AdviceLines({ label, advice }: AdviceLinesProps) {
  if (advice.length === 0) return null;
  return (
    <ul className={styles["advice"]} aria-label={label}>
      {advice.map((one) => (
        <Line key={`${one.code} ${one.element}`} advice={one} />
      ))}
    </ul>
  );
}

function Line({ advice }: { readonly advice: Advice }) {
  const scenario = useDocumentStore((state) => state.scenario);
  const { code, element, risk, why, remedy } = advice;
  const isPart = elementOf(scenario, element) !== undefined;
  return (
    <li>
      <p>
        <strong>{risk}</strong> {why}
        <span className={styles["adviceFoot"]}>
          {isPart ? (
            <button type="button" onClick={() => useSessionStore.getState().select([element])}>
              {nameOf(scenario, element)}
            </button>
          ) : null}
          <code>{code}</code>
        </span>
      </p>
      <button type="button" className={styles["adviceButton"]} onClick={() => take(advice)}>
        {remedy}
      </button>
    </li>
  );
}

function take(advice: Advice): void {
  const { scenario, commit } = useDocumentStore.getState();
  commit(advice.mend(scenario), advice.remedy);
  const session = useSessionStore.getState();
  session.select(advice.element === "run" ? [] : [advice.element]);
  session.announce(`${advice.remedy}: done. Undo takes it back.`);
}
