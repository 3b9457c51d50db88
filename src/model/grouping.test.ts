// Groups and notes: edits keep them whole, copies take them along, and nothing of a run changes.

import { describe, expect, test } from "vitest";
import { rename, withoutElements } from "./edit.ts";
import { copyElements, pasteFragment } from "./fragment.ts";
import { groupOf, groupsOfNodes, membersOf } from "./grouping.ts";
import { groupNodes, withNotes } from "./groupingEdits.ts";
import { parseScenario } from "./parse.ts";
import { smallScenario } from "./scenario.suite.ts";

const grouped = groupNodes(smallScenario(), { id: "money", members: ["payment", "bank"] });

describe("a group", () => {
  test("holds nodes in the order of the document", () => {
    expect(membersOf(grouped, grouped.groups![0]!)).toEqual(["payment", "bank"]);
    expect(groupsOfNodes(grouped).get("bank")?.id).toBe("money");
  });

  test("takes nodes out of the group in which they were, and an empty one goes", () => {
    const both = groupNodes(grouped, { id: "all", members: ["bank", "payment", "ledger"] });
    expect(both.groups).toEqual([{ id: "all", members: ["bank", "payment", "ledger"] }]);
  });

  test("loses what is deleted, and goes without leaving anything behind", () => {
    const one = withoutElements(grouped, ["bank"]);
    expect(groupOf(one, "money")?.members).toEqual(["payment"]);
    expect("groups" in withoutElements(one, ["payment"])).toBe(false);
    expect(withoutElements(grouped, ["money"])).toEqual(smallScenario());
  });

  test("has a name", () => {
    expect(groupOf(rename(grouped, "money", "Money "), "money")?.name).toBe("Money");
  });

  test("is copied with its members, under fresh ids", () => {
    const { scenario, ids } = pasteFragment(grouped, copyElements(grouped, ["money"]), {
      x: 8,
      y: 8,
    });
    expect(ids).toContain("money-2");
    expect(groupOf(scenario, "money-2")?.members).toEqual(["payment-2", "bank-2"]);
    expect(parseScenario(scenario)).toEqual({ ok: true, value: scenario });
  });

  test("is refused where its id is taken", () => {
    const result = parseScenario({ ...grouped, groups: [{ id: "bank", members: [] }] });
    expect(result.ok ? [] : result.failure.map(({ code }) => code)).toEqual(["id/duplicate"]);
  });
});

test("a note is copied with its place and deleted without a trace", () => {
  const noted = {
    ...withNotes(smallScenario(), [{ id: "why", text: "Why?", width: 208, height: 96 }]),
    layout: { ...smallScenario().layout, why: { x: 80, y: 80 } },
  };
  const { scenario } = pasteFragment(noted, copyElements(noted, ["why"]), { x: 32, y: 32 });
  expect(scenario.notes?.map(({ id }) => id)).toEqual(["why", "why-2"]);
  expect(scenario.layout["why-2"]).toEqual({ x: 112, y: 112 });
  expect(withoutElements(noted, ["why"])).toEqual(smallScenario());
});
