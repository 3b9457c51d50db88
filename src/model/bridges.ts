// What bridges bring: which contracts come to each of them and go on into the target's broker, also over several bridges.
// A broker sees a bridge as a plain subscription on one side and as a plain publisher per contract on the other.

import { assert } from "../base/assert.ts";
import { valuesOf } from "../base/fields.ts";
import type { BrokerConfig } from "../brokers/technology.ts";
import { sideParameters } from "../nodes/sideFields.ts";
import { drawnBrokerOf } from "./drawnBroker.ts";
import {
  channelOf,
  nameOf,
  nodeOf,
  parametersOf,
  publishFieldsOf,
  technologyOf,
} from "./elements.ts";
import { bridgedMax } from "./limits.ts";
import { reachOf } from "./reach.ts";
import { type Destinations, redrivesOf } from "./redrives.ts";
import type { BridgeConnection, Channel, PublishConnection, Scenario } from "./scenario.ts";

/** What there is to know of the bridges of a document. */
export interface Bridging {
  /** The document with a publish connection from each bridge for each contract that comes to it, behind all others. Their
   *  ids hold spaces, which those of documents never do. */
  readonly scenario: Scenario;
  /** Bridge id → ids of the contracts that come to it. */
  readonly arriving: ReadonlyMap<string, ReadonlySet<string>>;
  /** Bridge id → ids of the contracts that come to it and may pass. */
  readonly carried: ReadonlyMap<string, ReadonlySet<string>>;
  /** "bridge contract" → ids of the bridges to which it goes on. */
  readonly onward: ReadonlyMap<string, ReadonlySet<string>>;
  /** Id of a bridge's publication → ids of the publications, also of other bridges, from which it comes. */
  readonly feeders: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether there is more than a run can keep apart, so that not all of it is here. */
  readonly isTooMuch: boolean;
}

// Documents never change in place, so what was found out once stays right for as long as its document lives.
const found = new WeakMap<Scenario, Bridging>();

/** The bridges of a parsed document, and what they carry. Manuals must be known where there are any. */
export function bridgingOf(scenario: Scenario): Bridging {
  const known = found.get(scenario);
  if (known !== undefined) return known;
  const bridging = new Survey(scenario).result();
  found.set(scenario, bridging);
  found.set(bridging.scenario, bridging);
  return bridging;
}

/** The document with the redrives of its timeline as bridges, and with the publications of bridges as connections of their
 *  own; the same one where there are none. */
export function withBridges(scenario: Scenario): Scenario {
  const hasAny =
    scenario.connections.some(isBridge) || scenario.timeline.some(({ act }) => act === "redrive");
  return hasAny ? bridgingOf(scenario).scenario : scenario;
}

/** Id of the connection over which a bridge publishes a contract. */
export function passingId(bridge: string, contract: string): string {
  return `${bridge} passes ${contract}`;
}

/** Id of the connection over which a bridge publishes a contract that it could not pass on. */
export function deadLetterId(bridge: string, contract: string): string {
  return `${bridge} rejects ${contract}`;
}

/** Whether a connection is a bridge. */
export function isBridge(link: { readonly kind: string }): link is BridgeConnection {
  return link.kind === "bridge";
}

/** The channel of a bridge for what it cannot pass on, of the target's or else of the source's broker; undefined where it
 *  has none or the name fits no channel into which one can publish. */
export function deadLetterChannelOf(
  scenario: Scenario,
  bridge: BridgeConnection,
): Channel | undefined {
  const { onFailure, deadLetterChannel: wanted } = parametersOf(scenario, bridge.id);
  if (onFailure !== "dead-letter") return undefined;
  for (const end of [bridge.to, bridge.from]) {
    const broker = channelOf(scenario, end)?.broker;
    const fitting = scenario.channels.find(
      ({ id, broker: home }) =>
        home === broker && (id === wanted || nameOf(scenario, id) === wanted),
    );
    if (fitting !== undefined) return fitting;
  }
  return undefined;
}

/** Goes from broker to broker until no contract comes to a bridge that had not come before. */
class Survey {
  readonly #scenario: Scenario;
  readonly #bridges: readonly BridgeConnection[];
  /** Bridges by the broker of their source. */
  readonly #leaving = new Map<string, BridgeConnection[]>();
  readonly #configs = new Map<string, BrokerConfig>();
  /** Contract by id of the publish connection. */
  readonly #contracts = new Map<string, string>();
  /** Bridge by id of the connection over which it passes something on. */
  readonly #passers = new Map<string, string>();
  readonly #links = new Map<string, PublishConnection>();
  readonly #arriving = new Map<string, Set<string>>();
  readonly #carried = new Map<string, Set<string>>();
  readonly #onward = new Map<string, Set<string>>();
  readonly #feeders = new Map<string, Set<string>>();
  /** Bridges with a contract each. */
  #pairs = 0;
  #isTooMuch = false;
  /** Destinations by contract, of bridges that are redrives. */
  readonly #destinations: ReadonlyMap<string, Destinations>;

  constructor(document: Scenario) {
    const redrives = redrivesOf(document);
    this.#destinations = new Map(redrives.map(({ bridge, to }) => [bridge.id, to]));
    const connections = [...document.connections, ...redrives.map(({ bridge }) => bridge)];
    const scenario = redrives.length === 0 ? document : { ...document, connections };
    this.#scenario = scenario;
    this.#bridges = connections.filter(isBridge);
    for (const bridge of this.#bridges) {
      const broker = channelOf(scenario, bridge.from)?.broker ?? "";
      this.#leaving.set(broker, [...(this.#leaving.get(broker) ?? []), bridge]);
      this.#carried.set(bridge.id, new Set());
      this.#arriving.set(bridge.id, new Set());
    }
    for (const link of scenario.connections)
      if (link.kind === "publish") this.#contracts.set(link.id, link.contract);
  }

  result(): Bridging {
    const open = new Set(this.#leaving.keys());
    // A Set that something is added to again after it was taken out is walked to its end.
    for (const broker of open) {
      open.delete(broker);
      for (const touched of this.#lookAt(broker)) open.add(touched);
      if (this.#isTooMuch) break;
    }
    const { connections } = this.#scenario;
    const links = this.#inOrder();
    return {
      scenario:
        links.length === 0
          ? this.#scenario
          : { ...this.#scenario, connections: [...connections, ...links] },
      arriving: this.#arriving,
      carried: this.#carried,
      onward: this.#onward,
      feeders: this.#feeders,
      isTooMuch: this.#isTooMuch,
    };
  }

  /** Finds out what leaves a broker over its bridges; returns the brokers into which something new comes. */
  #lookAt(broker: string): readonly string[] {
    const node = nodeOf(this.#scenario, broker);
    if (node?.kind !== "broker") return [];
    const reach = reachOf(node.technology, this.#configOf(broker));
    return (this.#leaving.get(broker) ?? []).flatMap((bridge) =>
      [...(reach.get(bridge.from) ?? [])].flatMap((publisher) => this.#bring(bridge, publisher)),
    );
  }

  /** What a publication becomes that comes to a bridge; returns the brokers into which it brings something new. */
  #bring(bridge: BridgeConnection, publisher: string): readonly string[] {
    const contract = this.#contracts.get(publisher);
    if (contract !== undefined) this.#arriving.get(bridge.id)?.add(contract);
    if (contract === undefined || bridge.only?.includes(contract) === false) return [];
    const passer = this.#passers.get(publisher);
    if (passer !== undefined) {
      const key = `${passer} ${contract}`;
      this.#onward.set(key, (this.#onward.get(key) ?? new Set()).add(bridge.id));
    }
    for (const id of [passingId(bridge.id, contract), deadLetterId(bridge.id, contract)])
      this.#feeders.set(id, (this.#feeders.get(id) ?? new Set()).add(publisher));
    const carried = this.#carried.get(bridge.id);
    if (carried === undefined || carried.has(contract)) return [];
    this.#isTooMuch ||= ++this.#pairs > bridgedMax;
    if (this.#isTooMuch) return [];
    carried.add(contract);
    const id = passingId(bridge.id, contract);
    this.#passers.set(id, bridge.id);
    const { parameters = {} } = bridge;
    const target = sideParameters("target", parameters);
    const link = { kind: "publish", from: bridge.id, contract } as const;
    const to = this.#destinations.get(bridge.id)?.get(contract) ?? bridge.to;
    const passing = { ...link, id, to, parameters: target };
    const channel = deadLetterChannelOf(this.#scenario, bridge);
    if (channel === undefined) return [this.#add(passing)];
    const rejectedId = deadLetterId(bridge.id, contract);
    return [
      this.#add(passing),
      this.#add({ ...link, id: rejectedId, to: channel.id, on: "failure" }),
    ];
  }

  /** Takes in a publication of a bridge; returns the broker that gets it. */
  #add(link: PublishConnection): string {
    this.#links.set(link.id, link);
    this.#contracts.set(link.id, link.contract);
    const broker = channelOf(this.#scenario, link.to)?.broker ?? "";
    const config = this.#configOf(broker);
    const channel = config.channels.find(({ id }) => id === link.to)?.index ?? -1;
    const technology = technologyOf(this.#scenario, broker);
    const fields = technology === undefined ? {} : publishFieldsOf(technology, undefined);
    const publisher = {
      index: -1,
      id: link.id,
      channel,
      node: link.from,
      contract: nameOf(this.#scenario, link.contract),
      parameters: valuesOf(fields, link.parameters ?? {}),
    };
    this.#configs.set(broker, { ...config, publishers: [...config.publishers, publisher] });
    return broker;
  }

  #configOf(broker: string): BrokerConfig {
    const known = this.#configs.get(broker);
    if (known !== undefined) return known;
    assert(nodeOf(this.#scenario, broker)?.kind === "broker", "channels belong to brokers.");
    const config = drawnBrokerOf(this.#scenario, broker);
    this.#configs.set(broker, config);
    return config;
  }

  /** In the order of the document: by bridge, then by contract. */
  #inOrder(): readonly PublishConnection[] {
    const { contracts } = this.#scenario;
    return this.#bridges.flatMap(({ id: bridge }) =>
      contracts.flatMap(({ id: contract }) =>
        [passingId(bridge, contract), deadLetterId(bridge, contract)].flatMap(
          (id) => this.#links.get(id) ?? [],
        ),
      ),
    );
  }
}
