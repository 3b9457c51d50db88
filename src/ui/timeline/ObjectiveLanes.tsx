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
      <BreachBars state={state} range={range} nowMs={nowMs} />
    </div>
  ));
}

interface BarsProps {
  readonly state: ObjectiveState;
  readonly range: TimeRange;
  readonly nowMs: number;
}

/** How long it has held, and the stretches in which it was missed. All of it is one button, because stretches may be too short
 *  to be hit: a click goes to the nearest, the keyboard to the next one. */
function BreachBars({ state, range, nowMs }: BarsProps) {
  const { breaches, isMet } = state;
  const count = `missed ${breaches.length} ${breaches.length === 1 ? "time" : "times"} so far`;
  const latest = breaches.at(-1);
  return (
    <button
      type="button"
      className={`${styles["laneBody"]} ${styles["breaches"]}`}
      aria-label={`${state.title}: ${count}. ${latest === undefined ? "" : wordsOf(latest)}`}
      disabled={breaches.length === 0}
      onClick={(event) => {
        const { left, width } = event.currentTarget.getBoundingClientRect();
        const share = (event.clientX - left) / Math.max(1, width);
        const isByKey = event.detail === 0;
        const atMs = range.fromMs + share * (range.toMs - range.fromMs);
        const to = isByKey ? nextAfter(breaches, nowMs) : nearestTo(breaches, atMs);
        if (to !== undefined) void useRunStore.getState().seek(to.fromS * 1e9);
      }}
    >
      <span
        className={styles["held"]}
        data-met={isMet}
        style={{ inlineSize: `${Math.min(100, shareOf(range, nowMs))}%` }}
      />
      {breaches.map((breach) => {
        const left = shareOf(range, breach.fromS * 1000);
        const right = shareOf(range, endMs(breach, nowMs));
        return (
          <span
            key={breach.fromS}
            className={styles["breach"]}
            data-tip={wordsOf(breach)}
            style={{ insetInlineStart: `${left}%`, inlineSize: `${right - left}%` }}
          />
        );
      })}
    </button>
  );
}

function endMs({ fromS, toS }: Breach, nowMs: number): number {
  return toS === null ? Math.max(nowMs, fromS * 1000) : toS * 1000;
}

function nextAfter(breaches: readonly Breach[], nowMs: number): Breach | undefined {
  return breaches.find(({ fromS }) => fromS * 1000 > nowMs) ?? breaches[0];
}

function nearestTo(breaches: readonly Breach[], atMs: number): Breach | undefined {
  const distance = (breach: Breach): number =>
    Math.max(0, breach.fromS * 1000 - atMs, atMs - endMs(breach, Infinity));
  return breaches.toSorted((one, other) => distance(one) - distance(other))[0];
}

function wordsOf({ fromS, toS, actual, cause }: Breach): string {
  const until = toS === null ? "until now" : `to ${formatDurationMs(toS * 1000)}`;
  return `Not met from ${formatDurationMs(fromS * 1000)} ${until}, with ${formatNumber(actual)} at first. ${cause}`;
}

function valueText({ actual, isMet }: ObjectiveState): string {
  const value = actual === null ? "nothing observed" : formatNumber(actual);
  return `${value}, ${isMet ? "met" : "not met"} now`;
}
