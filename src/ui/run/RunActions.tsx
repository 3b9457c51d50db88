// Faults of one node while it runs, for the inspector: of a service, a bridge, or each node and zone of a broker's cluster.
// Every act is written on the timeline of the scenario, so that the run replays.

import { useSyncExternalStore } from "react";
import { zoneOf } from "../../brokers/zones.ts";
import { standsAlone } from "../../model/faults.ts";
import {
  elementOf,
  instanceCount,
  memberCount,
  nodeOf,
  technologyOf,
  zoneCount,
} from "../../model/elements.ts";
import type { ClusterNode, LiveFault } from "../../model/result.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { ClusterPlace } from "../../model/timeline.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { latestLiveRun, subscribeLiveRun } from "../../store/liveRun.ts";
import { useRunStore } from "../../store/runStore.ts";
import { slowFactor } from "../../store/slowFactor.ts";
import { Button } from "../controls/Button.tsx";
import type { IconName } from "../controls/Icon.tsx";
import { countsText } from "./cardTexts.ts";
import { connectionNumber, nodeNumber, rowsOf } from "./liveRows.ts";
import styles from "./RunActions.module.css";

/** The buttons; nothing for producers and stores, which cannot crash. */
export function RunActions({ nodeId }: { readonly nodeId: string }) {
  const scenario = useDocumentStore((state) => state.scenario);
  const kind = kindOf(scenario, nodeId);
  if (kind === undefined) return <Counts nodeId={nodeId} />;
  const instances = instanceCount(scenario, nodeId);
  return (
    <div className={styles["actions"]} role="group" aria-label="While it runs">
      {kind === "broker" ? (
        <Cluster nodeId={nodeId} scenario={scenario} />
      ) : instances > 0 ? (
        <Instances nodeId={nodeId} count={instances} />
      ) : (
        <Alone nodeId={nodeId} />
      )}
    </div>
  );
}

function kindOf(scenario: Scenario, id: string): "alone" | "broker" | undefined {
  const element = elementOf(scenario, id);
  if (element === undefined || element.type === "contract") return undefined;
  const { kind } = element.value;
  if (kind === "broker") return kind;
  return standsAlone(kind) ? "alone" : undefined;
}

/** The faults of a node as letters, one set per node of a cluster: "d" down, "i" cut off, "s" slow; "" while no run is
 *  loaded. A text, because what a store hands out has to stay the same while nothing changes. */
function useFaults(nodeId: string): readonly string[] {
  const letters = useSyncExternalStore(subscribeLiveRun, () => lettersOf(nodeId));
  return letters === "" ? [] : letters.split(",");
}

function lettersOf(nodeId: string): string {
  const live = latestLiveRun();
  if (live === null) return "";
  const members = live.frame.clusters[nodeId];
  if (members !== undefined) return members.map(memberLetters).join(",");
  const rows = rowsOf(live.scenario);
  const row = rows.nodes.get(nodeId);
  const bridge = rows.connections.get(nodeId);
  // A task that has stopped needs a restart as much as a bridge that is down.
  if (bridge !== undefined) return connectionNumber(live.frame, bridge, "state") === 0 ? "u" : "d";
  if (row === undefined) return "";
  return nodeNumber(live.frame, row, "state") === 0 ? "u" : "d";
}

function memberLetters({ up, isolated, paused, slowness }: ClusterNode): string {
  return `${up ? "u" : "d"}${isolated ? "i" : ""}${paused === true ? "p" : ""}${slowness === 1 ? "" : "s"}`;
}

interface FaultButtonProps {
  readonly fault: LiveFault;
  /** Whether it ends something that is the matter. */
  readonly ends: boolean;
  readonly text: string;
  /** The text and who is meant, for who does not see the row. */
  readonly label: string;
  readonly icon: IconName;
}

function FaultButton({ fault, ends, text, label, icon }: FaultButtonProps) {
  return (
    <Button
      tone={ends ? "main" : "danger"}
      icon={ends ? "reset" : icon}
      className={styles["crash"]}
      aria-label={label}
      onClick={() => void useRunStore.getState().act(fault)}
    >
      {text}
    </Button>
  );
}

/** A service without instances, a bridge, or what else stands alone; only services can be paused and slow. */
function Alone({ nodeId }: { readonly nodeId: string }) {
  const isService = useDocumentStore(
    ({ scenario }) => nodeOf(scenario, nodeId)?.kind === "service",
  );
  const faults = useFaults(nodeId);
  const isDown = faults[0]?.includes("d") === true;
  const text = isDown ? "Restart" : "Crash";
  const fault: LiveFault = { act: isDown ? "restart" : "crash", target: nodeId };
  return (
    <>
      {isService ? (
        <Place name="" place={{ target: nodeId }} faults={[faults[0] ?? "u"]} isService />
      ) : (
        <FaultButton fault={fault} ends={isDown} text={text} label={text} icon="unplug" />
      )}
      <Counts nodeId={nodeId} />
    </>
  );
}

/** What the mechanisms of a node did so far. */
function Counts({ nodeId }: { readonly nodeId: string }) {
  const text = useSyncExternalStore(subscribeLiveRun, () =>
    countsText(latestLiveRun()?.frame.counts[nodeId] ?? {}),
  );
  return text === "" ? null : <p className={styles["counts"]}>{text}</p>;
}

/** The instances of a service, and all of them together. */
function Instances({ nodeId, count }: { readonly nodeId: string; readonly count: number }) {
  const faults = useFaults(nodeId);
  const members = Array.from({ length: faults.length === 0 ? count : faults.length }, (_, i) => i);
  return (
    <>
      {members.map((member) => (
        <Place
          key={member}
          name={`instance ${member}`}
          place={{ target: nodeId, member }}
          faults={[faults[member] ?? "u"]}
          isService
        />
      ))}
      {members.length > 1 ? (
        <Place
          name="all instances"
          place={{ target: nodeId }}
          faults={members.map((member) => faults[member] ?? "u")}
          isService
        />
      ) : null}
    </>
  );
}

function Cluster({ nodeId, scenario }: { readonly nodeId: string; readonly scenario: Scenario }) {
  const faults = useFaults(nodeId);
  const word = technologyOf(scenario, nodeId)?.words.node ?? "node";
  const count = faults.length === 0 ? memberCount(scenario, nodeId) : faults.length;
  const zones = zoneCount(scenario, nodeId);
  const members = Array.from({ length: count }, (_, member) => member);
  return (
    <>
      {members.map((member) => (
        <Place
          key={member}
          name={`${word} ${member}`}
          place={{ target: nodeId, member }}
          faults={[faults[member] ?? "u"]}
        />
      ))}
      {zones > 1 && zones < count
        ? Array.from({ length: zones }, (_, zone) => (
            <Place
              key={`zone ${zone}`}
              name={`zone ${zone}`}
              place={{ target: nodeId, zone }}
              faults={members
                .filter((member) => zoneOf(member, zones) === zone)
                .map((member) => faults[member] ?? "u")}
            />
          ))
        : null}
    </>
  );
}

interface PlaceProps {
  /** "" for all of a service that has no parts. */
  readonly name: string;
  readonly place: { readonly target: string } & ClusterPlace;
  /** Letters of its nodes. */
  readonly faults: readonly string[];
  /** Instances of services stand still, nodes of brokers are cut off. */
  readonly isService?: boolean;
}

/** What can befall one node, or all nodes of a zone: a button ends what all of them have. */
function Place({ name, place, faults, isService = false }: PlaceProps) {
  const haveAll = (letter: string): boolean => faults.every((one) => one.includes(letter));
  const [isDown, isSlow] = [haveAll("d"), haveAll("s")];
  const isHeld = haveAll(isService ? "p" : "i");
  const crash = isDown ? "Restart" : "Crash";
  const [begin, end] = isService
    ? (["pause", "resume"] as const)
    : (["isolate", "reconnect"] as const);
  const hold = isService ? (isHeld ? "Go on" : "Pause") : isHeld ? "Reconnect" : "Cut off";
  const slow = isSlow ? "Speed up" : "Slow down";
  return (
    <div className={styles["place"]} role="group" aria-label={name === "" ? "The service" : name}>
      {name === "" ? null : <span className={styles["name"]}>{name}</span>}
      <FaultButton
        fault={{ act: isDown ? "restart" : "crash", ...place }}
        ends={isDown}
        text={crash}
        label={`${crash} ${name}`.trim()}
        icon="unplug"
      />
      <FaultButton
        fault={{ act: isHeld ? end : begin, ...place }}
        ends={isHeld}
        text={hold}
        label={`${hold} ${name}`.trim()}
        icon={isService ? "minus" : "cut-off"}
      />
      <FaultButton
        fault={{ act: "slow", ...place, factor: isSlow ? 1 : slowFactor }}
        ends={isSlow}
        text={slow}
        label={`${slow} ${name}`.trim()}
        icon="slow"
      />
    </div>
  );
}
