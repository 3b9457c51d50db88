// Faults of services and of nodes of brokers: whether they can happen, on the timeline or by hand.

import { isNodeKind, nodeKinds } from "../nodes/index.ts";
import { elementOf, instanceCount, memberCount, nameOf, zoneCount } from "./elements.ts";
import { suggestion } from "./near.ts";
import type { LiveFault } from "./result.ts";
import type { Scenario } from "./scenario.ts";

/** Why a fault cannot happen: what is wrong with which field of it, as a sentence with the remedy. */
export interface FaultProblem {
  readonly code: "timeline/target" | "timeline/member" | "timeline/zone";
  readonly field: "target" | "member" | "zone";
  readonly message: string;
}

type Act = LiveFault["act"];

/** Verb of each fault, as in "can be cut off". */
const verbs: Readonly<Record<Act, string>> = {
  crash: "crash or restart",
  restart: "crash or restart",
  isolate: "be cut off",
  reconnect: "be cut off",
  pause: "stand still",
  resume: "stand still",
  slow: "be slowed down",
};

/** Whom a fault can befall, in words. */
const names: Readonly<Record<Act, string>> = {
  crash: "a service, a broker or a bridge",
  restart: "a service, a broker or a bridge",
  isolate: "a broker",
  reconnect: "a broker",
  pause: "a service",
  resume: "a service",
  slow: "a service or a broker",
};

/** Whether a fault can befall nodes or connections of a kind. */
export function canSuffer(act: Act, kind: string): boolean {
  switch (act) {
    case "crash":
    case "restart":
      return kind === "broker" || standsAlone(kind);
    case "isolate":
    case "reconnect":
      return kind === "broker";
    case "slow":
      return kind === "broker" || kind === "service";
    default:
      return kind === "service";
  }
}

/** Whether something of a kind crashes and restarts as a whole. */
export function standsAlone(kind: string): boolean {
  return kind === "bridge" || (isNodeKind(kind) && nodeKinds[kind].works);
}

/** Why a fault cannot happen in a scenario; undefined when it can. */
export function faultProblem(scenario: Scenario, fault: LiveFault): FaultProblem | undefined {
  const { act, target } = fault;
  const element = elementOf(scenario, target);
  const kind =
    element?.type === "node" || element?.type === "connection" ? element.value.kind : undefined;
  if (kind !== undefined && canSuffer(act, kind)) {
    if (kind === "broker") return placeProblem(scenario, fault);
    return aloneProblem(scenario, fault);
  }
  const others = [...scenario.nodes, ...scenario.connections].filter((one) =>
    canSuffer(act, one.kind),
  );
  const meant = suggestion(
    target,
    others.map(({ id }) => id),
  );
  const remedy = `Name ${names[act]}.`;
  return {
    code: "timeline/target",
    field: "target",
    message:
      element === undefined
        ? `There is no "${target}" in this document.${meant} ${remedy}`
        : `${nameOf(scenario, target)} cannot ${verbs[act]}. ${remedy}`,
  };
}

function aloneProblem(scenario: Scenario, fault: LiveFault): FaultProblem | undefined {
  const name = nameOf(scenario, fault.target);
  const instances = instanceCount(scenario, fault.target);
  if (fault.member !== undefined && instances > 0) {
    if (isBelow(fault.member, instances)) return undefined;
    const message = `${name} has at most ${instances} ${instances === 1 ? "instance" : "instances"}, counted from 0. Choose one of them as "member".`;
    return { code: "timeline/member", field: "member", message };
  }
  const field = fault.member === undefined ? "zone" : "member";
  if (fault[field] === undefined) return undefined;
  const message = `${name} is no broker and has no cluster. Leave "${field}" out.`;
  return { code: `timeline/${field}`, field, message };
}

function placeProblem(
  scenario: Scenario,
  { target, member, zone }: LiveFault,
): FaultProblem | undefined {
  const name = nameOf(scenario, target);
  if (member !== undefined && zone !== undefined)
    return {
      code: "timeline/zone",
      field: "zone",
      message: 'A fault is of one node or of a zone. Leave "member" or "zone" out.',
    };
  const nodes = memberCount(scenario, target);
  const zones = zoneCount(scenario, target);
  if (member !== undefined && !isBelow(member, nodes))
    return {
      code: "timeline/member",
      field: "member",
      message: `${name} has ${nodes} ${nodes === 1 ? "node" : "nodes"}, counted from 0. Choose one of them as "member".`,
    };
  if (zone !== undefined && !isBelow(zone, zones))
    return {
      code: "timeline/zone",
      field: "zone",
      message: `The nodes of ${name} lie in ${zones} ${zones === 1 ? "zone" : "zones"}, counted from 0. Choose one of them as "zone".`,
    };
  return undefined;
}

function isBelow(number: number, count: number): boolean {
  return Number.isInteger(number) && number >= 0 && number < count;
}
