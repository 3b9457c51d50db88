// Reads an Avro schema (version 1.12 of the specification) from its JSON and says at which place something is wrong.
// Attributes that the specification does not know are metadata and nobody's mistake.

import { pathTo, type Problem } from "../../base/problem.ts";
import { isObject } from "../../model/equal.ts";
import { suggestion } from "../../model/near.ts";
import { error, warning } from "../schemaProblems.ts";
import { defaultFits } from "./avroDefaults.ts";
import { endlessRecords } from "./avroEndless.ts";
import { checkLogicalType } from "./avroLogical.ts";
import {
  avroDepthMax,
  definedName,
  definitionsOf,
  fullNameOf,
  isAvroFullName,
  isAvroName,
  namespaceIn,
} from "./avroNames.ts";
import {
  type AvroEnum,
  type AvroField,
  type AvroFixed,
  type AvroNamed,
  avroPrimitives,
  type AvroRecord,
  type AvroType,
  isAvroPrimitive,
  shortName,
} from "./avroTypes.ts";

/** A schema that was read. */
export interface AvroSchema {
  /** Absent: it has errors. */
  readonly type?: AvroType;
  readonly problems: readonly Problem[];
}

/** Most problems that are reported for one schema. */
const problemsMax = 50;

/** Reads a schema; paths of problems are relative to it. */
export function readAvro(schema: unknown): AvroSchema {
  const reading: Reading = {
    problems: [],
    defaults: [],
    definitions: definitionsOf(schema),
    defined: new Map(),
  };
  const type = readType(schema, { path: "", namespace: "", depth: 0, reading });
  // Only now all fields of all records are known.
  for (const check of reading.defaults) check();
  if (reading.problems.length === 0) checkEnds(reading);
  const problems = reading.problems.slice(0, problemsMax);
  const isUsable = type !== undefined && problems.every(({ severity }) => severity !== "error");
  return isUsable ? { type, problems } : { problems };
}

function checkEnds({ definitions, defined, problems }: Reading): void {
  for (const { name } of endlessRecords(definitions.values())) {
    const sentence = `A “${name}” always contains another one without end. Make the field in between a union with "null", or a list.`;
    problems.push(warning("contract/doubtful", defined.get(name) ?? "", sentence));
  }
}

interface Reading {
  readonly problems: Problem[];
  readonly defaults: (() => void)[];
  readonly definitions: ReadonlyMap<string, AvroNamed>;
  /** The definitions that were read so far: full name → path. */
  readonly defined: Map<string, string>;
}

interface Place {
  readonly path: string;
  readonly namespace: string;
  readonly depth: number;
  readonly reading: Reading;
}

type Definition = Readonly<Record<string, unknown>>;

function at(place: Place, ...steps: readonly (string | number)[]): Place {
  return { ...place, path: steps.reduce<string>(pathTo, place.path), depth: place.depth + 1 };
}

function complain(place: Place, message: string): undefined {
  place.reading.problems.push(error("contract/schema", place.path, message));
}

function readType(value: unknown, place: Place): AvroType | undefined {
  if (place.depth > avroDepthMax)
    return complain(place, `The schema is nested more than ${avroDepthMax} deep. Name its parts.`);
  if (typeof value === "string") return readName(value, place);
  if (Array.isArray(value)) return readUnion(value, place);
  if (!isObject(value))
    return complain(
      place,
      'A type is a name such as "string", a list (a union), or an object with a "type".',
    );
  const { type } = value;
  if (type === undefined)
    return complain(place, 'Here a "type" is missing. Write for example "type": "record".');
  switch (type) {
    case "record":
    case "error":
    case "enum":
    case "fixed":
      return readNamed(value, place);
    case "array": {
      const items = readPart(value, "items", place);
      return items === undefined ? undefined : { kind: "array", items };
    }
    case "map": {
      const values = readPart(value, "values", place);
      return values === undefined ? undefined : { kind: "map", values };
    }
    default:
      return readWrapped(value, type, place);
  }
}

function readPart(value: Definition, key: "items" | "values", place: Place): AvroType | undefined {
  if (value[key] !== undefined) return readType(value[key], at(place, key));
  const whole = key === "items" ? "An array" : "A map";
  return complain(place, `${whole} needs "${key}": the type of what is in it.`);
}

// `{ "type": "string", "logicalType": … }`, or a type inside of a type.
function readWrapped(value: Definition, type: unknown, place: Place): AvroType | undefined {
  const read = readType(type, at(place, "type"));
  const { logicalType } = value;
  if (read === undefined || typeof logicalType !== "string") return read;
  place.reading.problems.push(...checkLogicalType(value, read, place.path));
  return read.kind === "primitive" ? { ...read, logicalType } : read;
}

function readName(name: string, place: Place): AvroType | undefined {
  if (isAvroPrimitive(name)) return { kind: "primitive", name };
  const { definitions, defined, problems } = place.reading;
  const full = fullNameOf(name, place.namespace);
  // A name without namespace may also mean one that has none.
  const known = definitions.has(full) ? full : name;
  const type = definitions.get(known);
  if (type === undefined) {
    problems.push(error("contract/reference", place.path, unknownType(name, place)));
    return undefined;
  }
  if (!defined.has(known)) {
    const sentence = `“${name}” is used before it is defined, which most readers refuse. Define it here, and use the name further down.`;
    problems.push(warning("contract/reference", place.path, sentence));
  }
  return type;
}

const complexTypes = ["record", "enum", "fixed", "array", "map"];

function unknownType(name: string, place: Place): string {
  if (complexTypes.includes(name))
    return `“${name}” needs an object of its own: write { "type": { "type": "${name}", … } }.`;
  const names = [...avroPrimitives, ...[...place.reading.definitions.keys()].map(shortName)];
  return `There is no type “${name}”.${suggestion(name, names)} Name a primitive type or one that is defined above.`;
}

function readUnion(branches: readonly unknown[], place: Place): AvroType | undefined {
  if (branches.length === 0) return complain(place, "A union needs at least one type.");
  const types: AvroType[] = [];
  const seen = new Set<string>();
  for (const [index, branch] of branches.entries()) {
    const here = at(place, index);
    const type = readType(branch, here);
    if (type === undefined) continue;
    if (type.kind === "union") {
      complain(here, "A union may not stand directly in a union. List its types in the outer one.");
      continue;
    }
    const key = "name" in type ? type.name : type.kind;
    if (seen.has(key))
      complain(
        here,
        `The union has “${key}” twice, and readers cannot tell them apart. Remove one.`,
      );
    seen.add(key);
    types.push(type);
  }
  return types.length === branches.length ? { kind: "union", branches: types } : undefined;
}

function readNamed(value: Definition, place: Place): AvroType | undefined {
  const { reading } = place;
  const full = definedName(value, place.namespace);
  const { name, namespace, aliases, doc } = value;
  if (full === undefined) {
    const sentence = `A ${String(value["type"])} needs a "name" of letters, digits and _ that does not begin with a digit.`;
    return complain(name === undefined ? place : at(place, "name"), sentence);
  }
  if (typeof namespace === "string" && namespace !== "" && !isAvroFullName(namespace))
    complain(at(place, "namespace"), "A namespace is made of names with dots between them.");
  if (isAvroPrimitive(full))
    complain(at(place, "name"), `“${full}” is a type of Avro itself. Choose another name.`);
  if (reading.defined.has(full))
    complain(at(place, "name"), `“${full}” is already defined. Rename one, or use the name only.`);
  if (!reading.defined.has(full)) reading.defined.set(full, place.path);
  const type = reading.definitions.get(full);
  if (type === undefined || type.kind !== kindOf(value["type"])) return undefined;
  type.aliases = readAliases(aliases, at(place, "aliases")).map((one) =>
    fullNameOf(one, namespaceIn(full)),
  );
  if (typeof doc === "string") type.doc = doc;
  const inside = { ...place, namespace: namespaceIn(full) };
  if (type.kind === "record") readFields(type, value["fields"], inside);
  else if (type.kind === "enum") readSymbols(type, value, inside);
  else readSize(type, value, inside);
  return type;
}

function kindOf(type: unknown): unknown {
  return type === "error" ? "record" : type;
}

function readAliases(aliases: unknown, place: Place): readonly string[] {
  if (aliases === undefined) return [];
  if (!Array.isArray(aliases)) {
    complain(place, "Aliases are a list of names.");
    return [];
  }
  return aliases.filter((alias: unknown, index): alias is string => {
    const isName = typeof alias === "string" && isAvroFullName(alias);
    if (!isName) complain(at(place, index), "An alias is a name of letters, digits and _.");
    return isName;
  });
}

function readFields(record: AvroRecord, value: unknown, place: Place): void {
  if (!Array.isArray(value)) {
    complain(place, 'A record needs "fields": a list of objects with "name" and "type".');
    return;
  }
  const names = new Set<string>();
  const fields: AvroField[] = [];
  for (const [index, definition] of value.entries()) {
    const field = readField(definition, at(place, "fields", index));
    if (field === undefined) continue;
    for (const name of [field.name, ...field.aliases])
      if (names.has(name))
        complain(
          at(place, "fields", index, "name"),
          `The record has a field or alias “${name}” already. Rename one.`,
        );
      else names.add(name);
    fields.push(field);
  }
  record.fields = fields;
}

function readField(value: unknown, place: Place): AvroField | undefined {
  if (!isObject(value)) return complain(place, 'A field is an object with "name" and "type".');
  const { name, aliases, doc, order } = value;
  if (typeof name !== "string" || !isAvroName(name))
    return complain(
      name === undefined ? place : at(place, "name"),
      'A field needs a "name" of letters, digits and _ that does not begin with a digit.',
    );
  if (value["type"] === undefined) return complain(place, `The field “${name}” needs a "type".`);
  const orders: readonly unknown[] = [undefined, "ascending", "descending", "ignore"];
  if (!orders.includes(order))
    complain(at(place, "order"), 'The order is "ascending", "descending" or "ignore".');
  const type = readType(value["type"], at(place, "type"));
  if (type === undefined) return undefined;
  const others = readAliases(aliases, at(place, "aliases"));
  const field = { name, aliases: others, type, ...(typeof doc === "string" ? { doc } : {}) };
  if (!Object.hasOwn(value, "default")) return field;
  const initial = value["default"];
  place.reading.defaults.push(() => checkDefault(type, initial, at(place, "default")));
  return { ...field, default: { value: initial } };
}

function checkDefault(type: AvroType, value: unknown, place: Place): void {
  const verdict = defaultFits(type, value);
  if (verdict === "misfit")
    complain(place, "The default does not fit the type of the field. Correct one of them.");
  if (verdict === "later")
    place.reading.problems.push(
      warning(
        "contract/doubtful",
        place.path,
        "The default fits a later type of the union, which readers before Avro 1.12 refuse. Put that type first.",
      ),
    );
}

function readSymbols(
  type: AvroEnum,
  { symbols, default: initial }: Definition,
  place: Place,
): void {
  if (!Array.isArray(symbols) || symbols.length === 0) {
    complain(place, 'An enum needs "symbols": a list of names.');
    return;
  }
  const seen = new Set<string>();
  for (const [index, symbol] of symbols.entries()) {
    const here = at(place, "symbols", index);
    if (typeof symbol !== "string" || !isAvroName(symbol))
      complain(
        here,
        "A symbol is a name of letters, digits and _ that does not begin with a digit.",
      );
    else if (seen.has(symbol)) complain(here, `The symbol “${symbol}” stands twice. Remove one.`);
    else seen.add(symbol);
  }
  type.symbols = [...seen];
  if (initial === undefined) return;
  if (typeof initial === "string" && seen.has(initial)) type.default = initial;
  else complain(at(place, "default"), "The default of an enum is one of its symbols.");
}

function readSize(type: AvroFixed, value: Definition, place: Place): void {
  const { size, logicalType } = value;
  if (typeof size === "number" && Number.isInteger(size) && size >= 0) type.size = size;
  else complain(place, 'A fixed needs a "size": a whole number of bytes.');
  if (typeof logicalType !== "string") return;
  type.logicalType = logicalType;
  place.reading.problems.push(...checkLogicalType(value, type, place.path));
}
