// The imported files as data, with the place of every value in its text. Reading is bounded in size, depth and aliases,
// and answers with findings instead of throwing.

import { isAlias, isMap, isNode, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { findSyntaxError, utf8Bytes } from "../model/jsonText.ts";
import { isObject } from "../model/equal.ts";
import { createId } from "../base/ids.ts";
import type { Findings } from "./findings.ts";
import { importBytesMax, importDepthMax, importFilesMax, importValuesMax } from "./limits.ts";

/** A file that somebody hands over. */
export interface ImportFile {
  /** Name with the folders inside what was handed over: "orders/asyncapi.yaml". */
  readonly name: string;
  readonly text: string;
  /** It was not even unpacked, and its text is missing. */
  readonly isTooLarge?: boolean;
}

/** A place in a text; both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** A file that was read. */
export interface SourceFile {
  /** Id in the document. */
  readonly id: string;
  readonly name: string;
  readonly text: string;
  /** What it says; undefined when it cannot be read. */
  readonly data: unknown;
  /** Where a value stands, or the nearest one around it. */
  locate(path: readonly string[]): TextPlace;
}

/** Files by name. */
export type Workspace = ReadonlyMap<string, SourceFile>;

/** Reads files; those that cannot be read are in the workspace too, without data. */
export function readWorkspace(files: readonly ImportFile[], findings: Findings): Workspace {
  const workspace = new Map<string, SourceFile>();
  const ids = new Set<string>(["run"]);
  let bytesLeft = importBytesMax;
  for (const { name: given, text, isTooLarge: isLeft = false } of files.slice(0, importFilesMax)) {
    const name = freeName(cleanName(given), workspace);
    const id = createId(`file-${name}`, (one) => ids.has(one));
    ids.add(id);
    bytesLeft -= text.length > bytesLeft ? bytesLeft + 1 : utf8Bytes(text);
    const isTooLarge = isLeft || bytesLeft < 0;
    const file = isTooLarge
      ? tooLarge({ id, name, text }, findings)
      : readFile({ id, name, text }, findings);
    workspace.set(name, file);
  }
  const rest = files[importFilesMax];
  const first = workspace.values().next().value;
  if (rest !== undefined && first !== undefined)
    findings.add(
      "error",
      "import/too-many-files",
      { file: first, path: [] },
      `Only the first ${importFilesMax} files were read. Import the rest on its own.`,
    );
  return workspace;
}

interface Raw {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** Folders are separated by slashes, and nothing leads out of what was handed over. */
function cleanName(name: string): string {
  const steps: string[] = [];
  for (const step of name.slice(0, 900).replaceAll("\\", "/").split("/")) {
    if (step === "" || step === ".") continue;
    if (step === ".." && steps.length > 0) steps.pop();
    else if (step !== "..") steps.push(step);
  }
  return steps.join("/") || "document.yaml";
}

function freeName(wish: string, taken: Workspace): string {
  let name = wish;
  for (let number = 2; taken.has(name); number++) name = `${number}/${wish}`;
  return name;
}

const start: TextPlace = { line: 1, column: 1 };

function unreadable(raw: Raw, place: TextPlace = start): SourceFile {
  return { ...raw, data: undefined, locate: () => place };
}

function tooLarge(raw: Raw, findings: Findings): SourceFile {
  const allowed = raw.text.slice(0, importBytesMax);
  const line = allowed.split("\n").length;
  const column = allowed.length - allowed.lastIndexOf("\n");
  // The text itself is not kept: the document could not hold it.
  const file = unreadable({ ...raw, text: "" }, { line, column });
  const message = `The files are larger than ${importBytesMax / 1e6} MB together; ${raw.name} was not read. Import fewer at once, or split it.`;
  findings.add("error", "import/too-large", { file, path: [] }, message);
  return file;
}

function readFile(raw: Raw, findings: Findings): SourceFile {
  // Schemas in other languages than JSON are texts.
  if (/\.proto$/iu.test(raw.name)) return { ...raw, data: raw.text, locate: () => start };
  const json = readJson(raw);
  if (json !== undefined) return json;
  if (/\.json$/iu.test(raw.name)) reportJsonFault(raw, findings);
  // JSON is YAML, and YAML's reader gets over more faults.
  return readYaml(raw, findings);
}

/** JSON is read by the browser's own reader, which is faster; where things stand is worked out when somebody asks. */
function readJson(raw: Raw): SourceFile | undefined {
  if (!/^\uFEFF?\s*[{[]/u.test(raw.text)) return undefined;
  let data: unknown;
  try {
    data = JSON.parse(raw.text.replace(/^\uFEFF/u, ""));
  } catch {
    return undefined;
  }
  if (!fits(data)) return undefined;
  let parsed: ReturnType<typeof parseYaml> | undefined;
  const locate = (path: readonly string[]): TextPlace => {
    parsed ??= parseYaml(raw.text);
    return typeof parsed === "string" ? start : placeIn(parsed, path);
  };
  return { ...raw, data, locate };
}

function reportJsonFault(raw: Raw, findings: Findings): void {
  const fault = findSyntaxError(raw.text.replace(/^\uFEFF/u, ""));
  if (fault === undefined) return;
  const file = unreadable(raw, { line: fault.line, column: fault.column });
  const message = `This is no JSON: expected ${fault.expected} here. Correct the text.`;
  findings.add("error", "import/syntax", { file, path: [] }, message);
}

/** Whether plain data stays within the limits. */
function fits(data: unknown): boolean {
  let level: unknown[] = [data];
  let count = 0;
  for (let depth = 0; level.length > 0; depth++) {
    count += level.length;
    if (depth > importDepthMax || count > importValuesMax) return false;
    level = level.flatMap((value): readonly unknown[] => {
      if (Array.isArray(value)) return value;
      return isObject(value) ? Object.values(value) : [];
    });
  }
  return true;
}

interface ParsedYaml {
  readonly root: Node | null;
  readonly errors: readonly { readonly message: string; readonly pos: readonly [number, number] }[];
  readonly lines: LineCounter;
  toData(): unknown;
}

/** The tree of a YAML text, or why there is none. */
function parseYaml(text: string): ParsedYaml | string {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      merge: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    });
    return {
      root: isNode(document.contents) ? document.contents : null,
      errors: document.errors,
      lines,
      toData: (): unknown => document.toJS({ maxAliasCount: -1 }),
    };
  } catch (error) {
    return error instanceof RangeError
      ? "It is nested too deeply. Flatten it."
      : "It cannot be read as YAML. Check it in an editor.";
  }
}

function readYaml(raw: Raw, findings: Findings): SourceFile {
  const parsed = parseYaml(raw.text);
  const refuse = (code: string, place: TextPlace, message: string): SourceFile => {
    const file = unreadable(raw, place);
    findings.add("error", code, { file, path: [] }, message);
    return file;
  };
  if (typeof parsed === "string") return refuse("import/too-deep", start, parsed);
  for (const { message, pos } of parsed.errors.slice(0, 20)) {
    const sentence = `${(message.split("\n")[0] ?? "").replace(/[.:]?$/u, ".")} Correct the text here.`;
    const file = unreadable(raw, placeAt(parsed.lines, pos[0]));
    findings.add("error", "import/syntax", { file, path: [] }, sentence);
  }
  const excess = excessIn(parsed);
  if (excess !== undefined)
    return refuse(excess.code, placeAt(parsed.lines, excess.offset), excess.message);
  let data: unknown;
  try {
    data = parsed.toData();
  } catch {
    return refuse("import/syntax", start, "Its aliases cannot be resolved. Check the anchors.");
  }
  return { ...raw, data, locate: (path) => placeIn(parsed, path) };
}

interface Excess {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
}

/** What makes a tree too large or too deep once its aliases are written out; undefined: nothing. */
function excessIn({ root }: ParsedYaml): Excess | undefined {
  const anchors = new Map<string, { readonly size: number; readonly isOpen: boolean }>();
  let excess: Excess | undefined;
  const refuse = (node: Node, code: string, message: string): number => {
    excess ??= { code, message, offset: node.range?.[0] ?? 0 };
    return Number.POSITIVE_INFINITY;
  };
  const sizeOf = (node: unknown, depth: number): number => {
    if (!isNode(node) || excess !== undefined) return 1;
    if (depth > importDepthMax)
      return refuse(
        node,
        "import/too-deep",
        `It is nested more than ${importDepthMax} levels deep here. Flatten it.`,
      );
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target?.isOpen === true)
        return refuse(
          node,
          "import/circular-alias",
          `*${node.source} stands inside of what it repeats. Write a $ref instead.`,
        );
      return target?.size ?? 1;
    }
    if (!isMap(node) && !isSeq(node)) return keep(node.anchor, 1);
    if (node.anchor !== undefined) anchors.set(node.anchor, { size: 1, isOpen: true });
    let size = 1;
    for (const item of node.items) {
      size +=
        isNode(item) || item === null || typeof item !== "object"
          ? sizeOf(item, depth + 1)
          : 1 + sizeOf("value" in item ? item.value : undefined, depth + 1);
      if (size > importValuesMax)
        return refuse(
          isNode(item) ? item : node,
          "import/too-many-values",
          `With its aliases written out, it has more than ${importValuesMax.toLocaleString("en")} values from here on. Repeat less, or split it.`,
        );
    }
    return keep(node.anchor, size);
  };
  const keep = (anchor: string | undefined, size: number): number => {
    if (anchor !== undefined) anchors.set(anchor, { size, isOpen: false });
    return size;
  };
  sizeOf(root, 0);
  return excess;
}

function placeAt(lines: LineCounter, offset: number): TextPlace {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function placeIn({ root, lines }: ParsedYaml, path: readonly string[]): TextPlace {
  return placeAt(lines, offsetOf(root, path));
}

/** Where a value begins: with its key, where it has one; else the nearest value around it. */
function offsetOf(root: Node | null, path: readonly string[]): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => keyText(key) === step);
      if (pair === undefined) return offset;
      offset = (isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = (isNode(node) ? node.range?.[0] : undefined) ?? offset;
    } else return offset;
  }
  return offset;
}

/** The text of a key. */
export function keyText(key: unknown): string {
  const value = isNode(key) && "value" in key ? key.value : key;
  return typeof value === "string" ? value : String(value);
}
