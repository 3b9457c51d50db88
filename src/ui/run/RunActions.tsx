// What a person may do to one node while it runs: crash and restart it, change its rate or its workers.
// Used by the inspector. Every act is written on the timeline of the scenario, so that the run replays.

import { useState, useSyncExternalStore } from "react";
import { type FieldValue, formatValue, parseTyped } from "../../base/fields.ts";
import { fieldsOf, nodeOf, parameterOf, technologyOf } from "../../model/elements.ts";
import type { Scenario } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { latestLiveRun, subscribeLiveRun } from "../../store/liveRun.ts";
import { useRunStore } from "../../store/runStore.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { nodeNumber, rowsOf } from "./liveRows.ts";
import styles from "./RunActions.module.css";

/** The parameter of each kind that is worth changing while one looks on. */
const liveParameter: Readonly<Record<string, string>> = {
  producer: "rate",
  service: "concurrency",
};

/** The acts that are open to a node; nothing for a store. */
export function RunActions({ nodeId }: { readonly nodeId: string }) {
  const scenario = useDocumentStore((state) => state.scenario);
  const node = nodeOf(scenario, nodeId);
  if (node === undefined || node.kind === "store") return null;
  const parameter = liveParameter[node.kind];
  return (
    <div className={styles["actions"]} role="group" aria-label="While it runs">
      {node.kind === "service" ? <CrashButton nodeId={nodeId} name="" /> : null}
      {node.kind === "broker" ? <Members nodeId={nodeId} scenario={scenario} /> : null}
      {parameter === undefined ? null : (
        <LiveParameter nodeId={nodeId} parameter={parameter} scenario={scenario} />
      )}
    </div>
  );
}

/** One letter per worker or cluster node: "u" up, "d" down; "" while no run is loaded. */
function useStates(nodeId: string): string {
  return useSyncExternalStore(subscribeLiveRun, () => statesOf(nodeId));
}

function statesOf(nodeId: string): string {
  const live = latestLiveRun();
  if (live === null) return "";
  const members = live.frame.clusters[nodeId];
  if (members !== undefined) return members.map(({ up }) => (up ? "u" : "d")).join("");
  const row = rowsOf(live.scenario).nodes.get(nodeId);
  if (row === undefined) return "";
  return nodeNumber(live.frame, row, "state") === 0 ? "u" : "d";
}

interface CrashButtonProps {
  readonly nodeId: string;
  readonly name: string;
  readonly member?: number;
}

function CrashButton({ nodeId, name, member }: CrashButtonProps) {
  const states = useStates(nodeId);
  const isDown = states[member ?? 0] === "d";
  const act = isDown ? "restart" : "crash";
  const of = member === undefined ? { target: nodeId } : { target: nodeId, member };
  return (
    <Button
      tone={isDown ? "main" : "danger"}
      icon={isDown ? "reset" : "unplug"}
      className={styles["crash"]}
      onClick={() => void useRunStore.getState().act({ act, ...of })}
    >
      {isDown ? "Restart" : "Crash"} {name}
    </Button>
  );
}

function Members({ nodeId, scenario }: { readonly nodeId: string; readonly scenario: Scenario }) {
  const states = useStates(nodeId);
  const word = technologyOf(scenario, nodeId)?.words.node ?? "node";
  const count = Math.max(1, states.length);
  return Array.from({ length: count }, (_, member) => (
    <CrashButton key={member} nodeId={nodeId} name={`${word} ${member}`} member={member} />
  ));
}

interface LiveParameterProps {
  readonly nodeId: string;
  readonly parameter: string;
  readonly scenario: Scenario;
}

/** A field that takes effect at this moment of the run, with steps to half and double. */
function LiveParameter({ nodeId, parameter, scenario }: LiveParameterProps) {
  const timeNs = useRunStore((state) => state.timeNs);
  const status = useRunStore((state) => state.status);
  const [typed, setTyped] = useState<string | null>(null);
  const field = fieldsOf(scenario, nodeId)[parameter];
  if (field === undefined || (status !== "running" && status !== "paused")) return null;
  const value = valueAt(scenario, { nodeId, parameter, timeNs });
  const number = Number(value);
  const parsed = typed === null ? null : parseTyped(field, typed);

  function set(next: FieldValue): void {
    setTyped(null);
    if (next === value) return;
    void useRunStore.getState().act({ act: "set", target: nodeId, parameter, value: next });
  }

  const half = field.kind === "count" ? Math.max(1, Math.floor(number / 2)) : number / 2;
  return (
    <label className={styles["live"]}>
      <span>{field.label} from now</span>
      <Button tone="plain" aria-label={`Half the ${field.label}`} onClick={() => set(half)}>
        ½
      </Button>
      <input
        className={controls["input"]}
        aria-label={`${field.label} from now on`}
        aria-invalid={parsed?.ok === false}
        value={typed ?? formatValue(field, value)}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => setTyped(null)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Enter" && parsed?.ok === true) set(parsed.value);
          if (event.key === "Escape") setTyped(null);
        }}
      />
      <Button tone="plain" aria-label={`Twice the ${field.label}`} onClick={() => set(number * 2)}>
        2×
      </Button>
    </label>
  );
}

/** The value of a parameter at a moment of the run: the last one set on the timeline until then. */
export function valueAt(
  scenario: Scenario,
  at: { readonly nodeId: string; readonly parameter: string; readonly timeNs: number },
): FieldValue {
  let value = parameterOf(scenario, at.nodeId, at.parameter);
  for (const entry of scenario.timeline) {
    const isIt =
      entry.act === "set" && entry.target === at.nodeId && entry.parameter === at.parameter;
    if (isIt && entry.at * 1e6 <= at.timeNs) value = entry.value;
  }
  return value;
}
