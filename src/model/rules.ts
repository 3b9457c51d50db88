// Who may connect to whom: one pure question, asked by the canvas for feedback, by commands before they commit,
// and by the parser for every connection of a document.

import { nodeKinds } from "../nodes/index.ts";
import { channelKindOf, channelOf, nameOf, nodeOf, technologyOf } from "./elements.ts";
import { callCycle } from "./graph.ts";
import type { Channel, Connection, Node, Scenario } from "./scenario.ts";

/** Yes with the kind of connection, or no with a reason that says what to do instead.
 *  `needsChannel`: one end is a broker itself; make or choose a channel of it first. */
export type ConnectVerdict =
  | {
      readonly allowed: true;
      readonly kind: Connection["kind"];
      readonly needsChannel?: "publish" | "consume";
    }
  | { readonly allowed: false; readonly reason: string };

/** Whether a new connection may lead from one node or channel to another, given what is already there. */
export function canConnect(scenario: Scenario, from: string, to: string): ConnectVerdict {
  const verdict = connectionBetween(scenario, from, to);
  if (!verdict.allowed || verdict.needsChannel !== undefined) return verdict;
  if (verdict.kind === "call") return callVerdict(scenario, from, to);
  const isThere = scenario.connections.some(
    (other) => other.kind === verdict.kind && other.from === from && other.to === to,
  );
  if (isThere && verdict.kind !== "publish")
    return no(duplicateReason(scenario, verdict.kind, from, to));
  const reason = secondReason(scenario, verdict.kind, from, to);
  return reason === undefined ? verdict : no(reason);
}

/** Why a channel that has only one source or one consumer gets no second one. */
function secondReason(
  scenario: Scenario,
  kind: Connection["kind"],
  from: string,
  to: string,
): string | undefined {
  // A bridge takes messages as a consumer does.
  const taking: readonly Connection["kind"][] = ["consume", "bridge"];
  const alike = taking.includes(kind) ? taking : [kind];
  const isTaken = (end: "from" | "to", id: string) =>
    scenario.connections.some((other) => alike.includes(other.kind) && other[end] === id);
  if (kind === "bind" && isTaken("to", to)) return channelKindOf(scenario, to)?.onlyOne?.source;
  if (taking.includes(kind) && isTaken("from", from))
    return channelKindOf(scenario, from)?.onlyOne?.consumer;
  return undefined;
}

/** The kind of connection that two elements allow, whatever else the document holds. */
export function connectionBetween(scenario: Scenario, from: string, to: string): ConnectVerdict {
  const fromNode = nodeOf(scenario, from);
  const fromChannel = channelOf(scenario, from);
  const toNode = nodeOf(scenario, to);
  const toChannel = channelOf(scenario, to);
  if (fromNode !== undefined && toChannel !== undefined)
    return nodeToChannel(scenario, fromNode, toChannel);
  if (fromChannel !== undefined && toNode !== undefined)
    return channelToNode(scenario, fromChannel, toNode);
  if (fromChannel !== undefined && toChannel !== undefined)
    return channelToChannel(scenario, fromChannel, toChannel);
  if (fromNode !== undefined && toNode !== undefined) return nodeToNode(scenario, fromNode, toNode);
  const missing = fromNode === undefined && fromChannel === undefined ? from : to;
  return no(`"${missing}" is neither a node nor a channel; connect nodes and channels.`);
}

/** Whether a connection may lead from its one end to its other, whatever else the document holds: its own kind is
 *  allowed there. Between a service and a store there are two. */
export function fitsBetween(scenario: Scenario, { kind, from, to }: Connection): boolean {
  const verdict = connectionBetween(scenario, from, to);
  // That a store has changed its mind about keeping events is found by the check before a run.
  if (kind === "call" && nodeOf(scenario, from)?.kind === "store") return isCalled(scenario, to);
  if (!verdict.allowed || verdict.needsChannel !== undefined) return false;
  return verdict.kind === kind || (verdict.kind === "write" && kind === "read");
}

function isCalled(scenario: Scenario, id: string): boolean {
  const node = nodeOf(scenario, id);
  return node !== undefined && nodeKinds[node.kind].isCalled;
}

/** Why a second connection of a kind between the same two is refused. */
export function duplicateReason(
  scenario: Scenario,
  kind: Connection["kind"],
  from: string,
  to: string,
): string {
  const [source, target] = [nameOf(scenario, from), nameOf(scenario, to)];
  switch (kind) {
    case "consume":
      return `${target} already consumes from ${source}; raise its number of workers instead.`;
    case "bind":
      return `${source} is already bound to ${target}; change the binding that is there.`;
    case "bridge":
      return `A bridge leads from ${source} to ${target} already; give it more tasks instead.`;
    case "read":
      return `${source} already reads from ${target}; change the connection that is there.`;
    default:
      return `${source} already writes into ${target}; change the connection that is there, or draw a line from ${target} to read.`;
  }
}

/** Says which services wait for each other, and what to do. */
export function cycleReason(scenario: Scenario, cycle: readonly string[]): string {
  const names = cycle.map((id) => nameOf(scenario, id)).join(" → ");
  return `Calls that wait for each other in a circle never end: ${names}. Publish an event on one of the ways instead.`;
}

function no(reason: string): ConnectVerdict {
  return { allowed: false, reason };
}

function callVerdict(scenario: Scenario, from: string, to: string): ConnectVerdict {
  const cycle = callCycle(scenario, { from, to });
  return cycle === undefined ? { allowed: true, kind: "call" } : no(cycleReason(scenario, cycle));
}

function nodeToChannel(scenario: Scenario, from: Node, to: Channel): ConnectVerdict {
  const [source, target] = [nameOf(scenario, from.id), nameOf(scenario, to.id)];
  if (from.kind === "broker")
    return from.id === to.broker
      ? no(`${target} belongs to ${source} already; connect a producer or service to it.`)
      : no(
          `A bridge begins at a channel, not at a broker; draw the line from a channel of ${source} to ${target}.`,
        );
  if (!nodeKinds[from.kind].publishes)
    return no(
      `${source} publishes nothing; let the service that writes into it publish into ${target}.`,
    );
  const kind = channelKindOf(scenario, to.id);
  if (kind?.publishable === true) return { allowed: true, kind: "publish" };
  return no(
    `Nobody publishes into ${target} directly; publish into ${kindsOf(scenario, to.id, "publishable")} and bind it to ${target}.`,
  );
}

function channelToNode(scenario: Scenario, from: Channel, to: Node): ConnectVerdict {
  const [source, target] = [nameOf(scenario, from.id), nameOf(scenario, to.id)];
  if (to.kind === "broker")
    return to.id === from.broker
      ? no(`${source} belongs to ${target} already; connect it to a service.`)
      : isConsumable(scenario, from)
        ? { allowed: true, kind: "bridge", needsChannel: "publish" }
        : no(keepsNothing(scenario, from));
  if (!nodeKinds[to.kind].consumes)
    return to.kind === "producer"
      ? no(
          `Load enters at ${target}, nothing leads into it; turn the line round, or consume with a service.`,
        )
      : no(
          `${target} cannot consume; put a service between ${source} and ${target} that consumes and writes.`,
        );
  const kind = channelKindOf(scenario, from.id);
  if (kind?.consumable === true) return { allowed: true, kind: "consume" };
  return no(
    `${source} keeps no messages to consume; bind it to ${kindsOf(scenario, from.id, "consumable")} and consume from that.`,
  );
}

function channelToChannel(scenario: Scenario, from: Channel, to: Channel): ConnectVerdict {
  const [source, target] = [nameOf(scenario, from.id), nameOf(scenario, to.id)];
  if (from.broker !== to.broker) return channelToBroker(scenario, from, to);
  const kind = channelKindOf(scenario, from.id);
  if (kind?.bindsTo.includes(to.kind) === true)
    return from.id === to.id
      ? no(`${source} cannot be bound to itself; choose another channel.`)
      : { allowed: true, kind: "bind" };
  return channelKindOf(scenario, to.id)?.bindsTo.includes(from.kind) === true
    ? no(`${source} does not feed ${target}; turn the line round.`)
    : no(
        `${source} cannot feed ${target}; connect a service that consumes from one and publishes into the other.`,
      );
}

/** A bridge takes as a service does and gives as a producer does. */
function channelToBroker(scenario: Scenario, from: Channel, to: Channel): ConnectVerdict {
  const target = nameOf(scenario, to.id);
  if (!isConsumable(scenario, from)) return no(keepsNothing(scenario, from));
  if (channelKindOf(scenario, to.id)?.publishable !== true)
    return no(
      `Nobody publishes into ${target} directly; bridge into ${kindsOf(scenario, to.id, "publishable")} and bind it to ${target}.`,
    );
  return { allowed: true, kind: "bridge" };
}

function isConsumable(scenario: Scenario, { id }: Channel): boolean {
  return channelKindOf(scenario, id)?.consumable === true;
}

function keepsNothing(scenario: Scenario, { id }: Channel): string {
  return `${nameOf(scenario, id)} keeps no messages to carry on; bind it to ${kindsOf(scenario, id, "consumable")} and bridge that.`;
}

function nodeToNode(scenario: Scenario, from: Node, to: Node): ConnectVerdict {
  const [source, target] = [nameOf(scenario, from.id), nameOf(scenario, to.id)];
  const [sender, receiver] = [nodeKinds[from.kind], nodeKinds[to.kind]];
  if (from.id === to.id) return no(`${source} cannot be connected to itself; choose another node.`);
  if (to.kind === "broker") {
    if (sender.publishes) return { allowed: true, kind: "publish", needsChannel: "publish" };
    return from.kind === "broker"
      ? no(
          `A bridge leads from a channel to a channel; draw the line from a channel of ${source} to one of ${target}.`,
        )
      : no(
          `${source} publishes nothing; let the service that writes into it publish into ${target}.`,
        );
  }
  if (from.kind === "broker" && receiver.consumes)
    return { allowed: true, kind: "consume", needsChannel: "consume" };
  if ((sender.calls || keepsEvents(from)) && receiver.isCalled)
    return { allowed: true, kind: "call" };
  if (sender.writes && receiver.isWritten) return { allowed: true, kind: "write" };
  if (to.kind === "producer")
    return no(
      `Load enters at ${target}, nothing leads into it; turn the line round, or connect to a service.`,
    );
  if (receiver.isWritten && from.kind !== "store")
    return no(`Only services write into ${target}; put a service between ${source} and ${target}.`);
  if (from.kind === "store" && receiver.isCalled)
    return no(
      `${source} keeps the present state only and sends nothing; draw the line from the service to ${source}, or let it keep events for ${target} to follow.`,
    );
  return no(`${source} keeps data and sends nothing; draw the line from the service to ${source}.`);
}

/** Whether a node is a store that has a log to which services may subscribe. */
export function keepsEvents({ kind, parameters }: Node): boolean {
  return kind === "store" && parameters?.["versions"] === true && parameters["keeps"] === "events";
}

/** "an exchange", or "a queue or a stream": the kinds of a channel's broker that have a property. */
function kindsOf(scenario: Scenario, id: string, property: "publishable" | "consumable"): string {
  const kinds = Object.values(technologyOf(scenario, id)?.channelKinds ?? {});
  const labels = kinds.filter((kind) => kind[property]).map((kind) => kind.label.toLowerCase());
  return labels.map((label) => `${/^[aeiou]/.test(label) ? "an" : "a"} ${label}`).join(" or ");
}
