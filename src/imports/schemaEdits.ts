// Changes of a contract's schema as changes of the texts that it was put together from: each part goes back to where it
// came from, and references become again what they were in the files.

import { isEqual, isObject } from "../model/equal.ts";
import { pointerOf } from "./findings.ts";
import type { Bundle } from "./payloads.ts";
import type { Spot } from "./references.ts";
import type { SourceFile } from "./workspace.ts";
import type { TextEdit } from "./textEdits.ts";

/** A change of one file. */
export interface FileEdit {
  readonly file: SourceFile;
  readonly edit: TextEdit;
}

/** The changes that turn a schema into another one; undefined where it cannot be said at which places. */
export function schemaEdits(before: Bundle, after: unknown): readonly FileEdit[] | undefined {
  const root = before.places.get("");
  if (root === undefined) return undefined;
  const [oldRoot, oldParts] = apart(before.schema, before.places);
  const [newRoot, newParts] = apart(after, before.places);
  const own = { ...before, root };
  const added = Object.entries(newParts.fresh).map(([name, part]) =>
    set(root.file, ["components", "schemas", name], part, own),
  );
  const parts = Object.entries(newParts.known).flatMap(([pointer, part]) => {
    const spot = before.places.get(pointer);
    return spot === undefined ? [] : differences(spot, oldParts.known[pointer], part, own);
  });
  return [...added, ...parts, ...differences(root, oldRoot, newRoot, own)];
}

interface Definitions {
  /** JSON Pointer → definition that came from elsewhere. */
  readonly known: Readonly<Record<string, unknown>>;
  /** Name → definition that somebody has added. */
  readonly fresh: Readonly<Record<string, unknown>>;
}

/** A schema without the definitions that came from elsewhere, and these. */
function apart(
  schema: unknown,
  places: ReadonlyMap<string, Spot>,
): readonly [root: unknown, definitions: Definitions] {
  const definitions = isObject(schema) ? schema["definitions"] : undefined;
  if (!isObject(schema) || !isObject(definitions)) return [schema, { known: {}, fresh: {} }];
  // Whoever bundles puts definitions there only when something came from elsewhere; else they are the schema's own.
  if (places.size === 1) return [schema, { known: {}, fresh: {} }];
  const known: Record<string, unknown> = {};
  const fresh: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(definitions)) {
    const pointer = `/definitions/${name}`;
    if (places.has(pointer)) known[pointer] = part;
    else fresh[name] = part;
  }
  const rest = Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "definitions"));
  return [rest, { known, fresh }];
}

interface Own extends Bundle {
  readonly root: Spot;
}

function differences(at: Spot, before: unknown, after: unknown, own: Own): readonly FileEdit[] {
  if (isEqual(before, after)) return [];
  const inside = (key: string): Spot => ({ ...at, path: [...at.path, key] });
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key): readonly FileEdit[] => {
      if (!Object.hasOwn(after, key))
        return [{ file: at.file, edit: { do: "remove", path: [...at.path, key] } }];
      if (!Object.hasOwn(before, key)) return [set(at.file, [...at.path, key], after[key], own)];
      return differences(inside(key), before[key], after[key], own);
    });
  }
  const isSameList =
    Array.isArray(before) && Array.isArray(after) && before.length === after.length;
  if (isSameList)
    return after.flatMap((item, index) =>
      differences(inside(String(index)), before[index], item, own),
    );
  return [set(at.file, at.path, after, own)];
}

function set(file: SourceFile, path: readonly string[], value: unknown, own: Own): FileEdit {
  return { file, edit: { do: "set", path, value: withReferences(value, file, own) } };
}

/** A value with references as they are written in a file. */
function withReferences(value: unknown, file: SourceFile, own: Own): unknown {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, file, own));
  if (typeof value === "string" && value.startsWith("#")) return value;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === "$ref" && typeof part === "string"
        ? referenceTo(part, file, own)
        : withReferences(part, file, own),
    ]),
  );
}

function referenceTo(reference: string, file: SourceFile, { places, root }: Own): string {
  const target = places.get(reference.slice(1));
  if (target !== undefined) return `${addressOf(target.file, file)}#${pointerOf(target.path)}`;
  const fresh = /^#\/definitions\/([^/]+)$/u.exec(reference)?.[1];
  if (fresh === undefined || places.size === 1) return reference;
  return `${addressOf(root.file, file)}#/components/schemas/${fresh}`;
}

/** How a file names another one; "" for itself. */
function addressOf(target: SourceFile, from: SourceFile): string {
  if (target.name === from.name) return "";
  const here = from.name.split("/").slice(0, -1);
  const there = target.name.split("/");
  let shared = 0;
  while (shared < here.length && here[shared] === there[shared]) shared++;
  const up = here.slice(shared).map(() => "..");
  return [...(up.length === 0 ? ["."] : up), ...there.slice(shared)].join("/");
}
