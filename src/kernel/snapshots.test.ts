// Snapshots that share pages, against whole checkpoints.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Arena } from "./arena.ts";
import { type Snapshot, Snapshots } from "./snapshots.ts";

/** Two short columns, two that become long, and one in the middle that may grow past the others. */
function columns(arena: Arena) {
  return [
    arena.float64("short", 3),
    arena.int32("few", 2),
    arena.float64("long"),
    arena.int32("many"),
    arena.int32("middle", 10),
  ] as const;
}

describe("snapshots", () => {
  test("bring every state back, in any order, whatever was dropped between", () => {
    const action = fc.record({
      column: fc.integer({ min: 0, max: 4 }),
      length: fc.integer({ min: 0, max: 20_000 }),
      cell: fc.nat(),
      value: fc.constantFrom(-0, 0, 1, -1, 2 ** 31 - 1, 0.5),
      then: fc.constantFrom("go on", "take", "take", "restore", "drop"),
      which: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(action, { minLength: 5, maxLength: 40 }), (actions) => {
        const arena = new Arena();
        const all = columns(arena);
        const snapshots = new Snapshots(arena);
        const kept: { snapshot: Snapshot; hash: string }[] = [];
        for (const { column, length, cell, value, then, which } of actions) {
          const touched = all[column]!;
          if (cell % 3 === 0) touched.resize(length);
          if (touched.length > 0) touched.data[cell % touched.length] = value;
          if (then === "take")
            kept.push({ snapshot: snapshots.take(kept.at(-1)?.snapshot), hash: arena.hash() });
          const chosen = kept[which % Math.max(1, kept.length)];
          if (chosen === undefined) continue;
          if (then === "restore") snapshots.restore(chosen.snapshot);
          if (then === "restore") expect(arena.hash()).toBe(chosen.hash);
          if (then !== "drop") continue;
          snapshots.drop(chosen.snapshot);
          kept.splice(kept.indexOf(chosen), 1);
        }
        for (const { snapshot, hash } of kept) {
          const elsewhere = new Arena();
          columns(elsewhere);
          snapshots.restore(snapshot, elsewhere);
          expect(elsewhere.hash()).toBe(hash);
        }
        for (const { snapshot } of kept) snapshots.drop(snapshot);
        expect(snapshots.byteLength()).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  test("take memory for what has changed, not for what is there", () => {
    const arena = new Arena();
    const column = arena.float64("large", 1_000_000);
    const snapshots = new Snapshots(arena);
    const first = snapshots.take();
    const one = snapshots.byteLength();
    expect(one).toBeGreaterThanOrEqual(8e6);
    column.data[500_000] = 1;
    snapshots.take(first);
    expect(snapshots.byteLength() - one).toBeLessThan(32_768);
  });

  test("tell who mirrors a cell", () => {
    const arena = new Arena();
    const column = arena.float64("cell", 1);
    let mirror = 0;
    arena.onRestore(() => {
      mirror = column.data[0]!;
    });
    const snapshots = new Snapshots(arena);
    column.data[0] = 7;
    const snapshot = snapshots.take();
    column.data[0] = 8;
    snapshots.restore(snapshot);
    expect(mirror).toBe(7);
  });

  test("do not fit an arena with other columns", () => {
    const snapshots = new Snapshots(new Arena());
    const other = new Arena();
    other.float64("more");
    expect(() => snapshots.restore(snapshots.take(), other)).toThrow("other columns");
  });
});
