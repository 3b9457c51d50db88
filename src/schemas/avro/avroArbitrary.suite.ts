// Random Avro schemas for tests: every kind of type, namespaces, names that are used again, defaults.

import fc from "fast-check";

interface Naming {
  /** Names of types that are defined so far. */
  readonly names: string[];
}

/** A correct schema. */
export const avroSchemas: fc.Arbitrary<unknown> = fc
  .infiniteStream(fc.nat({ max: 1_000_000 }))
  .map((stream) => typeFrom(() => Number(stream.next().value), { names: [] }, 0));

const primitives = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

function typeFrom(draw: () => number, naming: Naming, depth: number): unknown {
  const kinds = depth > 3 ? 2 : 8;
  switch (draw() % kinds) {
    case 0:
      return primitives[draw() % primitives.length];
    case 1:
      return naming.names.length > 0
        ? naming.names[draw() % naming.names.length]
        : { type: "string" };
    case 2:
      return { type: "array", items: typeFrom(draw, naming, depth + 1) };
    case 3:
      return { type: "map", values: typeFrom(draw, naming, depth + 1) };
    case 4:
      return { type: "enum", name: newName(draw, naming), symbols: ["A", "B"], default: "A" };
    case 5:
      return { type: "fixed", name: newName(draw, naming), size: draw() % 5 };
    case 6:
      return ["null", { type: "array", items: typeFrom(draw, naming, depth + 1) }];
    default:
      return record(draw, naming, depth);
  }
}

function newName(draw: () => number, { names }: Naming): string {
  const name = `${draw() % 2 === 0 ? "" : "a.b."}T${names.length}`;
  // A name without namespace stands in that of what is around it, and could not be used from elsewhere.
  if (name.includes(".")) names.push(name);
  else names.push(`c.${name}`);
  return names.at(-1) ?? name;
}

function record(draw: () => number, naming: Naming, depth: number): unknown {
  const name = newName(draw, naming);
  const fields = Array.from({ length: draw() % 4 }, (_, i) =>
    draw() % 3 === 0
      ? { name: `f${i}`, type: ["null", "int"], default: null, doc: "Sometimes." }
      : { name: `f${i}`, type: typeFrom(draw, naming, depth + 1) },
  );
  return { type: "record", name, fields };
}
