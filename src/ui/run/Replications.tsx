// Many runs of the drawing with different seeds: how many or how sure, how far they are, and what they say together.

import { useState } from "react";
import { parseRatio } from "../../base/units.ts";
import {
  type ReplicationPlan,
  replicationsDefaultMax,
  replicationsMax,
} from "../../model/replications.ts";
import { type ReplicationTable, replicationTables } from "../../model/replicationTables.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useReplicationStore } from "../../store/replicationStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import styles from "./ReportPanel.module.css";

/** The section of the report about many runs. */
export function Replications() {
  return (
    <section className={styles["replications"]} aria-label="Replications">
      <h3>Replications</h3>
      <Controls />
      <Outcome />
    </section>
  );
}

function Controls() {
  const isRunning = useReplicationStore(({ status }) => status === "running");
  const [count, setCount] = useState("20");
  const [precision, setPrecision] = useState("");
  const plan = planOf(count, precision);
  function start(): void {
    if (plan !== undefined)
      void useReplicationStore.getState().start(useDocumentStore.getState().scenario, plan);
  }
  return (
    <form
      className={styles["replicate"]}
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <label data-tip="The same drawing with so many seeds, the first being its own">
        Runs
        <input
          className={controls["input"]}
          inputMode="numeric"
          value={count}
          aria-invalid={planOf(count, "") === undefined}
          onChange={(event) => setCount(event.currentTarget.value)}
        />
      </label>
      <label
        data-tip={`Go on, up to ${replicationsDefaultMax} runs, until half the interval of every mean latency is at most this share of it`}
      >
        Precision
        <input
          className={controls["input"]}
          placeholder="such as 2%"
          value={precision}
          aria-invalid={planOf("20", precision) === undefined}
          onChange={(event) => setPrecision(event.currentTarget.value)}
        />
      </label>
      {isRunning ? (
        // Keys, because a button that turned into the other under the click would submit at once.
        <Button key="stop" onClick={() => useReplicationStore.getState().cancel()}>
          Stop
        </Button>
      ) : (
        <Button key="start" tone="main" type="submit" disabled={plan === undefined}>
          Replicate
        </Button>
      )}
      <Progress />
    </form>
  );
}

/** What was typed, if it makes sense. */
function planOf(count: string, precision: string): ReplicationPlan | undefined {
  const number = Number(count);
  const isCount = /^\d+$/u.test(count.trim()) && number >= 2 && number <= replicationsMax;
  if (!isCount) return undefined;
  const plan = { count: number, max: Math.max(number, replicationsDefaultMax) };
  if (precision.trim() === "") return plan;
  const share = parseRatio(precision);
  return share !== undefined && share > 0 && share < 1 ? { ...plan, precision: share } : undefined;
}

function Progress() {
  const status = useReplicationStore((state) => state.status);
  const done = useReplicationStore((state) => state.done);
  const most = useReplicationStore((state) => state.most);
  if (status !== "running") return null;
  return (
    <>
      <progress value={done} max={Math.max(1, most)} aria-label="Replications done" />
      <span>
        {done} of {most === 0 ? "…" : most}
      </span>
    </>
  );
}

function Outcome() {
  const report = useReplicationStore((state) => state.report);
  const scenario = useReplicationStore((state) => state.scenario);
  const failure = useReplicationStore((state) => state.failure);
  if (failure !== undefined) return <p role="alert">{failure}</p>;
  if (report === undefined || scenario === undefined) return null;
  return (
    <>
      <p role="status">
        {report.sentence} Means, ± half of their 95 % intervals.
        {report.objectives.map((one) => ` ${one.title}: met in ${one.met}.`)}
        {report.holds ? "" : " The books of a replication do not balance."}
      </p>
      <div className={styles["tables"]}>
        {replicationTables(report, scenario).map((table) => (
          <Figures key={table.id} table={table} />
        ))}
      </div>
    </>
  );
}

function Figures({ table }: { readonly table: ReplicationTable }) {
  return (
    <table className={styles["table"]} data-table={`replicated-${table.id}`}>
      <caption>{table.title}</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          {table.columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map(({ id, name, cells }) => (
          <tr key={id}>
            <th scope="row">
              <button type="button" onClick={() => useSessionStore.getState().select([id])}>
                {name}
              </button>
            </th>
            {cells.map(({ text, tip }, i) => (
              <td key={table.columns[i]} data-tip={tip} aria-description={tip}>
                {text}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
