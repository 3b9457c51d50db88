// What a text in an editor is: it decides colours, completion and hovers.

/** A schema in one of the languages, or plain JSON. */
export type TextKind = "json-schema" | "avro" | "protobuf" | "json";
