// Crash and restart of one node while it runs, for the inspector: a service, or each node of a broker's cluster.
// Every act is written on the timeline of the scenario, so that the run replays.

import { useSyncExternalStore } from "react";
import { memberCount, nodeOf, technologyOf } from "../../model/elements.ts";
import type { Scenario } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { latestLiveRun, subscribeLiveRun } from "../../store/liveRun.ts";
import { useRunStore } from "../../store/runStore.ts";
import { Button } from "../controls/Button.tsx";
import { nodeNumber, rowsOf } from "./liveRows.ts";
import styles from "./RunActions.module.css";

/** The buttons; nothing for producers and stores, which cannot crash. */
export function RunActions({ nodeId }: { readonly nodeId: string }) {
  const scenario = useDocumentStore((state) => state.scenario);
  const node = nodeOf(scenario, nodeId);
  if (node === undefined || node.kind === "store" || node.kind === "producer") return null;
  return (
    <div className={styles["actions"]} role="group" aria-label="While it runs">
      {node.kind === "service" ? <CrashButton nodeId={nodeId} name="" /> : null}
      {node.kind === "broker" ? <Members nodeId={nodeId} scenario={scenario} /> : null}
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
  const count = states.length === 0 ? memberCount(scenario, nodeId) : states.length;
  return Array.from({ length: count }, (_, member) => (
    <CrashButton key={member} nodeId={nodeId} name={`${word} ${member}`} member={member} />
  ));
}
