// Pure edits: a document in, a document out. Commands and the command line are made of them.
// They keep the document whole (nothing dangles afterwards), but do not judge it: ask rules.ts and check.ts.

import type { FieldValue, Parameters } from "../base/fields.ts";
import type { Bookmark } from "./bookmarks.ts";
import { elementOf, fieldsOf, statedParameters } from "./elements.ts";
import { isEqual } from "./equal.ts";
import { groupOf } from "./grouping.ts";
import { replaceGroup, withoutGrouped } from "./groupingEdits.ts";
import { idsInHandlers, withRenamedHandlers, withStepOver, withStepsOfKind } from "./handlers.ts";
import { namedBy } from "./networkFault.ts";
import type { Channel, Connection, Contract, Node, Position, Scenario } from "./scenario.ts";
import type { TimelineEntry } from "./timeline.ts";

/** Distance of the lines on which nodes stand [px]. */
export const gridPx = 8;

/** The nearest place on the grid. */
export function toGrid(position: Position): Position {
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
  const group = groupOf(scenario, id);
  if (group !== undefined)
    return replaceGroup(scenario, { ...group, name: trimmed === "" ? "Group" : trimmed });
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
    ...withoutGrouped(scenario, gone),
    nodes: keptNodes(kept(scenario.nodes, stays), gone),
    channels: kept(scenario.channels, stays),
    connections: keptConnections(scenario.connections, gone),
    contracts: kept(scenario.contracts, stays),
    timeline: kept(scenario.timeline, (entry) => !idsOfEntry(entry).some((id) => gone.has(id))),
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

/** Ids of all elements that an entry of the timeline is about. */
function idsOfEntry(entry: TimelineEntry): readonly string[] {
  if (entry.act === "roll out") return [entry.target, entry.contract];
  if (entry.act === "redrive") return [entry.target, ...(entry.to === undefined ? [] : [entry.to])];
  return entry.act === "network" ? namedBy(entry) : [entry.target];
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
export function conditionsOf(connection: Connection): readonly string[] {
  if (connection.kind === "consume") return Object.keys(connection.reads ?? {});
  return restrictionOf(connection) ?? [];
}

function keptLayout(layout: Scenario["layout"], gone: ReadonlySet<string>): Scenario["layout"] {
  const entries = Object.entries(layout);
  return entries.some(([id]) => gone.has(id))
    ? Object.fromEntries(entries.filter(([id]) => !gone.has(id)))
    : layout;
}
