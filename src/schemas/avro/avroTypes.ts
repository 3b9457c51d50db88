// An Avro schema after reading: names are resolved, so a recursive schema is a circle of objects. Walk it with care.

/** Names of the primitive types. */
export const avroPrimitives = [
  "null",
  "boolean",
  "int",
  "long",
  "float",
  "double",
  "bytes",
  "string",
] as const;

/** The name of a primitive type. */
export type AvroPrimitive = (typeof avroPrimitives)[number];

/** A type of a schema. */
export type AvroType =
  | AvroPrimitiveType
  | AvroRecord
  | AvroEnum
  | AvroFixed
  | { readonly kind: "array"; readonly items: AvroType }
  | { readonly kind: "map"; readonly values: AvroType }
  | { readonly kind: "union"; readonly branches: readonly AvroType[] };

/** A primitive, with its logical type where it has one. */
export interface AvroPrimitiveType {
  readonly kind: "primitive";
  readonly name: AvroPrimitive;
  readonly logicalType?: string;
}

interface Named {
  /** With its namespace. */
  readonly name: string;
  /** With their namespaces. */
  aliases: readonly string[];
  doc?: string;
}

/** A record. Its fields are filled in while the schema is read. */
export interface AvroRecord extends Named {
  readonly kind: "record";
  fields: readonly AvroField[];
}

/** A field of a record. */
export interface AvroField {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: AvroType;
  readonly doc?: string;
  /** Absent: it has no default. */
  readonly default?: { readonly value: unknown };
}

/** An enumeration. */
export interface AvroEnum extends Named {
  readonly kind: "enum";
  symbols: readonly string[];
  /** Taken for symbols that the reader does not know. */
  default?: string;
}

/** Bytes of a fixed number. */
export interface AvroFixed extends Named {
  readonly kind: "fixed";
  /** [bytes]. */
  size: number;
  logicalType?: string;
}

/** A type that has a name. */
export type AvroNamed = AvroRecord | AvroEnum | AvroFixed;

/** Whether a text is the name of a primitive type. */
export function isAvroPrimitive(name: string): name is AvroPrimitive {
  return avroPrimitives.some((one) => one === name);
}

/** The name without its namespace. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
