// The laws of patches: apply, reverse, squash and undo, on random documents and random edits.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addNode, moveNodes, rename, setParameter, withoutElements } from "./edit.ts";
import { applyPatch, diffScenario, isEmptyPatch, reversePatch, squashPatches } from "./patch.ts";
import { scenarios, smallScenario } from "./scenario.suite.ts";
import type { Scenario } from "./scenario.ts";

/** A neighbour of a document: elements gone, moved, renamed, set, put in another order; fields changed. */
const edits = fc.array(
  fc.record({
    kind: fc.integer({ min: 0, max: 8 }),
    which: fc.nat(),
    word: fc.string({ maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 6 },
);

function edited(
  scenario: Scenario,
  list: readonly { readonly kind: number; readonly which: number; readonly word: string }[],
): Scenario {
  return list.reduce((at, { kind, which, word }) => {
    const ids = [...at.nodes, ...at.channels, ...at.connections, ...at.contracts].map(
      (it) => it.id,
    );
    const id = ids[which % Math.max(1, ids.length)] ?? "none";
    switch (kind) {
      case 0:
        return withoutElements(at, [id]);
      case 1:
        return rename(at, id, word);
      case 2:
        return moveNodes(at, { [at.nodes[0]?.id ?? "x"]: { x: which % 800, y: 8 } });
      case 3:
        return { ...at, connections: at.connections.toReversed() };
      case 4:
        return addNode(at, { id: `new${which}${at.nodes.length}`, kind: "store" }, { x: 0, y: 0 });
      case 5:
        return { ...at, title: word, "x-word": { word } };
      case 6: {
        const { "x-word": _, description: __, ...rest } = at;
        return rest;
      }
      case 7:
        return { ...at, timeline: at.timeline.slice(1), load: { duration: which + 1 } };
      default:
        return { ...at, nodes: [...at.nodes.slice(1), ...at.nodes.slice(0, 1)] };
    }
  }, scenario);
}

/** Documents are large, and most of what can go wrong is in each of them. */
const several = { numRuns: 40 };

describe("a patch", () => {
  it("leads from one document to the other, and back", () => {
    fc.assert(
      fc.property(scenarios, edits, (before, list) => {
        const after = edited(before, list);
        const patch = diffScenario(before, after);
        expect(applyPatch(before, patch)).toEqual(after);
        expect(applyPatch(after, reversePatch(patch))).toEqual(before);
        expect(reversePatch(reversePatch(patch))).toEqual(patch);
        expect(isEmptyPatch(patch)).toBe(isEmptyPatch(reversePatch(patch)));
      }),
      several,
    );
  });

  it("leads between any two documents", () => {
    fc.assert(
      fc.property(scenarios, scenarios, (before, after) => {
        const patch = diffScenario(before, after);
        expect(applyPatch(before, patch)).toEqual(after);
        expect(applyPatch(after, reversePatch(patch))).toEqual(before);
      }),
      several,
    );
  });

  it("squashed does what two do in sequence", () => {
    fc.assert(
      fc.property(scenarios, edits, edits, (a, first, second) => {
        const b = edited(a, first);
        const c = edited(b, second);
        const [ab, bc] = [diffScenario(a, b), diffScenario(b, c)];
        const ac = squashPatches(ab, bc);
        expect(applyPatch(a, ac)).toEqual(c);
        expect(applyPatch(c, reversePatch(ac))).toEqual(a);
        expect(isEmptyPatch(squashPatches(ab, reversePatch(ab)))).toBe(true);
      }),
      several,
    );
  });

  it("obeys the law of undo: undo all, look around, redo all, and nothing has changed", () => {
    fc.assert(
      fc.property(scenarios, fc.array(edits, { maxLength: 5 }), (start, steps) => {
        let now = start;
        const history = steps.map((list) => {
          const next = edited(now, list);
          const patch = diffScenario(now, next);
          now = next;
          return patch;
        });
        const past = history
          .toReversed()
          .reduce((at, patch) => applyPatch(at, reversePatch(patch)), now);
        expect(past).toEqual(start);
        expect(history.reduce((at, patch) => applyPatch(at, patch), past)).toEqual(now);
      }),
      several,
    );
  });

  it("survives being written as JSON", () => {
    fc.assert(
      fc.property(scenarios, edits, (before, list) => {
        const after = edited(before, list);
        const patch = JSON.parse(JSON.stringify(diffScenario(before, after)));
        expect(applyPatch(before, patch)).toEqual(after);
      }),
      several,
    );
  });

  it("between equal documents is empty, and applying it answers the same document", () => {
    const scenario = smallScenario();
    const patch = diffScenario(scenario, structuredClone(scenario));
    expect(isEmptyPatch(patch)).toBe(true);
    expect(applyPatch(scenario, patch)).toBe(scenario);
  });

  it("keeps the identity of everything that it does not change", () => {
    const before = smallScenario();
    const patch = diffScenario(before, setParameter(before, "bank", "concurrency", 9));
    expect(Object.keys(patch.nodes.elements)).toEqual(["bank"]);
    for (const after of [
      applyPatch(before, patch),
      applyPatch(applyPatch(before, patch), reversePatch(patch)),
    ]) {
      for (const name of [
        "channels",
        "connections",
        "contracts",
        "timeline",
        "objectives",
        "layout",
      ] as const)
        expect(after[name]).toBe(before[name]);
      for (const [i, node] of after.nodes.entries())
        if (node.id !== "bank") expect(node).toBe(before.nodes[i]);
    }
  });
});
