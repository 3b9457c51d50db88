// The arena is where a run lives: copies, restores and fingerprints must be exact.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "./arena.ts";

const fixed = { seed: 5 };

const cells = fc.array(fc.double(), { maxLength: 40 });
const words = fc.array(fc.integer(), { maxLength: 40 });

/** An arena with these contents, its columns grown in steps or at once. */
function arenaOf(floats: readonly number[], ints: readonly number[], spare = 0): Arena {
  const arena = new Arena();
  const float = arena.float64("float");
  const int = arena.int32("int");
  float.reserve(spare);
  int.reserve(spare);
  for (const value of floats) float.push(value);
  for (const value of ints) int.push(value);
  return arena;
}

describe("columns", () => {
  it("push returns the index and keeps earlier values over growth", () => {
    const column = new Arena().int32("x");
    for (let i = 0; i < 100; i++) expect(column.push(i * 3)).toBe(i);
    expect([...column.data.subarray(0, column.length)]).toEqual(
      Array.from({ length: 100 }, (_, i) => i * 3),
    );
  });

  it("resize gives zeros after shrinking and growing again", () => {
    const column = new Arena().float64("x", 3);
    column.data.fill(7, 0, 3);
    column.resize(1);
    column.resize(6);
    expect([...column.data.subarray(0, 6)]).toEqual([7, 0, 0, 0, 0, 0]);
  });

  it("resize gives zeros where an owner only lowered the length", () => {
    const column = new Arena().float64("x", 3);
    column.data.fill(7, 0, 3);
    column.length = 1;
    column.resize(3);
    expect([...column.data.subarray(0, 3)]).toEqual([7, 0, 0]);
  });

  it("refuses a name twice, whatever the type", () => {
    const arena = new Arena();
    arena.float64("x");
    expect(() => arena.int32("x")).toThrow("already");
  });
});

describe("hash", () => {
  it("is 16 hexadecimal digits that never change", () => {
    const hash = arenaOf([1.5, -0, NaN], [1, -2, 3]).hash();
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    // Frozen: golden hashes of runs depend on it.
    expect(hash).toBe("bbdbb48fcbee1139");
  });

  it("does not depend on capacity and growth history", () => {
    fc.assert(
      fc.property(cells, words, fc.nat(200), (floats, ints, spare) => {
        expect(arenaOf(floats, ints, spare).hash()).toBe(arenaOf(floats, ints).hash());
      }),
      fixed,
    );
  });

  it("sees every bit of every used cell", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 40 }),
        fc.nat(),
        fc.nat(31),
        (ints, at, bit) => {
          const arena = new Arena();
          const column = arena.int32("x");
          ints.forEach((value) => column.push(value));
          const before = arena.hash();
          column.data[at % ints.length]! ^= 1 << bit;
          expect(arena.hash()).not.toBe(before);
        },
      ),
      fixed,
    );
  });

  it("sees names and lengths, and where one column ends", () => {
    const hashes = [
      arenaOf([], []).hash(),
      arenaOf([0], []).hash(),
      arenaOf([], [0]).hash(),
      arenaOf([], [0, 0]).hash(),
      new Arena().hash(),
    ];
    expect(new Set(hashes).size).toBe(5);
  });

  it("takes all NaNs for one, since engines may store different bits", () => {
    const one = arenaOf([NaN], []);
    const other = new Arena();
    const bits = new BigUint64Array([0xfff8000000000123n]);
    const column = other.float64("float", 1);
    other.int32("int");
    new BigUint64Array(column.data.buffer)[0] = bits[0]!;
    expect(other.hash()).toBe(one.hash());
  });
});

describe("checkpoint", () => {
  it("brings back contents, lengths and hash", () => {
    fc.assert(
      fc.property(cells, words, cells, words, (floats, ints, moreFloats, moreInts) => {
        const arena = new Arena();
        const float = arena.float64("float");
        const int = arena.int32("int");
        floats.forEach((value) => float.push(value));
        ints.forEach((value) => int.push(value));
        const before = arena.hash();
        const checkpoint = arena.checkpoint();
        float.resize(moreFloats.length);
        int.resize(moreInts.length);
        moreFloats.forEach((value, index) => (float.data[index] = value));
        moreInts.forEach((value, index) => (int.data[index] = value));
        arena.restore(checkpoint);
        expect(arena.hash()).toBe(before);
        expect([...float.data.subarray(0, float.length)]).toEqual(floats);
        expect([...int.data.subarray(0, int.length)]).toEqual(ints);
      }),
      fixed,
    );
  });

  it("fits into a second arena of the same make, and into no other", () => {
    const checkpoint = arenaOf([1, 2], [3]).checkpoint();
    const twin = arenaOf([9], []);
    twin.restore(checkpoint);
    expect(twin.hash()).toBe(arenaOf([1, 2], [3]).hash());
    const other = new Arena();
    other.float64("float");
    expect(() => other.restore(checkpoint)).toThrow("other columns");
  });

  it("overwrites an old checkpoint in place when it is large enough", () => {
    const arena = arenaOf([1, 2], [3]);
    const old = arena.checkpoint();
    const renewed = arena.checkpoint(old);
    expect(renewed.floats).toBe(old.floats);
    expect(renewed.ints).toBe(old.ints);
    const grown = arenaOf(
      Array.from({ length: 100 }, (_, i) => i),
      [],
    ).checkpoint(old);
    expect(grown.floats).not.toBe(old.floats);
  });

  it("tells those who mirror a cell", () => {
    const arena = arenaOf([], []);
    let told = 0;
    arena.onRestore(() => told++);
    arena.restore(arena.checkpoint());
    expect(told).toBe(1);
  });

  it("counts what is used without what is held in reserve", () => {
    const arena = arenaOf([1, 2, 3], [4], 1000);
    expect(arena.usedBytes()).toBe(3 * 8 + 4);
    expect(arena.byteLength()).toBeGreaterThanOrEqual(12_000);
  });
});
