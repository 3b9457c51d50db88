// The contracts of a scenario as JSON Schema, each under a name that every programming language takes, whatever language
// they are written in.

import type { JsonSchema, Scenario } from "../../model/scenario.ts";
import { formatOf } from "../../model/contracts.ts";
import { loadLanguage } from "../../schemas/languages.ts";
import { createNamer } from "../names.ts";

/** A contract to make code of. */
export interface NamedSchema {
  /** Such as "OrderPlaced": letters and digits, the first a capital letter. */
  readonly name: string;
  /** What the event is called. */
  readonly title: string;
  readonly schema: JsonSchema;
}

/** The newest version of every contract, and what is to be said of those that have none. */
export async function contractSchemas(scenario: Scenario): Promise<{
  readonly schemas: readonly NamedSchema[];
  readonly remarks: readonly string[];
}> {
  const name = createNamer(typeName, { join: "", isSame: (wish) => wish.toLowerCase() });
  const schemas: NamedSchema[] = [];
  const remarks: string[] = [];
  for (const contract of scenario.contracts) {
    const language = await loadLanguage(formatOf(contract));
    const schema = language.toJsonSchema(contract.schema, "writer");
    if (schema === undefined) remarks.push(`${contract.name} is left out: its schema has errors.`);
    else
      schemas.push({
        name: name(contract.name),
        title: contract.name,
        schema: anonymous(schema),
      });
  }
  if (scenario.contracts.length === 0)
    remarks.push("There is no contract yet, so there are no types to make.");
  return { schemas, remarks };
}

/** Without names of its own, which generators would take in place of the event's. */
function anonymous(schema: JsonSchema): JsonSchema {
  const { title: _title, $id: _id, id: _draft4Id, ...rest } = schema;
  return rest;
}

/** A name for a type. */
function typeName(wish: string): string {
  const words =
    wish
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .match(/[A-Za-z0-9]+/gu) ?? [];
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return /^[A-Z]/u.test(name) ? name : `Event${name}`;
}
