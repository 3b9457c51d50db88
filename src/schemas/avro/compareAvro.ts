// Compares two Avro schemas by the rules of schema resolution, as Java Avro's SchemaCompatibility judges them: types are
// matched by their short names, and logical types do not count – a change of those is a warning here.
// Rules: Avro specification 1.12, "Schema Resolution"; names of the differences as in Java.

import { pathTo, type Problem } from "../../base/problem.ts";
import { fail, type Result, succeed } from "../../base/result.ts";
import {
  type Comparison,
  type FindingDetail,
  type SchemaPair,
  sidesOf,
  toComparison,
} from "../change.ts";
import {
  addFinding,
  type Collector,
  comparePair,
  compareToFixedPoint,
  createCollector,
  include,
  spend,
  tooEntangled,
} from "../pairWalk.ts";
import { checkSize } from "../schemaSize.ts";
import { type AvroField, type AvroNode, readAvro } from "./avroNode.ts";
import { avroSentence } from "./avroSentences.ts";

type Found = Collector<AvroNode>;
type Of<Kind> = Extract<AvroNode, { readonly kind: Kind }>;

/** What each type takes besides itself. */
const promotions: Readonly<Partial<Record<AvroNode["kind"], readonly string[]>>> = {
  long: ["int"],
  float: ["int", "long"],
  double: ["int", "long", "float"],
  bytes: ["string"],
  string: ["bytes"],
};

/** Whether what is written with one Avro schema can be read with the other, and what differs. */
export function compareAvroSchemas(pair: SchemaPair): Result<Comparison, readonly Problem[]> {
  const problems = [...checkSize("writer", pair.writer), ...checkSize("reader", pair.reader)];
  if (problems.length > 0) return fail(problems);
  const count = { next: 0 };
  const [writer, reader] = [readAvro(pair.writer, count), readAvro(pair.reader, count)];
  if (!writer.ok) return fail([writer.failure]);
  if (!reader.ok) return fail([reader.failure]);
  const outcome = compareToFixedPoint<AvroNode>(
    (walk, mine, theirs) => compareTypes(createCollector(walk, mine, theirs)),
    writer.value,
    reader.value,
  );
  if (outcome === undefined) return fail([tooEntangled]);
  const sides = sidesOf(pair.next ?? "reader");
  return succeed(toComparison(outcome.findings, (finding) => avroSentence(finding, sides)));
}

function compareTypes(at: Found): Found {
  const { writer, reader } = at;
  if (writer.kind === "union") compareWriterUnion(at, writer);
  else if (reader.kind === "union") compareReaderUnion(at, reader);
  else if (writer.kind === reader.kind) {
    compareLogical(at);
    compareSame(at);
  } else if (promotions[reader.kind]?.includes(writer.kind)) compareLogical(at);
  else find(at, "TYPE_MISMATCH", "", { writer: writer.kind, reader: reader.kind });
  return at;
}

function find(at: Found, rule: string, path: string, detail: FindingDetail): void {
  const places = { writer: at.writer.pointer, reader: at.reader.pointer };
  addFinding(at, { rule, path, level: "breaking", places, detail });
}

function warn(at: Found, rule: string, path: string, detail: FindingDetail): void {
  const places = { writer: at.writer.pointer, reader: at.reader.pointer };
  addFinding(at, { rule, path, level: "warning", places, detail });
}

/** Whatever branch the writer chose must be readable. */
function compareWriterUnion(at: Found, writer: Of<"union">): void {
  for (const [index, branch] of writer.branches.entries()) {
    const outcome = comparePair(at.walk, branch, at.reader);
    // What is missing in a union is said once, with the place of the writer's branch.
    include(at, outcome, pathTo("", index));
  }
}

function compareReaderUnion(at: Found, reader: Of<"union">): void {
  const { walk, writer } = at;
  if (!spend(walk, reader.branches.length / 8)) return;
  // The same type before one that it is promoted to.
  const candidates = [
    ...reader.branches.filter(
      (branch) => branch.kind === writer.kind && isNamedAlike(writer, branch),
    ),
    ...reader.branches.filter(({ kind }) => promotions[kind]?.includes(writer.kind)),
  ];
  const outcomes = candidates.map((branch) => comparePair(walk, writer, branch));
  const fitting = outcomes.find(({ isCompatible }) => isCompatible);
  if (fitting !== undefined) return include(at, fitting, "");
  const [nearest] = outcomes;
  const reason = nearest?.findings.find(({ level }) => level === "breaking");
  find(at, "MISSING_UNION_BRANCH", "", {
    name: titleOf(writer),
    ...(reason === undefined ? {} : { reason: `${reason.rule} at ${reason.path || "its top"}` }),
  });
}

function titleOf(node: AvroNode): string {
  return "name" in node ? `${node.kind} ${node.name.full}` : node.kind;
}

function compareSame(at: Found): void {
  const { writer, reader } = at;
  if (writer.kind === "record" && reader.kind === "record") compareRecords(at, writer, reader);
  else if (writer.kind === "enum" && reader.kind === "enum") compareEnums(at, writer, reader);
  else if (writer.kind === "fixed" && reader.kind === "fixed") {
    compareNames(at, writer, reader);
    if (writer.size !== reader.size)
      find(at, "FIXED_SIZE_MISMATCH", "/size", { writer: writer.size, reader: reader.size });
  } else if ("inner" in writer && "inner" in reader) {
    const part = reader.kind === "array" ? "/items" : "/values";
    include(at, comparePair(at.walk, writer.inner, reader.inner), part);
  }
}

type Named = Of<"record" | "enum" | "fixed">;

/** Whether two types have no names, or names that Java Avro takes for the same. */
function isNamedAlike(writer: AvroNode, reader: AvroNode): boolean {
  if (!("name" in writer) || !("name" in reader)) return true;
  return writer.name.short === reader.name.short || reader.name.aliases.includes(writer.name.full);
}

function compareNames(at: Found, mine: Named, theirs: Named): void {
  const [writer, reader] = [mine.name, theirs.name];
  if (!isNamedAlike(mine, theirs))
    find(at, "NAME_MISMATCH", "/name", { writer: writer.full, reader: reader.full });
  else if (writer.short === reader.short && writer.full !== reader.full)
    warn(at, "NAMESPACE_CHANGED", "/namespace", { writer: writer.full, reader: reader.full });
}

function compareEnums(at: Found, writer: Of<"enum">, reader: Of<"enum">): void {
  compareNames(at, writer, reader);
  const known = new Set(reader.symbols);
  const missing = writer.symbols.filter((symbol) => !known.has(symbol));
  if (missing.length === 0) return;
  const hasFallback = typeof reader.fallback === "string" && known.has(reader.fallback);
  if (!hasFallback) find(at, "MISSING_ENUM_SYMBOLS", "/symbols", { name: missing.join(", ") });
}

function compareRecords(at: Found, writer: Of<"record">, reader: Of<"record">): void {
  compareNames(at, writer, reader);
  const written = new Map(writer.fields.map((field) => [field.name, field]));
  for (const [index, field] of reader.fields.entries()) {
    if (!spend(at.walk, 1)) return;
    const path = `/fields/${index}`;
    const source = sourceOf(field, written);
    if (source !== undefined) {
      include(at, comparePair(at.walk, source.type, field.type), `${path}/type`);
    } else if (!field.hasDefault) {
      const places = { writer: writer.pointer, reader: field.pointer };
      const rule = "READER_FIELD_MISSING_DEFAULT_VALUE";
      addFinding(at, { rule, path, level: "breaking", places, detail: { name: field.name } });
    }
  }
}

/** The writer's field from which a reader fills one of its own. */
function sourceOf(
  field: AvroField,
  written: ReadonlyMap<string, AvroField>,
): AvroField | undefined {
  const names = [field.name, ...field.aliases];
  const name = names.find((candidate) => written.has(candidate));
  return name === undefined ? undefined : written.get(name);
}

function compareLogical(at: Found): void {
  const [writer, reader] = [at.writer.logical, at.reader.logical];
  if (writer !== reader) warn(at, "LOGICAL_TYPE_CHANGED", "/logicalType", { writer, reader });
}
