// What the network faults of a moment come to on each way: a way is one direction of a connection, 2 × row from the client to
// the server and 2 × row + 1 back.

import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import type { RandomStream } from "../../kernel/random.ts";
import { msToNs } from "../../base/units.ts";
import { channelOf, nodeOf } from "../../model/elements.ts";
import type { NetworkFault } from "../../model/networkFault.ts";
import type { BrokerNode, Scenario } from "../../model/scenario.ts";

/** What befalls what goes one way. */
export interface Condition {
  /** Nothing passes. */
  readonly isCut: boolean;
  /** Added times [ms]. */
  readonly latencies: readonly Sampler[];
  /** Shares from 0 to 1. */
  readonly loss: number;
  readonly duplication: number;
  readonly delays: readonly { readonly share: number; readonly ns: number }[];
  /** Infinity without a limit. */
  readonly bytesPerNs: number;
}

/** Ids of what stands at the two ends of a connection; none where nothing goes over the network. */
export interface Ends {
  readonly client: readonly string[];
  readonly server: readonly string[];
}

/** The broker of a channel. */
export function brokerBehind(scenario: Scenario, channel: string): BrokerNode | undefined {
  const node = nodeOf(scenario, channelOf(scenario, channel)?.broker ?? "");
  return node?.kind === "broker" ? node : undefined;
}

/** The ends of every connection of a compiled document. A bridge stands beside the broker into which it publishes. */
export function endsOf(scenario: Scenario): readonly Ends[] {
  const none: Ends = { client: [], server: [] };
  return scenario.connections.map((link) => {
    const broker = (channel: string): readonly string[] => {
      const id = brokerBehind(scenario, channel)?.id;
      return id === undefined ? [] : [id];
    };
    switch (link.kind) {
      case "publish":
        // What a bridge publishes does not leave its place.
        return scenario.nodes.some(({ id }) => id === link.from)
          ? { client: [link.from], server: broker(link.to) }
          : none;
      case "consume":
        return { client: [link.to], server: broker(link.from) };
      case "bridge":
        return { client: [link.id, ...broker(link.to)], server: broker(link.from) };
      case "call":
      case "read":
      case "write":
        return { client: [link.from], server: [link.to] };
      default:
        return none;
    }
  });
}

/** The conditions of all ways while some faults last; undefined where nothing is the matter. */
export function conditionsOf(
  ends: readonly Ends[],
  faults: readonly NetworkFault[],
  random: RandomStream,
): readonly (Condition | undefined)[] {
  return ends.flatMap(({ client, server }) =>
    [
      { from: client, to: server },
      { from: server, to: client },
    ].map((way) =>
      sumOf(
        faults.filter((fault) => befalls(fault, way)),
        random,
      ),
    ),
  );
}

/** Whether a fault befalls what goes from one place to another. */
export function befalls(
  { target, also = [], to, direction = "both" }: NetworkFault,
  way: { readonly from: readonly string[]; readonly to: readonly string[] },
): boolean {
  if (way.from.length === 0 || way.to.length === 0) return false;
  const isHere = (id: string): boolean => id === target || also.includes(id);
  const isThere = (id: string): boolean => to === undefined || to.includes(id);
  const leaves = way.from.some(isHere) && way.to.some(isThere);
  const comes = way.to.some(isHere) && way.from.some(isThere);
  return (leaves && direction !== "in") || (comes && direction !== "out");
}

function sumOf(faults: readonly NetworkFault[], random: RandomStream): Condition | undefined {
  if (faults.length === 0) return undefined;
  const atLeastOne = (shares: readonly number[]): number =>
    1 - shares.reduce((none, share) => none * (1 - share), 1);
  return {
    isCut: faults.some(({ partition }) => partition === true),
    latencies: faults.flatMap(({ latency }) =>
      latency === undefined ? [] : [createSampler(latency, random)],
    ),
    loss: atLeastOne(faults.map(({ loss = 0 }) => loss)),
    duplication: atLeastOne(faults.map(({ duplication = 0 }) => duplication)),
    delays: faults.flatMap(({ reordering = 0, reorderDelay = 0 }) =>
      reordering === 0 ? [] : [{ share: reordering, ns: msToNs(reorderDelay) }],
    ),
    bytesPerNs: Math.min(...faults.map(({ bandwidth }) => (bandwidth ?? Infinity) / 1e9)),
  };
}
