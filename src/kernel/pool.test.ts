// The pool never hands out a handle twice, and survives a checkpoint.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "./arena.ts";
import { Pool } from "./pool.ts";

const fixed = { seed: 5 };

describe("pool", () => {
  it("reuses the handle given back last before making a new one", () => {
    const pool = new Pool(new Arena(), "p");
    expect([pool.take(), pool.take(), pool.take()]).toEqual([0, 1, 2]);
    pool.give(0);
    pool.give(2);
    expect([pool.take(), pool.take(), pool.take()]).toEqual([2, 0, 3]);
  });

  it("refuses handles that are not live", () => {
    const pool = new Pool(new Arena(), "p");
    const handle = pool.take();
    pool.give(handle);
    expect(() => pool.give(handle)).toThrow("not live");
    expect(() => pool.give(7)).toThrow("not live");
    expect(() => pool.give(-1)).toThrow("not live");
  });

  it("never hands out a live handle, also after a restore, and counts right", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99), { maxLength: 200 }), (steps) => {
        const arena = new Arena();
        const pool = new Pool(arena, "p");
        const live = new Set<number>();
        let saved = { checkpoint: arena.checkpoint(), live: new Set<number>() };
        for (const step of steps) {
          if (step === 0) saved = { checkpoint: arena.checkpoint(), live: new Set(live) };
          else if (step === 1) {
            arena.restore(saved.checkpoint);
            live.clear();
            saved.live.forEach((handle) => live.add(handle));
          } else if (step < 60 || live.size === 0) {
            const handle = pool.take();
            expect(live.has(handle)).toBe(false);
            live.add(handle);
          } else {
            const handle = [...live][step % live.size]!;
            pool.give(handle);
            live.delete(handle);
          }
          expect(pool.size()).toBe(live.size);
          for (const handle of live) expect(handle).toBeLessThan(pool.capacity());
        }
      }),
      fixed,
    );
  });
});
