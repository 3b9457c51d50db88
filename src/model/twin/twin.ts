// The synchronous twin of an event-driven flow: the same producers, services, stores, faults and seed, but whoever published
// now calls each consumer and waits for its answer. Random streams are named after nodes and connections, which keep their
// ids, so that both draw the same arrivals, keys, work and errors. Pure: a document in, a document out.

import { technologyManual } from "../../brokers/index.ts";
import { isDelayed } from "../../nodes/spreading.ts";
import { attemptMs, callsOf, meanAt, publishersTo, rarelyExceeded } from "../advice/facts.ts";
import { listOf } from "../advice/words.ts";
import { setParameter, withoutElements } from "../edit.ts";
import { nameOf, nodeOf, parameterOf, spreadingOf, technologyOf, channelOf } from "../elements.ts";
import { freshId } from "../freshId.ts";
import { callCycle } from "../graph.ts";
import { connectionBetween } from "../rules.ts";
import { derivedHandlers } from "../handlers.ts";
import type {
  CallConnection,
  Connection,
  ConsumeConnection,
  PublishConnection,
  Scenario,
} from "../scenario.ts";
import type { Handler, HandlerStep } from "../handler.ts";

/** A twin with what one has to know about it. */
export interface Twin {
  readonly scenario: Scenario;
  /** Connections over which a producer's events or requests enter the event-driven flow, and those over which they enter
   *  the twin, in the same order. */
  readonly entries: readonly TwinEntry[];
  /** What was changed besides, as sentences. */
  readonly changes: readonly string[];
  /** What could not be turned into calls, as sentences. */
  readonly left: readonly string[];
}

/** Where events enter: ids of connections of one producer. */
export interface TwinEntry {
  readonly eventDriven: string;
  readonly synchronous: readonly string[];
}

/** Time that a call gives the called service beyond what that service waits for itself [ms], at the least. */
const patienceMs = 1000;

/** No call waits longer than this [ms]. */
const timeoutMaxMs = 600_000;

/** The synchronous twin of a document; undefined where no event gets from one service or producer to a service. The
 *  manuals of its technologies must be known. */
export function synchronousTwin(scenario: Scenario): Twin | undefined {
  const whole = withCalls(scenario);
  if (whole.made.size === 0) return undefined;
  const { kept, entries } = eventDrivenPart(scenario, whole);
  const brokers = scenario.nodes.filter(({ kind }) => kind === "broker").map(({ id }) => id);
  const gone = [...brokers, ...scenario.nodes.flatMap(({ id }) => (kept.has(id) ? [] : [id]))];
  const bare = withoutElements(whole.scenario, [
    ...gone,
    ...synchronousEntries(scenario, entries),
    ...scenario.connections.filter(({ kind }) => kind === "publish").map(({ id }) => id),
  ]);
  const staffed = withWaitingWorkers(scenario, bare);
  const patient = withTimeouts(staffed.scenario, whole.made);
  return {
    scenario: {
      ...withoutUnused(patient),
      id: `${scenario.id}-synchronous`,
      title: `${scenario.title} (synchronous twin)`,
    },
    entries,
    changes: [...brokers.map((id) => fallsAway(scenario, id)), ...staffed.changes],
    left: whole.left,
  };
}

interface Whole {
  readonly scenario: Scenario;
  /** Publish connection → the calls that stand for it. */
  readonly made: ReadonlyMap<string, readonly string[]>;
  readonly left: readonly string[];
}

/** The document with a call from each publisher to each consumer of its events. */
function withCalls(scenario: Scenario): Whole {
  const made = new Map<string, readonly string[]>();
  const left: string[] = sharedQueues(scenario);
  let next = scenario;
  for (const publication of scenario.connections) {
    if (publication.kind !== "publish") continue;
    for (const consumption of consumersOf(scenario, publication)) {
      const obstacle = obstacleTo(next, publication, consumption);
      if (obstacle !== undefined) left.push(obstacle);
      else {
        const call = callFor(next, publication, consumption);
        next = { ...next, connections: [...next.connections, call] };
        made.set(publication.id, [...(made.get(publication.id) ?? []), call.id]);
      }
    }
    left.push(...unlikeCall(scenario, publication));
  }
  return { scenario: callingHandlers(next, { before: scenario, made }), made, left };
}

/** Handlers whose publications are the calls that stand for them, in the same places. Where a service has no handlers of its
 *  own and writes before it publishes, they are written out: else it would call first. */
function callingHandlers(
  scenario: Scenario,
  { before, made }: { readonly before: Scenario; readonly made: Whole["made"] },
): Scenario {
  const calls = (steps: readonly HandlerStep[]): readonly HandlerStep[] =>
    steps.flatMap((step): readonly HandlerStep[] => {
      if (step.do !== "publish") return [step];
      const { undo } = step;
      return (made.get(step.over) ?? []).map((over) => ({
        do: "call",
        over,
        ...(undo !== undefined && { undo }),
      }));
    });
  const calling = (handler: Handler): Handler => ({
    ...handler,
    steps: calls(handler.steps).map((step) => undoneByCall(step, made)),
    ...(handler.whenRefused && { whenRefused: calls(handler.whenRefused) }),
    ...(handler.whenFailed && { whenFailed: calls(handler.whenFailed) }),
  });
  return {
    ...scenario,
    nodes: scenario.nodes.map((node) => {
      if (node.kind !== "service") return node;
      const handlers = node.handlers ?? writtenOut(before, node.id, made);
      return handlers === undefined ? node : { ...node, handlers: handlers.map(calling) };
    }),
  };
}

/** The handlers that the connections of a service stand for; undefined where the order of its calls does not matter. */
function writtenOut(
  scenario: Scenario,
  service: string,
  made: Whole["made"],
): readonly Handler[] | undefined {
  const own = scenario.connections.filter(({ from }) => from === service);
  const isOrdered = own.some(({ kind }) => kind === "write") && own.some(({ id }) => made.has(id));
  return isOrdered ? derivedHandlers(scenario, service) : undefined;
}

/** A step that an event takes back is taken back by the first of the calls that stand for it. */
function undoneByCall(step: HandlerStep, made: Whole["made"]): HandlerStep {
  if (step.do === "work" || step.undo === undefined) return step;
  const { undo: before, ...rest } = step;
  const undo = made.has(before) ? made.get(before)?.[0] : before;
  return undo === undefined ? rest : { ...rest, undo };
}

/** Subscriptions that its events reach, one for each service. */
function consumersOf(scenario: Scenario, { id }: PublishConnection): readonly ConsumeConnection[] {
  const services = new Set<string>();
  return scenario.connections.filter((one): one is ConsumeConnection => {
    if (one.kind !== "consume" || services.has(one.to)) return false;
    const isReached = publishersTo(scenario, one.from).has(id);
    if (isReached) services.add(one.to);
    return isReached;
  });
}

/** Why a publication cannot become a call of this consumer. */
function obstacleTo(
  scenario: Scenario,
  { contract, from }: PublishConnection,
  { to }: ConsumeConnection,
): string | undefined {
  const event = nameOf(scenario, contract);
  const [publisher, consumer] = [nameOf(scenario, from), nameOf(scenario, to)];
  const verdict = connectionBetween(scenario, from, to);
  if (from !== to && (!verdict.allowed || verdict.kind !== "call"))
    return `${publisher} does not call ${consumer} for ${event}: ${consumer} cannot be called.`;
  const cycle = from === to ? [from, to] : callCycle(scenario, { from, to });
  if (cycle === undefined) return undefined;
  return `${publisher} does not call ${consumer} for ${event}: calls would go round in a circle (${cycle.map((id) => nameOf(scenario, id)).join(" → ")}), and nobody would ever answer.`;
}

function callFor(
  scenario: Scenario,
  { id, from, contract, contractVersion, after, on }: PublishConnection,
  { to, reads }: ConsumeConnection,
): CallConnection {
  const readAs = reads?.[contract];
  return {
    id: freshId(scenario, `${id}-calls-${to}`),
    kind: "call",
    from,
    to,
    contract,
    ...(contractVersion !== undefined && { contractVersion }),
    ...(readAs !== undefined && { readAs }),
    ...(after !== undefined && { after }),
    ...(on !== undefined && { on }),
  };
}

/** What a publication does and a call cannot. */
function unlikeCall(scenario: Scenario, link: PublishConnection): readonly string[] {
  const event = nameOf(scenario, link.contract);
  const probability = Number(parameterOf(scenario, link.id, "probability"));
  const spread = spreadingOf(scenario, link);
  return [
    ...(probability === 1
      ? []
      : [
          `${event} is published for ${probability * 100} % of what is handled; a call is made for all of it.`,
        ]),
    ...(spread !== undefined && spread.copies !== 1
      ? [`${event} is published several times at once; one call is made.`]
      : []),
    ...(spread !== undefined && isDelayed(spread)
      ? [`${event} is published later than its step; the call is made at once.`]
      : []),
    ...(spread !== undefined && spread.keyBy !== "cause"
      ? [`${event} has a key of its own; the call is about what its caller handles.`]
      : []),
  ];
}

/** Queues that several services share: each message goes to one of them, a call goes to all. */
function sharedQueues(scenario: Scenario): string[] {
  return scenario.channels.flatMap(({ id, kind }) => {
    const technology = technologyOf(scenario, id)?.id;
    const broker = nodeOf(scenario, channelOf(scenario, id)?.broker ?? "");
    if (technology === undefined || broker?.kind !== "broker") return [];
    const role = technologyManual(broker.technology).counterparts?.roles[kind];
    const services = scenario.connections.filter(
      (one) => one.kind === "consume" && one.from === id,
    );
    if (role !== "queue" || services.length < 2) return [];
    const names = services.map(({ to }) => nameOf(scenario, to));
    return [
      `${listOf(names)} share the messages of ${nameOf(scenario, id)}; a call goes to each of them.`,
    ];
  });
}

/** What belongs to the event-driven flow: every entry from which an event is published, and all that it reaches. */
function eventDrivenPart(
  scenario: Scenario,
  whole: Whole,
): { readonly kept: ReadonlySet<string>; readonly entries: readonly TwinEntry[] } {
  const entries: TwinEntry[] = [];
  const kept = new Set<string>();
  for (const entry of producerConnections(scenario)) {
    const calls = whole.made.get(entry.id) ?? [];
    const starts = entry.kind === "call" ? [entry.to] : targetsOf(whole.scenario, calls);
    const reached = reachedFrom(whole.scenario, starts);
    const publishes = scenario.connections.some(
      ({ id, from }) => whole.made.has(id) && reached.has(from),
    );
    if (entry.kind === "call" && !publishes) continue;
    kept.add(entry.from);
    for (const id of reached) kept.add(id);
    const own = entry.kind === "call" ? [entry.id] : calls;
    if (own.length > 0) entries.push({ eventDriven: entry.id, synchronous: own });
  }
  return { kept, entries };
}

function producerConnections(scenario: Scenario): readonly (CallConnection | PublishConnection)[] {
  return scenario.connections.filter(
    (one): one is CallConnection | PublishConnection =>
      (one.kind === "call" || one.kind === "publish") &&
      nodeOf(scenario, one.from)?.kind === "producer",
  );
}

function targetsOf(scenario: Scenario, ids: readonly string[]): readonly string[] {
  return scenario.connections.flatMap(({ id, to }) => (ids.includes(id) ? [to] : []));
}

/** Everything to which calls, writes and reads lead. */
function reachedFrom(scenario: Scenario, starts: readonly string[]): ReadonlySet<string> {
  const steps: readonly Connection["kind"][] = ["call", "write", "read"];
  // A Set keeps the order of insertion, so walking over it while it grows reaches everything.
  const all = new Set(starts);
  for (const id of all)
    for (const { kind, from, to } of scenario.connections) {
      if (steps.includes(kind) && from === id) all.add(to);
    }
  return all;
}

/** Calls of producers that are synchronous already, down to the last: they are no part of the comparison. */
function synchronousEntries(scenario: Scenario, entries: readonly TwinEntry[]): readonly string[] {
  return producerConnections(scenario).flatMap(({ id, kind }) =>
    kind === "call" && !entries.some(({ eventDriven }) => eventDriven === id) ? [id] : [],
  );
}

/** A worker that waits for answers does nothing else: services get as many more as keep their capacity. */
function withWaitingWorkers(
  before: Scenario,
  twin: Scenario,
): { readonly scenario: Scenario; readonly changes: readonly string[] } {
  const changes: string[] = [];
  let next = twin;
  for (const { id, kind } of twin.nodes) {
    if (kind !== "service") continue;
    const own = attemptMs(before, id);
    const workers = Number(parameterOf(twin, id, "concurrency"));
    const wanted = own === 0 ? workers : Math.ceil((workers * attemptMs(twin, id)) / own);
    if (wanted <= workers) continue;
    const value = Math.min(1000, wanted);
    next = setParameter(next, id, "concurrency", value);
    changes.push(
      `${nameOf(twin, id)} has ${value} workers instead of ${workers}: each is held while it waits for others.`,
    );
  }
  return { scenario: next, changes };
}

/** Each new call waits for the work of the called service and for all that this one waits for. */
function withTimeouts(scenario: Scenario, made: Whole["made"]): Scenario {
  const calls = new Set([...made.values()].flat());
  const known = new Map<string, number>();
  const waitFor = (call: CallConnection): number => {
    const before = known.get(call.id);
    if (before !== undefined) return before;
    if (!calls.has(call.id)) return Number(parameterOf(scenario, call.id, "timeout"));
    const behind = callsOf(scenario, call.to).reduce((sum, one) => sum + waitFor(one), 0);
    const work =
      3 *
      (rarelyExceeded(scenario, call.to, "serviceTime") + 2 * meanAt(scenario, call.id, "latency"));
    const time = Math.min(timeoutMaxMs, Math.ceil(Math.max(patienceMs, work) + behind));
    known.set(call.id, time);
    return time;
  };
  const timeouts = scenario.connections.flatMap((one) =>
    one.kind === "call" ? [[one.id, waitForEntry(one)] as const] : [],
  );
  function waitForEntry(call: CallConnection): number {
    const own = waitFor(call);
    if (calls.has(call.id)) return own;
    // A call that was there before must not give up before the new ones behind it have had their time.
    const behind = callsOf(scenario, call.to).reduce((sum, one) => sum + waitFor(one), 0);
    return Math.max(own, Math.min(timeoutMaxMs, behind + patienceMs));
  }
  return timeouts.reduce((next, [id, value]) => setParameter(next, id, "timeout", value), scenario);
}

function fallsAway(scenario: Scenario, broker: string): string {
  const faults = scenario.timeline.filter(({ target }) => target === broker).length;
  const what = faults === 0 ? "" : `, and with it ${faults} of the faults on the timeline`;
  return `${nameOf(scenario, broker)} falls away${what}.`;
}

/** Contracts that travelled only between what is gone are gone too. */
function withoutUnused(scenario: Scenario): Scenario {
  const used = new Set(
    scenario.connections.flatMap((one) => ("contract" in one ? [one.contract] : [])),
  );
  return { ...scenario, contracts: scenario.contracts.filter(({ id }) => used.has(id)) };
}
