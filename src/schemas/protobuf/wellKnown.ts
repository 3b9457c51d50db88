// The well-known types of Protobuf, which have forms of their own in JSON (protobuf.dev, "ProtoJSON format").

import type { JsonSchema } from "../../model/scenario.ts";

const wide = { type: ["string", "integer"], pattern: "^-?[0-9]+$" };

const forms: Readonly<Record<string, JsonSchema>> = {
  Any: { type: "object", properties: { "@type": { type: "string" } }, required: ["@type"] },
  BoolValue: { type: "boolean" },
  BytesValue: { type: "string", contentEncoding: "base64" },
  DoubleValue: { type: "number" },
  Duration: { type: "string", pattern: "^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$" },
  Empty: { type: "object" },
  FieldMask: { type: "string" },
  FloatValue: { type: "number" },
  Int32Value: { type: "integer" },
  Int64Value: wide,
  ListValue: { type: "array" },
  NullValue: { type: "null" },
  StringValue: { type: "string" },
  Struct: { type: "object" },
  Timestamp: { type: "string", format: "date-time" },
  UInt32Value: { type: "integer", minimum: 0 },
  UInt64Value: wide,
  Value: {},
};

/** How a type such as ".google.protobuf.Timestamp" stands in JSON; undefined for all others. */
export function wellKnown(fullName: string): JsonSchema | undefined {
  const name = /^\.google\.protobuf\.(\w+)$/u.exec(fullName)?.[1];
  return name !== undefined && Object.hasOwn(forms, name) ? forms[name] : undefined;
}
