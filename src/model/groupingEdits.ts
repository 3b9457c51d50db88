// Changes of groups and notes: a document in, a document out.

import type { Group, Note } from "./grouping.ts";
import type { Scenario } from "./scenario.ts";

const noGroups: readonly Group[] = [];

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
