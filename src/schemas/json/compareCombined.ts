// Unions (`oneOf`, `anyOf`, lists of types) and products (`allOf`, or several things said at once), alone or against
// a schema that is neither. Branches are paired by a maximum matching, so their order does not matter.

import { canAfford, comparePair, include, type Outcome, spend, type Walk } from "../pairWalk.ts";
import { find, type JsonCollector } from "./jsonWalk.ts";
import type { Branch, SchemaNode } from "./schemaNode.ts";

type Combined = Extract<SchemaNode, { readonly kind: "combined" }>;

/** Compares where one of the two is a union or product. False: neither is, or only one of them and they cannot be
 *  reconciled; then they are simply of different types. */
export function compareCombined(at: JsonCollector): boolean {
  const { writer, reader } = at;
  if (writer.kind === "combined" && reader.kind === "combined") {
    compareBoth(at, writer, reader);
    return true;
  }
  if (reader.kind === "combined") return compareIntoCombined(at, reader);
  if (writer.kind === "combined") return compareOutOfCombined(at, writer);
  return false;
}

/** A plain schema becomes a union if one of its branches takes it. */
function compareIntoCombined(at: JsonCollector, reader: Combined): boolean {
  const { branches, criterion } = reader;
  const isSingle = branches.length === 1;
  if (!isSingle && criterion === "all") return false;
  const fitting = firstCompatible(at.walk, branches, (branch) => [at.writer, branch.node()]);
  if (fitting === undefined) return false;
  include(at, fitting, "");
  if (!isSingle) find(at, "SUM_TYPE_EXTENDED", "");
  return true;
}

/** A product becomes plain if one of its parts promises enough. */
function compareOutOfCombined(at: JsonCollector, writer: Combined): boolean {
  const { branches, criterion } = writer;
  const isSingle = branches.length === 1;
  if (!isSingle && criterion !== "all") return false;
  const fitting = firstCompatible(at.walk, branches, (branch) => [branch.node(), at.reader]);
  if (fitting === undefined) return false;
  include(at, fitting, "");
  if (!isSingle) find(at, "PRODUCT_TYPE_NARROWED", "");
  return true;
}

function firstCompatible(
  walk: Walk<SchemaNode>,
  branches: readonly Branch[],
  pairFor: (branch: Branch) => readonly [writer: SchemaNode, reader: SchemaNode],
): Outcome | undefined {
  for (const branch of branches) {
    const outcome = comparePair(walk, ...pairFor(branch));
    if (outcome.isCompatible) return outcome;
  }
  return undefined;
}

function compareBoth(at: JsonCollector, writer: Combined, reader: Combined): void {
  if (!compareCriteria(at, writer, reader)) return;
  const [before, after] = [writer.branches.length, reader.branches.length];
  const kind = reader.criterion === "all" ? "PRODUCT_TYPE" : "SUM_TYPE";
  if (before !== after) {
    const rule = `${kind}_${before < after ? "EXTENDED" : "NARROWED"}`;
    find(at, rule, "", { writer: before, reader: after });
  }
  if (!canAfford(at.walk, before * after)) return;
  const table = writer.branches.map((mine) =>
    reader.branches.map((theirs) => comparePair(at.walk, mine.node(), theirs.node())),
  );
  const partners = matchBranches(at.walk, table, after);
  for (const [index, partner] of partners.entries()) {
    const outcome = partner === undefined ? undefined : table[index]?.[partner];
    if (outcome !== undefined) include(at, outcome, writer.branches[index]?.path ?? "");
  }
  const matched = partners.filter((partner) => partner !== undefined).length;
  if (matched < Math.min(before, after))
    find(at, "COMBINED_TYPE_SUBSCHEMAS_CHANGED", "", misfit(table, partners, writer));
}

/** Anything may become `anyOf`, a single branch may become any of them, the rest stays what it is. */
function compareCriteria(at: JsonCollector, writer: Combined, reader: Combined): boolean {
  if (writer.criterion === reader.criterion) return true;
  const isSingle = writer.branches.length === 1;
  const widens =
    reader.criterion === "any" ||
    (isSingle && (reader.criterion === "one" || reader.branches.length === 1));
  const [before, after] = [writer.criterion, reader.criterion].map((criterion) => `${criterion}Of`);
  find(at, widens ? "COMBINED_TYPE_EXTENDED" : "COMBINED_TYPE_CHANGED", "", {
    writer: before,
    reader: after,
  });
  return widens;
}

/** For each branch of the writer the branch of the reader that takes it, as many as possible, each only once. */
function matchBranches(
  walk: Walk<SchemaNode>,
  table: readonly (readonly Outcome[])[],
  readers: number,
): readonly (number | undefined)[] {
  const takenBy: (number | undefined)[] = Array.from({ length: readers });
  // Augmenting paths, breadth first so that no input is too deep.
  for (const start of table.keys()) {
    const cameFrom: (number | undefined)[] = Array.from({ length: readers });
    const queue = [start];
    let free: number | undefined;
    for (const writer of queue) {
      if (free !== undefined || !spend(walk, 1 + readers / 16)) break;
      free = visit(writer, { table, takenBy, cameFrom, queue });
    }
    assign(free, takenBy, cameFrom);
  }
  const partners: (number | undefined)[] = table.map(() => undefined);
  for (const [reader, writer] of takenBy.entries())
    if (writer !== undefined) partners[writer] = reader;
  return partners;
}

interface Search {
  readonly table: readonly (readonly Outcome[])[];
  readonly takenBy: readonly (number | undefined)[];
  readonly cameFrom: (number | undefined)[];
  readonly queue: number[];
}

/** Looks at all readers that take a writer; the first that is still free ends the search. */
function visit(writer: number, { table, takenBy, cameFrom, queue }: Search): number | undefined {
  for (const [reader, outcome] of (table[writer] ?? []).entries()) {
    if (!outcome.isCompatible || cameFrom[reader] !== undefined) continue;
    cameFrom[reader] = writer;
    const holder = takenBy[reader];
    if (holder === undefined) return reader;
    queue.push(holder);
  }
  return undefined;
}

/** Turns around the path that leads to a free reader. */
function assign(
  free: number | undefined,
  takenBy: (number | undefined)[],
  cameFrom: readonly (number | undefined)[],
): void {
  let reader = free;
  while (reader !== undefined) {
    const writer = cameFrom[reader];
    if (writer === undefined) return;
    const before = takenBy.indexOf(writer);
    takenBy[reader] = writer;
    reader = before < 0 ? undefined : before;
  }
}

/** The first branch that nobody takes, and what is missing to the one that nearly does. */
function misfit(
  table: readonly (readonly Outcome[])[],
  partners: readonly (number | undefined)[],
  writer: Combined,
): { readonly name?: string; readonly reason?: string } {
  const alone = partners.indexOf(undefined);
  const breaking = (table[alone] ?? [])
    .map(({ findings }) => findings.filter(({ level }) => level === "breaking"))
    .filter(([first]) => first !== undefined && first.rule !== "TYPE_CHANGED")
    .toSorted((a, b) => a.length - b.length)[0]?.[0];
  const name = writer.branches[alone]?.path.slice(1) || `part ${alone + 1}`;
  if (breaking === undefined) return { name };
  return { name, reason: `${breaking.rule} at ${breaking.path || "its top"}` };
}
