// A change of a document as data: it can be applied, reversed, squashed and kept. Undo, autosave and logs rest on it.
// What a patch does not mention keeps its object identity, on which React's comparisons depend.

import { isEqual } from "./equal.ts";
import type {
  Channel,
  Connection,
  Contract,
  Layout,
  Node,
  Objective,
  Position,
  Scenario,
} from "./scenario.ts";

/** Before and after; an absent side means that it did not exist then. */
export interface Change<Value> {
  readonly from?: Value;
  readonly to?: Value;
}

/** What happened to a list of elements. */
export interface ListPatch<Value> {
  /** Added (no `from`), removed (no `to`) and changed elements by id. */
  readonly elements: Readonly<Record<string, Change<Value>>>;
  /** All ids in order before and after; absent when neither members nor order changed. */
  readonly order?: { readonly from: readonly string[]; readonly to: readonly string[] };
}

/** The difference between two documents. */
export interface Patch {
  /** Every other top-level field by name: title, seed, load, the whole timeline, extensions. */
  readonly fields: Readonly<Record<string, Change<unknown>>>;
  readonly layout: Readonly<Record<string, Change<Position>>>;
  readonly nodes: ListPatch<Node>;
  readonly channels: ListPatch<Channel>;
  readonly connections: ListPatch<Connection>;
  readonly contracts: ListPatch<Contract>;
  readonly objectives: ListPatch<Objective>;
}

const listNames = ["nodes", "channels", "connections", "contracts", "objectives"] as const;

const ownNames: ReadonlySet<string> = new Set([...listNames, "layout"]);

type Changes<Value> = Readonly<Record<string, Change<Value>>>;

/** The patch that leads from one document to another. */
export function diffScenario(before: Scenario, after: Scenario): Patch {
  return {
    fields: diffRecord(otherFields(before), otherFields(after)),
    layout: diffRecord(before.layout, after.layout),
    nodes: diffList(before.nodes, after.nodes),
    channels: diffList(before.channels, after.channels),
    connections: diffList(before.connections, after.connections),
    contracts: diffList(before.contracts, after.contracts),
    objectives: diffList(before.objectives, after.objectives),
  };
}

/** The document after a patch. Meant for the document that the patch was made from. */
export function applyPatch(scenario: Scenario, patch: Patch): Scenario {
  if (isEmptyPatch(patch)) return scenario;
  const layout: Layout = applyRecord(scenario.layout, patch.layout);
  return {
    // Only top-level fields that a document had before or after are put back here, with their own values.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    ...(applyRecord(otherFields(scenario), patch.fields) as unknown as Scenario),
    nodes: applyList(scenario.nodes, patch.nodes),
    channels: applyList(scenario.channels, patch.channels),
    connections: applyList(scenario.connections, patch.connections),
    contracts: applyList(scenario.contracts, patch.contracts),
    objectives: applyList(scenario.objectives, patch.objectives),
    layout,
  };
}

/** The patch that undoes a patch. */
export function reversePatch(patch: Patch): Patch {
  return {
    fields: reverseChanges(patch.fields),
    layout: reverseChanges(patch.layout),
    nodes: reverseList(patch.nodes),
    channels: reverseList(patch.channels),
    connections: reverseList(patch.connections),
    contracts: reverseList(patch.contracts),
    objectives: reverseList(patch.objectives),
  };
}

/** One patch that does what two do in sequence. */
export function squashPatches(first: Patch, second: Patch): Patch {
  return {
    fields: squashChanges(first.fields, second.fields),
    layout: squashChanges(first.layout, second.layout),
    nodes: squashLists(first.nodes, second.nodes),
    channels: squashLists(first.channels, second.channels),
    connections: squashLists(first.connections, second.connections),
    contracts: squashLists(first.contracts, second.contracts),
    objectives: squashLists(first.objectives, second.objectives),
  };
}

/** Whether a patch changes nothing. */
export function isEmptyPatch(patch: Patch): boolean {
  return (
    isEmptyRecord(patch.fields) &&
    isEmptyRecord(patch.layout) &&
    listNames.every((name) => isEmptyRecord(patch[name].elements) && !patch[name].order)
  );
}

function isEmptyRecord(record: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(record).length === 0;
}

function otherFields(scenario: Scenario): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(scenario).filter(([name]) => !ownNames.has(name)));
}

/** A change between two optional values; undefined when they say the same. */
function changeBetween<Value>(
  from: Value | undefined,
  to: Value | undefined,
): Change<Value> | undefined {
  if (isEqual(from, to)) return undefined;
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function diffRecord<Value>(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
): Changes<Value> {
  const changes: Record<string, Change<Value>> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const change = changeBetween(before[name], after[name]);
    if (change !== undefined) changes[name] = change;
  }
  return changes;
}

function applyRecord<Value>(
  record: Readonly<Record<string, Value>>,
  changes: Changes<Value>,
): Readonly<Record<string, Value>> {
  if (isEmptyRecord(changes)) return record;
  const next: Record<string, Value> = { ...record };
  for (const [name, change] of Object.entries(changes)) {
    if (change.to === undefined) delete next[name];
    else next[name] = change.to;
  }
  return next;
}

function reverseChanges<Value>(changes: Changes<Value>): Changes<Value> {
  return Object.fromEntries(
    Object.entries(changes).map(([name, { from, to }]) => [
      name,
      { ...(to !== undefined && { from: to }), ...(from !== undefined && { to: from }) },
    ]),
  );
}

function squashChanges<Value>(first: Changes<Value>, second: Changes<Value>): Changes<Value> {
  const changes: Record<string, Change<Value>> = { ...first };
  for (const [name, later] of Object.entries(second)) {
    const earlier = first[name];
    const change = earlier === undefined ? later : changeBetween(earlier.from, later.to);
    if (change === undefined) delete changes[name];
    else changes[name] = change;
  }
  return changes;
}

function byId<Value extends { readonly id: string }>(
  list: readonly Value[],
): Readonly<Record<string, Value>> {
  return Object.fromEntries(list.map((value) => [value.id, value]));
}

function diffList<Value extends { readonly id: string }>(
  before: readonly Value[],
  after: readonly Value[],
): ListPatch<Value> {
  if (before === after) return { elements: {} };
  const from = before.map((value) => value.id);
  const to = after.map((value) => value.id);
  const elements = diffRecord(byId(before), byId(after));
  return isEqual(from, to) ? { elements } : { elements, order: { from, to } };
}

function applyList<Value extends { readonly id: string }>(
  list: readonly Value[],
  patch: ListPatch<Value>,
): readonly Value[] {
  if (isEmptyRecord(patch.elements) && patch.order === undefined) return list;
  const values = applyRecord(byId(list), patch.elements);
  const order = patch.order?.to ?? list.map((value) => value.id);
  return order.flatMap((id) => values[id] ?? []);
}

function reverseList<Value>(patch: ListPatch<Value>): ListPatch<Value> {
  const elements = reverseChanges(patch.elements);
  if (patch.order === undefined) return { elements };
  return { elements, order: { from: patch.order.to, to: patch.order.from } };
}

function squashLists<Value>(first: ListPatch<Value>, second: ListPatch<Value>): ListPatch<Value> {
  const elements = squashChanges(first.elements, second.elements);
  const from = first.order?.from ?? second.order?.from;
  const to = second.order?.to ?? first.order?.to;
  if (from === undefined || to === undefined || isEqual(from, to)) return { elements };
  return { elements, order: { from, to } };
}
