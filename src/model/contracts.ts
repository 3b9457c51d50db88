// Reading a contract: its language, its versions from the oldest to the newest, and which one somebody speaks.

import { isObject } from "./equal.ts";
import type {
  CompatibilityMode,
  Contract,
  ContractVersion,
  JsonSchema,
  PayloadSchema,
  SchemaFormat,
} from "./scenario.ts";

/** The language of a contract's schemas. */
export function formatOf({ format = "json-schema" }: Contract): SchemaFormat {
  return format;
}

/** What its registry asks of a new version. */
export function compatibilityOf({ compatibility = "BACKWARD" }: Contract): CompatibilityMode {
  return compatibility;
}

/** All versions, the oldest first; the last one is the contract itself. */
export function versionsOf(contract: Contract): readonly ContractVersion[] {
  return [...(contract.earlier ?? []), contract];
}

/** Whether there is more than one version, so that it matters which of them somebody speaks. */
export function hasVersions({ earlier = [] }: Contract): boolean {
  return earlier.length > 0;
}

/** The version of that name, or the newest where none is named; undefined: there is none of that name. */
export function versionOf(
  contract: Contract,
  name: string | undefined,
): ContractVersion | undefined {
  if (name === undefined) return contract;
  return versionsOf(contract).find(({ contractVersion }) => contractVersion === name);
}

/** A schema as JSON Schema; undefined where the contract is written in another language. */
export function jsonSchemaOf(contract: Contract): JsonSchema | undefined {
  return formatOf(contract) === "json-schema" && isJsonSchema(contract.schema)
    ? contract.schema
    : undefined;
}

function isJsonSchema(schema: PayloadSchema): schema is JsonSchema {
  return isObject(schema);
}
