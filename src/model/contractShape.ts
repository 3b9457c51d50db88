// The shape of contracts in a document: versions of a schema, and what is said about them.

import { described, boolean, choice, id, list, object, optional, text } from "./shape.ts";
import { description, origins } from "./elementShape.ts";
import { json, jsonObject, payloadSchema } from "./jsonShape.ts";
import { listMax, textMax } from "./limits.ts";
import { compatibilityModes, schemaFormats } from "./scenario.ts";
import type { Contract, ContractExample, ContractVersion } from "./scenario.ts";

/** The name of a version. */
export const version = text({ min: 1, max: textMax.version });

const contractVersion = {
  contractVersion: described('Version of the contract, such as "1.0.0".', version),
  schema: described(
    "Schema of the payload: JSON Schema an object, Avro any JSON, Protobuf the text of a .proto file.",
    payloadSchema,
  ),
  headers: optional(described("JSON Schema of the headers.", jsonObject)),
  examples: optional(
    list(
      object<ContractExample>({
        name: optional(text({ max: textMax.name })),
        summary: optional(text({ max: textMax.description })),
        payload: optional(json),
        headers: optional(jsonObject),
      }),
      { max: listMax.examples },
    ),
  ),
};

/** A contract. */
export const contract = object<Contract>({
  id,
  name: described('Name of the event, such as "OrderPlaced".', text({ min: 1, max: textMax.name })),
  description: optional(description),
  ...contractVersion,
  format: optional(
    described(
      "Language of the schemas of all versions; absent: JSON Schema.",
      choice(schemaFormats),
    ),
  ),
  envelope: optional(
    described(
      "How it travels as a CloudEvent: attributes in headers, or around the payload; absent: as none.",
      choice(["binary", "structured"]),
    ),
  ),
  key: optional(
    described(
      'JSON Pointer to the key in the payload, such as "/orderId".',
      text({ max: textMax.pointer }),
    ),
  ),
  owner: optional(text({ max: textMax.name })),
  tags: optional(list(text({ min: 1, max: textMax.name }), { max: listMax.tags })),
  deprecated: optional(boolean),
  compatibility: optional(
    described(
      "What the registry asks of a new version; absent: BACKWARD.",
      choice(compatibilityModes),
    ),
  ),
  earlier: optional(
    described(
      "Earlier versions, the oldest first.",
      list(object<ContractVersion>(contractVersion), { max: listMax.versions }),
    ),
  ),
  origins: optional(described("Where it was imported from.", origins)),
});
