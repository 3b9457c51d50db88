// A JSON Schema as a comparison sees it: what kind of thing it describes, with references stepped through. A schema that
// says several things at once (a type and an enum, a type and `allOf`) is a product of them, as in Confluent's registry.

import { pathTo } from "../../base/problem.ts";
import type { JsonSchema } from "../../model/scenario.ts";
import { anchorsOf, isRecord } from "./schemaWalk.ts";

/** How the branches of a union or product combine. */
export type Criterion = "all" | "any" | "one";

/** One of the types of JSON, with the keywords that are about it. */
interface PlainNode {
  readonly kind: "string" | "number" | "boolean" | "null" | "object" | "array";
  /** Whether `type` says so; otherwise other types are accepted as well. */
  readonly isTyped: boolean;
  readonly isInteger: boolean;
}

type Form =
  | PlainNode
  | { readonly kind: "any" | "never" }
  | { readonly kind: "enum" | "const" | "not" | "condition" }
  /** Something that cannot be compared but for being the same, such as a reference to another document. */
  | { readonly kind: "opaque"; readonly text: string }
  | {
      readonly kind: "combined";
      readonly criterion: Criterion;
      readonly branches: readonly Branch[];
    };

/** A branch of a union or product, and where it stands relative to it. */
export interface Branch {
  readonly path: string;
  readonly node: () => SchemaNode;
}

/** A schema or one of the things it says. */
export type SchemaNode = Form & {
  /** Different for every node of a comparison. */
  readonly id: number;
  readonly schema: JsonSchema;
  /** Where the schema stands in its text [JSON Pointer]. */
  readonly pointer: string;
  /** Whether title, description, default and id belong to this node and not to a product around it. */
  readonly isWhole: boolean;
  readonly document: SchemaDocument;
};

/** A JSON Schema document whose parts are looked at as nodes, each only once. */
export interface SchemaDocument {
  readonly root: JsonSchema;
  /** Whether keywords beside `$ref` count, as they do since 2019-09. */
  readonly isModern: boolean;
  readonly anchors: ReadonlyMap<string, string>;
  readonly nodes: Map<JsonSchema, SchemaNode>;
  /** Gives each node of both documents its number. */
  readonly count: { next: number };
}

/** References that are followed one after the other before they are taken for a circle. */
const hopsMax = 100;

/** What references that lead to each other in a circle lead to. */
const circle = "a reference to itself";

const typeKeywords: Readonly<Record<"string" | "number" | "object" | "array", readonly string[]>> =
  {
    string: ["maxLength", "minLength", "pattern"],
    number: ["maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "multipleOf"],
    object: [
      "properties",
      "required",
      "additionalProperties",
      "patternProperties",
      "propertyNames",
      "maxProperties",
      "minProperties",
      "dependencies",
      "dependentRequired",
      "dependentSchemas",
      "unevaluatedProperties",
    ],
    array: [
      "items",
      "prefixItems",
      "additionalItems",
      "unevaluatedItems",
      "maxItems",
      "minItems",
      "uniqueItems",
      "contains",
      "maxContains",
      "minContains",
    ],
  };

/** Makes a document of a schema. `count` is the same for both sides of a comparison. */
export function createSchemaDocument(root: JsonSchema, count: { next: number }): SchemaDocument {
  return {
    root,
    isModern: isModern(root),
    anchors: anchorsOf({ ...root }),
    nodes: new Map(),
    count,
  };
}

function isModern(root: JsonSchema): boolean {
  const { $schema: dialect } = root;
  if (typeof dialect === "string") return /20(19|20)-\d\d/u.test(dialect);
  return ["$defs", "$anchor", "prefixItems", "dependentRequired", "dependentSchemas"].some((key) =>
    Object.hasOwn(root, key),
  );
}

/** What stands at a place of a document. Anything but an object or `false` describes everything. */
export function nodeOf(document: SchemaDocument, schema: unknown, pointer: string): SchemaNode {
  if (!isRecord(schema)) {
    const kind = schema === false ? "never" : "any";
    return place(document, { kind }, { schema: {}, pointer, isWhole: true });
  }
  const known = document.nodes.get(schema);
  if (known !== undefined) return known;
  const node = readNode(document, schema, pointer);
  document.nodes.set(schema, node);
  return node;
}

/** The node at `schema[keyword]`, or at `schema[keyword][step]`. */
export function childOf(node: SchemaNode, keyword: string, step?: string | number): SchemaNode {
  const { document, pointer } = node;
  const held = node.schema[keyword];
  const path = pathTo(pointer, keyword);
  if (step === undefined) return nodeOf(document, held, path);
  const inner = isRecord(held) || Array.isArray(held) ? ownValue(held, String(step)) : undefined;
  return nodeOf(document, inner, pathTo(path, step));
}

interface Spot {
  readonly schema: JsonSchema;
  readonly pointer: string;
  readonly isWhole: boolean;
}

function place(document: SchemaDocument, form: Form, spot: Spot): SchemaNode {
  return { ...form, ...spot, id: document.count.next++, document };
}

function readNode(document: SchemaDocument, schema: JsonSchema, pointer: string): SchemaNode {
  const target = typeof schema["$ref"] === "string" ? follow(document, schema) : undefined;
  const siblings =
    document.isModern || target === undefined ? formsOf(document, schema, pointer) : [];
  if (target !== undefined && siblings.length === 0)
    return target === "outside"
      ? place(document, outside(schema), { schema, pointer, isWhole: true })
      : nodeOf(document, target.schema, target.pointer);
  const [only, ...others] = siblings;
  if (only === undefined)
    return place(document, { kind: "any" }, { schema, pointer, isWhole: true });
  if (others.length === 0 && target === undefined)
    return place(document, only, { schema, pointer, isWhole: true });
  const branches = siblings.map((form) => partBranch(document, form, { schema, pointer }));
  if (target !== undefined) branches.unshift(targetBranch(document, schema, { target, pointer }));
  const form: Form = { kind: "combined", criterion: "all", branches };
  return place(document, form, { schema, pointer, isWhole: true });
}

function outside(schema: JsonSchema): Form {
  return { kind: "opaque", text: `$ref ${String(schema["$ref"])}` };
}

function partBranch(
  document: SchemaDocument,
  form: Form,
  spot: { readonly schema: JsonSchema; readonly pointer: string },
): Branch {
  const node = place(document, form, { ...spot, isWhole: false });
  return { path: "", node: () => node };
}

function targetBranch(
  document: SchemaDocument,
  schema: JsonSchema,
  { target, pointer }: { readonly target: Target | "outside"; readonly pointer: string },
): Branch {
  if (target === "outside") return partBranch(document, outside(schema), { schema, pointer });
  return { path: "", node: () => nodeOf(document, target.schema, target.pointer) };
}

/** Everything that a schema says besides its reference. */
function formsOf(document: SchemaDocument, schema: JsonSchema, pointer: string): readonly Form[] {
  const forms: Form[] = [];
  for (const [keyword, criterion] of [
    ["allOf", "all"],
    ["anyOf", "any"],
    ["oneOf", "one"],
  ] as const) {
    const held: unknown = schema[keyword];
    // No branch at all: nothing fits. No part at all: nothing is asked.
    if (Array.isArray(held) && (held.length > 0 || criterion !== "all"))
      forms.push({
        kind: "combined",
        criterion,
        branches: branchesOf(document, held, { keyword, pointer }),
      });
  }
  forms.push(...typesOf(document, schema, pointer));
  if (Array.isArray(schema["enum"])) forms.push({ kind: "enum" });
  if (Object.hasOwn(schema, "const")) forms.push({ kind: "const" });
  if (Object.hasOwn(schema, "not")) forms.push({ kind: "not" });
  if (Object.hasOwn(schema, "if")) forms.push({ kind: "condition" });
  return forms;
}

// Branches that are written twice say nothing more than once.
function branchesOf(
  document: SchemaDocument,
  held: readonly unknown[],
  { keyword, pointer }: { readonly keyword: string; readonly pointer: string },
): readonly Branch[] {
  const written = new Set<string>();
  return held.flatMap((schema, index) => {
    const text = JSON.stringify(schema) ?? "";
    if (written.has(text)) return [];
    written.add(text);
    const path = pathTo(`/${keyword}`, index);
    return [{ path, node: () => nodeOf(document, schema, pointer + path) }];
  });
}

function typesOf(document: SchemaDocument, schema: JsonSchema, pointer: string): readonly Form[] {
  const { type } = schema;
  if (typeof type === "string") return [typedForm(type)];
  if (!Array.isArray(type)) return impliedForms(schema);
  const names = [...new Set(type.map(String))];
  const branches = names.map((name) => partBranch(document, typedForm(name), { schema, pointer }));
  return [{ kind: "combined", criterion: "any", branches }];
}

function typedForm(type: string): Form {
  switch (type) {
    case "integer":
      return { kind: "number", isTyped: true, isInteger: true };
    case "string":
    case "number":
    case "boolean":
    case "null":
    case "object":
    case "array":
      return { kind: type, isTyped: true, isInteger: false };
    default:
      return { kind: "opaque", text: `type ${type}` };
  }
}

// Without `type`, keywords about strings are about strings only, and so on.
function impliedForms(schema: JsonSchema): readonly Form[] {
  return (["string", "number", "object", "array"] as const)
    .filter((kind) => typeKeywords[kind].some((keyword) => Object.hasOwn(schema, keyword)))
    .map((kind) => ({ kind, isTyped: false, isInteger: false }));
}

interface Target {
  readonly schema: unknown;
  readonly pointer: string;
}

/** Where a reference leads in the end; "outside" where that is not in the document, or nowhere. */
function follow(document: SchemaDocument, schema: JsonSchema): Target | "outside" {
  let at: unknown = schema;
  let pointer = "";
  for (let hops = 0; hops < hopsMax; hops++) {
    if (!isRecord(at) || typeof at["$ref"] !== "string") return { schema: at, pointer };
    const isAlone = !document.isModern || hops === 0 || Object.keys(at).length === 1;
    if (!isAlone) return { schema: at, pointer };
    const next = resolve(document, at["$ref"]);
    if (next === undefined) return "outside";
    at = next.schema;
    pointer = next.pointer;
  }
  return { schema: { $ref: circle }, pointer: "" };
}

function resolve(document: SchemaDocument, reference: string): Target | undefined {
  const { $id: id } = document.root;
  const isOwn =
    typeof id === "string" && id !== "" && reference.startsWith(`${id.replace(/#$/u, "")}#`);
  const fragment =
    isOwn || reference.startsWith("#") ? reference.slice(reference.indexOf("#") + 1) : undefined;
  if (fragment === undefined)
    return reference === id ? { schema: document.root, pointer: "" } : undefined;
  const pointer =
    fragment === "" || fragment.startsWith("/")
      ? unescape(fragment)
      : document.anchors.get(fragment);
  if (pointer === undefined) return undefined;
  let at: unknown = document.root;
  for (const step of pointer.split("/").slice(1)) {
    if (!isRecord(at) && !Array.isArray(at)) return undefined;
    at = ownValue(at, step.replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  return isRecord(at) || typeof at === "boolean" ? { schema: at, pointer } : undefined;
}

function ownValue(holder: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(holder, key)?.value;
}

function unescape(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}
