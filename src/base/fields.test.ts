// The descriptor language: values, limits, typed input, shown output and schema of every kind of field.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bytes,
  choice,
  count,
  duration,
  durations,
  type Field,
  type Fields,
  type FieldValue,
  flag,
  formatValue,
  number,
  parseTyped,
  parseValue,
  rate,
  ratio,
  schemaOf,
  text,
  valuesOf,
} from "./fields.ts";

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
    for (const wrong of [
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
    expect(schemaOf(fields.work)["oneOf"]).toHaveLength(6);
  });
});
