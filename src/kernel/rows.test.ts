// The table never hands out a live row, keeps the cells of live rows, and survives a checkpoint.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "./arena.ts";
import { Rows } from "./rows.ts";

const shape = { integers: 3, doubles: 2 };
const fixed = { seed: 5 };

function fill(rows: Rows, row: number, value: number): void {
  for (let field = 0; field < shape.integers; field++)
    rows.integers[row * shape.integers + field] = value + field;
  for (let field = 0; field < shape.doubles; field++)
    rows.doubles[row * shape.doubles + field] = value + field / 4;
}

function contents(rows: Rows, row: number): readonly number[] {
  return [
    ...rows.integers.slice(row * shape.integers, (row + 1) * shape.integers),
    ...rows.doubles.slice(row * shape.doubles, (row + 1) * shape.doubles),
  ];
}

describe("rows", () => {
  it("reuses the row given back last before making a new one", () => {
    const rows = new Rows(new Arena(), "r", shape);
    expect([rows.take(), rows.take(), rows.take()]).toEqual([0, 1, 2]);
    rows.give(0);
    rows.give(2);
    expect([rows.take(), rows.take(), rows.take()]).toEqual([2, 0, 3]);
    expect(rows.capacity()).toBe(4);
  });

  it("refuses rows that are not live", () => {
    const rows = new Rows(new Arena(), "r", shape);
    const row = rows.take();
    rows.give(row);
    for (const bad of [row, 7, -1, NaN])
      expect(() => rows.give(bad), String(bad)).toThrow("not live");
  });

  it("keeps everything but the first cell of a row that comes back", () => {
    const rows = new Rows(new Arena(), "r", shape);
    fill(rows, rows.take(), 5);
    rows.give(0);
    expect(contents(rows, rows.take())).toEqual([0, 6, 7, 5, 5.25]);
  });

  it("never hands out a live row, keeps what is in it, also after a restore", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99), { maxLength: 200 }), (steps) => {
        const arena = new Arena();
        const rows = new Rows(arena, "r", shape);
        let live = new Map<number, number>();
        let saved = { checkpoint: arena.checkpoint(), live: new Map<number, number>() };
        steps.forEach((step, value) => {
          if (step === 0) saved = { checkpoint: arena.checkpoint(), live: new Map(live) };
          else if (step === 1) {
            arena.restore(saved.checkpoint);
            live = new Map(saved.live);
          } else if (step < 60 || live.size === 0) {
            const row = rows.take();
            expect(live.has(row)).toBe(false);
            fill(rows, row, value);
            live.set(row, value);
          } else {
            const row = [...live.keys()][step % live.size]!;
            rows.give(row);
            live.delete(row);
          }
          expect(rows.size()).toBe(live.size);
          for (const [row, kept] of live)
            expect(contents(rows, row)).toEqual([kept, kept + 1, kept + 2, kept, kept + 0.25]);
        });
      }),
      fixed,
    );
  });
});
