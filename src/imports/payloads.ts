// Payload schemas as contracts keep them: in one piece. Where a schema refers to others, they stand in its own
// `definitions`; each part remembers the place in a file from which it came.

import { isObject } from "../model/equal.ts";
import type { PayloadSchema, SchemaFormat } from "../model/scenario.ts";
import type { Findings } from "./findings.ts";
import { payloadDepthMax, payloadValuesMax } from "./limits.ts";
import { placeKey, referenceAt, type References, type Spot } from "./references.ts";

/** A schema in one piece. */
export interface Bundle {
  readonly schema: PayloadSchema;
  /** JSON Pointer of a part → where it came from: "" for the whole, "/definitions/Money" for a definition. */
  readonly places: ReadonlyMap<string, Spot>;
}

/** The language that a media type means; undefined: one that contracts do not know. */
export function formatFor(mediaType: string | undefined): SchemaFormat | undefined {
  const type = mediaType?.toLowerCase() ?? "";
  if (type === "" || /vnd\.aai\.asyncapi|schema\+(json|yaml)|vnd\.oai\.openapi/u.test(type))
    return "json-schema";
  if (/vnd\.apache\.avro/u.test(type)) return "avro";
  return /protobuf/u.test(type) ? "protobuf" : undefined;
}

/** Keys of a schema under which data stands, in which a $ref means nothing. */
const dataKeys = new Set(["const", "default", "enum", "example", "examples"]);

/** The JSON Schema at a place, in one piece; undefined, with a finding, where it is too large or too deep. */
export function bundleJsonSchema(
  references: References,
  spot: Spot,
  findings: Findings,
): Bundle | undefined {
  try {
    return new Bundler(references, spot).bundle();
  } catch (error) {
    if (!(error instanceof Oversize)) throw error;
    findings.add("warning", "import/large-schema", spot, oversizeMessage);
    return undefined;
  }
}

const oversizeMessage = `The schema is nested more than ${payloadDepthMax} levels deep or has more than ${payloadValuesMax.toLocaleString("en")} values, and the contract stays without it. Its text is kept; split it to work with it.`;

/** Thrown and caught within this file only, to leave a deep walk at once. */
class Oversize extends Error {}

class Bundler {
  private readonly references: References;
  private readonly root: Spot;
  private readonly names = new Map<string, string>();
  private readonly waiting: { readonly name: string; readonly spot: Spot }[] = [];
  private valuesLeft = payloadValuesMax;

  constructor(references: References, root: Spot) {
    this.references = references;
    this.root = root;
  }

  bundle(): Bundle {
    const root = this.copy(this.root, 0);
    const schema: Record<string, unknown> = isObject(root)
      ? { ...root }
      : root === false
        ? { not: {} }
        : {};
    const places = new Map([["", this.root]]);
    const own = isObject(schema["definitions"]) ? schema["definitions"] : {};
    const definitions: Record<string, unknown> = { ...own };
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      definitions[next.name] = this.copy(next.spot, 1);
      places.set(`/definitions/${next.name}`, next.spot);
    }
    return places.size === 1 ? { schema, places } : { schema: { ...schema, definitions }, places };
  }

  private copy({ file, path, value }: Spot, depth: number): unknown {
    if (this.valuesLeft-- <= 0 || depth > payloadDepthMax) throw new Oversize();
    if (Array.isArray(value))
      return value.map((item: unknown, index) =>
        this.copy({ file, path: [...path, String(index)], value: item }, depth + 1),
      );
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([key, part]): [string, unknown] => {
      if (key === "$ref" && typeof part === "string")
        return [key, this.definitionFor({ file, path, value })];
      const under: Spot = { file, path: [...path, key], value: part };
      return [
        key,
        dataKeys.has(key) && !isNamed(path)
          ? this.data(part, depth + 1)
          : this.copy(under, depth + 1),
      ];
    });
    return Object.fromEntries(entries);
  }

  private data(value: unknown, depth: number): unknown {
    if (this.valuesLeft-- <= 0 || depth > payloadDepthMax) throw new Oversize();
    if (Array.isArray(value)) return value.map((item) => this.data(item, depth + 1));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, this.data(part, depth + 1)]),
    );
  }

  /** The reference by which the schema in one piece names what a reference means. */
  private definitionFor(spot: Spot): string {
    const target = this.references.follow(spot);
    // What cannot be found stays as it was written; that it cannot be found is a finding already.
    if (target.value === undefined) return referenceAt(spot.value) ?? "#";
    const place = placeKey(target);
    if (place === placeKey(this.root)) return "#";
    const known = this.names.get(place) ?? this.nameOf(target, place);
    return `#/definitions/${known}`;
  }

  private nameOf(target: Spot, place: string): string {
    const last = target.path.at(-1) ?? target.file.name.replace(/^.*\/|\.\w+$/gu, "");
    const stem = last.replace(/[^\w.-]+/gu, "_") || "definition";
    const taken = new Set(this.names.values());
    const { value } = this.root;
    const own = isObject(value) && isObject(value["definitions"]) ? value["definitions"] : {};
    let name = stem;
    for (let number = 2; taken.has(name) || Object.hasOwn(own, name); number++)
      name = `${stem}-${number}`;
    this.names.set(place, name);
    this.waiting.push({ name, spot: target });
    return name;
  }
}

/** Whether the keys at a path are names that somebody has chosen, so that a property may be called “default”. */
function isNamed(path: readonly string[]): boolean {
  return (
    path.at(-1) === "properties" ||
    path.at(-1) === "patternProperties" ||
    path.at(-1) === "definitions" ||
    path.at(-1) === "$defs"
  );
}

/** A schema in another language, with what it refers to in place; undefined where that has no end. */
export function inlineSchema(
  references: References,
  spot: Spot,
  findings: Findings,
): Bundle | undefined {
  let valuesLeft = payloadValuesMax;
  const inline = (from: Spot, depth: number): unknown => {
    if (valuesLeft-- <= 0 || depth > payloadDepthMax) throw new Oversize();
    const { file, path, value } = references.follow(from);
    if (Array.isArray(value))
      return value.map((item: unknown, index) =>
        inline({ file, path: [...path, String(index)], value: item }, depth + 1),
      );
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [
        key,
        inline({ file, path: [...path, key], value: part }, depth + 1),
      ]),
    );
  };
  try {
    const schema = inline(spot, 0);
    if (!isObject(schema) && !Array.isArray(schema) && typeof schema !== "string") return undefined;
    return { schema, places: new Map([["", spot]]) };
  } catch (error) {
    if (!(error instanceof Oversize)) throw error;
    findings.add("warning", "import/large-schema", spot, oversizeMessage);
    return undefined;
  }
}
