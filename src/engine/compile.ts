// Document → plan: everything a run needs to know, with row numbers instead of ids and complete parameters.
// Rows are positions in the document's lists; nodes and components share their numbers.

import { assert } from "../base/assert.ts";
import type { Distribution } from "../base/distribution.ts";
import { valuesOf } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import { simulatedTechnology } from "../brokers/index.ts";
import type { BrokerConfig, SimulatedTechnology } from "../brokers/technology.ts";
import { deadLetterId, isBridge, passingId, withBridges } from "../model/bridges.ts";
import { brokerConfigOf } from "../model/brokerConfig.ts";
import { hasVersions } from "../model/contracts.ts";
import type { Readability } from "../model/readability.ts";
import type { Outcome } from "../model/result.ts";
import type {
  BridgeConnection,
  Connection,
  Node,
  Scenario,
  ServiceNode,
} from "../model/scenario.ts";
import { nameOf } from "../model/elements.ts";
import { redriveKind } from "../model/redrives.ts";
import { bridgeFields } from "../nodes/bridge.ts";
import type { BridgePlan } from "../nodes/bridgePlan.ts";
import {
  callFields,
  priorities,
  publishFields,
  readFields,
  writeFields,
} from "../nodes/connections.ts";
import type { Route } from "../nodes/arrivals/source.ts";
import type { ProducerPlan } from "../nodes/producerRun.ts";
import type { SpreadValues } from "../nodes/spreading.ts";
import { service } from "../nodes/service.ts";
import { store } from "../nodes/store.ts";
import type { StorePlan } from "../nodes/storeRun.ts";
import type { SubscriptionPlan } from "../nodes/stores/logReader.ts";
import { subscriptionFields } from "../nodes/stores/subscriptionFields.ts";
import type { ServicePlan } from "../nodes/servicePlan.ts";
import { channelKindOf, parameterOf, spreadingOf } from "../model/elements.ts";
import type { CallPlan } from "./callPlan.ts";
import { handlersOf } from "./handlers.ts";
import { type KeySpaces, keySpacesOf } from "./keySpaces.ts";
import { limits } from "./limits.ts";
import { flowsOf, type FlowPlan, upstreamOf, type Upstream } from "./paths.ts";
import { type CompiledProducer, compileProducers, replayPlanOf } from "./recordings.ts";
import { type OpenStation, stationOf } from "./stations/index.ts";
import { type VersionPlan, versionPlanOf } from "./versionPlan.ts";

/** What one node or bridge becomes in a run. */
export type ComponentPlan =
  | { readonly kind: "producer"; readonly plan: ProducerPlan }
  | { readonly kind: "service"; readonly plan: ServicePlan }
  | { readonly kind: "store"; readonly upstream: Upstream; readonly plan: StorePlan }
  | { readonly kind: "station"; readonly open: OpenStation }
  | { readonly kind: "bridge"; readonly plan: BridgePlan }
  | {
      readonly kind: "broker";
      readonly technology: SimulatedTechnology;
      readonly config: BrokerConfig;
    };

/** What a connection costs, whatever its kind. */
export interface ConnectionPlan {
  /** Number of the broker component that it touches, −1 for none. */
  readonly broker: number;
  /** Row of the contract that it carries, −1 for none. */
  readonly contract: number;
  /** Size of one event [bytes]. */
  readonly size: number | Distribution;
  readonly probability: number;
  /** Of what it carries, 0 to 9. */
  readonly priority: number;
  /** Where the events of a service's step are more than one at once under the key of their cause. */
  readonly spread: SpreadValues | undefined;
  /** How what is published over it looks: a service's failure channel carries dead letters. */
  readonly outcome: Outcome;
  /** Numbers of the components at its ends, −1 for a channel; a bridge itself is the end of its connection. */
  readonly from: number;
  readonly to: number;
  /** Row of the bridge that it is drawn as, −1 where it is drawn itself. */
  readonly drawnAs: number;
}

/** A compiled scenario. */
export interface Plan {
  /** What was asked for. */
  readonly document: Scenario;
  /** The document with the publications of its bridges as connections of their own, behind all others. */
  readonly scenario: Scenario;
  readonly durationNs: number;
  /** End of the warm-up, 0 for none [ns]. */
  readonly warmUpNs: number;
  /** The nodes, then the bridges. */
  readonly components: readonly ComponentPlan[];
  /** Their ids. */
  readonly ids: readonly string[];
  readonly connections: readonly ConnectionPlan[];
  readonly calls: readonly CallPlan[];
  readonly flows: readonly FlowPlan[];
  /** Whether there are more flows than a run can remember. */
  readonly hasMoreFlows: boolean;
  readonly keys: KeySpaces;
  /** Text of a key. */
  readonly keyText: (key: number) => string;
  /** The first key with the same text; −1 for none. */
  readonly sharedKey: (key: number) => number;
  readonly rowOf: Rows;
  /** Absent where every contract has one version. */
  readonly versions: VersionPlan | undefined;
  readonly readability: Readability;
}

/** Row numbers by id. */
export interface Rows {
  /** Components: nodes and bridges. */
  readonly node: ReadonlyMap<string, number>;
  readonly channel: ReadonlyMap<string, number>;
  readonly connection: ReadonlyMap<string, number>;
  readonly contract: ReadonlyMap<string, number>;
}

/** Compiles a parsed document, with what was found out about versions of its contracts. It cannot fail: what can be
 *  wrong was found by the parser. */
export function compileScenario(document: Scenario, readability: Readability = {}): Plan {
  const scenario = withBridges(document);
  const bridges = scenario.connections.filter(isBridge);
  const rowOf = rowsOf(scenario);
  const producers = compileProducers(scenario);
  const keys = keySpacesOf(scenario, producers);
  const flows = flowsOf(scenario, limits.flows);
  return {
    document,
    scenario,
    ids: [...scenario.nodes, ...bridges].map(({ id }) => id),
    durationNs: msToNs(scenario.load.duration),
    warmUpNs: msToNs(scenario.load.warmUp ?? 0),
    components: [
      ...scenario.nodes.map((node) => componentOf(scenario, node, rowOf, producers)),
      ...bridges.map(
        (link) => ({ kind: "bridge", plan: bridgePlan(scenario, link, rowOf) }) as const,
      ),
    ],
    connections: scenario.connections.map((link) => connectionOf(scenario, link, rowOf)),
    calls: scenario.connections.flatMap((link) =>
      link.kind === "call" ? [callOf(link, rowOf)] : [],
    ),
    flows: flows.slice(0, limits.flows),
    hasMoreFlows: flows.length > limits.flows,
    keys,
    keyText: (key) => keys.text(key),
    sharedKey: rememberedKeys((key) => keys.shared(key)),
    rowOf,
    versions: versionPlanOf(document, readability),
    readability,
  };
}

/** What was worked out once for a key is looked up; it follows from the document alone. */
function rememberedKeys(keyOf: (key: number) => number): (key: number) => number {
  const known = new Map<number, number>();
  return (key) => {
    if (key < 0) return key;
    const shared = known.get(key) ?? keyOf(key);
    known.set(key, shared);
    return shared;
  };
}

function rowsOf(scenario: Scenario): Rows {
  const rows = (elements: readonly { readonly id: string }[]): ReadonlyMap<string, number> =>
    new Map(elements.map(({ id }, row) => [id, row]));
  return {
    node: rows([...scenario.nodes, ...scenario.connections.filter(isBridge)]),
    channel: rows(scenario.channels),
    connection: rows(scenario.connections),
    contract: rows(scenario.contracts),
  };
}

function componentOf(
  scenario: Scenario,
  node: Node,
  rowOf: Rows,
  producers: readonly CompiledProducer[],
): ComponentPlan {
  switch (node.kind) {
    case "producer":
      return { kind: "producer", plan: producerPlan(scenario, node.id, producers) };
    case "service":
      return { kind: "service", plan: servicePlan(scenario, node, rowOf) };
    case "store":
      return {
        kind: "store",
        upstream: upstreamOf(scenario, node.id),
        plan: {
          id: node.id,
          subscriptions: subscriptionsTo(scenario, node.id),
          capacity: valuesOf(store.fields, node.parameters ?? {}).capacity,
        },
      };
    case "broker":
      return {
        kind: "broker",
        technology: simulatedTechnology(node.technology),
        config: brokerConfigOf(scenario, node.id),
      };
    default:
      return { kind: "station", open: stationOf(scenario, node) };
  }
}

function subscriptionsTo(scenario: Scenario, store: string): readonly SubscriptionPlan[] {
  return scenario.connections.flatMap((link, connection) =>
    link.kind === "call" && link.from === store
      ? [{ connection, id: link.id, values: valuesOf(subscriptionFields, link.parameters ?? {}) }]
      : [],
  );
}

function producerPlan(
  scenario: Scenario,
  id: string,
  producers: readonly CompiledProducer[],
): ProducerPlan {
  const { duration, sourcesStopAt } = scenario.load;
  const compiled = producers.find((one) => one.id === id);
  assert(compiled !== undefined, "every producer is compiled.");
  return {
    id,
    values: compiled.values,
    ...routeFor(scenario, id, ""),
    replay: replayPlanOf(compiled, (contract) => routeFor(scenario, id, contract)),
    firstKey: compiled.firstKey,
    stopNs: msToNs(Math.min(duration, sourcesStopAt ?? duration)),
  };
}

/** The connections of a producer that carry a contract, by its id or name; "" for all. */
function routeFor(scenario: Scenario, id: string, contract: string): Route {
  const carries = (row: number): boolean => {
    const link = scenario.connections[row]!;
    if (contract === "") return true;
    if (!("contract" in link)) return false;
    const { name } = scenario.contracts.find((one) => one.id === link.contract) ?? { name: "" };
    return link.contract === contract || name === contract;
  };
  return {
    publishes: rowsFrom(scenario, id, "publish").filter(carries),
    calls: rowsFrom(scenario, id, "call").filter(carries),
  };
}

function servicePlan(scenario: Scenario, node: ServiceNode, rowOf: Rows): ServicePlan {
  const subscriptions = scenario.connections.flatMap((link, row) =>
    link.kind === "consume" && link.to === node.id ? [row] : [],
  );
  return {
    id: node.id,
    values: valuesOf(service.fields, node.parameters ?? {}),
    subscriptions,
    parallel: parallelOf(scenario, subscriptions),
    readsVersions: scenario.contracts.some(hasVersions),
    ...handlersOf(scenario, node, rowOf.connection),
  };
}

/** How many workers can get messages over these connections at the same time. */
function parallelOf(scenario: Scenario, subscriptions: readonly number[]): number {
  let parallel = 0;
  for (const row of subscriptions) {
    const channel = scenario.connections[row]!.from;
    const field = channelKindOf(scenario, channel)?.parallelismField;
    parallel += field === undefined ? Infinity : Number(parameterOf(scenario, channel, field));
  }
  return subscriptions.length === 0 ? Infinity : parallel;
}

function rowsFrom(scenario: Scenario, from: string, kind: Connection["kind"]): readonly number[] {
  return scenario.connections.flatMap((link, row) =>
    link.kind === kind && link.from === from ? [row] : [],
  );
}

function bridgePlan(scenario: Scenario, link: BridgeConnection, rowOf: Rows): BridgePlan {
  const rows = (idOf: (bridge: string, contract: string) => string): Int32Array =>
    Int32Array.from(scenario.contracts, ({ id }) => rowOf.connection.get(idOf(link.id, id)) ?? -1);
  return {
    id: link.id,
    name: nameOf(scenario, link.id),
    values: valuesOf(bridgeFields, link.parameters ?? {}),
    passing: rows(passingId),
    deadLetters: rows(deadLetterId),
    redrive: redriveKind(scenario, link),
  };
}

/** The channel of a connection that its broker keeps; "" for none. */
function channelIdOf(link: Connection): string {
  if (link.kind === "publish") return link.to;
  return link.kind === "consume" || link.kind === "bridge" ? link.from : "";
}

function connectionOf(scenario: Scenario, link: Connection, rowOf: Rows): ConnectionPlan {
  const channelId = channelIdOf(link);
  const channel = scenario.channels[rowOf.channel.get(channelId) ?? -1];
  const { size, probability, priority } = valuesOf(publishFields, link.parameters ?? {});
  return {
    broker: channel === undefined ? -1 : (rowOf.node.get(channel.broker) ?? -1),
    contract: "contract" in link ? (rowOf.contract.get(link.contract) ?? -1) : -1,
    size,
    probability,
    // A technology may have finer priorities of its own under this name.
    priority: Math.min(priorities - 1, priority),
    spread: spreadingOf(scenario, link),
    outcome: link.kind === "publish" && link.on === "failure" ? "dead-letter" : "normal",
    from: rowOf.node.get(link.from) ?? -1,
    to: rowOf.node.get(isBridge(link) ? link.id : link.to) ?? -1,
    drawnAs: link.kind === "publish" ? (rowOf.connection.get(link.from) ?? -1) : -1,
  };
}

function callOf(link: Extract<Connection, { kind: "call" }>, rowOf: Rows): CallPlan {
  return {
    connection: rowOf.connection.get(link.id) ?? -1,
    id: link.id,
    contract: rowOf.contract.get(link.contract) ?? -1,
    values: valuesOf(callFields, link.parameters ?? {}),
    caller: rowOf.node.get(link.from) ?? -1,
    callee: rowOf.node.get(link.to) ?? -1,
  };
}

/** How long a write or read over a connection takes, as a distribution [ms]; undefined for other connections. */
export function storeTimeOf(link: Connection): Distribution | undefined {
  if (link.kind === "write") return valuesOf(writeFields, link.parameters ?? {}).duration;
  return link.kind === "read" ? valuesOf(readFields, link.parameters ?? {}).duration : undefined;
}
