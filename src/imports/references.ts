// Following references: from a place in a file to the place that it means, in the same file or another one of the
// import. The network is never asked.

import { isObject } from "../model/equal.ts";
import type { Findings } from "./findings.ts";
import { referenceHopsMax } from "./limits.ts";
import type { SourceFile, Workspace } from "./workspace.ts";

/** A value and where it stands. */
export interface Spot {
  readonly file: SourceFile;
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Follows references in a workspace, and remembers which files they led to. */
export class References {
  /** Files that something refers to. */
  readonly used = new Set<string>();
  private readonly workspace: Workspace;
  private readonly findings: Findings;
  private readonly byLastStep: ReadonlyMap<string, readonly SourceFile[]>;

  constructor(workspace: Workspace, findings: Findings) {
    this.workspace = workspace;
    this.findings = findings;
    const byLastStep = new Map<string, SourceFile[]>();
    for (const file of workspace.values()) {
      const last = file.name.split("/").at(-1) ?? "";
      byLastStep.set(last, [...(byLastStep.get(last) ?? []), file]);
    }
    this.byLastStep = byLastStep;
  }

  /** The place itself, or the one that its reference means in the end; its value is undefined when there is none.
   *  `isEnd` may end the way earlier. */
  follow(spot: Spot, isEnd: (spot: Spot) => boolean = () => false): Spot {
    let here = spot;
    const passed = new Set<string>();
    for (let hop = 0; hop < referenceHopsMax; hop++) {
      const reference = referenceAt(here.value);
      if (reference === undefined || isEnd(here)) return here;
      const key = placeKey(here);
      if (passed.has(key))
        return this.lost(
          here,
          `“${reference}” leads back to itself. Remove one of the references.`,
        );
      passed.add(key);
      const next = this.target(here, reference);
      if (next === undefined) return { ...here, value: undefined };
      here = next;
    }
    return this.lost(
      here,
      `References lead from one to the next more than ${referenceHopsMax} times. Shorten the way.`,
    );
  }

  /** What stands under a key of an object or list, references followed; undefined when nothing does. */
  child(spot: Spot, step: string): Spot | undefined {
    const value = valueUnder(spot.value, step);
    if (value === undefined) return undefined;
    const found = this.follow({ file: spot.file, path: [...spot.path, step], value });
    return found.value === undefined ? undefined : found;
  }

  private lost(at: Spot, message: string): Spot {
    this.findings.add("error", "import/reference", at, message);
    return { ...at, value: undefined };
  }

  private target(from: Spot, reference: string): Spot | undefined {
    const [address, fragment] = splitAtHash(reference);
    const file = address === "" ? from.file : this.fileFor(from, address);
    if (file === undefined) return undefined;
    const steps = decode(fragment)
      .split("/")
      .slice(1)
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    let spot: Spot = { file, path: [], value: file.data };
    for (const [index, step] of steps.entries()) {
      const value = valueUnder(spot.value, step);
      if (value === undefined) {
        this.findings.add(
          "error",
          "import/reference",
          from,
          `Nothing stands at “${reference}”. Correct the reference, or add what it names.`,
        );
        return undefined;
      }
      spot = { file: spot.file, path: [...spot.path, step], value };
      // What lies behind a reference on the way, but not at its end: the caller follows that.
      if (index < steps.length - 1 && referenceAt(value) !== undefined) {
        if (isInside(spot, from)) return undefined;
        spot = this.onTheWay(spot);
      }
    }
    return spot;
  }

  private wayDepth = 0;

  /** A reference in the middle of a pointer; bounded, because pointers may lead through each other. */
  private onTheWay(spot: Spot): Spot {
    if (this.wayDepth >= referenceHopsMax) return { ...spot, value: undefined };
    this.wayDepth++;
    try {
      return this.follow(spot);
    } finally {
      this.wayDepth--;
    }
  }

  private fileFor(from: Spot, address: string): SourceFile | undefined {
    if (/^[a-z][a-z0-9+.-]*:/iu.test(address) && !/^[a-z]:[\\/]/iu.test(address)) {
      const message = `“${address}” lies in the network and is not fetched. Import that file as well, and refer to it by its name.`;
      this.findings.add("error", "import/network-reference", from, message);
      return undefined;
    }
    const name = joinPath(from.file.name, decode(address));
    const namesakes = this.byLastStep.get(name.split("/").at(-1) ?? "") ?? [];
    const file = this.workspace.get(name) ?? (namesakes.length === 1 ? namesakes[0] : undefined);
    if (file === undefined) {
      const message = `“${address}” is not among the imported files. Import it together with this one.`;
      this.findings.add("error", "import/missing-file", from, message);
      return undefined;
    }
    this.used.add(file.name);
    return file;
  }
}

/** The reference of a value that is one. */
export function referenceAt(value: unknown): string | undefined {
  const reference = isObject(value) ? value["$ref"] : undefined;
  return typeof reference === "string" ? reference : undefined;
}

/** A text that is different for different places. */
export function placeKey({ file, path }: Pick<Spot, "file" | "path">): string {
  return `${file.name}#${path.join("\n")}`;
}

function splitAtHash(reference: string): readonly [string, string] {
  const at = reference.indexOf("#");
  return at < 0 ? [reference, ""] : [reference.slice(0, at), reference.slice(at + 1)];
}

function isInside(spot: Spot, other: Spot): boolean {
  return placeKey(spot) === placeKey(other);
}

function valueUnder(value: unknown, step: string): unknown {
  if (Array.isArray(value)) return /^\d+$/u.test(step) ? value[Number(step)] : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The name of a file that another one names relative to itself. */
export function joinPath(from: string, address: string): string {
  const steps = address.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const step of address.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "." && step !== "") steps.push(step);
  }
  return steps.join("/");
}
