// Which rule turns which case into a scenario: by group, and by what the parameters say. What no rule can express is
// named with what Spillway lacks for it.

import type { Expression } from "./agreement.suite.ts";
import type { QueueingCase } from "./cases.suite.ts";
import { otherOrder, priorities, vacations } from "./disciplines.suite.ts";
import { availability, breakdowns, transient } from "./faults.suite.ts";
import { closed, jackson, tandem } from "./networks.suite.ts";
import { expiring, forkJoin, inTurn, partitions } from "./queues.suite.ts";
import { retries } from "./retries.suite.ts";
import {
  batches,
  bursts,
  clockwork,
  kindsOfWork,
  poissonStation,
  renewalStation,
} from "./waiting.suite.ts";

/** A rule: the scenario of a case, or what is missing to make one. */
type Rule = (about: QueueingCase) => Expression | string;

/** One station that is called, in its plainest forms. */
const stationRules: Readonly<Record<string, Rule>> = {
  "M/M/1": poissonStation,
  "M/M/c": poissonStation,
  "M/G/inf": poissonStation,
  "M/G/1": poissonStation,
  "M/D/c": poissonStation,
  "Erlang B": (about) =>
    about.parameters["class_share"] === undefined ? poissonStation(about) : kindsOfWork(about),
  "Erlang C": poissonStation,
  "GI/M/1": (about) =>
    about.parameters["dispatch"] === undefined ? renewalStation(about) : inTurn(about),
  bounds: renewalStation,
  batches,
  bursty: bursts,
  deterministic: clockwork,
};

/** Everything else. */
const systemRules: Readonly<Record<string, Rule>> = {
  transient,
  "finite capacity": (about) =>
    Array.isArray(about.parameters["mu"]) ? tandem(about) : poissonStation(about),
  "load balancing": inTurn,
  partitions,
  priority: priorities,
  disciplines: otherOrder,
  tandem,
  Jackson: jackson,
  retries,
  closed,
  blocking: () => "a worker that holds what it has done until there is room at the next station",
  reneging: expiring,
  vacations,
  polling: () => "a worker that serves several queues in turn, with a time to change between them",
  breakdowns,
  availability,
  "fan-out": forkJoin,
};

/** Whether a case belongs to the plain stations: half of the work, for two threads of tests. */
export function isPlain({ group }: QueueingCase): boolean {
  return Object.hasOwn(stationRules, group);
}

/** Whether a case is not one scenario but a law of all. */
export function isLaw({ group }: QueueingCase): boolean {
  return group === "invariants";
}

/** The scenario of a case, or what is missing. */
export function express(about: QueueingCase): Expression | string {
  const rule = stationRules[about.group] ?? systemRules[about.group];
  return rule?.(about) ?? `a rule for the group "${about.group}"`;
}
