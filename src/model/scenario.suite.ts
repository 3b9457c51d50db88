// Documents for tests: a small one to start from, and random valid ones, each drawn from one seed.
// Random topologies have no circle of events, so that every run of them can drain.

import * as fc from "fast-check";
import type { Field, FieldValue } from "../base/fields.ts";
import { technologyIds } from "../brokers/index.ts";
import { technologies } from "../brokers/technologies.ts";
import { hashText } from "../kernel/random.ts";
import { checkScenario } from "./check.ts";
import {
  addChannel,
  addConnection,
  addContract,
  addNode,
  replaceElement,
  setParameter,
} from "./edit.ts";
import { freshId } from "./freshId.ts";
import { withGroups, withNotes } from "./groupingEdits.ts";
import { elementOf, fieldsOf } from "./elements.ts";
import { canConnect } from "./rules.ts";
import { withoutUntriggered, withStations } from "./stations.suite.ts";
import type { Connection, Node, Scenario } from "./scenario.ts";
import type { TimelineEntry } from "./timeline.ts";

/** A document without anything in it. */
export function emptyScenario(): Scenario {
  return {
    format: "spillway",
    version: 1,
    id: "test",
    title: "Test",
    seed: 1,
    load: { duration: 60_000 },
    nodes: [],
    channels: [],
    connections: [],
    contracts: [],
    timeline: [],
    objectives: [],
    layout: {},
  };
}

/** Clients → orders topic → payment service → ledger store, and payment calls a bank. No problems. */
export function smallScenario(): Scenario {
  return {
    ...emptyScenario(),
    nodes: [
      { id: "clients", kind: "producer", name: "Clients" },
      { id: "broker", kind: "broker", technology: "kafka" },
      { id: "payment", kind: "service", parameters: { concurrency: 2 } },
      { id: "bank", kind: "service" },
      { id: "ledger", kind: "store" },
    ],
    channels: [{ id: "orders", broker: "broker", kind: "topic", parameters: { partitions: 6 } }],
    connections: [
      { id: "place", kind: "publish", from: "clients", to: "orders", contract: "order-placed" },
      { id: "take", kind: "consume", from: "orders", to: "payment" },
      { id: "charge", kind: "call", from: "payment", to: "bank", contract: "charge-card" },
      { id: "book", kind: "write", from: "payment", to: "ledger", after: ["order-placed"] },
    ],
    contracts: [
      {
        id: "order-placed",
        name: "OrderPlaced",
        contractVersion: "1.0.0",
        schema: { type: "object" },
      },
      { id: "charge-card", name: "ChargeCard", contractVersion: "1.0.0", schema: {} },
    ],
    timeline: [{ at: 10_000, act: "crash", target: "payment", duration: 5_000 }],
    objectives: [{ id: "fast", of: "take", measure: "latency.p99", is: "at most", value: 500 }],
    layout: { clients: { x: 0, y: 0 }, payment: { x: 160, y: 0 } },
  };
}

/** The smallest RabbitMQ document without problems: producer → exchange → queue → service. */
export function rabbitScenario(): Scenario {
  return {
    ...emptyScenario(),
    nodes: [
      { id: "clients", kind: "producer" },
      { id: "rabbit", kind: "broker", technology: "rabbitmq" },
      { id: "worker", kind: "service" },
    ],
    channels: [
      { id: "exchange", broker: "rabbit", kind: "exchange" },
      { id: "queue", broker: "rabbit", kind: "queue" },
    ],
    connections: [
      { id: "publish", kind: "publish", from: "clients", to: "exchange", contract: "done" },
      { id: "bind", kind: "bind", from: "exchange", to: "queue" },
      {
        id: "consume",
        kind: "consume",
        from: "queue",
        to: "worker",
        parameters: { prefetch_count: 100, on_failure: "reject" },
      },
    ],
    contracts: [{ id: "done", name: "Done", contractVersion: "1", schema: {} }],
  };
}

/** Random valid documents for property tests. Shrinks towards small ones. */
export const scenarios: fc.Arbitrary<Scenario> = fc
  .record({ size: fc.integer({ min: 1, max: 12 }), seed: fc.nat() })
  .map(({ seed, size }) => randomScenario(seed, size));

/** Numbers that follow from a seed alone. */
export class Dice {
  #seed: number;
  #throws = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A whole number from 0 to `sides` − 1. */
  below(sides: number): number {
    return Math.floor((hashText(`${this.#seed}:${this.#throws++}`) / 2 ** 32) * sides);
  }

  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  chance(share: number): boolean {
    return this.below(1000) < share * 1000;
  }

  pick<Value>(list: readonly Value[]): Value {
    const picked = list[this.below(list.length)];
    if (picked === undefined) throw new Error("There is nothing to pick from.");
    return picked;
  }
}

/** A valid document without errors from a seed; `size` is about the number of services. The same arguments always
 *  give the same document. */
export function randomScenario(seed: number, size = 4): Scenario {
  const dice = new Dice(seed);
  const ranks = new Map<string, number>();
  let scenario: Scenario = {
    ...emptyScenario(),
    id: `random-${seed}`,
    title: `Random ${seed}`,
    seed: seed >>> 0,
    load: { duration: dice.between(5, 30) * 1000, sourcesStopAt: dice.between(2, 5) * 1000 },
  };
  scenario = withContracts(scenario, dice);
  scenario = withNodes(scenario, dice, size, ranks);
  scenario = withChannels(scenario, dice, ranks);
  scenario = withConnections(scenario, dice, ranks);
  scenario = withParameters(scenario, dice);
  scenario = withTimeline(scenario, dice);
  const decorated = withoutErrors(withDecoration(scenario, dice));
  // Dice of their own, so that all else stays as it is without.
  const edge = new Dice(seed + 0.125);
  const complete = withoutErrors(
    withStations(decorated, edge, (field) => randomValue(field, edge)),
  );
  return withGrouping(complete, new Dice(seed + 0.375));
}

function withContracts(scenario: Scenario, dice: Dice): Scenario {
  let next = scenario;
  for (let i = dice.between(1, 4); i > 0; i--)
    next = addContract(next, {
      id: freshId(next, "event"),
      name: `Event${i}`,
      contractVersion: `${i}.0.0`,
      schema: { type: "object", properties: { id: { type: "string" } } },
    });
  return next;
}

function withNodes(
  scenario: Scenario,
  dice: Dice,
  size: number,
  ranks: Map<string, number>,
): Scenario {
  const names = technologyIds;
  const wishes: Node[] = [];
  const wish = (count: number, node: () => Node): void => {
    for (let i = 0; i < count; i++) wishes.push(node());
  };
  wish(dice.between(1, 3), () => ({ id: "producer", kind: "producer" }));
  wish(dice.between(1, 2), () => ({ id: "broker", kind: "broker", technology: dice.pick(names) }));
  wish(dice.between(1, Math.max(1, size)), () => ({ id: "service", kind: "service" }));
  wish(dice.between(0, 2), () => ({ id: "store", kind: "store" }));
  let next = scenario;
  for (const node of wishes) {
    const id = freshId(next, node.id);
    // Lines lead from low to high ranks only: sources at 0, the rest at odd places with channels between them.
    ranks.set(id, node.kind === "producer" ? 0 : 1 + 2 * dice.between(1, 3));
    next = addNode(next, { ...node, id }, { x: 8 * dice.below(100), y: 8 * dice.below(100) });
  }
  return next;
}

function withChannels(scenario: Scenario, dice: Dice, ranks: Map<string, number>): Scenario {
  let next = scenario;
  for (const node of scenario.nodes) {
    if (node.kind !== "broker") continue;
    for (const [kind, { consumable }] of Object.entries(technologies[node.technology].channelKinds))
      for (let i = dice.between(1, 3); i > 0; i--) {
        const id = freshId(next, kind);
        ranks.set(id, 2 * dice.between(1, 3) - (consumable ? 0 : 1));
        next = addChannel(next, { id, broker: node.id, kind });
      }
  }
  return next;
}

function withConnections(
  scenario: Scenario,
  dice: Dice,
  ranks: ReadonlyMap<string, number>,
): Scenario {
  const ends = [...scenario.nodes, ...scenario.channels].map((element) => element.id);
  let next = scenario;
  const connect = (from: string, to: string): boolean => {
    const verdict = canConnect(next, from, to);
    const rises =
      elementOf(next, to)?.type === "node" && isStore(next, to)
        ? true
        : (ranks.get(from) ?? 0) < (ranks.get(to) ?? 0);
    if (!verdict.allowed || verdict.needsChannel !== undefined || !rises) return false;
    next = addConnection(next, connectionOf(next, dice, { kind: verdict.kind, from, to }));
    return true;
  };
  // Everybody who can gets one line out and one line in; then some more.
  for (const id of ends) {
    connect(id, dice.pick(ends));
    const start = dice.below(ends.length);
    const turned = [...ends.slice(start), ...ends.slice(0, start)];
    if (!next.connections.some((it) => it.from === id)) turned.some((to) => connect(id, to));
    if (!next.connections.some((it) => it.to === id)) turned.some((from) => connect(from, id));
  }
  for (let i = 0; i < ends.length; i++) connect(dice.pick(ends), dice.pick(ends));
  return next;
}

function isStore(scenario: Scenario, id: string): boolean {
  const element = elementOf(scenario, id);
  return element?.type === "node" && element.value.kind === "store";
}

function connectionOf(
  scenario: Scenario,
  dice: Dice,
  {
    kind,
    from,
    to,
  }: { readonly kind: Connection["kind"]; readonly from: string; readonly to: string },
): Connection {
  const link = { id: freshId(scenario, kind), from, to };
  const contract = dice.pick(scenario.contracts).id;
  switch (kind) {
    case "publish":
      return { ...link, kind, contract };
    case "call":
      return { ...link, kind, contract };
    default:
      return { ...link, kind };
  }
}

function withParameters(scenario: Scenario, dice: Dice): Scenario {
  let next = scenario;
  for (const { id } of [...scenario.nodes, ...scenario.channels, ...scenario.connections]) {
    const names = Object.entries(fieldsOf(scenario, id));
    for (let i = dice.below(3); i > 0 && names.length > 0; i--) {
      const [name, field] = dice.pick(names);
      next = allowed(next, setParameter(next, id, name, randomValue(field, dice)));
    }
    const kind = elementOf(scenario, id);
    if (kind?.type === "connection" && kind.value.kind === "publish")
      next = setParameter(next, id, "probability", dice.between(3, 10) / 10);
    if (kind?.type === "node" && kind.value.kind === "producer") {
      next = setParameter(next, id, "rate", dice.between(1, 20));
      const pause = { distribution: "exponential", mean: dice.between(50, 1000) } as const;
      next = setParameter(next, id, "gap", pause);
      next = setParameter(next, id, "think", pause);
    }
  }
  return next;
}

/** The changed document, or the one before where a technology refuses what was drawn. */
function allowed(before: Scenario, after: Scenario): Scenario {
  return checkScenario(after).some(({ severity }) => severity === "error") ? before : after;
}

/** Near the default, so that runs stay ordinary: half of it, the double of it, or another choice. */
function randomValue(field: Field, dice: Dice): FieldValue {
  switch (field.kind) {
    case "choice":
      return dice.pick(field.options).value;
    case "flag":
      return dice.chance(0.5);
    case "text":
      return field.default;
    case "table":
    case "recording":
      return field.default;
    case "distribution":
      if (field.unit === "count") return { distribution: "uniform", min: 0, max: 3 };
      return dice.pick([
        { distribution: "constant", value: dice.between(1, 20) },
        { distribution: "uniform", min: 1, max: dice.between(1, 20) },
        { distribution: "exponential", mean: dice.between(1, 20) },
        { distribution: "lognormal", mean: dice.between(1, 20), sd: dice.between(1, 20) },
      ]);
    case "ratio":
      return Math.max(field.min, dice.between(0, 2) / 10);
    case "variable":
      if (field.unit === "count")
        return dice.pick([2, { distribution: "uniform", min: 0, max: 3 }]);
      return dice.pick([500, { distribution: "exponential", mean: 1000 }]);
    default: {
      const wish = (field.default ?? 100) * dice.pick([0.5, 1, 2]);
      const whole = field.kind === "count" || field.kind === "bytes" ? Math.round(wish) + 0 : wish;
      return Math.min(field.max, Math.max(field.min, whole));
    }
  }
}

function withTimeline(scenario: Scenario, dice: Dice): Scenario {
  const timeline: TimelineEntry[] = [];
  for (const node of scenario.nodes) {
    const at = dice.between(0, scenario.load.duration - 2000);
    if (!dice.chance(0.3)) continue;
    if (node.kind === "service")
      timeline.push({ at, act: "crash", target: node.id, duration: dice.between(1, 2000) });
    if (node.kind === "broker")
      timeline.push(
        { at, act: "crash", target: node.id, member: 0 },
        { at: at + dice.between(1, 2000), act: "restart", target: node.id, member: 0 },
        dice.pick<TimelineEntry>([
          { at, act: "isolate", target: node.id, zone: 0, duration: dice.between(1, 2000) },
          { at, act: "slow", target: node.id, member: 0, factor: 50, duration: 1000 },
          { at, act: "crash", target: node.id, zone: 0, duration: dice.between(1, 2000) },
        ]),
      );
    if (node.kind === "producer")
      timeline.push({
        at,
        act: "set",
        target: node.id,
        parameter: "rate",
        value: dice.between(1, 20),
      });
  }
  for (const link of scenario.connections)
    if (link.kind === "bridge" && dice.chance(0.5))
      timeline.push({
        at: dice.between(0, scenario.load.duration - 2000),
        act: "crash",
        target: link.id,
        duration: dice.between(1, 2000),
      });
  return { ...scenario, timeline };
}

/** Names, descriptions, objectives, bookmarks and extensions, which change no run. */
function withDecoration(scenario: Scenario, dice: Dice): Scenario {
  return withBookmarks(withWords(scenario, dice), dice);
}

function withBookmarks(scenario: Scenario, dice: Dice): Scenario {
  if (dice.chance(0.7)) return scenario;
  const { nodes, load } = scenario;
  const focus = nodes.length > 0 && dice.chance(0.5) ? [dice.pick(nodes).id] : undefined;
  const first = {
    id: freshId(scenario, "bookmark"),
    caption: "What “there” is to see.",
    at: dice.between(0, load.duration),
    view: { x: dice.between(0, 800) - 400, y: 0.5, width: dice.between(100, 2000), height: 600 },
    ...(focus !== undefined && { focus }),
  };
  return { ...scenario, bookmarks: [first] };
}

/** A group of some nodes and a note, drawn with dice of their own. */
function withGrouping(scenario: Scenario, dice: Dice): Scenario {
  if (dice.chance(0.7)) return scenario;
  const members = scenario.nodes.map(({ id }) => id).filter(() => dice.chance(0.4));
  const group = { id: freshId(scenario, "group"), name: "Together", members };
  const note = {
    id: freshId(scenario, "note"),
    text: "Why “so”?\nBecause.",
    width: 208,
    height: 96,
  };
  const noted = withNotes(scenario, [note]);
  const isCollapsed = dice.chance(0.5);
  return {
    ...withGroups(noted, [isCollapsed ? { ...group, collapsed: true } : group]),
    layout: { ...noted.layout, [note.id]: { x: 8 * dice.below(100), y: 8 } },
  };
}

function withWords(scenario: Scenario, dice: Dice): Scenario {
  let next = scenario;
  if (dice.chance(0.5))
    next = { ...next, description: "Drawn by lot.\n", "x-tool": { kept: [1, null, "é"] } };
  for (const node of scenario.nodes) {
    if (dice.chance(0.3)) next = replaceElement(next, { ...node, name: `The ${node.id}` });
    else if (dice.chance(0.2))
      next = replaceElement(next, { ...node, "x-team": [{ name: "blue" }] });
  }
  const { channels } = next;
  if (!dice.chance(0.5) || channels.length === 0) return next;
  const of = dice.pick(channels).id;
  return {
    ...next,
    objectives: [
      { id: freshId(next, "objective"), of, measure: "backlog", is: "at most", value: 1000 },
    ],
  };
}

/** Parameters that a technology refuses together are taken back: first those of the element, then its broker's, or those of
 *  the channels at the ends of a connection. */
export function withoutErrors(scenario: Scenario): Scenario {
  let next = scenario;
  for (const scope of ["element", "broker"]) {
    for (const problem of checkScenario(next)) {
      if (problem.severity !== "error") continue;
      const id = problem.element ?? "";
      for (const one of scope === "broker" ? around(next, id) : [id])
        next = withDefaults(next, one);
    }
  }
  return withoutUntriggered(next);
}

/** Brokers, channels and connections as they are when nobody states anything. */
export function withPlainBrokers(scenario: Scenario): Scenario {
  const brokers = scenario.nodes.filter(({ kind }) => kind === "broker");
  return [...brokers, ...scenario.channels, ...scenario.connections].reduce(
    (next, { id }) => withDefaults(next, id),
    scenario,
  );
}

/** The broker of a channel, the ends of a connection, or the element itself. */
function around(scenario: Scenario, id: string): readonly string[] {
  const element = elementOf(scenario, id);
  if (element?.type === "channel") return [element.value.broker];
  return element?.type === "connection" ? [element.value.from, element.value.to] : [id];
}

function withDefaults(scenario: Scenario, id: string): Scenario {
  const element = elementOf(scenario, id);
  if (element === undefined || element.type === "contract") return scenario;
  const { parameters: _, ...bare } = element.value;
  return replaceElement(scenario, bare);
}
