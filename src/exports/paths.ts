// What follows from an event, step by step: through channels to consumers, and what those then call, write and publish.

import { elementOf, nameOf, nodeOf } from "../model/elements.ts";
import { derivedHandlers } from "../model/handlers.ts";
import type { Plan } from "../contracts/routes.ts";
import type { Connection, Contract } from "../model/scenario.ts";

/** A step between two elements. */
export interface Step {
  /** Ids of nodes or channels. */
  readonly from: string;
  readonly to: string;
  readonly kind: "event" | "call" | "answer" | "read" | "write";
  readonly text: string;
}

/** What follows from one event of a producer. */
export interface EventPath {
  readonly contract: Contract;
  readonly steps: readonly Step[];
}

/** Longest path; what follows later is left out. */
const stepsMax = 300;

/** The paths of all events and requests that producers send, each once, in the order of the contracts. */
export function pathsOf(plan: Plan): readonly EventPath[] {
  const producers = new Set(
    plan.scenario.nodes.filter(({ kind }) => kind === "producer").map(({ id }) => id),
  );
  return plan.scenario.contracts.flatMap((contract) => {
    const starts = plan.scenario.connections.filter(
      (one) =>
        producers.has(one.from) &&
        (one.kind === "publish" || one.kind === "call") &&
        one.contract === contract.id,
    );
    return starts.length === 0 ? [] : [{ contract, steps: follow(plan, starts) }];
  });
}

interface Walk {
  readonly plan: Plan;
  readonly steps: Step[];
  /** Connections that were followed already; once per event, so that circles end. */
  readonly done: Set<string>;
  /** What happens later, because somebody consumes at a time of its own. */
  readonly later: Connection[];
}

function follow(plan: Plan, starts: readonly Connection[]): readonly Step[] {
  const walk: Walk = { plan, steps: [], done: new Set(), later: [...starts] };
  for (let one = walk.later.shift(); one !== undefined; one = walk.later.shift())
    perform(walk, one);
  return walk.steps.slice(0, stepsMax);
}

function perform(walk: Walk, one: Connection): void {
  const { plan, steps, done } = walk;
  if (done.has(one.id) || steps.length >= stepsMax) return;
  done.add(one.id);
  const { from, to } = one;
  if (one.kind === "publish") {
    steps.push({ from, to, kind: "event", text: nameOf(plan.scenario, one.contract) });
    passOn(walk, to, one.contract);
  } else if (one.kind === "call") {
    steps.push({ from, to, kind: "call", text: nameOf(plan.scenario, one.contract) });
    for (const next of handled(plan, to, one.contract)) perform(walk, next);
    steps.push({ from: to, to: from, kind: "answer", text: "answer" });
  } else if (one.kind === "read") steps.push({ from, to, kind: "read", text: "read" });
  else steps.push({ from, to, kind: "write", text: "write" });
}

/** Moves an event along bindings and to the consumers; what those do with it comes later. */
function passOn({ plan, steps, done, later }: Walk, channel: string, contract: string): void {
  const { scenario, reaching } = plan;
  const channels = [channel];
  const text = nameOf(scenario, contract);
  for (let at = channels.shift(); at !== undefined; at = channels.shift())
    for (const { id, kind, from, to } of scenario.connections) {
      const mark = `${contract}\n${id}`;
      const isTaken =
        kind === "consume" ||
        ((kind === "bind" || kind === "bridge") && reaching.get(to)?.includes(contract) === true);
      if (from !== at || !isTaken || done.has(mark)) continue;
      done.add(mark);
      steps.push({ from, to, kind: "event", text });
      if (kind === "bind" || kind === "bridge") channels.push(to);
      else later.push(...handled(plan, to, contract));
    }
}

/** What a service does after a message of a contract, when all goes well. */
function handled({ scenario }: Plan, service: string, contract: string): readonly Connection[] {
  const node = nodeOf(scenario, service);
  const stated = node?.kind === "service" ? node.handlers : undefined;
  const handlers = stated ?? derivedHandlers(scenario, service);
  const handler =
    handlers.find(({ on }) => on?.includes(contract)) ??
    handlers.find(({ on, every }) => on === undefined && every === undefined);
  return (handler?.steps ?? []).flatMap((step) => {
    const link = step.do === "work" ? undefined : elementOf(scenario, step.over);
    return link?.type === "connection" ? [link.value] : [];
  });
}
