// What can be the matter with the network between two parts of a drawing.

import type { Distribution } from "../base/distribution.ts";
import type { Severity } from "../base/problem.ts";
import { formatNumber } from "../base/units.ts";
import { elementOf, nameOf } from "./elements.ts";
import { suggestion } from "./near.ts";
import type { Connection, Scenario } from "./scenario.ts";

/** A fault of the network, on all connections between some nodes and others. What it does not state is as usual. */
export interface NetworkFault {
  /** Id of a node or bridge on the one side. */
  readonly target: string;
  /** Further ones on the same side. */
  readonly also?: readonly string[];
  /** Ids of those on the other side; absent: whatever is connected to the one side. */
  readonly to?: readonly string[];
  /** What the one side sends, what it receives, or both (the default). */
  readonly direction?: "both" | "out" | "in";
  /** Nothing passes. */
  readonly partition?: boolean;
  /** Added to the time of each passage [ms]. */
  readonly latency?: Distribution;
  /** Share of packets that are lost. Over TCP, which all of them speak, a lost packet comes later. */
  readonly loss?: number;
  /** Share of publications and requests that are sent twice, as by a proxy that takes a slow answer for none. */
  readonly duplication?: number;
  /** Share of packets that take so much longer [ms]. What follows on an ordered connection waits for them. */
  readonly reordering?: number;
  readonly reorderDelay?: number;
  /** [bytes/s] per connection and direction. */
  readonly bandwidth?: number;
}

/** What an entry or an act says of the network, without when and how long. */
export function faultOf(said: NetworkFault): NetworkFault {
  const { target, also, to, direction, partition, latency, loss, duplication } = said;
  const { reordering, reorderDelay, bandwidth } = said;
  return {
    target,
    ...(also === undefined ? {} : { also }),
    ...(to === undefined ? {} : { to }),
    ...(direction === undefined ? {} : { direction }),
    ...(partition === undefined ? {} : { partition }),
    ...(latency === undefined ? {} : { latency }),
    ...(loss === undefined ? {} : { loss }),
    ...(duplication === undefined ? {} : { duplication }),
    ...(reordering === undefined ? {} : { reordering }),
    ...(reorderDelay === undefined ? {} : { reorderDelay }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
  };
}

/** Ids of all nodes that a fault names. */
export function namedBy({ target, also = [], to = [] }: NetworkFault): readonly string[] {
  return [target, ...also, ...to];
}

/** What is wrong with a fault of the network. */
export interface NetworkProblem {
  readonly code: "timeline/target" | "timeline/no-effect";
  readonly field: "target" | "also" | "to" | "act";
  readonly severity: Severity;
  /** A sentence with the remedy. */
  readonly message: string;
}

/** Why a fault of the network cannot be, or has no effect; undefined when all is well. */
export function networkProblem(
  scenario: Scenario,
  said: NetworkFault & { readonly act: "network" | "heal" },
): NetworkProblem | undefined {
  const { target, also = [], to = [] } = said;
  const ids = [...scenario.nodes, ...scenario.connections.filter(({ kind }) => kind === "bridge")];
  const known = new Set(ids.map(({ id }) => id));
  for (const [field, named] of Object.entries({ target: [target], also, to })) {
    const strange = named.find((id) => !known.has(id));
    if (strange === undefined) continue;
    const what =
      elementOf(scenario, strange) === undefined
        ? `There is no "${strange}" in this document.${suggestion(strange, [...known])}`
        : `${nameOf(scenario, strange)} is no node.`;
    return {
      code: "timeline/target",
      field: field === "also" || field === "to" ? field : "target",
      severity: "error",
      message: `${what} Name nodes or bridges.`,
    };
  }
  if (said.act === "heal") return undefined;
  const remedy = effectProblem(scenario, said);
  if (remedy === undefined) return undefined;
  return { code: "timeline/no-effect", field: "act", severity: "warning", message: remedy };
}

function effectProblem(scenario: Scenario, fault: NetworkFault): string | undefined {
  if (faultWords(fault) === "")
    return "This fault of the network says nothing of what is the matter. State a partition, latency, loss, duplication, reordering or bandwidth, or remove it.";
  if ((fault.reordering ?? 0) > 0 && (fault.reorderDelay ?? 0) === 0)
    return 'What comes later by no time is not later. State a "reorderDelay".';
  const here = new Set([fault.target, ...(fault.also ?? [])]);
  const isThere = (id: string): boolean => fault.to === undefined || fault.to.includes(id);
  const meets = scenario.connections.some((link) => {
    const [one, other] = [placesOf(scenario, link, "from"), placesOf(scenario, link, "to")];
    const isHere = (id: string): boolean => here.has(id);
    return (one.some(isHere) && other.some(isThere)) || (other.some(isHere) && one.some(isThere));
  });
  if (meets) return undefined;
  const name = nameOf(scenario, fault.target);
  return `This fault has no effect, because nothing goes over the network between ${name} and the others. Name nodes that are connected.`;
}

/** Nodes at an end of a connection: a channel lies at its broker. */
function placesOf(scenario: Scenario, link: Connection, end: "from" | "to"): readonly string[] {
  const channel = scenario.channels.find(({ id }) => id === link[end]);
  const place = channel?.broker ?? link[end];
  return link.kind === "bridge" && end === "to" ? [link.id, place] : [place];
}

/** What is the matter, in words: "cut off", "20 % loss, 1 MB/s". */
export function faultWords(fault: NetworkFault): string {
  const { partition, latency, loss = 0, duplication = 0, reordering = 0, bandwidth } = fault;
  const percent = (share: number): string => `${formatNumber(share * 100)} %`;
  if (partition === true) return "cut off";
  const words = [
    latency === undefined ? "" : "slow",
    loss === 0 ? "" : `${percent(loss)} loss`,
    duplication === 0 ? "" : `${percent(duplication)} sent twice`,
    reordering === 0 ? "" : `${percent(reordering)} late`,
    bandwidth === undefined ? "" : `${formatNumber(bandwidth)} bytes/s`,
  ];
  return words.filter((word) => word !== "").join(", ");
}
