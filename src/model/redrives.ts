// Redrives: what lies in a dead-letter channel goes back to where it came from. In a run a redrive is a bridge that stands
// still until the timeline or a person sets it off; where its messages go to follows from who puts dead letters there.

import { fail, type Result, succeed } from "../base/result.ts";
import { isManualKnown, technologyManual } from "../brokers/index.ts";
import { type Redriving, redrivingOf } from "../brokers/redriving.ts";
import type { BrokerConfig } from "../brokers/technology.ts";
import { drawnBrokerOf } from "./drawnBroker.ts";
import { channelKindOf, channelOf, nameOf, nodeOf } from "./elements.ts";
import { reachOf } from "./reach.ts";
import type { LiveRedrive } from "./result.ts";
import type { BridgeConnection, Channel, PublishConnection, Scenario } from "./scenario.ts";

/** Where the messages of a dead-letter channel go: channel by id of the contract. */
export type Destinations = ReadonlyMap<string, string>;

/** Why a redrive cannot be: what is wrong, as a sentence with the remedy. */
export interface RedriveProblem {
  readonly code: "timeline/target" | "timeline/redrive" | "timeline/redrive-rate";
  readonly field: "target" | "to" | "rate";
  readonly message: string;
}

/** Id of the bridge over which a dead-letter channel is redriven; ids of documents never hold spaces. */
export function redriveId(channel: string): string {
  return `${channel} redrive`;
}

/** Whether a bridge is a redrive, and of which kind (nodes/bridgePlan.ts). */
export function redriveKind(
  scenario: Scenario,
  { id, from }: BridgeConnection,
): "none" | "plain" | "subscribes-first" {
  if (id !== redriveId(from)) return "none";
  return redrivingAt(scenario, from).subscribesFirst === true ? "subscribes-first" : "plain";
}

function redrivingAt(scenario: Scenario, channel: string): Redriving {
  const node = nodeOf(scenario, channelOf(scenario, channel)?.broker ?? "");
  return redrivingOf(node?.kind === "broker" ? node.technology : "");
}

/** The redrives that a document's timeline sets off, as bridges behind all other connections, with their destinations. */
export function redrivesOf(
  scenario: Scenario,
): readonly { readonly bridge: BridgeConnection; readonly to: Destinations }[] {
  const known = new Set<string>();
  return scenario.timeline.flatMap((entry) => {
    if (entry.act !== "redrive" || known.has(entry.target)) return [];
    known.add(entry.target);
    const to = destinationsOf(scenario, entry);
    return to.ok ? [{ bridge: bridgeFor(scenario, entry.target, to.value), to: to.value }] : [];
  });
}

/** Passing on is tried again until the target takes it: nothing gets lost by a redrive. */
function bridgeFor(scenario: Scenario, from: string, to: Destinations): BridgeConnection {
  const { subscription } = redrivingAt(scenario, from);
  const source = Object.fromEntries(
    Object.entries(subscription).map(([name, value]) => [`source.${name}`, value]),
  );
  const own = { attempts: 1_000_000, backoff: 1000, backoffMax: 30_000 };
  return {
    kind: "bridge",
    id: redriveId(from),
    name: `Redrive of ${nameOf(scenario, from)}`,
    from,
    to: [...to.values()][0] ?? from,
    parameters: { ...own, ...source },
  };
}

/** Why a redrive cannot be in a scenario; undefined when it can. */
export function redriveProblem(scenario: Scenario, act: LiveRedrive): RedriveProblem | undefined {
  const channel = channelOf(scenario, act.target);
  if (channel === undefined)
    return {
      code: "timeline/target",
      field: "target",
      message: `There is no channel "${act.target}" in this document. Name one that holds dead letters.`,
    };
  const { limit, obstacle } = redrivingAt(scenario, channel.id);
  if (obstacle !== undefined)
    return {
      code: "timeline/redrive",
      field: "target",
      message: `${obstacle} Let dead letters go to a broker that keeps them.`,
    };
  if (limit !== undefined && act.rate > limit.perS)
    return {
      code: "timeline/redrive-rate",
      field: "rate",
      message: `${limit.by} moves at most ${limit.perS} messages per second. Choose a rate up to that.`,
    };
  const found = destinationsOf(scenario, act);
  return found.ok ? undefined : found.failure;
}

/** Where the messages of a dead-letter channel go; the failure says why nobody knows. */
export function destinationsOf(
  scenario: Scenario,
  { target, to }: Pick<LiveRedrive, "target" | "to">,
): Result<Destinations, RedriveProblem> {
  const name = nameOf(scenario, target);
  const problem = (field: "target" | "to", message: string): Result<never, RedriveProblem> =>
    fail({ code: "timeline/redrive", field, message });
  const kind = channelKindOf(scenario, target);
  if (kind?.consumable !== true)
    return problem(
      "target",
      `Nobody can take messages out of ${name}. Redrive a channel that it feeds and that can be consumed from.`,
    );
  const obstacle = otherDestination(scenario, target, to);
  if (obstacle !== undefined) return problem("to", obstacle);
  const contracts = contractsAt(scenario, target);
  if (contracts.size === 0)
    return problem("target", `No event ever comes to ${name}, so nothing can be redriven from it.`);
  if (to !== undefined) {
    if (to !== target && channelKindOf(scenario, to)?.publishable === true)
      return succeed(new Map([...contracts].map((contract) => [contract, to])));
    return problem(
      "to",
      `Dead letters of ${name} cannot be published into "${to}". Name another channel that takes publications.`,
    );
  }
  const sources = sourcesOf(scenario, target);
  const destinations = new Map<string, string>();
  for (const contract of contracts) {
    const ways = new Set(sources.get(contract) ?? []);
    const [way] = ways;
    const what = nameOf(scenario, contract);
    if (way === undefined || ways.size > 1) {
      const names = [...ways].map((one) => nameOf(scenario, one)).join(" or ");
      const why =
        way === undefined
          ? `It is not known where ${what} in ${name} came from.`
          : `${what} in ${name} may have come from ${names}.`;
      return problem("to", `${why} Say with "to" into which channel it is to go.`);
    }
    destinations.set(contract, way);
  }
  return succeed(destinations);
}

/** All redrives of a channel in one document go the same way, because they are one subscription. */
function otherDestination(
  scenario: Scenario,
  target: string,
  to: string | undefined,
): string | undefined {
  const first = scenario.timeline.find(
    (entry) => entry.act === "redrive" && entry.target === target,
  );
  if (first?.act !== "redrive" || first.to === to) return undefined;
  const way = first.to === undefined ? "where they came from" : `into ${first.to}`;
  return `Another redrive of ${nameOf(scenario, target)} on the timeline goes ${way}. Let both go the same way.`;
}

/** Ids of the contracts that can come to a channel. */
function contractsAt(scenario: Scenario, channel: string): ReadonlySet<string> {
  const contracts = new Set<string>();
  for (const id of reachAt(scenario, channel)) {
    const link = scenario.connections.find((one) => one.id === id);
    if (link !== undefined && "contract" in link) contracts.add(link.contract);
  }
  return contracts;
}

function reachAt(scenario: Scenario, channel: string): ReadonlySet<string> {
  const home = nodeOf(scenario, channelOf(scenario, channel)?.broker ?? "");
  if (home?.kind !== "broker") return new Set();
  const reach = reachOf(home.technology, drawnBrokerOf(scenario, home.id));
  return reach.get(channel) ?? new Set();
}

/** Channels into which one can publish so that a message comes again to where it became a dead letter, by contract. */
function sourcesOf(scenario: Scenario, target: string): ReadonlyMap<string, readonly string[]> {
  const sources = new Map<string, string[]>();
  const add = (contract: string, channel: string): void => {
    const way = publishableBefore(scenario, channel);
    const list = sources.get(contract) ?? [];
    if (way !== undefined && way !== target && !list.includes(way)) list.push(way);
    sources.set(contract, list);
  };
  for (const channel of brokersOwn(scenario, target))
    for (const contract of contractsAt(scenario, channel)) add(contract, channel);
  for (const link of setAsideInto(scenario, target))
    for (const channel of consumedBy(scenario, link.from))
      if (contractsAt(scenario, channel).has(link.contract)) add(link.contract, channel);
  return sources;
}

/** Channels whose dead letters the broker itself moves to the target, or to what feeds it. */
function brokersOwn(scenario: Scenario, target: string): readonly string[] {
  const home = nodeOf(scenario, channelOf(scenario, target)?.broker ?? "");
  if (home?.kind !== "broker") return [];
  const config: BrokerConfig = drawnBrokerOf(scenario, home.id);
  const manual = technologyManual(home.technology);
  const feeding = feedersOf(scenario, target);
  return config.channels.flatMap((channel) => {
    const into = manual.deadLetterTarget?.(config, channel);
    return into !== undefined && channel.id !== target && feeding.has(into.id) ? [channel.id] : [];
  });
}

/** Connections over which services and functions put aside what they give up, into the target or what feeds it. */
function setAsideInto(scenario: Scenario, target: string): readonly PublishConnection[] {
  const feeding = feedersOf(scenario, target);
  return scenario.connections.filter(
    (link): link is PublishConnection =>
      link.kind === "publish" && link.on === "failure" && feeding.has(link.to),
  );
}

function consumedBy(scenario: Scenario, node: string): readonly string[] {
  return scenario.connections.flatMap((link) =>
    link.kind === "consume" && link.to === node ? [link.from] : [],
  );
}

/** A channel and all from which bindings lead to it. */
function feedersOf(scenario: Scenario, channel: string): ReadonlySet<string> {
  const feeders = new Set([channel]);
  // A Set that grows while it is walked is walked to its end; it holds each channel once.
  for (const one of feeders)
    for (const link of scenario.connections)
      if (link.kind === "bind" && link.to === one) feeders.add(link.from);
  return feeders;
}

/** The channel itself where one can publish into it, else the first that feeds it and into which one can. */
function publishableBefore(scenario: Scenario, channel: string): string | undefined {
  return [...feedersOf(scenario, channel)].find(
    (id) => channelKindOf(scenario, id)?.publishable === true,
  );
}

// Documents never change in place, so what was found out once stays right for as long as its document lives.
const found = new WeakMap<Scenario, readonly Channel[]>();

/** Channels to which dead letters come and from which they can be taken out again, in the order of the document; none as
 *  long as the manuals of its technologies are not known. */
export function deadLetterChannels(scenario: Scenario): readonly Channel[] {
  if (scenario.nodes.some((node) => node.kind === "broker" && !isManualKnown(node.technology)))
    return [];
  const known = found.get(scenario) ?? findDeadLetterChannels(scenario);
  found.set(scenario, known);
  return known;
}

function findDeadLetterChannels(scenario: Scenario): readonly Channel[] {
  const reached = new Set<string>();
  for (const node of scenario.nodes) {
    if (node.kind !== "broker") continue;
    const config = drawnBrokerOf(scenario, node.id);
    const manual = technologyManual(node.technology);
    for (const channel of config.channels) {
      const target = manual.deadLetterTarget?.(config, channel);
      if (target !== undefined) reached.add(target.id);
    }
  }
  for (const link of scenario.connections)
    if (link.kind === "publish" && link.on === "failure") reached.add(link.to);
  // A Set that grows while it is walked is walked to its end; it holds each channel once.
  for (const one of reached)
    for (const link of scenario.connections)
      if (link.kind === "bind" && link.from === one) reached.add(link.to);
  return scenario.channels.filter(
    ({ id }) =>
      reached.has(id) &&
      channelKindOf(scenario, id)?.consumable === true &&
      redrivingAt(scenario, id).obstacle === undefined,
  );
}
