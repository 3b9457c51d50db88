// Pure edits: a document in, a document out. Commands and the command line are made of them.
// They keep the document whole (nothing dangles afterwards), but do not judge it: ask rules.ts and check.ts.

import { type FieldValue, type Parameters, parseValue } from "../base/fields.ts";
import type { Bookmark } from "./bookmarks.ts";
import { elementOf, fieldsOf, statedParameters, technologyOf } from "./elements.ts";
import { isEqual } from "./equal.ts";
import { idsInHandlers, withRenamedHandlers, withStepOver, withStepsOfKind } from "./handlers.ts";
import { freshId } from "./freshId.ts";
import { fitsBetween } from "./rules.ts";
import type { Channel, Connection, Contract, Node, Position, Scenario } from "./scenario.ts";

/** Distance of the lines on which nodes stand [px]. */
export const gridPx = 8;

/** The nearest place on the grid. */
function toGrid(position: Position): Position {
  const snap = (size: number): number => Math.round(size / gridPx) * gridPx + 0;
  return { x: snap(position.x), y: snap(position.y) };
}

/** Adds a node at a place on the canvas. */
export function addNode(scenario: Scenario, node: Node, position: Position): Scenario {
  return {
    ...scenario,
    nodes: [...scenario.nodes, node],
    layout: { ...scenario.layout, [node.id]: toGrid(position) },
  };
}

/** Adds a channel. */
export function addChannel(scenario: Scenario, channel: Channel): Scenario {
  return { ...scenario, channels: [...scenario.channels, channel] };
}

/** Adds a connection, as the last of its kind in what its service does. */
export function addConnection(scenario: Scenario, connection: Connection): Scenario {
  const connections = [...scenario.connections, connection];
  return withStepOver({ ...scenario, connections }, connection);
}

/** Adds a contract. */
export function addContract(scenario: Scenario, contract: Contract): Scenario {
  return { ...scenario, contracts: [...scenario.contracts, contract] };
}

/** Puts a node, channel, connection or contract in the place of the one with the same id. */
export function replaceElement(
  scenario: Scenario,
  element: Node | Channel | Connection | Contract,
): Scenario {
  const put = <Value extends { readonly id: string }>(list: readonly Value[]): readonly Value[] =>
    // The caller hands in an element of the list in which its id is found.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    list.map((other) => (other.id === element.id ? (element as unknown as Value) : other));
  switch (elementOf(scenario, element.id)?.type) {
    case "node":
      return { ...scenario, nodes: put(scenario.nodes) };
    case "channel":
      return { ...scenario, channels: put(scenario.channels) };
    case "connection":
      return element.id === "" || !("from" in element)
        ? scenario
        : withStepsOfKind({ ...scenario, connections: put(scenario.connections) }, element);
    case "contract":
      return { ...scenario, contracts: put(scenario.contracts) };
    default:
      return scenario;
  }
}

/** Sets a parameter of a node, channel or connection; a value equal to the default is left out of the
 *  document. Does not check the value (see `parseValue`). Unknown elements and parameters change nothing. */
export function setParameter(
  scenario: Scenario,
  id: string,
  name: string,
  value: FieldValue,
): Scenario {
  const fields = fieldsOf(scenario, id);
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const element = elementOf(scenario, id);
  if (field === undefined || element === undefined || element.type === "contract") return scenario;
  const stated: Record<string, FieldValue> = { ...statedParameters(scenario, id) };
  if (isEqual(value, field.default)) delete stated[name];
  else stated[name] = value;
  if (isEqual(stated, statedParameters(scenario, id))) return scenario;
  return replaceElement(scenario, withParameters(element.value, stated));
}

function withParameters<Value extends Node | Channel | Connection>(
  element: Value,
  parameters: Parameters,
): Value {
  const next = { ...element, parameters };
  if (Object.keys(parameters).length === 0) delete (next as { parameters?: Parameters }).parameters;
  return next;
}

/** Gives an element another name. An empty name, or one equal to the id, is left out: the id is shown then.
 *  Contracts always keep a name. */
export function rename(scenario: Scenario, id: string, name: string): Scenario {
  const element = elementOf(scenario, id);
  const trimmed = name.trim();
  if (element === undefined) return scenario;
  if (element.type === "contract")
    return replaceElement(scenario, { ...element.value, name: trimmed === "" ? id : trimmed });
  const { name: _, ...nameless } = element.value;
  return replaceElement(
    scenario,
    trimmed === "" || trimmed === id ? nameless : { ...nameless, name: trimmed },
  );
}

/** Moves nodes to other places, on the grid. */
export function moveNodes(
  scenario: Scenario,
  positions: Readonly<Record<string, Position>>,
): Scenario {
  const moved = Object.entries(positions).map(([id, place]) => [id, toGrid(place)] as const);
  return { ...scenario, layout: { ...scenario.layout, ...Object.fromEntries(moved) } };
}

/** The document without some nodes, channels, connections, contracts or objectives. With a broker go its
 *  channels; with a node, channel or contract its connections; with all of these their timeline entries,
 *  objectives and places. */
export function withoutElements(scenario: Scenario, ids: readonly string[]): Scenario {
  const gone = new Set(ids);
  for (const channel of scenario.channels) if (gone.has(channel.broker)) gone.add(channel.id);
  for (const connection of scenario.connections)
    if (isOrphan(connection, gone)) gone.add(connection.id);
  const stays = (element: { readonly id: string }): boolean => !gone.has(element.id);
  return {
    ...scenario,
    nodes: keptNodes(kept(scenario.nodes, stays), gone),
    channels: kept(scenario.channels, stays),
    connections: keptConnections(scenario.connections, gone),
    contracts: kept(scenario.contracts, stays),
    timeline: kept(
      scenario.timeline,
      (entry) =>
        !gone.has(entry.target) &&
        !(entry.act === "roll out" && gone.has(entry.contract)) &&
        !(entry.act === "redrive" && gone.has(entry.to ?? "")),
    ),
    objectives: kept(
      scenario.objectives,
      (goal) => stays(goal) && !gone.has(goal.of) && !gone.has(goal.from ?? ""),
    ),
    ...(scenario.bookmarks !== undefined && {
      bookmarks: scenario.bookmarks.map((bookmark) => withoutFocus(bookmark, gone)),
    }),
    layout: keptLayout(scenario.layout, gone),
  };
}

function withoutFocus(bookmark: Bookmark, gone: ReadonlySet<string>): Bookmark {
  const { focus } = bookmark;
  if (focus?.some((id) => gone.has(id)) !== true) return bookmark;
  return { ...bookmark, focus: focus.filter((id) => !gone.has(id)) };
}

function isOrphan(connection: Connection, gone: ReadonlySet<string>): boolean {
  if (gone.has(connection.from) || gone.has(connection.to)) return true;
  if ("contract" in connection && gone.has(connection.contract)) return true;
  // A step after certain contracts would happen after every one if the list were dropped, so it goes with the last.
  const after = restrictionOf(connection) ?? [];
  return after.length > 0 && after.every((id) => gone.has(id));
}

/** The same list when everything stays: unchanged parts keep their identity. */
function kept<Value>(list: readonly Value[], stays: (value: Value) => boolean): readonly Value[] {
  return list.every(stays) ? list : list.filter(stays);
}

/** Nodes whose handlers no longer name what is gone. */
function keptNodes(nodes: readonly Node[], gone: ReadonlySet<string>): readonly Node[] {
  const isTouched = (node: Node): boolean => idsInHandlers(node).some((id) => gone.has(id));
  const idOf = (id: string): string | undefined => (gone.has(id) ? undefined : id);
  return nodes.some(isTouched)
    ? nodes.map((node) => (isTouched(node) ? withRenamedHandlers(node, idOf) : node))
    : nodes;
}

function keptConnections(
  connections: readonly Connection[],
  gone: ReadonlySet<string>,
): readonly Connection[] {
  const staying = kept(connections, (connection) => !gone.has(connection.id));
  const isTouched = (connection: Connection): boolean =>
    conditionsOf(connection).some((id) => gone.has(id));
  return staying.some(isTouched)
    ? staying.map((connection) => (isTouched(connection) ? bereft(connection, gone) : connection))
    : staying;
}

/** A connection that no longer names what is gone. */
function bereft(connection: Connection, gone: ReadonlySet<string>): Connection {
  if (connection.kind === "consume") {
    const { reads = {}, ...rest } = connection;
    const left = Object.entries(reads).filter(([id]) => !gone.has(id));
    return left.length === 0 ? rest : { ...rest, reads: Object.fromEntries(left) };
  }
  if (connection.kind === "bridge")
    return connection.only === undefined
      ? connection
      : { ...connection, only: connection.only.filter((id) => !gone.has(id)) };
  return "after" in connection && connection.after !== undefined
    ? { ...connection, after: connection.after.filter((id) => !gone.has(id)) }
    : connection;
}

/** The contracts to which it is restricted; undefined where it is not. */
function restrictionOf(connection: Connection): readonly string[] | undefined {
  if (connection.kind === "bridge") return connection.only;
  return "after" in connection ? connection.after : undefined;
}

/** Contracts that it names besides the one that it carries: what it comes after, or what it reads in some version. */
function conditionsOf(connection: Connection): readonly string[] {
  if (connection.kind === "consume") return Object.keys(connection.reads ?? {});
  return restrictionOf(connection) ?? [];
}

function keptLayout(layout: Scenario["layout"], gone: ReadonlySet<string>): Scenario["layout"] {
  const entries = Object.entries(layout);
  return entries.some(([id]) => gone.has(id))
    ? Object.fromEntries(entries.filter(([id]) => !gone.has(id)))
    : layout;
}

/** A piece of a document. A whole document is one, too. */
export type Fragment = Pick<
  Scenario,
  "nodes" | "channels" | "connections" | "contracts" | "layout"
>;

/** The chosen elements: brokers with all their channels, the connections between them (chosen or not), and the
 *  contracts that these need. A channel without its broker is pasted into the same broker again. */
export function copyElements(scenario: Scenario, ids: readonly string[]): Fragment {
  const chosen = new Set(ids);
  const nodes = scenario.nodes.filter((node) => chosen.has(node.id));
  const channels = scenario.channels.filter(
    (channel) => chosen.has(channel.id) || chosen.has(channel.broker),
  );
  const ends = new Set([...nodes, ...channels].map((element) => element.id));
  const connections = scenario.connections.filter(
    (connection) => ends.has(connection.from) && ends.has(connection.to),
  );
  const needed = new Set([
    ...chosen,
    ...connections.flatMap(contractsOf),
    ...nodes.flatMap(idsInHandlers),
  ]);
  const places = Object.entries(scenario.layout).filter(([id]) => ends.has(id));
  return {
    nodes,
    channels,
    connections,
    contracts: scenario.contracts.filter((contract) => needed.has(contract.id)),
    layout: Object.fromEntries(places),
  };
}

/** Puts a fragment into a document under fresh ids, moved by an offset [px]. Contracts that are already there
 *  are used, not doubled. Channels that find no broker are left out, and so are connections that make no sense there. Answers the new ids for the selection. */
export function pasteFragment(
  scenario: Scenario,
  fragment: Fragment,
  offset: Position,
): { readonly scenario: Scenario; readonly ids: readonly string[] } {
  const isHome = (channel: Channel): boolean =>
    fragment.nodes.some((node) => node.id === channel.broker) ||
    Object.hasOwn(technologyOf(scenario, channel.broker)?.channelKinds ?? {}, channel.kind);
  const channels = fragment.channels.filter(isHome);
  const ends = new Set([...fragment.nodes, ...channels].map((element) => element.id));
  const connections = fragment.connections.filter(
    (connection) => ends.has(connection.from) && ends.has(connection.to),
  );
  const contracts = fragment.contracts.filter((contract) => !isThere(scenario, contract));
  const ids = freshIds(scenario, [...fragment.nodes, ...channels, ...connections, ...contracts]);
  const idOf = (id: string): string => ids.get(id) ?? id;
  // Handlers keep the steps whose connections came along.
  const stepId = (id: string): string | undefined =>
    ids.get(id) ?? (elementOf(scenario, id)?.type === "contract" ? id : undefined);
  const places = Object.entries(fragment.layout).filter(([id]) => ids.has(id));
  const pasted: Scenario = {
    ...scenario,
    nodes: [
      ...scenario.nodes,
      ...fragment.nodes.map((node) => ({
        ...withRenamedHandlers(node, stepId),
        id: idOf(node.id),
      })),
    ],
    channels: [
      ...scenario.channels,
      ...channels.map((it) => ({ ...it, id: idOf(it.id), broker: idOf(it.broker) })),
    ],
    connections: [...scenario.connections, ...connections.map((it) => renewed(it, idOf))],
    contracts: [...scenario.contracts, ...contracts.map((it) => ({ ...it, id: idOf(it.id) }))],
    layout: {
      ...scenario.layout,
      ...Object.fromEntries(
        places.map(([id, { x, y }]) => [idOf(id), toGrid({ x: x + offset.x, y: y + offset.y })]),
      ),
    },
  };
  const refused = connections.map(({ id }) => idOf(id)).filter((id) => !makesSense(pasted, id));
  const fitted = [...channels, ...connections].reduce(
    (next, { id }) => withKnownParameters(next, idOf(id)),
    withoutElements(pasted, refused),
  );
  return {
    scenario: fitted,
    ids: [...fragment.nodes, ...channels].map((element) => idOf(element.id)),
  };
}

/** Whether a connection may stand between its ends: a topic that was consumed may have been pasted into a broker whose
 *  topics nobody consumes from. */
function makesSense(scenario: Scenario, id: string): boolean {
  const element = elementOf(scenario, id);
  if (element?.type !== "connection") return true;
  return fitsBetween(scenario, element.value);
}

/** Leaves out parameters of an element that its technology does not know: a queue of RabbitMQ may have been pasted into
 *  a broker of another technology that has queues too. */
function withKnownParameters(scenario: Scenario, id: string): Scenario {
  const element = elementOf(scenario, id);
  if (element?.type !== "channel" && element?.type !== "connection") return scenario;
  const { parameters, ...bare } = element.value;
  const stated = Object.entries(parameters ?? {});
  const fields = fieldsOf(scenario, id);
  const known = stated.filter(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return field !== undefined && parseValue(field, value).ok;
  });
  if (known.length === stated.length) return scenario;
  const rest = known.length === 0 ? {} : { parameters: Object.fromEntries(known) };
  return replaceElement(scenario, { ...bare, ...rest });
}

function contractsOf(connection: Connection): readonly string[] {
  const own = "contract" in connection ? [connection.contract] : [];
  return [...own, ...conditionsOf(connection)];
}

function isThere(scenario: Scenario, contract: Contract): boolean {
  const known = elementOf(scenario, contract.id);
  return known?.type === "contract" && isEqual(known.value, contract);
}

function freshIds(
  scenario: Scenario,
  elements: readonly { readonly id: string }[],
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const given = new Set<string>();
  for (const { id } of elements) {
    // "orders-2" copied again becomes "orders-3", not "orders-2-2".
    const stem = id.replace(/-\d+$/, "");
    const fresh = freshId(scenario, stem, given);
    given.add(fresh);
    ids.set(id, fresh);
  }
  return ids;
}

function renewed(connection: Connection, idOf: (id: string) => string): Connection {
  const { from, to } = connection;
  const next = { ...connection, id: idOf(connection.id), from: idOf(from), to: idOf(to) };
  if (next.kind === "publish" || next.kind === "call") {
    const contract = idOf(next.contract);
    return next.after === undefined
      ? { ...next, contract }
      : { ...next, contract, after: next.after.map(idOf) };
  }
  if (next.kind === "consume" && next.reads !== undefined) {
    const reads = Object.entries(next.reads).map(([id, version]) => [idOf(id), version] as const);
    return { ...next, reads: Object.fromEntries(reads) };
  }
  if (next.kind === "bridge" && next.only !== undefined)
    return { ...next, only: next.only.map(idOf) };
  return "after" in next && next.after !== undefined
    ? { ...next, after: next.after.map(idOf) }
    : next;
}
