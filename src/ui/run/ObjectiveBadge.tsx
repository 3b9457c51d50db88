// How many objectives of the run hold, in the bar; a click shows them over time. It also follows the run for all who show
// objectives.

import { useEffect } from "react";
import { followObjectives, useObjectiveStore } from "../../store/objectiveStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Icon } from "../controls/Icon.tsx";
import styles from "./Transport.module.css";

/** The badge; nothing before the first answer. */
export function ObjectiveBadge() {
  useEffect(followObjectives, []);
  const states = useObjectiveStore((state) => state.states);
  const met = states.filter(({ isMet }) => isMet).length;
  const isBroken = states.some(({ breaches }) => breaches.at(-1)?.toS === null);
  const wasBroken = states.some(({ breaches }) => breaches.length > 0);
  const words = isBroken
    ? "An objective is missed now"
    : wasBroken
      ? "An objective was missed on the way"
      : "No objective was missed so far";
  const latest = states.flatMap(({ breaches }) => breaches.slice(-1)).at(-1)?.cause;
  useEffect(() => {
    if (isBroken) useSessionStore.getState().announce(`An objective is missed. ${latest ?? ""}`);
  }, [isBroken, latest]);
  if (states.length === 0) return null;
  return (
    <button
      type="button"
      className={styles["objectives"]}
      data-tone={isBroken ? "broken" : wasBroken ? "was" : "good"}
      aria-label={`${met} of ${states.length} objectives met. ${words}.`}
      data-tip={`${words}: see the timeline below the charts`}
      onClick={() => useSessionStore.getState().showTab("charts")}
    >
      <Icon name={isBroken ? "error" : wasBroken ? "warning" : "check"} size={14} />
      {met}/{states.length}
    </button>
  );
}
