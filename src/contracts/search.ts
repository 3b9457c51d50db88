// Finding contracts: by name, owner, tag, description, or by the name of a field anywhere in their schemas.

import type { Contract, JsonSchema } from "../model/scenario.ts";
import { forEachSchema, isRecord } from "../schemas/json/schemaWalk.ts";

/** Fields of one schema that are found at most. */
const fieldsMax = 5_000;

/** Names of the fields that a JSON Schema describes, with those around them, such as "customer.city" or "items[].sku".
 *  Each once, in the order of the schema. */
export function fieldsOf(schema: JsonSchema): readonly string[] {
  const fields = new Set<string>();
  forEachSchema(schema, ({ properties }, path) => {
    if (!isRecord(properties)) return;
    const around = fieldAt(path);
    for (const name of Object.keys(properties))
      if (fields.size < fieldsMax) fields.add(around === "" ? name : `${around}.${name}`);
  });
  return [...fields];
}

/** Keywords under which the next step of a path is a name; under `list` it is a number. */
const named = new Set(["properties", "$defs", "definitions", "dependentSchemas"]);
const listed = new Set(["allOf", "anyOf", "oneOf"]);

/** The field to which a path in a schema leads: "/properties/lines/items/properties/sku" is "lines[].sku". */
function fieldAt(path: string): string {
  const steps = path.split("/").slice(1);
  let field = "";
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    if (step === "items") field += "[]";
    else if (named.has(step)) field += (field === "" ? "" : ".") + unescaped(steps[++i] ?? "");
    else if (listed.has(step)) i++;
  }
  return field;
}

function unescaped(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** A contract that was found, and the fields because of which. */
export interface Found {
  readonly contract: Contract;
  readonly fields: readonly string[];
}

/** Contracts in which every word of a question occurs, in the order of the document. `fieldsOfContract` gives the
 *  fields of all versions. An empty question finds all. */
export function findContracts(
  contracts: readonly Contract[],
  question: string,
  fieldsOfContract: (contract: Contract) => readonly string[],
): readonly Found[] {
  const words = question.toLowerCase().split(/\s+/u).filter(Boolean);
  return contracts.flatMap((contract) => {
    const about = aboutOf(contract);
    const missing = words.filter((word) => !about.includes(word));
    if (missing.length === 0) return [{ contract, fields: [] }];
    const fields = fieldsOfContract(contract);
    const hits = missing.map((word) =>
      fields.filter((field) => field.toLowerCase().includes(word)),
    );
    if (hits.some((hit) => hit.length === 0)) return [];
    return [{ contract, fields: [...new Set(hits.flat())] }];
  });
}

function aboutOf({ id, name, description = "", owner = "", tags = [] }: Contract): string {
  return [id, name, description, owner, ...tags].join("\n").toLowerCase();
}
