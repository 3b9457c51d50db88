// The figures of a naive run under the names of the report, computed from its own counts, levels and values.

import { valuesOf } from "../../base/fields.ts";
import { readFields } from "../../nodes/connections.ts";
import { nameOf } from "../../model/elements.ts";
import type { ConsumeConnection, Node, Scenario } from "../../model/scenario.ts";
import { nodeKinds } from "../../nodes/index.ts";
import type { NaiveRun } from "./engine.suite.ts";
import { type ExactLevel, Samples } from "./exact.suite.ts";
import { NaiveService } from "./service.suite.ts";
import type { Account } from "./things.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

/** A quotient of exact numbers; `isExact` when doubles hold both without rounding. */
export interface Quotient {
  readonly value: number;
  readonly isExact: boolean;
}

/** A figure as the naive engine knows it. */
export type Figure =
  | number
  | string
  | Samples
  | Quotient
  | Readonly<Record<string, number>>
  | undefined;

/** Figures by the names of the report. */
export type Figures = Readonly<Record<string, Figure>>;

/** Every table of the report, rows by id. */
export type Tables = Readonly<Record<string, ReadonlyMap<string, Figures>>>;

/** The tables of a run as of now. */
export function tablesOf(run: NaiveRun): Tables {
  const { world, reachedNs } = run;
  const { nodes, channels, connections } = world.scenario;
  const table = <Item extends { readonly id: string }>(
    items: readonly Item[],
    figures: (item: Item) => Figures,
  ): ReadonlyMap<string, Figures> => new Map(items.map((item) => [item.id, figures(item)]));
  const subscriptions = connections.filter((link) => link.kind === "consume");
  const calls = connections.filter((link) => link.kind === "call");
  return {
    nodes: table(nodes, (node) => nodeFigures(world, node, reachedNs)),
    channels: table(channels, ({ id }) => channelFigures(world, id, reachedNs)),
    subscriptions: table(subscriptions, (link) => subscriptionFigures(world, link, reachedNs)),
    calls: table(calls, ({ id }) => callFigures(world, id)),
    flows: table(flowIds(world.scenario), ({ id }) => flowFigures(world, id, reachedNs)),
    versions: new Map(
      [...world.versions.figures()].map(([id, { messages, failed }]) => [id, { messages, failed }]),
    ),
    ...world.data.tables(reachedNs),
    "waiting reads": new Map(
      connections
        .filter(
          (link) =>
            link.kind === "read" &&
            valuesOf(readFields, link.parameters ?? {}).waits &&
            world.data.keepsVersions(link.to),
        )
        .map(({ id }) => [id, world.atStore.waitFigures(id)]),
    ),
    events: new Map([...world.readers].map(([id, reader]) => [id, reader.figures()])),
    outboxes: new Map(
      [...world.services].flatMap(([id, service]) =>
        service instanceof NaiveService && service.outbox.isOn()
          ? [[id, service.outbox.figures()] as const]
          : [],
      ),
    ),
    conservation: new Map([
      ["publications", publicationTotals(world)],
      ["copies", copyTotals(world)],
      ["calls", callTotals(world)],
    ]),
  };
}

/** A rate over what is measured [1/s]. */
function perSecond(world: NaiveWorld, count: number, timeNs: number): number {
  const length = timeNs - world.measuredFromNs;
  return length === 0 ? 0 : (count * 1e9) / length;
}

function quotient(dividend: bigint, divisor: bigint): Quotient {
  if (divisor === 0n) return { value: 0, isExact: true };
  const isExact = dividend <= 2n ** 53n && divisor <= 2n ** 53n;
  return { value: Number(dividend) / Number(divisor), isExact };
}

function meanLevel(world: NaiveWorld, levels: readonly ExactLevel[], timeNs: number): Quotient {
  const length = BigInt(timeNs - world.measuredFromNs);
  const means = levels.map((level) => quotient(level.measured(timeNs), length));
  return {
    value: means.reduce((sum, { value }) => sum + value, 0),
    isExact: means.every(({ isExact }) => isExact),
  };
}

function nodeFigures(world: NaiveWorld, node: Node, timeNs: number): Figures {
  const { id } = node;
  const { tally } = world;
  const { connections } = world.scenario;
  const history = world.histories.get(id)!;
  const service = world.services.get(id);
  const inbound = connections.filter((link) => link.kind === "consume" && link.to === id);
  const outbound = connections.filter((link) => link.kind === "publish" && link.from === id);
  const writes = connections.filter((link) => link.kind === "write" && link.to === id);
  const lag = node.kind === "store" ? behind(world, id, timeNs) : { updates: 0, ageMs: 0 };
  return {
    name: nameOf(world.scenario, id),
    handled: tally.of("handled", id),
    failed: tally.byReason("failed", [id]),
    declined: tally.byReason("declined", [id]),
    writes: tally.over("written", writes),
    entities: world.entities.get(id)?.size ?? 0,
    published: tally.over("published", outbound),
    refused: tally.byReason(
      "refused",
      outbound.map((link) => link.id),
    ),
    delivered: tally.over("delivered", inbound),
    acknowledged: tally.over("acknowledged", inbound),
    redelivered: tally.over("redelivered", inbound),
    deadLettered: tally.over("dead-lettered", inbound),
    expired: 0,
    counts: service?.counts?.() ?? { ...world.atStore.counts(id), ...world.data.counts(id) },
    backlog: service === undefined ? 0 : service.inside() - service.busy(),
    inFlight: service?.busy() ?? 0,
    lagMessages: lag.updates,
    lagSeconds: lag.updates === 0 ? 0 : lag.ageMs / 1000,
    throughput: perSecond(world, tally.measured("handled", id), timeNs),
    utilisation: utilisationOf(world, id, timeNs),
    meanInSystem: meanLevel(world, [history.inside], timeNs),
    latency: history.latency,
  };
}

/** Busy workers as a share of those that were there; of a store with a limit, busy places. */
function utilisationOf(world: NaiveWorld, id: string, timeNs: number): Quotient {
  const ofPlaces = world.atStore.utilisation(id, timeNs);
  if (ofPlaces !== undefined) return { value: ofPlaces, isExact: false };
  const history = world.histories.get(id)!;
  return quotient(history.busy.measured(timeNs), history.workers.measured(timeNs));
}

function copyFigures(world: NaiveWorld, accounts: readonly Account[], timeNs: number): Figures {
  const { tally } = world;
  const backlog = accounts.reduce((sum, { waiting }) => sum + waiting.level, 0);
  const inFlight = accounts.reduce((sum, account) => sum + account.inFlight, 0);
  return {
    delivered: tally.over("delivered", accounts),
    acknowledged: tally.over("acknowledged", accounts),
    redelivered: tally.over("redelivered", accounts),
    deadLettered: tally.over("dead-lettered", accounts),
    expired: tally.over("expired", accounts),
    backlog,
    inFlight,
    lagMessages: backlog + inFlight,
    meanInSystem: meanLevel(
      world,
      accounts.map(({ inSystem }) => inSystem),
      timeNs,
    ),
    latency: Samples.join(accounts.map(({ latency }) => latency)),
  };
}

function channelFigures(world: NaiveWorld, id: string, timeNs: number): Figures {
  const { tally, scenario } = world;
  const accounts = world.accounts.filter(({ channel }) => channel === id);
  const own = accounts.filter(({ subscription }) => subscription === undefined);
  const arrived = own.length === 0 ? tally.of("stored", id) : tally.over("routed", own);
  const measured =
    own.length === 0
      ? tally.measured("stored", id)
      : own.reduce((sum, account) => sum + tally.measured("routed", account.id), 0);
  const publishers = scenario.connections.filter(
    (link) => link.kind === "publish" && link.to === id,
  );
  const consumers = scenario.connections.filter(
    (link): link is ConsumeConnection => link.kind === "consume" && link.from === id,
  );
  const unroutable = tally.of("unroutable", id);
  const places = accounts.map((account) => account.id);
  return {
    ...copyFigures(world, accounts, timeNs),
    published: arrived,
    dropped: added(
      tally.byReason("dropped", places),
      unroutable === 0 ? {} : { unroutable },
      tally.byReason("lost", [id]),
    ),
    refused: tally.byReason(
      "refused",
      publishers.map((link) => link.id),
    ),
    throughput: perSecond(world, measured, timeNs),
    lagSeconds: Math.max(0, ...consumers.map((link) => ageMs(world, link, timeNs))) / 1000,
  };
}

function added(
  ...all: readonly Readonly<Record<string, number>>[]
): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const counts of all)
    for (const [reason, count] of Object.entries(counts))
      sums[reason] = (sums[reason] ?? 0) + count;
  return sums;
}

/** The account of a subscription: its own, or that of its channel. */
function accountOf(world: NaiveWorld, link: ConsumeConnection): Account {
  return (
    world.accounts.find(({ subscription }) => subscription === link.id) ??
    world.accounts.find((one) => one.channel === link.from && one.subscription === undefined)!
  );
}

function subscriptionFigures(world: NaiveWorld, link: ConsumeConnection, timeNs: number): Figures {
  const { tally } = world;
  const account = accountOf(world, link);
  const isShared = account.subscription === undefined;
  return {
    ...copyFigures(world, [account], timeNs),
    delivered: tally.of("delivered", link.id),
    acknowledged: tally.of("acknowledged", link.id),
    redelivered: tally.of("redelivered", link.id),
    deadLettered: tally.of("dead-lettered", isShared ? link.id : account.id),
    dropped: tally.byReason("dropped", [account.id]),
    inFlight: tally.of("in-flight", link.id),
    lagSeconds: ageMs(world, link, timeNs) / 1000,
    throughput: perSecond(world, tally.measured("acknowledged", link.id), timeNs),
  };
}

/** Age of the oldest message not dealt with [ms]. */
function ageMs(world: NaiveWorld, link: ConsumeConnection, timeNs: number): number {
  const oldestNs = world.brokerOf(link.from).oldestNs(link);
  return oldestNs < 0 ? 0 : Math.max(0, timeNs - oldestNs) / 1e6;
}

/** Updates on their way to a store, and the age of the oldest that waits in a broker [ms]. */
function behind(world: NaiveWorld, store: string, timeNs: number) {
  const before = new Set([store]);
  for (const place of before)
    for (const link of world.scenario.connections) if (link.to === place) before.add(link.from);
  const way = world.scenario.connections.filter(({ to }) => before.has(to));
  const subscriptions = way.filter((link): link is ConsumeConnection => link.kind === "consume");
  const accounts = new Set(subscriptions.map((link) => accountOf(world, link)));
  let updates = world.tally.over("publishing", way) + world.tally.over("calling", way);
  for (const { inSystem } of accounts) updates += inSystem.level;
  const unread = way.map(({ id }) => world.readers.get(id)?.toHandOver() ?? []);
  for (const events of unread) updates += events.length;
  const oldest = Math.max(
    0,
    ...subscriptions.map((link) => ageMs(world, link, timeNs)),
    ...unread.map(([first]) => (first === undefined ? 0 : (timeNs - first.timeNs) / 1e6)),
  );
  return { updates, ageMs: oldest };
}

function callFigures(world: NaiveWorld, id: string): Figures {
  const { tally } = world;
  return {
    calls: tally.of("called", id),
    attempts: tally.of("attempts", id),
    succeeded: tally.of("succeeded", id),
    failed: tally.byReason("call-failed", [id]),
    pending: tally.of("calling", id),
    ...world.calls.extras(id),
    latency: world.calls.durations(id),
  };
}

/** "entry→end" for every connection of a producer and every service that what enters there can come to; the producer
 *  itself where it waits for the answer. */
function flowIds(scenario: Scenario): readonly { readonly id: string }[] {
  const kinds = new Map(scenario.nodes.map((node) => [node.id, node.kind]));
  return scenario.connections
    .filter(({ from }) => kinds.get(from) === "producer")
    .flatMap((entry) => {
      const places = new Set([entry.to]);
      for (const place of places)
        for (const link of scenario.connections)
          if (link.from === place && link.kind !== "write" && link.kind !== "read")
            places.add(link.to);
      const ends = [...places].filter((place) => isEnd(kinds.get(place)));
      if (entry.kind === "call") ends.push(entry.from);
      return ends.map((end) => ({ id: `${entry.id}→${end}` }));
    });
}

function isEnd(kind: Node["kind"] | undefined): boolean {
  return kind !== undefined && nodeKinds[kind].works;
}

function flowFigures(world: NaiveWorld, id: string, timeNs: number): Figures {
  const latency = world.flows.get(id) ?? new Samples();
  const measured = latency.sorted().length;
  const throughput = perSecond(world, measured, timeNs);
  return { completed: measured + latency.forgotten, throughput, latency };
}

function publicationTotals({ tally, scenario }: NaiveWorld): Figures {
  const { connections, channels } = scenario;
  return {
    published: tally.over("published", connections),
    confirmed: tally.over("confirmed", connections),
    refused: tally.over("refused", connections),
    pending: tally.over("publishing", connections),
    unroutable: tally.over("unroutable", channels),
    lost: tally.over("lost", channels),
  };
}

function copyTotals({ tally, accounts }: NaiveWorld): Figures {
  return {
    routed: tally.over("routed", accounts),
    acknowledged: tally.over("acknowledged", accounts),
    waiting: accounts.reduce((sum, { waiting }) => sum + waiting.level, 0),
    inFlight: accounts.reduce((sum, account) => sum + account.inFlight, 0),
    deadLettered: tally.over("dead-lettered", accounts),
    expired: tally.over("expired", accounts),
    dropped: tally.over("dropped", accounts),
  };
}

function callTotals({ tally, scenario }: NaiveWorld): Figures {
  const { connections } = scenario;
  return {
    called: tally.over("called", connections),
    succeeded: tally.over("succeeded", connections),
    failed: tally.over("call-failed", connections),
    pending: tally.over("calling", connections),
  };
}
