// The objectives of the run under its faults, on the same axis: when each was missed, and after what.

import { formatDurationMs, formatNumber } from "../../base/units.ts";
import type { Breach, ObjectiveState } from "../../model/objectiveState.ts";
import { useObjectiveStore } from "../../store/objectiveStore.ts";
import { useRunStore } from "../../store/runStore.ts";
import { shareOf, type TimeRange } from "./trackLayout.ts";
import styles from "./track.module.css";

/** A lane per objective; nothing while no run is loaded. */
export function ObjectiveLanes({ range }: { readonly range: TimeRange }) {
  const states = useObjectiveStore((state) => state.states);
  const nowMs = useRunStore((state) => state.timeNs / 1e6);
  return states.map((state) => (
    <div key={state.id} className={styles["lane"]} role="group" aria-label={state.title}>
      <span className={styles["objectiveName"]} data-tip={`${state.title}: ${valueText(state)}`}>
        {state.title}
      </span>
      <div className={styles["laneBody"]} style={{ blockSize: "calc(var(--row) + 2px)" }}>
        <span
          className={styles["held"]}
          data-met={state.isMet}
          style={{ inlineSize: `${Math.min(100, shareOf(range, nowMs))}%` }}
        />
        {state.breaches.map((breach) => (
          <BreachBar key={breach.fromS} breach={breach} range={range} nowMs={nowMs} />
        ))}
      </div>
    </div>
  ));
}

interface BreachBarProps {
  readonly breach: Breach;
  readonly range: TimeRange;
  readonly nowMs: number;
}

/** A stretch in which it was missed; a click goes to its beginning. */
function BreachBar({ breach, range, nowMs }: BreachBarProps) {
  const { fromS, toS, actual, cause } = breach;
  const left = shareOf(range, fromS * 1000);
  const right = shareOf(range, toS === null ? Math.max(nowMs, fromS * 1000) : toS * 1000);
  const until = toS === null ? "until now" : `to ${formatDurationMs(toS * 1000)}`;
  const words = `Not met from ${formatDurationMs(fromS * 1000)} ${until}, with ${formatNumber(actual)} at first. ${cause}`;
  return (
    <button
      type="button"
      className={styles["breach"]}
      aria-label={words}
      data-tip={words}
      style={{ insetInlineStart: `${left}%`, inlineSize: `${right - left}%` }}
      onClick={() => void useRunStore.getState().seek(fromS * 1e9)}
    />
  );
}

function valueText({ actual, isMet }: ObjectiveState): string {
  const value = actual === null ? "nothing observed" : formatNumber(actual);
  return `${value}, ${isMet ? "met" : "not met"} now`;
}
