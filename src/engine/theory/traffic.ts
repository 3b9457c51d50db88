// Who sends how much to whom, by the drawing alone: the traffic equations of the network of services. A *class* is a
// service together with a contract that it handles, because what it does next depends on the contract.

import type { Reach } from "../../brokers/technology.ts";
import { solveTraffic } from "../../kernel/queueNetworks.ts";
import { brokerConfigOf } from "../../model/brokerConfig.ts";
import { accountOf } from "../progress.ts";
import type { World } from "../world.ts";
import { holdingOf } from "./holding.ts";

/** A stream of messages from one component to a service. */
export interface Stream {
  /** Row of the publish or call connection over which it leaves, and of the last one, over which it arrives. */
  readonly leaves: number;
  readonly arrives: number;
  /** Rows of nodes. */
  readonly from: number;
  readonly to: number;
  readonly contract: number;
}

/** What arrives at a service. */
export interface Arrivals {
  /** Total [1/s]; undefined where the drawing does not say. */
  readonly perS: number | undefined;
  readonly streams: readonly Stream[];
  /** Share of each contract (row) in what arrives. */
  readonly shares: ReadonlyMap<number, number>;
}

/** Rate of a producer per connection [1/s]; undefined for those that have none. */
export type SourceRate = (node: number) => number | undefined;

/** What arrives at every service, by row of its node. */
export function arrivalsOf(world: World, rateOf: SourceRate): ReadonlyMap<number, Arrivals> {
  const streams = streamsOf(world);
  const { components } = world.plan;
  const classes = [...new Set(streams.map(({ to, contract }) => keyOf(to, contract)))];
  const numberOf = new Map(classes.map((key, i) => [key, i]));
  const external = classes.map(() => 0);
  const unknown = classes.map(() => 0);
  const routing = classes.map(() => classes.map(() => 0));
  for (const stream of streams) {
    const target = numberOf.get(keyOf(stream.to, stream.contract))!;
    const source = components[stream.from]!;
    if (source.kind === "producer") {
      const rate = rateOf(stream.from);
      if (rate === undefined) unknown[target] = 1;
      else external[target]! += rate;
      continue;
    }
    // How much a bridge or a station passes on, and how evenly, the drawing does not say; and several events of one step
    // come together.
    const isSpread = world.plan.connections[stream.leaves]!.spread !== undefined;
    if (source.kind !== "service" || isSpread) unknown[target] = 1;
    classes.forEach((key, from) => {
      const [node, contract] = partsOf(key);
      if (node === stream.from) routing[from]![target]! += shareOf(world, stream, contract);
    });
  }
  const rates = solveTraffic(external, routing);
  // Where something of unknown rate comes, nothing is known.
  const doubts = solveTraffic(unknown, routing);
  return new Map(
    components.flatMap((component, node) => {
      const own = streams.filter(({ to }) => to === node);
      if (component.kind !== "service" || own.length === 0) return [];
      const perClass = classes.flatMap((key, i) => {
        const [to, contract] = partsOf(key);
        return to === node ? [{ contract, rate: rates?.[i] ?? 0, doubt: doubts?.[i] ?? 1 }] : [];
      });
      const total = perClass.reduce((sum, { rate }) => sum + rate, 0);
      const isKnown = perClass.every(({ doubt }) => doubt === 0);
      const shares = new Map(
        perClass.map(({ contract, rate }) => [contract, total > 0 ? rate / total : 0]),
      );
      return [[node, { perS: isKnown ? total : undefined, streams: own, shares }] as const];
    }),
  );
}

const contractsMax = 1 << 20;

function keyOf(node: number, contract: number): number {
  return node * contractsMax + contract;
}

function partsOf(key: number): readonly [node: number, contract: number] {
  return [Math.floor(key / contractsMax), key % contractsMax];
}

/** How many messages of a stream follow one message of a contract at its sender, on average. */
function shareOf(world: World, { from, leaves }: Stream, contract: number): number {
  const sender = world.plan.components[from]!;
  const handler = sender.kind === "service" ? sender.plan.handlers[contract] : undefined;
  if (sender.kind !== "service" || handler === undefined) return 0;
  const { failureRatio } = holdingOf(world, sender.plan, contract);
  const isStep = (step: { readonly connection: number }): boolean => step.connection === leaves;
  const { probability } = world.plan.connections[leaves]!;
  return (
    (handler.steps.some(isStep) ? (1 - failureRatio) * probability : 0) +
    (handler.whenFailed.some(isStep) ? failureRatio * probability : 0)
  );
}

/** All streams that end at services: calls, and publications with everybody who consumes them. */
function streamsOf(world: World): readonly Stream[] {
  const { scenario, connections, rowOf } = world.plan;
  const reaches = new Map<string, Reach | undefined>();
  return scenario.connections.flatMap((link, leaves): readonly Stream[] => {
    const { from, to, contract, broker } = connections[leaves]!;
    if (link.kind === "call") return [{ leaves, arrives: leaves, from, to, contract }];
    if (link.kind !== "publish") return [];
    const component = world.plan.components[broker]!;
    if (component.kind !== "broker") return [];
    const brokerId = scenario.nodes[broker]!.id;
    if (!reaches.has(brokerId))
      reaches.set(brokerId, component.technology.reach?.(brokerConfigOf(scenario, brokerId)));
    const reach = reaches.get(brokerId);
    return scenario.connections.flatMap((other, arrives): readonly Stream[] => {
      if (other.kind !== "consume" || connections[arrives]!.broker !== broker) return [];
      const comes =
        reach === undefined ? other.from === link.to : reach.get(other.from)?.has(link.id);
      const consumer = rowOf.node.get(other.to)!;
      return comes === true ? [{ leaves, arrives, from, to: consumer, contract }] : [];
    });
  });
}

/** Whether several services or bridges share what comes into the channel of a subscription. */
export function isShared(world: World, subscription: number): boolean {
  const { scenario } = world.plan;
  const { from } = scenario.connections[subscription]!;
  const siblings = scenario.connections.flatMap((link, row) =>
    (link.kind === "consume" || link.kind === "bridge") && link.from === from ? [row] : [],
  );
  const accounts = new Set(siblings.map((row) => accountOf(world, row)));
  return accounts.size < siblings.length;
}
