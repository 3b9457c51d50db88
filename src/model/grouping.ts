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

/** The document with other groups; an empty list is left out, and so are groups without members. */
export function withGroups(scenario: Scenario, groups: readonly Group[]): Scenario {
  const { groups: _, ...rest } = scenario;
  const left = groups.filter(({ members }) => members.length > 0);
  return left.length === 0 ? rest : { ...rest, groups: left };
}

/** The document with other notes; an empty list is left out. */
export function withNotes(scenario: Scenario, notes: readonly Note[]): Scenario {
  const { notes: _, ...rest } = scenario;
  return notes.length === 0 ? rest : { ...rest, notes };
}

/** Puts nodes into a new group, and takes them out of the groups in which they were. */
export function groupNodes(scenario: Scenario, group: Group): Scenario {
  const taken = new Set(group.members);
  const others = (scenario.groups ?? noGroups).map((other) =>
    other.members.some((id) => taken.has(id))
      ? { ...other, members: other.members.filter((id) => !taken.has(id)) }
      : other,
  );
  return withGroups(scenario, [...others, group]);
}

/** Changes a group. */
export function replaceGroup(scenario: Scenario, group: Group): Scenario {
  return withGroups(
    scenario,
    (scenario.groups ?? noGroups).map((other) => (other.id === group.id ? group : other)),
  );
}

/** Changes a note. */
export function replaceNote(scenario: Scenario, note: Note): Scenario {
  return withNotes(
    scenario,
    (scenario.notes ?? []).map((other) => (other.id === note.id ? note : other)),
  );
}

/** What is left of groups and notes without some elements; a group without members goes. */
export function withoutGrouped(scenario: Scenario, gone: ReadonlySet<string>): Scenario {
  const { groups, notes } = scenario;
  const isTouched =
    groups?.some(({ id, members }) => gone.has(id) || members.some((one) => gone.has(one))) ||
    notes?.some(({ id }) => gone.has(id));
  if (isTouched !== true) return scenario;
  const left = (groups ?? noGroups)
    .filter(({ id }) => !gone.has(id))
    .map((group) => ({ ...group, members: group.members.filter((id) => !gone.has(id)) }));
  return withNotes(
    withGroups(scenario, left),
    (notes ?? []).filter(({ id }) => !gone.has(id)),
  );
}
