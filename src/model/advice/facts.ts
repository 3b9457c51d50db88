// What rules ask about a drawing: how long work takes, how much comes, what the timeline takes down. Rates are of the
// steady part of producers; where the drawing does not say, they are null and the rules that need them stay silent.

import { type Distribution, meanOf, weightedMean } from "../../base/distribution.ts";
import { isDistribution } from "../../base/fields.ts";
import { channelKindOf, elementOf, nodeOf, parameterOf, spreadingOf } from "../elements.ts";
import { publishersByChannel } from "../publishers.ts";
import type { CallConnection, Connection, Scenario, StepConnection } from "../scenario.ts";
import type { Handler } from "../handler.ts";

/** Mean of a parameter that is a distribution [its unit]; 0 where there is none. */
export function meanAt(scenario: Scenario, id: string, parameter: string): number {
  const value = parameterOf(scenario, id, parameter);
  return isDistribution(value) ? meanOf(value) : 0;
}

/** What a parameter that is a distribution rarely exceeds: its mean and three standard deviations, at most its largest
 *  value [its unit]; 0 where there is none. */
export function rarelyExceeded(scenario: Scenario, id: string, parameter: string): number {
  const value = parameterOf(scenario, id, parameter);
  if (!isDistribution(value)) return 0;
  return Math.min(meanOf(value) + 3 * spreadOf(value), largestOf(value));
}

/** Standard deviation; where it would take a gamma function, that of an exponential distribution. */
function spreadOf(value: Distribution): number {
  switch (value.distribution) {
    case "constant":
      return 0;
    case "uniform":
      return (value.max - value.min) / Math.sqrt(12);
    case "erlang":
    case "gamma":
      return value.mean / Math.sqrt(value.shape);
    case "hyperexponential":
      return value.mean * Math.sqrt(value.cv2);
    case "lognormal":
      return value.sd;
    case "empirical": {
      const mean = meanOf(value);
      return Math.sqrt(weightedMean(value.values, (one) => (one - mean) * (one - mean)));
    }
    default:
      return meanOf(value);
  }
}

function largestOf(value: Distribution): number {
  switch (value.distribution) {
    case "constant":
      return value.value;
    case "uniform":
    case "triangular":
      return value.max;
    case "empirical":
      return Math.max(...value.values.map((one) => one.value));
    default:
      return Infinity;
  }
}

/** The calls that a node makes. */
export function callsOf(scenario: Scenario, id: string): readonly CallConnection[] {
  return scenario.connections.filter(
    (connection): connection is CallConnection =>
      connection.kind === "call" && connection.from === id,
  );
}

const publisherSets = new WeakMap<Scenario, ReadonlyMap<string, ReadonlySet<string>>>();

/** Channel id → ids of the publish connections whose messages can come there; worked out once for a document. */
export function publishersTo(scenario: Scenario, channel: string): ReadonlySet<string> {
  const known = publisherSets.get(scenario) ?? publishersByChannel(scenario);
  publisherSets.set(scenario, known);
  return known.get(channel) ?? nobody;
}

const nobody: ReadonlySet<string> = new Set();

const attempts = new WeakMap<Scenario, Map<string, number>>();

/** Mean time of one attempt of a service: its work, its calls down to the last, its writes and reads; of several handlers
 *  the longest [ms]. Calls make no cycles in a valid document; each service is worked out once. */
export function attemptMs(scenario: Scenario, id: string): number {
  const known = attempts.get(scenario) ?? new Map<string, number>();
  attempts.set(scenario, known);
  const before = known.get(id);
  if (before !== undefined) return before;
  known.set(id, 0);
  const own = meanAt(scenario, id, "serviceTime");
  const handlers = handlersOf(scenario, id);
  const steps = scenario.connections.filter(({ from }) => from === id);
  const time =
    handlers === undefined
      ? own + total(steps.map((step) => stepMs(scenario, step)))
      : Math.max(0, ...handlers.map((handler) => handlerMs(scenario, handler, own)));
  known.set(id, time);
  return time;
}

/** What a service does in so many words; undefined where its connections say it. */
export function handlersOf(scenario: Scenario, id: string): readonly Handler[] | undefined {
  const node = nodeOf(scenario, id);
  return node?.kind === "service" ? node.handlers : undefined;
}

function handlerMs(scenario: Scenario, { steps }: Handler, own: number): number {
  return total(
    steps.map((step) => {
      if (step.do === "work") return step.time === undefined ? own : meanOf(step.time);
      const connection = elementOf(scenario, step.over);
      return connection?.type === "connection" ? stepMs(scenario, connection.value) : 0;
    }),
  );
}

/** Mean time that a step holds its worker, beyond its own work [ms]. */
function stepMs(scenario: Scenario, { id, kind, to }: Connection): number {
  if (kind === "write" || kind === "read") return meanAt(scenario, id, "duration");
  if (kind !== "call") return 0;
  return 2 * meanAt(scenario, id, "latency") + attemptMs(scenario, to);
}

function total(times: readonly number[]): number {
  return times.reduce((all, one) => all + one, 0);
}

/** Messages or requests that a service can deal with [1/s]; Infinity where its work takes no time. */
export function capacityOf(scenario: Scenario, id: string): number {
  const timeMs = attemptMs(scenario, id);
  return timeMs === 0
    ? Infinity
    : (Number(parameterOf(scenario, id, "concurrency")) * 1000) / timeMs;
}

/** Longest time for which the timeline takes an element down [ms]; 0 for never. A crash without an end lasts until a
 *  restart, or the end of the run. */
export function downMs(scenario: Scenario, id: string): number {
  const { timeline, load } = scenario;
  const times = timeline.map((entry) => {
    if (entry.act !== "crash" || entry.target !== id) return 0;
    if (entry.duration !== undefined) return entry.duration;
    const back = timeline.filter(
      (other) => other.act === "restart" && other.target === id && other.at >= entry.at,
    );
    return Math.min(load.duration, ...back.map(({ at }) => at)) - entry.at;
  });
  return Math.max(0, ...times);
}

const indices = new WeakMap<Scenario, Map<string, number | null>>();

/** Messages and requests that come to a service, or that a producer sends, as the drawing has it [1/s]; null where it does
 *  not say. */
export function arrivalsPerS(scenario: Scenario, id: string): number | null {
  const known = indices.get(scenario) ?? new Map<string, number | null>();
  indices.set(scenario, known);
  const before = known.get(id);
  if (before !== undefined) return before;
  // Whoever comes back here while this is open is on a cycle of events, of which the drawing says nothing.
  known.set(id, null);
  const rate =
    nodeOf(scenario, id)?.kind === "producer"
      ? producedPerS(scenario, id)
      : sum(incoming(scenario, id).map((connection) => carriedPerS(scenario, connection)));
  known.set(id, rate);
  return rate;
}

function producedPerS(scenario: Scenario, id: string): number | null {
  const of = (parameter: string) => parameterOf(scenario, id, parameter);
  const isEven = of("arrivals") === "poisson" || of("arrivals") === "constant";
  const isSteady = of("shape") === "steady" && of("bursts") === "none";
  return isEven && isSteady ? Number(of("rate")) * meanAt(scenario, id, "batch") : null;
}

function incoming(scenario: Scenario, id: string): readonly Connection[] {
  return scenario.connections.filter(
    ({ kind, to }) => to === id && (kind === "consume" || kind === "call"),
  );
}

/** What goes over a connection that leads to a service [1/s]. */
function carriedPerS(scenario: Scenario, connection: Connection): number | null {
  if (connection.kind === "call") return stepsPerS(scenario, connection);
  const { from } = connection;
  const isQueue = channelKindOf(scenario, from)?.parallelismField === undefined;
  const rivals = scenario.connections.filter(
    (other) => other.kind === "consume" && other.from === from,
  );
  if (isQueue && rivals.length > 1) return null;
  const publishers = publishersTo(scenario, from);
  return sum([...publishers].map((publisher) => publishedPerS(scenario, publisher)));
}

/** What a publish connection publishes [1/s]; null where the drawing does not say. */
export function publishedPerS(scenario: Scenario, id: string): number | null {
  const connection = scenario.connections.find((one) => one.id === id);
  if (connection?.kind !== "publish") return null;
  const rate = stepsPerS(scenario, connection);
  const copies = spreadingOf(scenario, connection)?.copies ?? 1;
  const each = typeof copies === "number" ? copies : Math.max(1, meanOf(copies));
  return rate === null ? null : rate * each * Number(parameterOf(scenario, id, "probability"));
}

/** How often a step is taken [1/s]; null where that depends on what is handled, or on more than services know. */
function stepsPerS(scenario: Scenario, { from, after, on }: StepConnection): number | null {
  const kind = nodeOf(scenario, from)?.kind;
  const isPlain = kind === "producer" || kind === "service";
  const isAlways = after === undefined && (on ?? "success") === "success";
  if (!isPlain || !isAlways || handlersOf(scenario, from) !== undefined) return null;
  return arrivalsPerS(scenario, from);
}

function sum(rates: readonly (number | null)[]): number | null {
  return rates.reduce<number | null>(
    (all, one) => (all === null || one === null ? null : all + one),
    0,
  );
}

/** Share of a producer's messages that have the most frequent key; 0 where they spread, or have none. */
export function topKeyShare(scenario: Scenario, id: string): number {
  if (nodeOf(scenario, id)?.kind !== "producer") return 0;
  const of = (parameter: string): number => Number(parameterOf(scenario, id, parameter));
  const choice = parameterOf(scenario, id, "keyChoice");
  if (choice === "hot") return of("hotShare") / Math.min(of("hotKeys"), of("keys"));
  if (choice === "none") return 0;
  if (choice !== "zipf") return 1 / of("keys");
  return 1 / zipfSum(of("keys"), of("zipfExponent"));
}

/** The sum of k^−s over at most so many terms that the rest does not matter for a rule; s is rounded. */
function zipfSum(keys: number, exponent: number): number {
  let all = 0;
  for (let k = 1; k <= Math.min(keys, 10_000); k++) {
    let term = 1;
    for (let power = 0; power < Math.round(exponent); power++) term /= k;
    all += term;
  }
  return all;
}
