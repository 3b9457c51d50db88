// Changing a value in the text of a YAML or JSON file without touching anything else: comments, order, quotes and blank
// lines stay. A change is a splice at the place of the value; whether it says what it should is read back, and where it
// does not, the document is changed as a tree and written anew.

import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  stringify,
  type YAMLMap,
} from "yaml";
import { isEqual, isObject } from "../model/equal.ts";
import { keyText } from "./workspace.ts";

/** A change of a text. Paths are those of the data. */
export type TextEdit =
  /** Sets a value; adds it, and the objects on the way to it, where there is none. */
  | { readonly do: "set"; readonly path: readonly string[]; readonly value: unknown }
  | { readonly do: "remove"; readonly path: readonly string[] }
  | { readonly do: "rename"; readonly path: readonly string[]; readonly key: string };

/** The text after changes, one after the other. */
export function editText(text: string, edits: readonly TextEdit[]): string {
  return edits.reduce(editOnce, text);
}

const options = { merge: true, uniqueKeys: false, logLevel: "silent" } as const;

function editOnce(text: string, edit: TextEdit): string {
  const document = parseDocument(text, options);
  const before: unknown = document.toJS({ maxAliasCount: -1 });
  const wanted = edited(before, edit);
  if (isEqual(before, wanted) && edit.do !== "rename") return text;
  const spliced = splice(text, document, edit);
  if (spliced !== undefined && isEqual(dataOf(spliced), wanted)) return spliced;
  return rewrite(text, document, wanted, edit);
}

function dataOf(text: string): unknown {
  const document = parseDocument(text, options);
  return document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: -1 });
}

/** What the data is to be after a change. */
function edited(data: unknown, edit: TextEdit): unknown {
  const [step, ...rest] = edit.path;
  if (step === undefined) return edit.do === "set" ? edit.value : data;
  const below = { ...edit, path: rest };
  if (Array.isArray(data)) {
    const index = Number(step);
    if (rest.length > 0)
      return data.map((item: unknown, i) => (i === index ? edited(item, below) : item));
    if (edit.do === "remove") return data.toSpliced(index, 1);
    return edit.do === "set" ? data.toSpliced(index, 1, edit.value) : data;
  }
  const object = isObject(data) ? data : {};
  if (rest.length > 0) return { ...object, [step]: edited(object[step], below) };
  switch (edit.do) {
    case "set":
      return { ...object, [step]: edit.value };
    case "remove":
      return Object.fromEntries(Object.entries(object).filter(([key]) => key !== step));
    case "rename":
      return Object.fromEntries(
        Object.entries(object).map(([key, value]) => [key === step ? edit.key : key, value]),
      );
  }
}

function rewrite(text: string, document: Document, wanted: unknown, edit: TextEdit): string {
  if (isJson(text)) return `${JSON.stringify(wanted, null, 2)}\n`;
  if (edit.do === "set") document.setIn(edit.path, edit.value);
  else if (edit.do === "remove") document.deleteIn(edit.path);
  const written = document.toString({ lineWidth: 0 });
  return isEqual(dataOf(written), wanted) ? written : stringify(wanted, { lineWidth: 0 });
}

function isJson(text: string): boolean {
  return /^\uFEFF?\s*\{/u.test(text);
}

/** The text with one place changed; undefined where that place is not a simple one. */
function splice(text: string, document: Document, edit: TextEdit): string | undefined {
  const found = findPair(document.contents, edit.path);
  if (edit.do === "set") {
    if (found !== undefined) return replaceValue(text, found, edit.value);
    return insert(text, document.contents, edit);
  }
  if (found === undefined) return undefined;
  if (edit.do === "rename") return replaceKey(text, found, edit.key);
  return removePair(text, found);
}

/** An entry of a map, or an item of a list. */
interface Found {
  readonly parent: Node;
  readonly index: number;
  readonly pair: Pair | undefined;
  readonly value: Node;
}

function findPair(root: unknown, path: readonly string[]): Found | undefined {
  let node: unknown = root;
  let found: Found | undefined;
  for (const step of path) {
    if (isMap(node)) {
      const index = node.items.findIndex(({ key }) => keyText(key) === step);
      const pair = node.items[index];
      if (pair === undefined || !isNode(pair.value)) return undefined;
      found = { parent: node, index, pair, value: pair.value };
    } else if (isSeq(node)) {
      const index = Number(step);
      const value = node.items[index];
      if (!isNode(value)) return undefined;
      found = { parent: node, index, pair: undefined, value };
    } else return undefined;
    node = found.value;
  }
  return found;
}

function replaceValue(
  text: string,
  { value, pair, parent }: Found,
  next: unknown,
): string | undefined {
  const [start, end] = value.range ?? [];
  if (start === undefined || end === undefined || value.tag !== undefined) return undefined;
  const isFlow = isInFlow(text, parent);
  const indent = indentAt(text, pair === undefined ? start : startOf(pair));
  if (isScalar(value) && !isObject(next) && !Array.isArray(next)) {
    const isBlockText = value.type === "BLOCK_LITERAL" || value.type === "BLOCK_FOLDED";
    if (isBlockText) return undefined;
    return text.slice(0, start) + scalarText(next, value.type, isFlow) + text.slice(end);
  }
  if (isFlow || isInline(value, text))
    return text.slice(0, start) + flowText(text, next) + text.slice(end);
  // A block begins on the line below its key.
  const head = text.lastIndexOf(":", start);
  const tail = text.slice(start, end).replace(/\s+$/u, "").length + start;
  return `${text.slice(0, head + 1)}${blockText(next, indent)}${text.slice(tail)}`;
}

function scalarText(value: unknown, type: string | undefined, isFlow: boolean): string {
  if (typeof value !== "string") return JSON.stringify(value);
  if (type === "QUOTE_DOUBLE") return JSON.stringify(value);
  if (type === "QUOTE_SINGLE" && !/[\n\r]/u.test(value)) return `'${value.replaceAll("'", "''")}'`;
  const written = stringify(isFlow ? [value] : value, {
    lineWidth: 0,
    collectionStyle: isFlow ? "flow" : "any",
    flowCollectionPadding: false,
    defaultStringType: "PLAIN",
  }).trimEnd();
  const plain = isFlow ? written.slice(1, -1) : written;
  return plain.includes("\n") || /[#:]\s|\s#/u.test(plain) ? JSON.stringify(value) : plain;
}

function flowText(text: string, value: unknown): string {
  if (isJson(text)) return JSON.stringify(value);
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trimEnd();
}

/** What stands behind a colon: a scalar on the same line, or a block on those below. */
function blockText(value: unknown, indent: number): string {
  const isEmpty = (isObject(value) || Array.isArray(value)) && Object.keys(value).length === 0;
  const isScalarValue = !isObject(value) && !Array.isArray(value);
  if (isScalarValue || isEmpty)
    return ` ${isScalarValue ? scalarText(value, undefined, false) : JSON.stringify(value)}`;
  const written = stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
  const space = " ".repeat(indent + 2);
  return `\n${written
    .split("\n")
    .map((line) => (line === "" ? line : space + line))
    .join("\n")}`;
}

function startOf({ key, value }: Pair): number {
  const first = isNode(key) ? key : value;
  return isNode(first) ? (first.range?.[0] ?? 0) : 0;
}

/** Column of what stands at an offset, where nothing but spaces and dashes is before it on its line. */
function indentAt(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

function isInFlow(text: string, parent: Node): boolean {
  const first = text[parent.range?.[0] ?? 0];
  return first === "{" || first === "[";
}

function isInline(value: Node, text: string): boolean {
  const first = text[value.range?.[0] ?? 0];
  return first === "{" || first === "[";
}

function replaceKey(text: string, { pair }: Found, key: string): string | undefined {
  const node = pair?.key;
  if (!isScalar(node) || node.range === undefined || node.range === null) return undefined;
  const [start, end] = node.range;
  const type = node.type === "PLAIN" ? undefined : node.type;
  return text.slice(0, start) + scalarText(key, type, true) + text.slice(end);
}

/** Adds a value behind the last entry of the nearest object that exists. */
function insert(
  text: string,
  root: unknown,
  { path, value }: Extract<TextEdit, { do: "set" }>,
): string | undefined {
  for (let length = path.length - 1; length >= 0; length--) {
    const parent = length === 0 ? root : findPair(root, path.slice(0, length))?.value;
    if (parent === undefined) continue;
    if (!isMap(parent)) return undefined;
    const [key = "", ...inner] = path.slice(length);
    const whole = inner.reduceRight<unknown>((below, step) => ({ [step]: below }), value);
    return isInFlow(text, parent)
      ? insertInFlow(text, parent, { key, value: whole })
      : insertInBlock(text, parent, { key, value: whole });
  }
  return undefined;
}

interface Entry {
  readonly key: string;
  readonly value: unknown;
}

function insertInFlow(text: string, parent: YAMLMap, { key, value }: Entry): string | undefined {
  const last = endOfLast(parent);
  const [start = 0] = parent.range ?? [];
  const json = isJson(text);
  const name = json ? JSON.stringify(key) : scalarText(key, undefined, true);
  const first = parent.items[0];
  // On lines of its own where the others stand on lines of their own.
  const gap = first === undefined ? "" : text.slice(start + 1, startOf(first));
  const isMultiline = gap.includes("\n");
  const indent = isMultiline ? gap.slice(gap.lastIndexOf("\n") + 1) : "";
  const written = json
    ? JSON.stringify(value, null, isMultiline ? 2 : 0).replaceAll("\n", `\n${indent}`)
    : flowText(text, value);
  if (last === undefined)
    return `${text.slice(0, start + 1)} ${name}: ${written} ${text.slice(start + 1)}`;
  const between = isMultiline ? `,\n${indent}` : ", ";
  return `${text.slice(0, last)}${between}${name}: ${written}${text.slice(last)}`;
}

function insertInBlock(text: string, parent: YAMLMap, { key, value }: Entry): string | undefined {
  const last = parent.items.at(-1);
  const first = parent.items[0];
  const end = endOfLast(parent);
  if (last === undefined || first === undefined || end === undefined) return undefined;
  const indent = indentAt(text, startOf(first));
  // Behind a comment at the end of the line.
  const lineEnd = text.indexOf("\n", end);
  const at = text[end - 1] === "\n" ? end - 1 : lineEnd < 0 ? text.length : lineEnd;
  const name = scalarText(key, undefined, false);
  return `${text.slice(0, at)}\n${" ".repeat(indent)}${name}:${blockText(value, indent)}${text.slice(at)}`;
}

function endOfLast(parent: YAMLMap): number | undefined {
  const last = parent.items.at(-1);
  if (last === undefined) return undefined;
  const node = isNode(last.value) && last.value.range?.[1] !== undefined ? last.value : last.key;
  return isNode(node) ? node.range?.[1] : undefined;
}

function removePair(text: string, { pair, parent, index, value }: Found): string | undefined {
  const items: readonly unknown[] = isMap(parent) || isSeq(parent) ? parent.items : [];
  if (isInFlow(text, parent)) {
    const previous = items[index - 1];
    const next = items[index + 1];
    const from = pair === undefined ? (value.range?.[0] ?? 0) : startOf(pair);
    const to = value.range?.[1] ?? from;
    if (previous !== undefined) return text.slice(0, lastOffset(previous) ?? from) + text.slice(to);
    return text.slice(0, from) + text.slice(next === undefined ? to : (firstOffset(next) ?? to));
  }
  // An object that would become empty must say so.
  if (items.length === 1 || pair === undefined) return undefined;
  const start = startOf(pair);
  const from = text.lastIndexOf("\n", start - 1) + 1;
  if (text.slice(from, start).trim() !== "") return undefined;
  const next = items[index + 1];
  const behind = firstOffset(next);
  const [, end = text.length] = value.range ?? [];
  const lineEnd = text[end - 1] === "\n" ? end : text.indexOf("\n", end) + 1 || text.length;
  return (
    text.slice(0, from) + text.slice(behind === undefined ? lineEnd : Math.min(lineEnd, behind))
  );
}

function firstOffset(item: unknown): number | undefined {
  if (isPair(item)) return startOf(item);
  return isNode(item) ? item.range?.[0] : undefined;
}

function lastOffset(item: unknown): number | undefined {
  if (isPair(item)) return isNode(item.value) ? item.value.range?.[1] : undefined;
  return isNode(item) ? item.range?.[1] : undefined;
}
