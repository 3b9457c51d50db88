// The lists against plain arrays, with random operations.

import fc from "fast-check";
import { expect, test } from "vitest";
import { Arena } from "./arena.ts";
import { HandleLists } from "./lists.ts";

test("lists behave like arrays, however they are interleaved", () => {
  const operation = fc.tuple(fc.constantFrom("push", "push in front", "pop", "clear"), fc.nat(3));
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const arena = new Arena();
      const lists = new HandleLists(arena, "lists", arena.int32("next", operations.length));
      lists.ensure(4);
      const model: number[][] = [[], [], [], []];
      operations.forEach(([what, list], handle) => {
        const expected = model[list]!;
        if (what === "push") {
          lists.pushBack(list, handle);
          expected.push(handle);
        } else if (what === "push in front") {
          lists.pushFront(list, handle);
          expected.unshift(handle);
        } else if (what === "pop") expect(lists.popFront(list)).toBe(expected.shift() ?? -1);
        else {
          lists.clear(list);
          expected.length = 0;
        }
        expect(lists.size(list)).toBe(expected.length);
        expect(lists.first(list)).toBe(expected[0] ?? -1);
      });
    }),
  );
});
