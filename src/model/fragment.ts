// Copying and pasting: pieces of documents, taken out of one and put into another under fresh ids.

import { parseValue } from "../base/fields.ts";
import { conditionsOf, replaceElement, toGrid, withoutElements } from "./edit.ts";
import { elementOf, fieldsOf, technologyOf } from "./elements.ts";
import { isEqual } from "./equal.ts";
import { freshId } from "./freshId.ts";
import { groupsOfNodes } from "./grouping.ts";
import { withGroups, withNotes } from "./groupingEdits.ts";
import { idsInHandlers, withRenamedHandlers } from "./handlers.ts";
import { fitsBetween } from "./rules.ts";
import type { Channel, Connection, Contract, Position, Scenario } from "./scenario.ts";

/** A piece of a document. A whole document is one, too. */
export type Fragment = Pick<
  Scenario,
  "nodes" | "channels" | "connections" | "contracts" | "groups" | "notes" | "layout"
>;

/** The chosen elements: brokers with all their channels, groups with their members, the connections between them (chosen
 *  or not), and the contracts that these need. A channel without its broker is pasted into the same broker again. */
export function copyElements(scenario: Scenario, ids: readonly string[]): Fragment {
  const chosen = new Set(ids);
  const groups = groupsOfNodes(scenario);
  const nodes = scenario.nodes.filter(
    ({ id }) => chosen.has(id) || chosen.has(groups.get(id)?.id ?? ""),
  );
  const notes = (scenario.notes ?? []).filter(({ id }) => chosen.has(id));
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
  const places = Object.entries(scenario.layout).filter(
    ([id]) => ends.has(id) || notes.some((note) => note.id === id),
  );
  return {
    nodes,
    channels,
    connections,
    contracts: scenario.contracts.filter((contract) => needed.has(contract.id)),
    groups: (scenario.groups ?? []).filter(({ id }) => chosen.has(id)),
    notes,
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
  const { groups = [], notes = [] } = fragment;
  const ids = freshIds(scenario, [
    ...fragment.nodes,
    ...channels,
    ...connections,
    ...contracts,
    ...groups,
    ...notes,
  ]);
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
    scenario: withGrouped(fitted, fragment, idOf),
    ids: [...fragment.nodes, ...channels, ...groups, ...notes].map((element) => idOf(element.id)),
  };
}

/** The groups and notes of a fragment come after those that are there; a group keeps the members that came along. */
function withGrouped(
  scenario: Scenario,
  { nodes, groups = [], notes = [] }: Fragment,
  idOf: (id: string) => string,
): Scenario {
  const came = new Set(nodes.map(({ id }) => id));
  const newGroups = groups.map((group) => ({
    ...group,
    id: idOf(group.id),
    members: group.members.filter((id) => came.has(id)).map(idOf),
  }));
  const newNotes = notes.map((note) => ({ ...note, id: idOf(note.id) }));
  const grouped = withGroups(scenario, [...(scenario.groups ?? []), ...newGroups]);
  return withNotes(grouped, [...(scenario.notes ?? []), ...newNotes]);
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
