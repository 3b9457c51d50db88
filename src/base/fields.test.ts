// The descriptor language: values, limits, typed input, shown output and schema of every kind of field.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distributions } from "./distribution.ts";
import { isShown } from "./conditions.ts";
import {
  bytes,
  choice,
  count,
  counts,
  duration,
  durations,
  type Field,
  type Fields,
  type FieldValue,
  flag,
  number,
  parseValue,
  rate,
  ratio,
  sizes,
  table,
  text,
  valuesOf,
} from "./fields.ts";
import { formatValue, parseTyped } from "./fieldText.ts";
import { distributionSchemas, schemaOf } from "./fieldSchema.ts";

const about = { help: "Help." };

const fields = {
  workers: count({ ...about, label: "Workers", min: 1, max: 100, default: 1 }),
  limit: count({ ...about, label: "Limit", none: "no limit", default: null }),
  skew: number({ ...about, label: "Skew", min: 1, max: 4, default: 1 }),
  rate: rate({ ...about, label: "Rate", max: 1e6, default: 10 }),
  timeout: duration({ ...about, label: "Timeout", default: 1000 }),
  size: bytes({ ...about, label: "Size", default: 1024 }),
  errors: ratio({ ...about, label: "Errors", default: 0 }),
  mode: choice({
    ...about,
    label: "Mode",
    options: [
      { value: "a", label: "Mode A" },
      { value: "b", label: "Mode B" },
    ],
    default: "a",
  }),
  durable: flag({ ...about, label: "Durable", default: true }),
  name: text({ ...about, label: "Name", maxLength: 5, default: "" }),
  work: durations({ ...about, label: "Work", default: { distribution: "constant", value: 1 } }),
  batch: counts({ ...about, label: "Batch", default: { distribution: "constant", value: 1 } }),
  payload: sizes({ ...about, label: "Payload", min: 1, max: 1e6, default: 1000 }),
  plan: table({
    ...about,
    label: "Plan",
    columns: {
      at: duration({ ...about, label: "At", default: 0 }),
      rate: rate({ ...about, label: "Rate", max: 100, default: 1 }),
    },
    rowsMin: 1,
    rowsMax: 3,
    rising: "at",
    default: [{ at: 0, rate: 1 }],
  }),
} satisfies Fields;

function failure(field: Field, value: unknown): string {
  const result = parseValue(field, value);
  return result.ok ? "accepted" : result.failure;
}

function typed(field: Field, value: string): FieldValue | undefined {
  const result = parseTyped(field, value);
  return result.ok ? result.value : undefined;
}

describe("values of a list of fields", () => {
  it("are those that are stated, and defaults for the rest", () => {
    const values = valuesOf(fields, { workers: 4, limit: 0, durable: false });
    expect(values).toEqual({
      workers: 4,
      limit: 0,
      skew: 1,
      rate: 10,
      timeout: 1000,
      size: 1024,
      errors: 0,
      mode: "a",
      durable: false,
      name: "",
      work: { distribution: "constant", value: 1 },
      batch: { distribution: "constant", value: 1 },
      payload: 1000,
      plan: [{ at: 0, rate: 1 }],
    });
  });

  it("may be broken numbers where nothing is counted", () => {
    expect(typed(fields.skew, "1.07")).toBe(1.07);
    expect(formatValue(fields.skew, 1.07)).toBe("1.07");
    expect(schemaOf(fields.skew)).toMatchObject({ type: "number", minimum: 1, maximum: 4 });
    expect(failure(fields.skew, 5)).toBe('"Skew" must be a number from 1 to 4.');
  });

  it("never come from what every object inherits", () => {
    const odd = { toString: text({ ...about, label: "Odd", default: "x" }) };
    expect(valuesOf(odd, {})).toEqual({ toString: "x" });
  });
});

describe("reading a value of a document", () => {
  it("accepts the limits and refuses what lies beyond", () => {
    for (const value of [1, 50, 100]) expect(parseValue(fields.workers, value).ok).toBe(true);
    for (const value of [0, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "1", null, undefined])
      expect(failure(fields.workers, value)).toBe(
        '"Workers" must be a whole number from 1 to 100.',
      );
    expect(parseValue(fields.rate, 0.5).ok).toBe(true);
    expect(failure(fields.rate, -1)).toContain("from 0/s to 1,000,000/s");
    expect(failure(fields.errors, 1.01)).toContain("from 0 % to 100 %");
  });

  it("accepts null only where it has a meaning", () => {
    expect(parseValue(fields.limit, null)).toEqual({ ok: true, value: null });
    expect(failure(fields.limit, -1)).toContain("or null (no limit)");
    expect(failure(fields.timeout, null)).not.toBe("accepted");
  });

  it("refuses other choices, flags that are numbers, long texts and broken distributions", () => {
    expect(failure(fields.mode, "c")).toBe('"Mode" must be one of a, b.');
    expect(failure(fields.durable, 1)).toBe('"Durable" must be true or false.');
    expect(failure(fields.name, "longer")).toBe('"Name" must be a text of at most 5 characters.');
    expect(failure(fields.work, 20)).toContain('"Work": Write a distribution such as');
  });

  it("never throws and accepts every default", () => {
    for (const field of Object.values<Field>(fields)) {
      expect(parseValue(field, field.default)).toEqual({ ok: true, value: field.default });
      fc.assert(
        fc.property(fc.anything(), (value) => typeof parseValue(field, value).ok === "boolean"),
      );
    }
  });
});

describe("reading what a person types", () => {
  it("understands units", () => {
    expect(typed(fields.workers, " 4 ")).toBe(4);
    expect(typed(fields.limit, "none")).toBeNull();
    expect(typed(fields.limit, "")).toBeNull();
    expect(typed(fields.rate, "1200/min")).toBe(20);
    expect(typed(fields.timeout, "1.5 s")).toBe(1500);
    expect(typed(fields.size, "16 KiB")).toBe(16_384);
    expect(typed(fields.errors, "5%")).toBe(0.05);
    expect(typed(fields.mode, "b")).toBe("b");
    expect(typed(fields.durable, "false")).toBe(false);
    expect(typed(fields.durable, "no")).toBeUndefined();
    expect(typed(fields.workers, "")).toBeUndefined();
    expect(typed(fields.timeout, "soon")).toBeUndefined();
  });

  it("understands distributions in three ways", () => {
    const exponential = { distribution: "exponential", mean: 20 };
    expect(typed(fields.work, "20ms")).toEqual({ distribution: "constant", value: 20 });
    expect(typed(fields.work, "exponential 20ms")).toEqual(exponential);
    expect(typed(fields.work, JSON.stringify(exponential))).toEqual(exponential);
    expect(typed(fields.work, "uniform 10ms 0.1s")).toEqual({
      distribution: "uniform",
      min: 10,
      max: 100,
    });
    expect(typed(fields.work, "erlang 20ms 3")).toEqual({
      distribution: "erlang",
      mean: 20,
      shape: 3,
    });
    expect(typed(fields.work, "empirical 10ms: 3, 0.02s")).toEqual({
      distribution: "empirical",
      values: [
        { value: 10, weight: 3 },
        { value: 20, weight: 1 },
      ],
    });
    for (const wrong of [
      "empirical",
      "empirical 10ms: 3: 1",
      "empirical 10ms: some",
      "exponential",
      "uniform 10ms",
      "{",
      "normal 3ms",
      "exponential 1ms 2ms",
      "toString 1",
      "",
    ])
      expect(typed(fields.work, wrong)).toBeUndefined();
  });

  it("never throws", () => {
    for (const field of Object.values<Field>(fields))
      fc.assert(
        fc.property(fc.string(), (value) => typeof parseTyped(field, value).ok === "boolean"),
      );
  });
});

describe("showing a value", () => {
  it("has a unit and says what an absent one means", () => {
    expect(formatValue(fields.limit, null)).toBe("no limit");
    expect(formatValue(fields.rate, 1234)).toBe("1,234/s");
    expect(formatValue(fields.timeout, 1500)).toBe("1.5 s");
    expect(formatValue(fields.size, 16_384)).toBe("16 KiB");
    expect(formatValue(fields.errors, 0.05)).toBe("5 %");
    expect(formatValue(fields.mode, "b")).toBe("Mode B");
    expect(formatValue(fields.durable, false)).toBe("no");
    expect(formatValue(fields.name, "x")).toBe("x");
    expect(formatValue(fields.work, { distribution: "uniform", min: 1, max: 2 })).toBe(
      "1 ms to 2 ms",
    );
    expect(formatValue(fields.work, { distribution: "erlang", mean: 5, shape: 2 })).toBe(
      "erlang, mean 5 ms",
    );
  });
});

describe("the schema of a field", () => {
  it("says type, limits, default and help", () => {
    expect(schemaOf(fields.workers)).toEqual({
      title: "Workers",
      description: "Help.",
      default: 1,
      type: "integer",
      minimum: 1,
      maximum: 100,
    });
    expect(schemaOf(fields.limit)["type"]).toEqual(["integer", "null"]);
    expect(schemaOf(fields.mode)["enum"]).toEqual(["a", "b"]);
    expect(schemaOf(fields.name)).toMatchObject({ type: "string", maxLength: 5 });
    expect(schemaOf(fields.work)["oneOf"]).toHaveLength(Object.keys(distributions).length);
    expect(distributionSchemas().at(-1)).toMatchObject({
      properties: {
        distribution: { const: "empirical" },
        values: { type: "array", minItems: 1, items: { required: ["value", "weight"] } },
      },
    });
  });
});

describe("a distribution of numbers or sizes", () => {
  it("is typed and shown in its own unit", () => {
    expect(typed(fields.batch, "exponential 4")).toEqual({ distribution: "exponential", mean: 4 });
    expect(formatValue(fields.batch, { distribution: "exponential", mean: 4 })).toBe(
      "exponential, mean 4",
    );
    expect(typed(fields.payload, "uniform 1KiB 2KiB")).toEqual({
      distribution: "uniform",
      min: 1024,
      max: 2048,
    });
    expect(formatValue(fields.payload, { distribution: "uniform", min: 1024, max: 2048 })).toBe(
      "1 KiB to 2 KiB",
    );
    expect(typed(fields.batch, "exponential 4ms")).toBeUndefined();
  });

  it("may be a plain number where sizes are meant, within its limits", () => {
    expect(typed(fields.payload, "2 kB")).toBe(2000);
    expect(formatValue(fields.payload, 2000)).toBe("2 kB");
    expect(failure(fields.payload, 0)).toContain("from 1 B to 1 MB");
    expect(failure(fields.work, 5)).toContain("Write a distribution");
  });
});

describe("a table", () => {
  it("is typed row by row, with units, or as JSON", () => {
    const rows = [
      { at: 0, rate: 10 },
      { at: 60_000, rate: 50 },
    ];
    expect(typed(fields.plan, "0s 10/s, 1min 50/s")).toEqual(rows);
    expect(typed(fields.plan, JSON.stringify(rows))).toEqual(rows);
    expect(formatValue(fields.plan, rows)).toBe("0 ms: 10/s, 1 min: 50/s");
  });

  it("is refused with the row and the column that are wrong", () => {
    const row = { at: 5, rate: 1 };
    expect(failure(fields.plan, 1)).toBe('"Plan" must be a list of rows.');
    expect(failure(fields.plan, [])).toContain("1 to 3 rows, not 0");
    expect(failure(fields.plan, [row, row, row, row])).toContain("not 4");
    expect(failure(fields.plan, [row, 7])).toContain('row 2: A row must be an object with "at"');
    expect(failure(fields.plan, [row, { at: 9 }])).toContain('row 2: "Rate" must be a number');
    expect(failure(fields.plan, [{ ...row, speed: 1 }])).toContain('no column "speed"');
    expect(failure(fields.plan, [row, { ...row, rate: 101 }])).toContain("from 0/s to 100/s");
    expect(failure(fields.plan, [row, { at: 4, rate: 1 }])).toContain("row 2 lies before");
    expect(typed(fields.plan, "0s 10/s 3")).toBeUndefined();
    expect(typed(fields.plan, "0s ten")).toBeUndefined();
  });
});

describe("a condition", () => {
  const list = {
    kind: fields.mode,
    sub: { ...fields.mode, onlyIf: { field: "kind", is: ["a"] } },
    leaf: {
      ...fields.name,
      onlyIf: [
        { field: "sub", is: ["b"] },
        { field: "free", is: [true] },
      ],
    },
    free: fields.durable,
  } satisfies Fields;

  it("holds when all that it names have the value and are of effect themselves", () => {
    const shows = (values: Readonly<Record<string, FieldValue>>): boolean =>
      isShown(list, list.leaf, values);
    expect(shows({ kind: "a", sub: "b", free: true })).toBe(true);
    expect(shows({ kind: "a", sub: "b", free: false })).toBe(false);
    expect(shows({ kind: "b", sub: "b", free: true })).toBe(false);
  });
});
