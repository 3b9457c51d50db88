// What has not changed keeps its object: React Flow's whole speed rests on it.

import { getBezierPath, Position } from "@xyflow/react";
import { describe, expect, test } from "vitest";
import { addNode, moveNodes, rename, setParameter } from "../../model/edit.ts";
import { smallScenario } from "../../model/scenario.suite.ts";
import type { Scenario } from "../../model/scenario.ts";
import { blankScenario } from "../../store/documentStore.ts";
import { applyLink, proposeLink } from "../../store/linking.ts";
import { createFlowEdges, createFlowNodes, elementAt, type FlowInput } from "./flowNodes.ts";
import { linePath, sidesOf } from "../../drawing/linePath.ts";

function link(scenario: Scenario, from: string, to: string): Scenario {
  const proposal = proposeLink(scenario, from, to);
  return proposal === undefined ? scenario : applyLink(scenario, proposal.choice).scenario;
}

function drawing(): Scenario {
  let scenario: Scenario = addNode(
    blankScenario,
    { id: "client", kind: "producer" },
    { x: 0, y: 0 },
  );
  const rabbit = { id: "rabbit", kind: "broker", technology: "rabbitmq" } as const;
  scenario = addNode(scenario, rabbit, { x: 320, y: 0 });
  scenario = addNode(scenario, { id: "stock", kind: "service" }, { x: 840, y: 0 });
  return link(link(scenario, "client", "rabbit"), "rabbit", "stock");
}

const input = (scenario: Scenario, more: Partial<FlowInput> = {}): FlowInput => ({
  scenario,
  problems: [],
  selection: [],
  dragged: {},
  ...more,
});

/** Ids of the objects that differ. */
function changed<T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
): readonly string[] {
  return after.filter((item) => !before.includes(item)).map((item) => item.id);
}

describe("cards", () => {
  test("stay the same objects for the same document", () => {
    const flow = createFlowNodes();
    const scenario = drawing();
    expect(changed(flow(input(scenario)), flow(input(scenario)))).toEqual([]);
  });

  test("change one by one", () => {
    const flow = createFlowNodes();
    const scenario = drawing();
    const before = flow(input(scenario));
    const faster = setParameter(scenario, "client", "rate", 50);
    expect(changed(before, flow(input(faster)))).toEqual(["client"]);
    const after = flow(input(faster));
    const moved = moveNodes(faster, { stock: { x: 900, y: 80 } });
    expect(changed(after, flow(input(moved)))).toEqual(["stock"]);
  });

  test("show what is wrong with an event on the cards of those who send it", () => {
    const scenario = smallScenario();
    const { contract, from } = scenario.connections.find((one) => one.kind === "publish")!;
    const problem = {
      code: "schema/x",
      severity: "warning",
      path: "",
      element: contract,
      message: "",
    } as const;
    const cards = createFlowNodes()(input(scenario, { problems: [problem] }));
    const marked = cards.filter(({ data }) => data.severity === "warning").map(({ id }) => id);
    expect(marked).toEqual([from]);
  });

  test("follow the selection, a drag and problems, each alone", () => {
    const flow = createFlowNodes();
    const scenario = drawing();
    const before = flow(input(scenario));
    expect(changed(before, flow(input(scenario, { selection: ["stock"] })))).toEqual(["stock"]);
    const dragged = { client: { x: 3, y: 4 } };
    const during = flow(input(scenario, { dragged }));
    expect(during.find((card) => card.id === "client")?.position).toEqual({ x: 3, y: 4 });
    const problem = {
      code: "x/y",
      severity: "error",
      path: "",
      element: "rabbit",
      message: "",
    } as const;
    const marked = flow(input(scenario, { problems: [problem] }));
    expect(marked.find((card) => card.id === "rabbit")?.data.severity).toBe("error");
  });

  test("a broker changes with its channels", () => {
    const flow = createFlowNodes();
    const scenario = drawing();
    const before = flow(input(scenario));
    const queue = scenario.channels[1]?.id ?? "";
    expect(changed(before, flow(input(rename(scenario, queue, "Other"))))).toEqual(["rabbit"]);
  });

  test("know their size and handles beforehand", () => {
    for (const card of createFlowNodes()(input(drawing()))) {
      expect(card.measured).toEqual({ width: card.width, height: card.height });
      expect((card.width ?? 1) % 8).toBe(0);
      expect((card.height ?? 1) % 8).toBe(0);
      expect(card.handles?.map((handle) => handle.id)).toContain("in");
    }
  });
});

describe("lines", () => {
  test("end at the handles of their channels", () => {
    const scenario = drawing();
    const lines = createFlowEdges()(input(scenario));
    const [exchange, queue] = scenario.channels.map((channel) => channel.id);
    expect(
      lines.map((line) => [line.source, line.sourceHandle, line.target, line.targetHandle]),
    ).toEqual([
      ["client", "out", "rabbit", `in:${exchange}`],
      ["rabbit", `out:${exchange}`, "rabbit", `in:${queue}`],
      ["rabbit", `out:${queue}`, "stock", "in"],
    ]);
  });

  test("stay the same objects when nodes move or change", () => {
    const flow = createFlowEdges();
    const scenario = drawing();
    const before = flow(input(scenario));
    const moved = moveNodes(setParameter(scenario, "client", "rate", 9), {
      stock: { x: 0, y: 400 },
    });
    expect(changed(before, flow(input(moved)))).toEqual([]);
  });

  test("name the element behind a handle", () => {
    expect(elementAt("rabbit", "out:orders")).toBe("orders");
    expect(elementAt("rabbit", "in")).toBe("rabbit");
    expect(elementAt("rabbit", null)).toBe("rabbit");
  });
});

describe("the way of a line", () => {
  const box = (x: number, y: number, isRow = false) => ({ x, y, width: 200, height: 80, isRow });

  test("leaves and enters on the sides that face each other", () => {
    expect(sidesOf(box(0, 0), box(400, 0))).toEqual(["right", "left"]);
    expect(sidesOf(box(400, 0), box(0, 0))).toEqual(["left", "right"]);
    expect(sidesOf(box(0, 0), box(40, 300))).toEqual(["bottom", "top"]);
    expect(sidesOf(box(0, 300), box(40, 0))).toEqual(["top", "bottom"]);
    expect(sidesOf(box(0, 0, true), box(40, 300))).toEqual(["right", "right"]);
  });

  test("ends at the middle of the target's side", () => {
    expect(linePath(box(0, 0), box(400, 100)).d).toMatch(/398,140$/);
  });

  test.each([
    [box(0, 0), box(400, 100)],
    [box(400, 0), box(0, 30)],
    [box(0, 0), box(40, 300)],
    [box(0, 300), box(40, 0)],
    [box(0, 0, true), box(40, 300)],
    [box(0, 0), box(190, 0)],
  ])("is the one that React Flow draws", (from, to) => {
    const [leaves, enters] = sidesOf(from, to);
    const { d, labelX, labelY } = linePath(from, to);
    const [startX = 0, startY = 0] = d.slice(1).split(/[, ]/u).map(Number);
    const [endX = 0, endY = 0] = d.split(" ").at(-1)?.split(",").map(Number) ?? [];
    const [path, x, y] = getBezierPath({
      sourceX: startX,
      sourceY: startY,
      sourcePosition: places[leaves],
      targetX: endX,
      targetY: endY,
      targetPosition: places[enters],
      curvature: 0.32,
    });
    expect(d).toBe(path);
    expect([labelX, labelY]).toEqual([x, y]);
  });
});

const places = {
  left: Position.Left,
  right: Position.Right,
  top: Position.Top,
  bottom: Position.Bottom,
};
