// The messages that a search through the past has found: the slowest, dead letters, failures.

import { nameOf } from "../../model/elements.ts";
import type { Survey, Surveyed } from "../../model/lookback.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { Traced } from "../../store/sessionStore.ts";
import { spanDuration } from "./spanWords.ts";
import styles from "./trace.module.css";

interface FoundListProps {
  readonly what: Traced | null;
  readonly survey: Survey | null;
  readonly scenario: Scenario;
  readonly onChoose: (message: number) => void;
}

/** The list; a word on what to do where nothing is asked for. */
export function FoundList({ what, survey, scenario, onChoose }: FoundListProps) {
  if (what === null)
    return (
      <p className={styles["empty"]}>
        Choose a list above, type the number of a message, or click one: on its way on the canvas,
        in the log, or among the anomalies of the report.
      </p>
    );
  if (survey === null) return <p className={styles["empty"]}>Looking through the run …</p>;
  const { found, total, isComplete, surveyedNs } = survey;
  const looked = isComplete ? "" : ` Looked through ${spanDuration(surveyedNs)} so far …`;
  const counted = what === "slowest" ? "handled" : "found";
  return (
    <div className={styles["rows"]}>
      <p className={styles["note"]} role="status">
        {total === 0
          ? "There are none."
          : `${found.length} of ${total.toLocaleString("en-US")} ${counted}; every message was looked at.`}
        {looked}
      </p>
      <ul className={styles["found"]}>
        {found.map((one) => (
          <li key={`${one.message}/${one.timeNs}`}>
            <button type="button" onClick={() => onChoose(one.message)}>
              {sentenceOf(one, scenario)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function sentenceOf(one: Surveyed, scenario: Scenario): string {
  const what = one.contract === undefined ? "" : ` ${nameOf(scenario, one.contract)}`;
  const key = one.key === undefined ? "" : ` (${one.key})`;
  const why = one.reason === undefined ? "" : `, ${one.reason}`;
  return `Message ${one.message}${what}${key}: ${spanDuration(one.timeNs - one.rootNs)} after its beginning, at ${nameOf(scenario, one.place)}${why}`;
}
