// Messages as contracts. One name is one contract, however many documents describe it; where they describe it
// differently, each description is a version, and that they differ is a finding.

import { isEqual, isObject } from "../model/equal.ts";
import { listMax, textMax } from "../model/limits.ts";
import type {
  Contract,
  ContractExample,
  ContractVersion,
  JsonSchema,
  Origin,
} from "../model/scenario.ts";
import type { DocumentDescription, MessageDescription } from "./description.ts";
import { dataOf, isBinary, isStructured } from "./envelopes.ts";
import { type Findings, pointerOf } from "./findings.ts";
import { type Bundle, bundleJsonSchema, formatFor, inlineSchema } from "./payloads.ts";
import { placeKey, type References, type Spot } from "./references.ts";
import { clipped } from "./wording.ts";

/** What a document says about a message, in the words of contracts. */
export interface ContractDraft {
  readonly document: DocumentDescription;
  readonly message: MessageDescription;
  readonly name: string;
  readonly version: string;
  readonly format: NonNullable<Contract["format"]>;
  readonly payload: Bundle;
  readonly headers: Bundle | undefined;
  readonly examples: readonly ContractExample[];
  readonly envelope: Contract["envelope"];
  readonly key: string | undefined;
}

const empty: Bundle = { schema: {}, places: new Map() };

/** Reads a message as a contract. */
export function draftOf(
  document: DocumentDescription,
  message: MessageDescription,
  { references, findings }: { readonly references: References; readonly findings: Findings },
): ContractDraft {
  const known = formatFor(message.schemaFormat);
  if (known === undefined)
    findings.add(
      "info",
      "import/schema-format",
      message.payload ?? message.spot,
      `Schemas of the format ${message.schemaFormat ?? ""} are not read; the contract ${message.name} stays without one. Its text is kept.`,
    );
  const format = known ?? "json-schema";
  const envelope = envelopeOf(references, message);
  const spot = envelope?.payload ?? message.payload;
  const bundle = format === "json-schema" ? bundleJsonSchema : inlineSchema;
  const payload =
    spot === undefined || known === undefined ? undefined : bundle(references, spot, findings);
  return {
    document,
    message,
    name: clipped(message.name, textMax.name),
    version: clipped(document.documentVersion, textMax.version) || "1.0.0",
    format,
    payload: payload ?? empty,
    headers: headersOf(message, references, findings),
    examples: message.examples.slice(0, listMax.examples).map(exampleOf),
    envelope: envelope?.mode,
    key: keyOf(references, message, spot),
  };
}

function envelopeOf(
  references: References,
  message: MessageDescription,
): { readonly mode: "binary" | "structured"; readonly payload?: Spot } | undefined {
  if (message.headers.some(({ value }) => isBinary(value))) return { mode: "binary" };
  if (message.payload === undefined || !isStructured(references, message)) return undefined;
  const payload = dataOf(references, message.payload);
  return payload === undefined ? undefined : { mode: "structured", payload };
}

function headersOf(
  message: MessageDescription,
  references: References,
  findings: Findings,
): Bundle | undefined {
  const bundles = message.headers.flatMap((spot) =>
    isObject(spot.value) ? (bundleJsonSchema(references, spot, findings) ?? []) : [],
  );
  const [first, ...others] = bundles;
  if (first === undefined || others.length === 0) return first;
  const merged = bundles.reduceRight<JsonSchema>(
    (below, { schema }) => (isObject(schema) ? merge(below, schema) : below),
    {},
  );
  // Put together from several places: there is no single one at which it could be edited.
  return { schema: merged, places: new Map() };
}

/** JSON Merge Patch (RFC 7396), as AsyncAPI applies traits. */
function merge(below: JsonSchema, above: JsonSchema): JsonSchema {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    merged[key] = isObject(value) && isObject(under) ? merge(under, value) : value;
  }
  return merged;
}

function exampleOf(value: unknown): ContractExample {
  if (!isObject(value)) return { payload: value };
  const { name, summary, payload, headers } = value;
  // In version 2.0 an example could be the payload itself.
  if (payload === undefined && headers === undefined) return { payload: value };
  return {
    ...(typeof name === "string" && name !== "" && { name: clipped(name, textMax.name) }),
    ...(typeof summary === "string" && { summary: clipped(summary, textMax.description) }),
    ...(payload !== undefined && { payload }),
    ...(isObject(headers) && { headers }),
  };
}

/** Kafka's key is a schema of its own; it is part of the payload where both refer to the same definition. */
function keyOf(
  references: References,
  message: MessageDescription,
  payload: Spot | undefined,
): string | undefined {
  const binding = message.bindings.get("kafka");
  const key = binding === undefined ? undefined : references.child(binding, "key");
  const properties = payload === undefined ? undefined : references.child(payload, "properties");
  if (key === undefined || properties === undefined || !isObject(properties.value))
    return undefined;
  const name = Object.keys(properties.value).find((property) => {
    const found = references.child(properties, property);
    return found !== undefined && placeKey(found) === placeKey(key);
  });
  return name === undefined ? undefined : pointerOf([name]);
}

/** Contracts with the version that each message has become. */
export interface JoinedContracts {
  readonly contracts: readonly Contract[];
  /** Place of a message → its contract, and the version where it is not the newest. */
  readonly byPlace: ReadonlyMap<string, { readonly id: string; readonly version?: string }>;
}

/** A contract that is being put together. */
interface Group {
  readonly name: string;
  /** Different descriptions, each with all drafts that agree on it. */
  readonly variants: ContractDraft[][];
}

/** Joins drafts by the names of their messages. `published` tells what somebody sends. */
export function joinContracts(
  drafts: readonly ContractDraft[],
  options: {
    readonly freshId: (wish: string) => string;
    readonly published: ReadonlySet<string>;
    readonly findings: Findings;
  },
): JoinedContracts {
  const groups = new Map<string, Group>();
  for (const draft of drafts) addDraft(groups, draft);
  const byPlace = new Map<string, { readonly id: string; readonly version?: string }>();
  const contracts: Contract[] = [];
  for (const group of groups.values()) {
    const id = options.freshId(group.name);
    const variants = sorted(group.variants, options.published).slice(-listMax.versions);
    const names = versionNames(variants);
    contracts.push(contractFrom(id, group, variants, names));
    for (const [index, drafted] of variants.entries())
      for (const { message } of drafted)
        byPlace.set(
          placeKey(message.spot),
          index === variants.length - 1 ? { id } : { id, version: names[index] ?? "" },
        );
    reportMismatch(group, variants, options.findings);
  }
  return { contracts, byPlace };
}

function addDraft(groups: Map<string, Group>, draft: ContractDraft): void {
  let name = draft.name;
  for (let number = 2; ; number++) {
    const group = groups.get(name);
    if (group === undefined) {
      groups.set(name, { name, variants: [[draft]] });
      return;
    }
    const same = group.variants.find(([first]) => first !== undefined && agree(first, draft));
    if (same !== undefined) {
      same.push(draft);
      return;
    }
    if (mayBeVersion(group, draft)) {
      group.variants.push([draft]);
      return;
    }
    // Two different messages of one document are not versions of each other, nor are two languages.
    const suffix =
      number === 2 ? ` (${draft.message.key})` : ` (${draft.message.key} ${number - 1})`;
    name = `${clipped(draft.name, textMax.name - suffix.length)}${suffix}`.slice(0, textMax.name);
  }
}

function agree(a: ContractDraft, b: ContractDraft): boolean {
  return (
    a.format === b.format &&
    a.envelope === b.envelope &&
    isEqual(a.payload.schema, b.payload.schema) &&
    isEqual(a.headers?.schema, b.headers?.schema)
  );
}

function mayBeVersion(group: Group, draft: ContractDraft): boolean {
  return group.variants.every((variant) =>
    variant.every(
      (other) =>
        other.document !== draft.document &&
        other.format === draft.format &&
        other.envelope === draft.envelope,
    ),
  );
}

/** The newest last: by version, and what somebody publishes after what is only expected. */
function sorted(
  variants: readonly ContractDraft[][],
  published: ReadonlySet<string>,
): readonly ContractDraft[][] {
  const isPublished = (variant: ContractDraft[]): boolean =>
    variant.some(({ message }) => published.has(placeKey(message.spot)));
  return variants.toSorted(
    (a, b) =>
      Number(isPublished(a)) - Number(isPublished(b)) ||
      compareVersions(a[0]?.version ?? "", b[0]?.version ?? ""),
  );
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersIn(a), numbersIn(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersIn(version: string): readonly number[] {
  return (version.match(/\d{1,9}/gu) ?? []).map(Number);
}

function versionNames(variants: readonly ContractDraft[][]): readonly string[] {
  const names: string[] = [];
  for (const [first] of variants) {
    const wish = first?.version ?? "1.0.0";
    let name = wish;
    for (let number = 2; names.includes(name); number++) {
      const suffix = `-${number}`;
      name = wish.slice(0, textMax.version - suffix.length) + suffix;
    }
    names.push(name);
  }
  return names;
}

function contractFrom(
  id: string,
  group: Group,
  variants: readonly ContractDraft[][],
  names: readonly string[],
): Contract {
  const all = variants.flat();
  const versions = variants.flatMap(([first], index) =>
    first === undefined ? [] : [versionFrom(first, names[index] ?? "1.0.0")],
  );
  const newest = versions.at(-1) ?? { contractVersion: "1.0.0", schema: {} };
  const earlier = versions.slice(0, -1);
  const first = variants.at(-1)?.[0];
  const description = all.find(({ message }) => message.description !== undefined)?.message
    .description;
  const tags = [...new Set(all.flatMap(({ message }) => message.tags))];
  return {
    id,
    name: group.name,
    ...(description !== undefined && { description: clipped(description, textMax.description) }),
    ...newest,
    ...(first !== undefined && first.format !== "json-schema" && { format: first.format }),
    ...(first?.envelope !== undefined && { envelope: first.envelope }),
    ...(first?.key !== undefined && { key: first.key }),
    ...(tags.length > 0 && {
      tags: tags.slice(0, listMax.tags).map((tag) => clipped(tag, textMax.name)),
    }),
    ...(earlier.length > 0 && { earlier }),
    origins: originsOf(all.map(({ message }) => message.spot)),
  };
}

function versionFrom(draft: ContractDraft, contractVersion: string): ContractVersion {
  const headers = draft.headers?.schema;
  return {
    contractVersion,
    schema: draft.payload.schema,
    ...(isObject(headers) && { headers }),
    ...(draft.examples.length > 0 && { examples: draft.examples }),
  };
}

/** The places of an element, each once. */
export function originsOf(spots: readonly Pick<Spot, "file" | "path">[]): readonly Origin[] {
  const places = new Map(spots.map((spot) => [placeKey(spot), spot]));
  return [...places.values()]
    .slice(0, listMax.origins)
    .map(({ file, path }) => ({ source: file.id, pointer: pointerOf(path) }))
    .filter(({ pointer }) => pointer.length <= textMax.pointer);
}

function reportMismatch(
  { name }: Group,
  variants: readonly ContractDraft[][],
  findings: Findings,
): void {
  const newest = variants.at(-1)?.[0];
  for (const [first] of variants.slice(0, -1)) {
    if (first === undefined || newest === undefined) continue;
    findings.add(
      "warning",
      "import/contract-mismatch",
      first.message.spot,
      `${first.document.title} describes ${name} differently from ${newest.document.title} (${newest.document.file.name}). Both are kept, as versions of one contract: compare them.`,
    );
  }
}
