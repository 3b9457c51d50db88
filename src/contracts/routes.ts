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
import { reachOf } from "./reach.ts";

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
  readonly contracts: ReadonlyMap<string, Contract>;
  /** Contract id → key of its message and schema. */
  readonly messageKeys: ReadonlyMap<string, string>;
  /** Channel id → ids of the contracts that reach it, in the order of the document. */
  readonly reaching: ReadonlyMap<string, readonly string[]>;
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
export function planOf(scenario: Scenario): Plan {
  const contracts = new Map(scenario.contracts.map((contract) => [contract.id, contract]));
  const brokers = new Map(
    scenario.nodes
      .filter((node) => node.kind === "broker")
      .map((node) => [node.id, brokerConfigOf(scenario, node.id)]),
  );
  return {
    scenario,
    contracts,
    messageKeys: messageKeysOf(scenario),
    reaching: reachingOf(scenario, brokers),
    brokers,
    requests: requestsOf(scenario, contracts),
  };
}

/** The producers and services: each is an application with a document of its own. */
export function applicationsOf(scenario: Scenario): readonly Node[] {
  return scenario.nodes.filter((node) => node.kind === "producer" || node.kind === "service");
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

// A message is known by the name of its event where that can be a key and belongs to one contract only.
function messageKeysOf(scenario: Scenario): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { id, name } of scenario.contracts)
    for (const word of new Set([id, name])) counts.set(word, (counts.get(word) ?? 0) + 1);
  const isFree = (name: string) =>
    /^[\w.-]+$/u.test(name) && !name.endsWith(".reply") && counts.get(name) === 1;
  return new Map(scenario.contracts.map(({ id, name }) => [id, isFree(name) ? name : id]));
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

function freeKey(wish: string, taken: ReadonlySet<string>): string {
  let key = wish;
  for (let number = 2; taken.has(key); number++) key = `${wish}-${number}`;
  return key;
}

// A channel lists the contracts in the order of the document, however they come to it.
function reachingOf(
  scenario: Scenario,
  brokers: ReadonlyMap<string, BrokerConfig>,
): ReadonlyMap<string, readonly string[]> {
  const published = new Map(
    scenario.connections
      .filter((one) => one.kind === "publish")
      .map((one) => [one.id, one.contract]),
  );
  const reaching = new Map<string, readonly string[]>();
  for (const node of scenario.nodes) {
    const config = brokers.get(node.id);
    if (node.kind !== "broker" || config === undefined) continue;
    for (const [channel, publishers] of reachOf(node.technology, config)) {
      const contracts = new Set([...publishers].map((id) => published.get(id)));
      const present = scenario.contracts.filter(({ id }) => contracts.has(id));
      reaching.set(
        channel,
        present.map(({ id }) => id),
      );
    }
  }
  return reaching;
}
