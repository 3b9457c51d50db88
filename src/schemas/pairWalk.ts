// The state of one comparison of two schemas, in any language: which pairs of parts were compared, which are being
// compared, and how much work is left. Recursive schemas are compared to the greatest fixed point: a pair that is still
// open counts as compatible until it was refuted, and then everything is compared once more.

import type { Problem } from "../base/problem.ts";
import type { Finding } from "./change.ts";

/** What the comparison of a pair found. */
export interface Outcome {
  readonly isCompatible: boolean;
  readonly findings: readonly Finding[];
}

/** A part of a schema; its number is different for every part of both schemas. */
interface Numbered {
  readonly id: number;
}

/** Compares a part of the writer's schema with a part of the reader's. */
export type Compare<Node extends Numbered> = (
  walk: Walk<Node>,
  writer: Node,
  reader: Node,
) => Outcome;

/** The state of a comparison. Only `comparePair` and `spend` change it. */
export interface Walk<Node extends Numbered> {
  readonly compare: Compare<Node>;
  /** Pairs of this round that are settled. */
  readonly settled: Map<number, Outcome>;
  /** Pairs that are being compared, and whether somebody relied on their being compatible. */
  readonly open: Map<number, "open" | "relied on">;
  /** Pairs that were found incompatible in this or an earlier round. */
  readonly refuted: Set<number>;
  isUnsettled: boolean;
  workLeft: number;
}

/** Most pairs, members and findings that one comparison handles, which takes about a second. */
const workMax = 60_000;

/** More than there are numbers of nodes; their product is still an exact number. */
const idsMax = 2 ** 26;

/** Deepest nesting of pairs; documents go down to 64, references may go further. */
const pairDepthMax = 300;

/** Times that recursive schemas are compared; each further time refutes at least one pair more. */
const roundsMax = 50;

/** Most findings about one pair and all below it. */
const findingsMax = 500;

const nothing: Outcome = { isCompatible: true, findings: [] };

/** The problem of schemas that `compareToFixedPoint` gives up on. */
export const tooEntangled: Problem = {
  code: "compatibility/too-large",
  severity: "error",
  path: "",
  message:
    "The two schemas are too large or too entangled to be compared. Compare parts of them, or use fewer unions.",
};

/** Compares two schemas with all below them; undefined: they are too large or too entangled. */
export function compareToFixedPoint<Node extends Numbered>(
  compare: Compare<Node>,
  writer: Node,
  reader: Node,
): Outcome | undefined {
  const walk: Walk<Node> = {
    compare,
    settled: new Map(),
    open: new Map(),
    refuted: new Set(),
    isUnsettled: false,
    workLeft: workMax,
  };
  for (let round = 0; round < roundsMax; round++) {
    walk.settled.clear();
    walk.isUnsettled = false;
    const outcome = comparePair(walk, writer, reader);
    if (walk.workLeft <= 0) return undefined;
    if (!walk.isUnsettled) return outcome;
  }
  return undefined;
}

/** Compares a pair once per round. When the work is used up everything passes, and the whole comparison is void. */
export function comparePair<Node extends Numbered>(
  walk: Walk<Node>,
  writer: Node,
  reader: Node,
): Outcome {
  const key = writer.id * idsMax + reader.id;
  const known = walk.settled.get(key);
  if (known !== undefined) return known;
  if (walk.open.has(key)) {
    walk.open.set(key, "relied on");
    return walk.refuted.has(key) ? { isCompatible: false, findings: [] } : nothing;
  }
  if (walk.open.size >= pairDepthMax) walk.workLeft = 0;
  if (!spend(walk, 1)) return nothing;
  walk.open.set(key, "open");
  const outcome = walk.compare(walk, writer, reader);
  if (!outcome.isCompatible && !walk.refuted.has(key)) {
    walk.refuted.add(key);
    if (walk.open.get(key) === "relied on") walk.isUnsettled = true;
  }
  walk.open.delete(key);
  walk.settled.set(key, outcome);
  return outcome;
}

/** Takes work off what is left; false when there is none. */
export function spend(walk: { workLeft: number }, work: number): boolean {
  walk.workLeft -= work;
  return walk.workLeft > 0;
}

/** Whether so much work can still be done; otherwise the comparison is given up at once. */
export function canAfford(walk: { workLeft: number }, work: number): boolean {
  if (work >= walk.workLeft) walk.workLeft = 0;
  return walk.workLeft > 0;
}

/** Collects what is found about one pair of nodes; it is an outcome when all is collected. */
export interface Collector<Node extends Numbered> {
  readonly walk: Walk<Node>;
  readonly writer: Node;
  readonly reader: Node;
  readonly findings: Finding[];
  isCompatible: boolean;
}

/** Begins to collect. */
export function createCollector<Node extends Numbered>(
  walk: Walk<Node>,
  writer: Node,
  reader: Node,
): Collector<Node> {
  return { walk, writer, reader, findings: [], isCompatible: true };
}

/** Adds what was found about a pair at `path` below this one. */
export function include<Node extends Numbered>(
  at: Collector<Node>,
  outcome: Outcome,
  path: string,
): void {
  spend(at.walk, outcome.findings.length / 4);
  for (const finding of outcome.findings) addFinding(at, { ...finding, path: path + finding.path });
  at.isCompatible &&= outcome.isCompatible;
}

/** Adds a finding. The list is kept short, the verdict complete: the first breaking one always finds room. */
export function addFinding<Node extends Numbered>(at: Collector<Node>, finding: Finding): void {
  const isBreaking = finding.level === "breaking";
  if (at.findings.length < findingsMax || (isBreaking && at.isCompatible))
    at.findings.push(finding);
  if (isBreaking) at.isCompatible = false;
}
