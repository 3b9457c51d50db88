// The grid of the heat map: all keys have room, every cell is found again where it is drawn, and keys lead everywhere.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  capacityOf,
  cellAt,
  heatGrid,
  levelNames,
  levelOf,
  neighbour,
  placeOfKey,
} from "./heatLayout.ts";

test("2,000 keys of 8 replicas have room in a panel, each in cells that can be seen", () => {
  const grid = heatGrid({ widthPx: 360, heightPx: 230, lanes: 8, keys: 2000 });
  expect(grid.cellPx).toBeGreaterThanOrEqual(3);
  const large = heatGrid({ widthPx: 900, heightPx: 500, lanes: 8, keys: 2000 });
  expect(capacityOf(large)).toBeGreaterThanOrEqual(2000);
  expect(heatGrid({ widthPx: 400, heightPx: 200, lanes: 2, keys: 40 }).cellPx).toBe(18);
});

test("a cell is found where it is drawn", () => {
  const sizes = fc.record({
    widthPx: fc.integer({ min: 50, max: 1500 }),
    heightPx: fc.integer({ min: 40, max: 900 }),
    lanes: fc.integer({ min: 1, max: 12 }),
    keys: fc.integer({ min: 1, max: 3000 }),
  });
  const property = fc.property(sizes, fc.nat(), fc.nat(), (room, a, b) => {
    const grid = heatGrid(room);
    const keys = Math.min(room.keys, capacityOf(grid));
    const cell = { lane: a % room.lanes, key: b % keys };
    const { x, y } = placeOfKey(grid, cell.key);
    const at = { x: x + 1, y: cell.lane * grid.lanePx + y + 1 };
    expect(cellAt(grid, at, { lanes: room.lanes, keys })).toEqual(cell);
    expect(y + grid.cellPx).toBeLessThanOrEqual(grid.lanePx);
  });
  fc.assert(property, { numRuns: 200 });
});

test("arrow keys stay inside, and lead down through all lanes", () => {
  const grid = heatGrid({ widthPx: 100, heightPx: 120, lanes: 3, keys: 30 });
  const there = { lanes: 3, keys: 30 };
  let cell = { lane: 0, key: 0 };
  expect(neighbour(grid, cell, "ArrowUp", there)).toEqual(cell);
  expect(neighbour(grid, cell, "ArrowLeft", there)).toEqual(cell);
  for (let i = 0; i < 100; i++) cell = neighbour(grid, cell, "ArrowDown", there);
  expect(cell.lane).toBe(2);
  expect(neighbour(grid, cell, "End", there)).toEqual({ lane: 2, key: 29 });
});

test("an age has one step, and what lacks nothing the first", () => {
  expect([-1, 0, 99, 100, 4999, 5000, 1e9].map(levelOf)).toEqual([0, 1, 1, 2, 3, 4, 5]);
  expect(levelNames).toHaveLength(6);
});
