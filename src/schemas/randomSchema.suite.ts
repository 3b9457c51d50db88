// Random JSON Schemas that are small, often related, and now and then recursive: what comparisons are tried on.

import fc from "fast-check";

/** A schema with parts that refer to each other. */
export interface RandomSchema {
  readonly [keyword: string]: unknown;
}

const names = ["a", "b", "c", "x_d"] as const;
const small = fc.integer({ min: 0, max: 4 });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });

/** Leaves out what is undefined, as JSON does. */
function written<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

const text = fc.record({
  type: fc.constant("string"),
  maxLength: maybe(small),
  minLength: maybe(fc.integer({ min: 0, max: 2 })),
});

const number = fc.record({
  type: fc.constantFrom("number", "integer"),
  maximum: maybe(fc.integer({ min: 5, max: 9 })),
  minimum: maybe(small),
  multipleOf: maybe(fc.constantFrom(1, 2)),
});

const leaves = fc.oneof(
  text,
  number,
  fc.record({ enum: fc.uniqueArray(fc.constantFrom("A", "B", 1, null), { minLength: 1 }) }),
  fc.record({ type: fc.constantFrom("boolean", "null", "string") }),
  fc.record({ type: fc.constant(["string", "null"]) }),
  fc.record({ type: fc.constant("string"), enum: fc.constant(["A", "B"]) }),
  fc.constant({}),
  fc.constant({ $ref: "#/definitions/part" }),
);

const { schema } = fc.letrec<{ schema: RandomSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    leaves,
    fc.record({
      type: fc.constant("object"),
      properties: maybe(fc.dictionary(fc.constantFrom(...names), tie("schema"), { maxKeys: 3 })),
      required: maybe(fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 })),
      additionalProperties: maybe(fc.oneof(fc.boolean(), text)),
      maxProperties: maybe(small),
    }),
    fc.record({
      type: fc.constant("array"),
      items: maybe(
        fc.oneof(tie("schema"), fc.array(tie("schema"), { minLength: 1, maxLength: 2 })),
      ),
      additionalItems: maybe(fc.oneof(fc.boolean(), text)),
      minItems: maybe(fc.integer({ min: 0, max: 2 })),
      uniqueItems: maybe(fc.boolean()),
    }),
    fc.record({ anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) }),
    fc.record({ not: tie("schema") }),
  ),
}));

/** A schema; everything may refer to `#/definitions/part`. */
export const randomSchema: fc.Arbitrary<RandomSchema> = fc
  .tuple(schema, schema)
  .map(([root, part]) => written({ ...root, definitions: { part } }));

/** A schema and one that comes of it by few changes, so that the two are compatible often enough. */
export const relatedSchemas: fc.Arbitrary<readonly [RandomSchema, RandomSchema]> = fc
  .tuple(randomSchema, fc.array(fc.tuple(fc.nat(), schema), { maxLength: 2 }))
  .map(([root, edits]) => [root, edits.reduce(edited, root)]);

/** Replaces, removes or adds somewhere in a schema. */
function edited(
  root: RandomSchema,
  [choice, other]: readonly [number, RandomSchema],
): RandomSchema {
  const copy = written(root);
  const places: { holder: Record<string, unknown>; key: string }[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      places.push({ holder: value as Record<string, unknown>, key });
      visit(inner);
    }
  };
  visit(copy);
  const place = places[choice % places.length];
  if (place === undefined) return copy;
  const { holder, key } = place;
  const held = holder[key];
  if (typeof held === "number") holder[key] = held + (choice % 2 === 0 ? 1 : -1);
  else if (typeof held === "object" && !Array.isArray(held) && names.some((name) => name === key))
    holder[key] = written(other);
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (key !== "$ref" && key !== "definitions" && key !== "type")
    Reflect.deleteProperty(holder, key);
  return copy;
}
