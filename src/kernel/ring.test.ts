// The ring against a plain array, with random operations.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "./arena.ts";
import { Ring } from "./ring.ts";

const fixed = { seed: 5 };

type Step = readonly [operation: number, value: number, position: number];

/** Does one step on ring and array and compares what comes back. */
function step(ring: Ring, model: number[], [operation, value, position]: Step): void {
  const at = model.length === 0 ? 0 : position % model.length;
  const empty = model.length === 0;
  if (operation < 4) {
    ring.pushBack(value);
    model.push(value);
  } else if (operation < 6) {
    ring.pushFront(value);
    model.unshift(value);
  } else if (operation === 6) expect(ring.popFront()).toBe(model.shift() ?? -1);
  else if (operation === 7) expect(ring.popBack()).toBe(model.pop() ?? -1);
  else if (operation === 8 || empty) {
    const before = position % (model.length + 1);
    ring.insertAt(before, value);
    model.splice(before, 0, value);
  } else if (operation === 9) expect(ring.removeAt(at)).toBe(model.splice(at, 1)[0]);
  else if (operation === 10) {
    ring.set(at, value);
    model[at] = value;
  } else if (position % 50 === 0) {
    ring.clear();
    model.length = 0;
  }
}

function contents(ring: Ring): number[] {
  return Array.from({ length: ring.size() }, (_, i) => ring.at(i));
}

const steps = fc.array(fc.tuple(fc.nat(11), fc.integer(), fc.nat()), { maxLength: 120 });

describe("ring", () => {
  it("does what an array does", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const ring = new Ring(new Arena(), "r");
        const model: number[] = [];
        for (const one of list) {
          step(ring, model, one);
          expect(contents(ring)).toEqual(model);
        }
      }),
      fixed,
    );
  });

  it("continues after a restore as if nothing had happened", () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const arena = new Arena();
        const ring = new Ring(arena, "r");
        const model: number[] = [];
        before.forEach((one) => step(ring, model, one));
        const saved = { checkpoint: arena.checkpoint(), model: [...model] };
        after.forEach((one) => step(ring, model, one));
        const end = arena.hash();
        arena.restore(saved.checkpoint);
        after.forEach((one) => step(ring, saved.model, one));
        expect(contents(ring)).toEqual(model);
        expect(arena.hash()).toBe(end);
      }),
      fixed,
    );
  });

  it("removes the first of a value, and nothing when there is none", () => {
    const ring = new Ring(new Arena(), "r");
    for (const value of [4, 7, 5, 7, 6]) ring.pushBack(value);
    for (const value of [7, 8]) ring.removeValue(value);
    expect(contents(ring)).toEqual([4, 5, 7, 6]);
  });

  it("refuses positions outside", () => {
    const ring = new Ring(new Arena(), "r");
    ring.pushBack(5);
    expect(() => ring.at(1)).toThrow("outside");
    expect(() => ring.at(-1)).toThrow("outside");
    expect(() => ring.set(1, 0)).toThrow("outside");
    expect(() => ring.insertAt(2, 0)).toThrow("outside");
    expect(() => ring.removeAt(1)).toThrow("outside");
  });
});
