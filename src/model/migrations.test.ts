// The machinery is tried with steps that were never published; the last tests watch over those that were.

import { describe, expect, it } from "vitest";
import { type Migration, migrate, migrations, newestVersion, type Untyped } from "./migrations.ts";
import { parseScenario } from "./parse.ts";
import { emptyScenario } from "./scenario.suite.ts";

/** One document of each older version, as it was written then: version → document. */
const samples: Readonly<Record<number, Untyped>> = {};

const steps: readonly Migration[] = [
  {
    from: 1,
    to: 2,
    name: "NameTitle",
    apply: ({ name, ...rest }) => ({ ...rest, title: name }),
  },
  { from: 2, to: 3, name: "AddSeed", apply: (document) => ({ ...document, seed: 1 }) },
];

function failure(value: unknown, newest = 3): unknown {
  const result = migrate(value, steps, newest);
  return result.ok ? "accepted" : result.failure[0];
}

describe("migrating", () => {
  it("takes every step from the version of the document to the newest", () => {
    const oldest = { format: "spillway", version: 1, name: "A" };
    const newest = { format: "spillway", version: 3, title: "A", seed: 1 };
    expect(migrate(oldest, steps, 3)).toEqual({ ok: true, value: newest });
    const middle = { format: "spillway", version: 2, title: "A" };
    expect(migrate(middle, steps, 3)).toEqual({ ok: true, value: newest });
    expect(migrate(newest, steps, 3)).toEqual({ ok: true, value: newest });
    expect(oldest).toEqual({ format: "spillway", version: 1, name: "A" });
  });

  it("refuses newer documents, and says so", () => {
    expect(failure({ format: "spillway", version: 4 })).toMatchObject({
      code: "document/newer",
      message: expect.stringContaining("written by a newer Spillway"),
    });
  });

  it("refuses foreign documents", () => {
    for (const value of [null, 1, "x", [], {}, { format: "drawio" }, { version: 1 }, undefined])
      expect(failure(value)).toMatchObject({ code: "document/format" });
    expect(failure({ format: "Spilway" })).toMatchObject({
      message: expect.stringContaining('Did you mean "spillway"?'),
    });
  });

  it("refuses versions that never were", () => {
    for (const version of [0, -1, 1.5, "1", null, Number.NaN, undefined])
      expect(failure({ format: "spillway", version })).toMatchObject({ code: "document/version" });
    const gap = migrate({ format: "spillway", version: 1 }, steps.slice(1), 3);
    expect(gap).toMatchObject({ ok: false, failure: [{ code: "document/version" }] });
  });

  it("refuses a document that only claims to have an older form", () => {
    const step: Migration = {
      from: 1,
      to: 2,
      name: "SplitRetry",
      apply: (document) => ({ x: (document["load"] as { a: { b: number } }).a.b }),
    };
    const result = migrate({ format: "spillway", version: 1 }, [step], 2);
    expect(result).toMatchObject({ ok: false, failure: [{ code: "document/migration" }] });
  });
});

describe("the published steps", () => {
  it("are numbered without gaps from 1 to the newest version", () => {
    expect(migrations.map((step) => [step.from, step.to])).toEqual(
      Array.from({ length: newestVersion - 1 }, (_, i) => [i + 1, i + 2]),
    );
    expect(new Set(migrations.map((step) => step.name)).size).toBe(migrations.length);
    expect(emptyScenario().version).toBe(newestVersion);
  });

  it("are each exercised by a sample of the old form, which is valid afterwards", () => {
    const taken = new Map(migrations.map((step) => [step.name, 0]));
    const counted = migrations.map((step) => ({
      ...step,
      apply: (document: Untyped) => {
        taken.set(step.name, (taken.get(step.name) ?? 0) + 1);
        return step.apply(document);
      },
    }));
    for (const sample of Object.values(samples)) {
      const result = migrate(sample, counted);
      expect(parseScenario(result.ok && result.value)).toMatchObject({ ok: true });
    }
    for (const [name, count] of taken)
      expect(count, `No sample exercises the step ${name}; add one to "samples".`).toBeGreaterThan(
        0,
      );
  });
});
