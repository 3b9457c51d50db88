// What a text in an editor is: it decides colours, completion and hovers.

/** A schema in one of the languages, plain JSON, or an AsyncAPI document. */
export type TextKind =
  | "json-schema"
  | "avro"
  | "protobuf"
  | "json"
  | "asyncapi-yaml"
  | "asyncapi-json";
