// What must hold for every comparison, on random schemas: nothing breaks with itself, modes are made of directions, the
// lenient policy forgives more, and what is called compatible takes what was written.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CompatibilityMode, SchemaFormat } from "../model/scenario.ts";
import type { Comparison, SchemaPair } from "./change.ts";
import { checkCompatibility, compareSchemas } from "./compatibility.ts";
import { fitOf } from "./json/validate.ts";
import { randomSchema, relatedSchemas } from "./randomSchema.suite.ts";
import { jsonSamplesOf } from "./samples.ts";

function compare(pair: SchemaPair, format: SchemaFormat = "json-schema"): Comparison {
  const compared = compareSchemas(format, pair);
  if (!compared.ok) throw new Error(JSON.stringify(compared.failure));
  return compared.value;
}

const rulesOf = ({ changes }: Comparison) => changes.map(({ rule }) => rule);

describe("random JSON Schemas", () => {
  test("are compatible with themselves, and no difference is found", () => {
    fc.assert(
      fc.property(randomSchema, (schema) => {
        const { isCompatible, changes } = compare({ reader: schema, writer: schema });
        expect(isCompatible).toBe(true);
        expect(changes).toEqual([]);
      }),
    );
  });

  test("are judged by what is breaking, and more mildly when lenient", () => {
    fc.assert(
      fc.property(relatedSchemas, ([writer, reader]) => {
        const strict = compare({ reader, writer });
        expect(strict.isCompatible).toBe(!strict.changes.some(({ isBreaking }) => isBreaking));
        const lenient = compare({ reader, writer, policy: "LENIENT" });
        if (strict.isCompatible) expect(lenient.isCompatible).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("have differences in words, each ending in a full stop", () => {
    fc.assert(
      fc.property(relatedSchemas, ([writer, reader]) => {
        for (const next of ["reader", "writer"] as const) {
          const { changes, warnings } = compare({ reader, writer, next });
          for (const { sentence } of [...changes, ...warnings]) {
            expect(sentence).toMatch(/^[A-Z“].*\.$/su);
            expect(sentence).not.toMatch(/undefined|\[object/u);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("are fully compatible exactly if they are so backward and forward", () => {
    fc.assert(
      fc.property(relatedSchemas, ([before, after]) => {
        const isFine = (mode: CompatibilityMode) => {
          const verdict = checkCompatibility({
            format: "json-schema",
            mode,
            history: [{ name: "1", schema: before }],
            next: { name: "2", schema: after },
          });
          return verdict.ok && verdict.value.isCompatible;
        };
        expect(isFine("FULL")).toBe(isFine("BACKWARD") && isFine("FORWARD"));
        expect(isFine("NONE")).toBe(true);
      }),
    );
  });

  test("do not change when their definitions are called otherwise", () => {
    fc.assert(
      fc.property(relatedSchemas, ([writer, reader]) => {
        const renamed: unknown = JSON.parse(
          JSON.stringify(reader)
            .replaceAll('"#/definitions/part"', '"#/$defs/other"')
            .replace(/"definitions":\{"part":/u, '"$defs":{"other":'),
        );
        const [one, other] = [compare({ reader, writer }), compare({ reader: renamed, writer })];
        expect(other.isCompatible).toBe(one.isCompatible);
        expect(rulesOf(other)).toEqual(rulesOf(one));
      }),
    );
  });

  // Registries forgive these although a validator does not; everything else must hold.
  const forgivenAnyway = /WITH_DEFAULT|PROPERTY_WITH_EMPTY_SCHEMA/u;

  test("that are compatible take every sample of the writer", () => {
    let compatible = 0;
    fc.assert(
      fc.property(relatedSchemas, ([writer, reader]) => {
        const found = compare({ reader, writer });
        if (!found.isCompatible || found.warnings.length > 0) return;
        if (rulesOf(found).some((rule) => forgivenAnyway.test(rule))) return;
        compatible++;
        const samples = jsonSamplesOf(writer, 1, 3);
        const [fits, takes] = [fitOf(writer), fitOf(reader)];
        for (const { value } of samples.ok ? samples.value : [])
          if (fits(value).verdict === "fits") expect(takes(value).verdict).not.toBe("misfit");
      }),
      { numRuns: 120 },
    );
    expect(compatible).toBeGreaterThan(20);
  });
});

describe("limits of random JSON Schemas", () => {
  const upper = fc.constantFrom("maxLength", "maximum", "maxItems", "maxProperties");
  const typeFor: Readonly<Record<string, string>> = {
    maxLength: "string",
    maximum: "number",
    maxItems: "array",
    maxProperties: "object",
  };

  test("may be widened and not narrowed, wherever they stand", () => {
    fc.assert(
      fc.property(upper, fc.nat(100), fc.integer({ min: 1, max: 9 }), (keyword, limit, more) => {
        const within = (value: number) => ({
          type: "object",
          properties: { list: { items: { type: typeFor[keyword], [keyword]: value } } },
        });
        const [narrow, wide] = [within(limit), within(limit + more)];
        expect(compare({ writer: narrow, reader: wide }).isCompatible).toBe(true);
        expect(compare({ writer: wide, reader: narrow }).isCompatible).toBe(false);
      }),
    );
  });
});

describe("a registry", () => {
  const question = { format: "json-schema", mode: "FULL_TRANSITIVE" } as const;
  const open = { type: "object", properties: { a: { type: "string" } } };
  const wider = { type: "object", properties: { ...open.properties, b: { type: "string" } } };

  test("takes any first version", () => {
    const verdict = checkCompatibility({
      ...question,
      history: [],
      next: { name: "1", schema: 3 },
    });
    expect(verdict).toEqual({ ok: true, value: { isCompatible: true, checks: [] } });
  });

  test("takes no other language", () => {
    const verdict = checkCompatibility({
      ...question,
      history: [{ name: "1", schema: "string", format: "avro" }],
      next: { name: "2", schema: open },
    });
    expect(verdict.ok && verdict.value.isCompatible).toBe(false);
    expect(verdict.ok && verdict.value.checks.map(rulesOf)).toEqual([
      ["SCHEMA_TYPE_CHANGED"],
      ["SCHEMA_TYPE_CHANGED"],
    ]);
  });

  test("has the lenient verdict beside the strict one, and says who reads what", () => {
    const verdict = checkCompatibility({
      ...question,
      mode: "BACKWARD",
      history: [{ name: "1.0.0", schema: open }],
      next: { name: "2.0.0", schema: wider },
    });
    expect(verdict.ok && verdict.value.checks).toMatchObject([
      {
        isCompatible: false,
        isCompatibleLeniently: true,
        sentence: "Who reads with 2.0.0 cannot read all that is written with 1.0.0.",
      },
    ]);
  });

  test("names the versions where one cannot be read", () => {
    const verdict = checkCompatibility({
      format: "protobuf",
      mode: "BACKWARD",
      history: [{ name: "1", schema: "message {" }],
      next: { name: "2", schema: "message M {}" },
    });
    expect(!verdict.ok && verdict.failure[0]?.message).toMatch(/^Comparing 1 with 2: /u);
  });
});
