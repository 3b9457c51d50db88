// What one draws around and beside the nodes: groups that collapse into one card, and notes. They change nothing in a run.

import type { Extensible, Scenario } from "./scenario.ts";

/** Nodes that belong together, such as a bounded context or a zone. Its place follows from its members. */
export interface Group extends Extensible {
  readonly id: string;
  readonly name?: string;
  /** Ids of nodes. A node belongs to the first group that names it; unknown ids are passed over. */
  readonly members: readonly string[];
  /** Drawn as one card with the figures of all. */
  readonly collapsed?: boolean;
}

/** Something written on the canvas; its place stands in the layout. */
export interface Note extends Extensible {
  readonly id: string;
  readonly text: string;
  /** Size [px]. */
  readonly width: number;
  readonly height: number;
}

// Asked for on every render of the canvas; documents never change in place.
const groupsByNode = new WeakMap<readonly Group[], ReadonlyMap<string, Group>>();
const noGroups: readonly Group[] = [];

/** The group of each node that has one. */
export function groupsOfNodes({ groups = noGroups }: Scenario): ReadonlyMap<string, Group> {
  const known = groupsByNode.get(groups);
  if (known !== undefined) return known;
  const found = new Map<string, Group>();
  for (const group of groups)
    for (const id of group.members) if (!found.has(id)) found.set(id, group);
  groupsByNode.set(groups, found);
  return found;
}

/** The nodes that a group really has, in the order of the document. */
export function membersOf(scenario: Scenario, group: Group): readonly string[] {
  const groups = groupsOfNodes(scenario);
  return scenario.nodes.map(({ id }) => id).filter((id) => groups.get(id)?.id === group.id);
}

/** The group with this id. */
export function groupOf({ groups }: Scenario, id: string): Group | undefined {
  return groups?.find((group) => group.id === id);
}

/** The note with this id. */
export function noteOf({ notes }: Scenario, id: string): Note | undefined {
  return notes?.find((note) => note.id === id);
}

/** The collapsed group in which a node is hidden. */
export function hidingGroup(scenario: Scenario, node: string): Group | undefined {
  const group = groupsOfNodes(scenario).get(node);
  return group?.collapsed === true ? group : undefined;
}
