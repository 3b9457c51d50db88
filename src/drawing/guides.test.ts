// Which guides appear while a card is moved.

import { describe, expect, test } from "vitest";
import { boxAround, guidesOf } from "./guides.ts";

const card = (x: number, y: number) => ({ x, y, width: 208, height: 88 });

describe("guides", () => {
  test("run along edges and middles that are in line, over both boxes", () => {
    const guides = guidesOf(card(0, 200), [card(0, 0)]);
    expect(guides).toEqual([
      { runs: "down", at: 0, from: 0, to: 288 },
      { runs: "down", at: 104, from: 0, to: 288 },
      { runs: "down", at: 208, from: 0, to: 288 },
    ]);
  });

  test("find an edge of one at the middle of another", () => {
    expect(guidesOf({ x: 104, y: 200, width: 80, height: 40 }, [card(0, 0)])).toEqual([
      { runs: "down", at: 104, from: 0, to: 240 },
    ]);
  });

  test("are not there when nothing is in line, and name each line once, to the nearest box", () => {
    expect(guidesOf(card(8, 200), [card(0, 0)])).toEqual([]);
    const guides = guidesOf(card(400, 0), [card(1200, 0), card(800, 0)]);
    expect(guides.map(({ at, to }) => [at, to])).toEqual([
      [0, 1008],
      [44, 1008],
      [88, 1008],
    ]);
  });

  test("what moves together is one box", () => {
    expect(boxAround([card(0, 0), card(400, 100)])).toEqual({
      x: 0,
      y: 0,
      width: 608,
      height: 188,
    });
    expect(boxAround([])).toBeUndefined();
  });
});
