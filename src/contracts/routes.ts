// What passes where: which contracts reach which channel, and what each application does with channels and requests.
// Both kinds of AsyncAPI documents are made from this plan, so that keys and operations agree between them.

import type { BrokerConfig } from "../brokers/technology.ts";
import { brokerConfigOf } from "../model/brokerConfig.ts";
import { channelOf, nodeOf } from "../model/elements.ts";
import type {
  CallConnection,
  ConsumeConnection,
  Contract,
  Node,
  PublishConnection,
  Scenario,
} from "../model/scenario.ts";
import { freeKey, inOrder, messageKey, type MessageKeys, messageKeysOf } from "./messageKeys.ts";
import { publishersByChannel } from "../model/publishers.ts";

/** A request that a service answers; each becomes a channel of protocol http. */
export interface Request {
  /** Key of the channel and of the answering operation. */
  readonly key: string;
  readonly service: Node;
  readonly contract: Contract;
}

/** Everything that is worked out once for all documents of a scenario. */
export interface Plan {
  readonly scenario: Scenario;
  /** Whether the documents carry their scenario. */
  readonly embed: boolean;
  readonly contracts: ReadonlyMap<string, Contract>;
  readonly keys: MessageKeys;
  /** Channel id → ids of the contracts that reach it, in the order of the document. */
  readonly reaching: ReadonlyMap<string, readonly string[]>;
  /** Channel id → keys of the messages that are written into what reaches it: the versions that publishers write. */
  readonly written: ReadonlyMap<string, readonly string[]>;
  /** Channel id → keys of the messages that pass through it as its publishers or its consumers know them. */
  readonly passing: ReadonlyMap<string, readonly string[]>;
  /** Contract id → connections that publish or request it, in the order of the document. */
  readonly carriers: ReadonlyMap<string, readonly (PublishConnection | CallConnection)[]>;
  readonly brokers: ReadonlyMap<string, BrokerConfig>;
  readonly requests: readonly Request[];
}

/** What one application (producer or service) does, in the order of the document. */
export interface Deeds {
  readonly publishes: readonly PublishConnection[];
  readonly consumes: readonly ConsumeConnection[];
  readonly calls: readonly CallConnection[];
  readonly answers: readonly Request[];
}

/** Works out the plan of a scenario. Connections that lead nowhere are left out. */
export function planOf(scenario: Scenario, { embed = false } = {}): Plan {
  const contracts = new Map(scenario.contracts.map((contract) => [contract.id, contract]));
  const brokers = new Map(
    scenario.nodes
      .filter((node) => node.kind === "broker")
      .map((node) => [node.id, brokerConfigOf(scenario, node.id)]),
  );
  const keys = messageKeysOf(scenario);
  const publishers = publishersOf(scenario);
  const reaching = reachingOf(scenario, publishers);
  const written = writtenOf(scenario, keys, publishers);
  return {
    scenario,
    embed,
    contracts,
    keys,
    reaching,
    written,
    passing: passingOf(scenario, keys, { reaching, written }),
    carriers: carriersOf(scenario),
    brokers,
    requests: requestsOf(scenario, contracts),
  };
}

function carriersOf(scenario: Scenario): Plan["carriers"] {
  const carriers = new Map<string, (PublishConnection | CallConnection)[]>();
  for (const one of scenario.connections) {
    if (one.kind !== "publish" && one.kind !== "call") continue;
    const known = carriers.get(one.contract);
    if (known === undefined) carriers.set(one.contract, [one]);
    else known.push(one);
  }
  return carriers;
}

/** The keys of the messages that a subscription reads: of each contract that reaches its channel, the version it states
 *  or the newest. */
export function readKeysOf(
  keys: MessageKeys,
  reaching: Plan["reaching"],
  { from, reads = {} }: ConsumeConnection,
): readonly string[] {
  return (reaching.get(from) ?? []).map((id) =>
    messageKey(keys, id, Object.hasOwn(reads, id) ? reads[id] : undefined),
  );
}

/** The producers, services and stations: each is an application with a document of its own. */
export function applicationsOf(scenario: Scenario): readonly Node[] {
  return scenario.nodes.filter(({ kind }) => kind !== "broker" && kind !== "store");
}

/** What an application does. */
export function deedsOf(plan: Plan, application: string): Deeds {
  const { scenario, contracts, requests } = plan;
  const own = scenario.connections.filter((one) => one.from === application);
  return {
    publishes: own
      .filter((one) => one.kind === "publish")
      .filter((one) => contracts.has(one.contract) && channelOf(scenario, one.to) !== undefined),
    consumes: scenario.connections
      .filter((one) => one.kind === "consume")
      .filter((one) => one.to === application && channelOf(scenario, one.from) !== undefined),
    calls: own
      .filter((one) => one.kind === "call")
      .filter((one) => requestOf(plan, one) !== undefined),
    answers: requests.filter((request) => request.service.id === application),
  };
}

/** The request that a call makes. */
export function requestOf(plan: Plan, call: CallConnection): Request | undefined {
  return plan.requests.find(
    ({ service, contract }) => service.id === call.to && contract.id === call.contract,
  );
}

function requestsOf(
  scenario: Scenario,
  contracts: ReadonlyMap<string, Contract>,
): readonly Request[] {
  const taken = new Set(
    [...scenario.nodes, ...scenario.channels, ...scenario.connections].map(({ id }) => id),
  );
  const requests: Request[] = [];
  for (const call of scenario.connections) {
    if (call.kind !== "call") continue;
    const service = nodeOf(scenario, call.to);
    const contract = contracts.get(call.contract);
    const isKnown = requests.some((one) => one.service === service && one.contract === contract);
    if (service === undefined || contract === undefined || isKnown) continue;
    const key = freeKey(`${service.id}-${contract.id}`, taken);
    taken.add(key);
    requests.push({ key, service, contract });
  }
  return requests;
}

// Channel id → publish connections whose messages can reach it.
function publishersOf(scenario: Scenario): ReadonlyMap<string, readonly PublishConnection[]> {
  const published = new Map(
    scenario.connections
      .filter((one) => one.kind === "publish")
      .map((one) => [one.id, one] as const),
  );
  return new Map(
    [...publishersByChannel(scenario)].map(([channel, ids]) => [
      channel,
      [...ids].map((id) => published.get(id)).filter((one) => one !== undefined),
    ]),
  );
}

// A channel lists the contracts in the order of the document, however they come to it.
function reachingOf(
  scenario: Scenario,
  publishers: ReadonlyMap<string, readonly PublishConnection[]>,
): Plan["reaching"] {
  const reaching = new Map<string, readonly string[]>();
  for (const [channel, connections] of publishers) {
    const contracts = new Set(connections.map(({ contract }) => contract));
    const present = scenario.contracts.filter(({ id }) => contracts.has(id));
    reaching.set(
      channel,
      present.map(({ id }) => id),
    );
  }
  return reaching;
}

function writtenOf(
  scenario: Scenario,
  keys: MessageKeys,
  publishers: ReadonlyMap<string, readonly PublishConnection[]>,
): Plan["written"] {
  return new Map(
    scenario.channels.map(({ id }) => {
      const written = (publishers.get(id) ?? []).map((one) =>
        messageKey(keys, one.contract, one.contractVersion),
      );
      return [id, inOrder(keys, written)];
    }),
  );
}

// A consumer may know a message by another version than its publisher; the channel then lists both.
function passingOf(
  scenario: Scenario,
  keys: MessageKeys,
  { reaching, written }: Pick<Plan, "reaching" | "written">,
): Plan["passing"] {
  const passing = new Map([...written].map(([id, messages]) => [id, [...messages]]));
  for (const one of scenario.connections)
    if (one.kind === "consume") passing.get(one.from)?.push(...readKeysOf(keys, reaching, one));
  return new Map([...passing].map(([id, messages]) => [id, inOrder(keys, messages)]));
}
