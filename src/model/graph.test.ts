// Cycles of calls, compared with a search that follows every path.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callCycle } from "./graph.ts";
import { emptyScenario } from "./scenario.suite.ts";
import type { Scenario } from "./scenario.ts";

function calls(pairs: readonly (readonly [number, number])[]): Scenario {
  return {
    ...emptyScenario(),
    connections: pairs.map(([from, to], i) => ({
      id: `c${i}`,
      kind: "call",
      from: `n${from}`,
      to: `n${to}`,
      contract: "request",
    })),
  };
}

/** The obvious way: follow every path until it meets itself. */
function hasCycle(pairs: readonly (readonly [number, number])[]): boolean {
  const visit = (node: number, path: readonly number[]): boolean =>
    path.includes(node) || pairs.some(([from, to]) => from === node && visit(to, [...path, node]));
  return pairs.some(([from]) => visit(from, []));
}

const pair = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }));

describe("a cycle of calls", () => {
  it("is found exactly when there is one, and is one", () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 12 }), (pairs) => {
        const cycle = callCycle(calls(pairs));
        expect(cycle !== undefined).toBe(hasCycle(pairs));
        if (cycle === undefined) return;
        expect(cycle.length).toBeGreaterThan(1);
        expect(cycle[0]).toBe(cycle.at(-1));
        for (const [i, to] of cycle.slice(1).entries())
          expect(pairs.some((it) => `n${it[0]}` === cycle[i] && `n${it[1]}` === to)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("that one more call would close is found", () => {
    const chain = calls([
      [0, 1],
      [1, 2],
    ]);
    expect(callCycle(chain, { from: "n2", to: "n0" })).toEqual(["n2", "n0", "n1", "n2"]);
    expect(callCycle(chain, { from: "n0", to: "n2" })).toBeUndefined();
    expect(callCycle(chain, { from: "n0", to: "n0" })).toEqual(["n0", "n0"]);
  });
});
