// From a line that a person draws to what it means: which event, which channel, and the edit that makes it so.
// Pure: the dialog shows a proposal, the person changes it, `applyLink` turns the choice into a document.

import type { Parameters } from "../base/fields.ts";
import { addChannel, addConnection, addContract } from "../model/edit.ts";
import { channelKindOf, channelOf, nameOf, nodeOf, technologyOf } from "../model/elements.ts";
import { freshId } from "../model/freshId.ts";
import { canConnect, type ConnectVerdict, duplicateReason, fitsBetween } from "../model/rules.ts";
import type { Channel, Connection, Contract, Node, Scenario } from "../model/scenario.ts";
import { channelsOf } from "../drawing/cardSize.ts";

/** An existing thing by id, or a new one by name. */
export type Existing = { readonly id: string };
/** A contract or channel to be made. */
export type Fresh = { readonly name: string };

/** What a person decides about a new connection. */
export interface LinkChoice {
  readonly kind: Connection["kind"];
  readonly from: string;
  readonly to: string;
  /** Publish and call: the event or request. */
  readonly contract?: Existing | Fresh;
  /** Where one end is a broker: its channel. */
  readonly channel?: Existing | Fresh;
  /** A new channel to consume from is bound to this one. */
  readonly source?: string;
  readonly bindParameters?: Parameters;
}

/** Everything the dialog needs: the choice that Enter accepts, and the alternatives. */
export interface LinkProposal {
  readonly choice: LinkChoice;
  /** The broker concerned, if one end is a broker. */
  readonly broker?: string;
  /** Kind of a new channel. */
  readonly channelKind?: string;
  readonly channels: readonly Channel[];
  /** Channels that a new one can be bound to. */
  readonly sources: readonly Channel[];
}

/** Like `canConnect`; a channel that nobody can consume from stands for its broker, and gets a queue bound to it. A line
 *  from a store to a service is a read: a connection of the service to the store. */
export function mayConnect(scenario: Scenario, from: string, to: string): ConnectVerdict {
  const verdict = canConnect(scenario, from, to);
  if (verdict.allowed) return verdict;
  if (nodeOf(scenario, from)?.kind === "store") return mayRead(scenario, from, to) ?? verdict;
  const channel = channelOf(scenario, from);
  if (channel === undefined || !needsQueue(scenario, channel)) return verdict;
  return canConnect(scenario, channel.broker, to);
}

/** Whether a service may read from a store; undefined for other nodes. */
function mayRead(scenario: Scenario, store: string, reader: string): ConnectVerdict | undefined {
  const read = { id: "", kind: "read", from: reader, to: store } as const;
  if (!fitsBetween(scenario, read)) return undefined;
  const isThere = scenario.connections.some(
    ({ kind, from, to }) => kind === "read" && from === reader && to === store,
  );
  return isThere
    ? { allowed: false, reason: duplicateReason(scenario, "read", reader, store) }
    : { allowed: true, kind: "read" };
}

function needsQueue(scenario: Scenario, channel: Channel): boolean {
  const kind = channelKindOf(scenario, channel.id);
  const consume = technologyOf(scenario, channel.id)?.quickConnect.consume ?? "";
  return kind !== undefined && !kind.consumable && kind.bindsTo.includes(consume);
}

const eventNames = [
  "OrderPlaced",
  "PaymentReceived",
  "OrderShipped",
  "StockReserved",
  "OrderDelivered",
];
const requestNames = ["PlaceOrder", "ReserveStock", "ChargeCard", "GetQuote", "CheckAvailability"];

function suggestContract(scenario: Scenario, kind: "publish" | "call"): string {
  const taken = new Set(scenario.contracts.map((contract) => contract.name));
  const wishes = kind === "publish" ? eventNames : requestNames;
  return (
    wishes.find((name) => !taken.has(name)) ??
    `${kind === "publish" ? "Event" : "Request"}${taken.size + 1}`
  );
}

/** "OrderPlaced" as a channel: "order-placed". */
export function channelNameFor(event: string): string {
  return event
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .toLowerCase();
}

/** What a line from one element to another would mean; undefined when the rules refuse it. */
export function proposeLink(
  scenario: Scenario,
  from: string,
  to: string,
): LinkProposal | undefined {
  const verdict = mayConnect(scenario, from, to);
  if (!verdict.allowed) return undefined;
  const { kind } = verdict;
  const base = kind === "read" ? { kind, from: to, to: from } : { kind, from, to };
  const none = { channels: [], sources: [] };
  if (verdict.needsChannel === "consume") return proposeConsume(scenario, from, to);
  if (kind === "call")
    return { choice: { ...base, contract: { name: suggestContract(scenario, kind) } }, ...none };
  if (kind === "publish") return proposePublish(scenario, from, to);
  if (verdict.needsChannel !== undefined) return proposeBridge(scenario, from, to);
  return { choice: base, ...none };
}

function proposePublish(scenario: Scenario, from: string, to: string): LinkProposal {
  const name = suggestContract(scenario, "publish");
  const choice = { kind: "publish" as const, from, to, contract: { name } };
  const broker = nodeOf(scenario, to);
  const technology = technologyOf(scenario, to);
  if (broker === undefined || technology === undefined)
    return { choice, channels: [], sources: [] };
  const channels = channelsOf(scenario, to).filter(
    (channel) => channelKindOf(scenario, channel.id)?.publishable === true,
  );
  const { publish, consume } = technology.quickConnect;
  // Where channels are bound to each other, one exchange serves many events; else each event has its own.
  const reused =
    publish === consume ? undefined : channels.find((channel) => channel.kind === publish);
  const channel = reused === undefined ? { name: channelNameFor(name) } : { id: reused.id };
  return {
    choice: { ...choice, channel },
    broker: to,
    channelKind: publish,
    channels,
    sources: [],
  };
}

/** A bridge into a broker: into a channel of the same name as that from which it comes. */
function proposeBridge(scenario: Scenario, from: string, to: string): LinkProposal {
  const channels = channelsOf(scenario, to).filter(
    ({ id }) => canConnect(scenario, from, id).allowed,
  );
  const name = nameOf(scenario, from);
  const namesake = channels.find(({ id }) => nameOf(scenario, id) === name);
  return {
    choice: {
      kind: "bridge",
      from,
      to,
      channel: namesake === undefined ? { name } : { id: namesake.id },
    },
    broker: to,
    channelKind: technologyOf(scenario, to)?.quickConnect.publish ?? "",
    channels,
    sources: [],
  };
}

function proposeConsume(scenario: Scenario, from: string, to: string): LinkProposal {
  const source = channelOf(scenario, from);
  const broker = source?.broker ?? from;
  const quick = technologyOf(scenario, broker)?.quickConnect ?? { publish: "", consume: "" };
  const all = channelsOf(scenario, broker);
  const channels = all.filter(
    (channel) => channelKindOf(scenario, channel.id)?.consumable === true,
  );
  const sources = all.filter(
    (channel) => channelKindOf(scenario, channel.id)?.bindsTo.includes(quick.consume) === true,
  );
  const choice = { kind: "consume" as const, from: broker, to };
  const known = { broker, channelKind: quick.consume, channels, sources };
  const bound = source ?? sources[0];
  if (quick.publish !== quick.consume && bound !== undefined) {
    const name = `${nameOf(scenario, to)}.${nameOf(scenario, bound.id)}`
      .toLowerCase()
      .replace(/\s+/g, "-");
    return { ...known, choice: { ...choice, channel: { name }, source: bound.id } };
  }
  const free = channels.find((channel) => canConnect(scenario, channel.id, to).allowed);
  const channel = free === undefined ? { name: "events" } : { id: free.id };
  return { ...known, choice: { ...choice, channel } };
}

/** The document with the connection, and the ids of what was made, the connection last. */
export function applyLink(
  scenario: Scenario,
  choice: LinkChoice,
): { readonly scenario: Scenario; readonly connection: string } {
  let next = scenario;
  let { from, to } = choice;
  if (choice.channel !== undefined) {
    const isTarget = choice.kind === "publish" || choice.kind === "bridge";
    const made = ensureChannel(next, isTarget ? to : from, choice);
    next = made.scenario;
    if (isTarget) to = made.id;
    else from = made.id;
  }
  let contract: string | undefined;
  if (choice.contract !== undefined) {
    const made = ensureContract(next, choice.contract);
    next = made.scenario;
    contract = made.id;
  }
  const id = freshId(next, `${from}-to-${to}`);
  const link = { id, from, to };
  const connection: Connection =
    choice.kind === "publish" || choice.kind === "call"
      ? { ...link, kind: choice.kind, contract: contract ?? "" }
      : { ...link, kind: choice.kind };
  return { scenario: addConnection(next, connection), connection: id };
}

function ensureChannel(
  scenario: Scenario,
  broker: string,
  choice: LinkChoice,
): { readonly scenario: Scenario; readonly id: string } {
  const wish = choice.channel;
  if (wish === undefined || "id" in wish) return { scenario, id: wish?.id ?? broker };
  const quick = technologyOf(scenario, broker)?.quickConnect;
  const kind = choice.kind === "consume" ? quick?.consume : quick?.publish;
  const id = freshId(scenario, wish.name);
  const name = wish.name.trim();
  const channel: Channel = {
    id,
    broker,
    kind: kind ?? "",
    ...(name !== id && name !== "" && { name }),
  };
  const next = addChannel(scenario, channel);
  if (choice.source === undefined) return { scenario: next, id };
  const bind: Connection = {
    id: freshId(next, `${choice.source}-to-${id}`),
    kind: "bind",
    from: choice.source,
    to: id,
    ...(choice.bindParameters !== undefined &&
      Object.keys(choice.bindParameters).length > 0 && { parameters: choice.bindParameters }),
  };
  return { scenario: addConnection(next, bind), id };
}

function ensureContract(
  scenario: Scenario,
  wish: Existing | Fresh,
): { readonly scenario: Scenario; readonly id: string } {
  if ("id" in wish) return { scenario, id: wish.id };
  const name = wish.name.trim() === "" ? "Event" : wish.name.trim();
  const known = scenario.contracts.find((contract) => contract.name === name);
  if (known !== undefined) return { scenario, id: known.id };
  const id = freshId(scenario, channelNameFor(name));
  return { scenario: addContract(scenario, createContract(id, name)), id };
}

/** A new contract with a small schema to begin with. */
export function createContract(id: string, name: string): Contract {
  return {
    id,
    name,
    contractVersion: "1.0.0",
    schema: {
      type: "object",
      properties: { id: { type: "string" }, occurredAt: { type: "string", format: "date-time" } },
      required: ["id"],
    },
  };
}

/** A possible end of a connection in the keyboard's list, with the verdict of the rules. */
export interface ConnectTarget {
  readonly id: string;
  readonly name: string;
  /** "Service", or "queue of RabbitMQ". */
  readonly about: string;
  readonly verdict: ConnectVerdict;
}

/** Everything a connection could lead to, the possible ones first. */
export function connectTargets(scenario: Scenario, from: string): readonly ConnectTarget[] {
  const nodes = scenario.nodes.map((node) => ({
    id: node.id,
    name: nameOf(scenario, node.id),
    about: technologyOf(scenario, node.id)?.label ?? node.kind,
  }));
  const channels = scenario.channels.map((channel) => ({
    id: channel.id,
    name: nameOf(scenario, channel.id),
    about: `${channelKindOf(scenario, channel.id)?.label ?? channel.kind} of ${nameOf(scenario, channel.broker)}`,
  }));
  const targets = [...nodes, ...channels]
    .filter((target) => target.id !== from)
    .map((target) => ({ ...target, verdict: mayConnect(scenario, from, target.id) }));
  return [
    ...targets.filter((target) => target.verdict.allowed),
    ...targets.filter((target) => !target.verdict.allowed),
  ];
}

/** Kinds of nodes to which a line from an element could lead, if there were one; brokers of any technology count as one. */
export function kindsAfter(scenario: Scenario, from: string): readonly Node["kind"][] {
  const id = freshId(scenario, "next");
  const candidates: readonly Node[] = [
    { id, kind: "broker", technology: "kafka" },
    { id, kind: "service" },
    { id, kind: "store" },
  ];
  return candidates
    .filter(
      (node) => mayConnect({ ...scenario, nodes: [...scenario.nodes, node] }, from, id).allowed,
    )
    .map(({ kind }) => kind);
}
