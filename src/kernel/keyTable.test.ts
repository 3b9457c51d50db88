// Rows by key, against a map.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Arena } from "./arena.ts";
import { KeyTable } from "./keyTable.ts";

test("rows follow the order in which keys first came", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), (keys) => {
      const table = new KeyTable(new Arena(), "keys");
      const rows = new Map<number, number>();
      for (const key of keys) {
        if (!rows.has(key)) rows.set(key, rows.size);
        expect(table.add(key)).toBe(rows.get(key));
      }
      expect(table.size()).toBe(rows.size);
      for (const [key, row] of rows)
        expect([table.rowOf(key), table.keyAt(row)]).toEqual([row, key]);
    }),
  );
});

test("keys in a row and keys far apart are found among ten thousand others", () => {
  const table = new KeyTable(new Arena(), "keys");
  for (let i = 0; i < 10_000; i++) table.add(i % 2 === 0 ? i : i * 65_536);
  expect(table.size()).toBe(10_000);
  expect(table.rowOf(4)).toBe(4);
  expect(table.rowOf(5 * 65_536)).toBe(5);
  expect(table.rowOf(1)).toBe(-1);
});
