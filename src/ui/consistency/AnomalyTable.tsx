// The anomalies that were kept, in order of time; a click goes to the moment of one.

import { formatDurationMs } from "../../base/units.ts";
import type { AnomalyReport } from "../../model/consistencyReport.ts";
import { useRunStore } from "../../store/runStore.ts";
import { useGrowing } from "../controls/useGrowing.ts";
import styles from "./consistency.module.css";

interface AnomalyTableProps {
  readonly anomalies: readonly AnomalyReport[];
  /** All that were found, also those that were not kept. */
  readonly found: number;
  /** The run that they are of. */
  readonly of: string;
}

/** The list. */
export function AnomalyTable({ anomalies, found, of }: AnomalyTableProps) {
  const shown = useGrowing(anomalies, of);
  const left = found - anomalies.length;
  return (
    <section className={styles["anomalies"]} aria-label="Anomalies">
      <h3>
        Anomalies <span data-bad={found > 0}>{found.toLocaleString("en-US")}</span>
      </h3>
      {found === 0 ? <p>None so far.</p> : null}
      <ol>
        {shown.map((one, i) => (
          // They are only ever added at the end.
          <li key={i}>
            <button type="button" data-tip="Go to this moment" onClick={() => void goTo(one)}>
              <b>{formatDurationMs(one.t * 1000)}</b> {one.kind}
              <span>{one.sentence}</span>
            </button>
          </li>
        ))}
      </ol>
      {left > 0 ? <p>{left.toLocaleString("en-US")} more were counted and not kept.</p> : null}
    </section>
  );
}

async function goTo({ t }: AnomalyReport): Promise<void> {
  const run = useRunStore.getState();
  run.pause();
  await run.seek(t * 1e9);
}
