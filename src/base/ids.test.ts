// Which texts are ids, and that made-up ids are always valid and free.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createId, idRule, isId } from "./ids.ts";

describe("an id", () => {
  it("begins with a letter and is short and plain", () => {
    for (const id of ["a", "Orders", "order-placed_2", "x".repeat(64)]) expect(isId(id)).toBe(true);
    for (const id of ["", "1a", "-a", "a b", "a.b", "é", "a/b", "x".repeat(65), "a\n"])
      expect(isId(id)).toBe(false);
  });

  it("is never the name of something that every object has", () => {
    for (const id of ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"])
      expect(isId(id)).toBe(false);
  });

  it("has a rule that schemas can state", () => {
    expect(new RegExp(idRule).test("orders")).toBe(true);
  });
});

describe("creating an id", () => {
  it("stays close to the wish", () => {
    const free = (): boolean => false;
    expect(createId("Order placed!", free)).toBe("order-placed");
    expect(createId("Überweisung 24", free)).toBe("u-berweisung-24");
    expect(createId("7 days", free)).toBe("days");
    expect(createId("訂單", free)).toBe("item");
    expect(createId("", free)).toBe("item");
    expect(createId("constructor", free)).toBe("item");
  });

  it("counts on where it is taken", () => {
    const taken = new Set(["orders", "orders-2"]);
    expect(createId("Orders", (id) => taken.has(id))).toBe("orders-3");
  });

  it("is always valid and free", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 0, max: 5 }), (wish, used) => {
        const taken = new Set<string>();
        for (let i = 0; i < used; i++) taken.add(createId(wish, (id) => taken.has(id)));
        const id = createId(wish, (other) => taken.has(other));
        expect(isId(id)).toBe(true);
        expect(taken.has(id)).toBe(false);
      }),
    );
  });
});
