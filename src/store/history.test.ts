// The laws of undo and redo, over random edits: going back and forth anywhere leads to the same documents.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addNode, moveNodes, rename, withoutElements } from "../model/edit.ts";
import { applyPatch, diffScenario } from "../model/patch.ts";
import type { Scenario } from "../model/scenario.ts";
import { blankScenario } from "./documentStore.ts";
import { coalesceMs, emptyHistory, type History, record, redo, undo } from "./history.ts";

type Edit = (scenario: Scenario) => Scenario;

const place = fc.record({ x: fc.integer({ max: 50 }), y: fc.integer({ max: 50 }) });
const id = fc.constantFrom("a", "b", "c", "d");
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(id, place).map(
    ([node, at]): Edit =>
      (scenario) =>
        scenario.nodes.some((other) => other.id === node)
          ? scenario
          : addNode(scenario, { id: node, kind: "service" }, at),
  ),
  id.map(
    (node): Edit =>
      (scenario) =>
        withoutElements(scenario, [node]),
  ),
  fc.tuple(id, place).map(
    ([node, at]): Edit =>
      (scenario) =>
        scenario.nodes.some((other) => other.id === node)
          ? moveNodes(scenario, { [node]: at })
          : scenario,
  ),
  fc.tuple(id, fc.string()).map(
    ([node, name]): Edit =>
      (scenario) =>
        rename(scenario, node, name),
  ),
);

interface Present {
  readonly scenario: Scenario;
  readonly history: History;
}

const start: Present = { scenario: blankScenario, history: emptyHistory };

function commit({ scenario, history }: Present, change: Edit, atMs = 0): Present {
  const after = change(scenario);
  const patch = diffScenario(scenario, after);
  const next = applyPatch(scenario, patch);
  return { scenario: next, history: record(history, { title: "edit", patch, atMs }) };
}

function move(present: Present, step: typeof undo): Present | undefined {
  const moved = step(present.history);
  if (moved === undefined) return undefined;
  return { scenario: applyPatch(present.scenario, moved.patch), history: moved.history };
}

describe("history", () => {
  test("undo to the beginning and redo to the present changes nothing", () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 20 }), (edits) => {
        const now = edits.reduce((present, change) => commit(present, change), start);
        let present = now;
        for (let next = move(present, undo); next !== undefined; next = move(present, undo))
          present = next;
        expect(present.scenario).toEqual(blankScenario);
        for (let next = move(present, redo); next !== undefined; next = move(present, redo))
          present = next;
        expect(present.scenario).toEqual(now.scenario);
      }),
    );
  });

  test("any walk of undo and redo passes the same documents", () => {
    fc.assert(
      fc.property(
        fc.array(edit, { minLength: 1, maxLength: 12 }),
        fc.array(fc.boolean(), { maxLength: 30 }),
        (edits, walk) => {
          const seen = [start.scenario];
          let present = start;
          for (const change of edits) {
            present = commit(present, change);
            seen.push(present.scenario);
          }
          for (const isBack of walk) present = move(present, isBack ? undo : redo) ?? present;
          expect(present.scenario).toEqual(seen[present.history.done.length]);
        },
      ),
    );
  });

  test("a new change forgets what could be redone", () => {
    const first = commit(start, (scenario) => rename(addA(scenario), "a", "One"));
    const back = move(first, undo);
    expect(back?.history.undone).toHaveLength(1);
    const other = commit(back ?? start, addA);
    expect(other.history.undone).toHaveLength(0);
  });
});

const addA: Edit = (scenario) => addNode(scenario, { id: "a", kind: "service" }, { x: 0, y: 0 });

describe("coalescing", () => {
  const named = (from: Scenario, name: string, atMs: number, history: History) => {
    const after = rename(from, "a", name);
    const patch = diffScenario(from, after);
    return {
      after,
      history: record(history, { title: "Rename", patch, atMs, coalesce: "name a" }),
    };
  };
  const base = addA(blankScenario);

  test("typing in one field is one step", () => {
    const first = named(base, "P", 0, emptyHistory);
    const second = named(first.after, "Pa", coalesceMs, first.history);
    expect(second.history.done).toHaveLength(1);
    const back = undo(second.history);
    expect(back === undefined ? undefined : applyPatch(second.after, back.patch)).toEqual(base);
  });

  test("a pause begins a new step", () => {
    const first = named(base, "P", 0, emptyHistory);
    const second = named(first.after, "Pa", coalesceMs + 1, first.history);
    expect(second.history.done).toHaveLength(2);
  });

  test("typing something and taking it back leaves no step", () => {
    const first = named(base, "P", 0, emptyHistory);
    const second = named(first.after, "", 100, first.history);
    expect(second.history.done).toHaveLength(0);
  });

  test("a redone step does not melt into what follows", () => {
    const first = named(base, "P", 0, emptyHistory);
    const back = undo(first.history);
    const again = redo(back?.history ?? emptyHistory);
    const second = named(first.after, "Pa", 10, again?.history ?? emptyHistory);
    expect(second.history.done).toHaveLength(2);
  });
});
