// What belongs to an element, on a drawing with several ways through one broker.

import { describe, expect, test } from "vitest";
import { belongingTo, between } from "./focus.ts";
import { emptyScenario } from "./scenario.suite.ts";
import type { Scenario } from "./scenario.ts";

// till ─▶ [orders] ─▶ billing ─▶ [bills] ─▶ archive;  guest ─▶ [wishes] ─▶ archive
const scenario: Scenario = {
  ...emptyScenario(),
  nodes: [
    { id: "till", kind: "producer" },
    { id: "guest", kind: "producer" },
    { id: "broker", kind: "broker", technology: "kafka" },
    { id: "billing", kind: "service" },
    { id: "archive", kind: "service" },
  ],
  channels: ["orders", "bills", "wishes"].map((id) => ({ id, broker: "broker", kind: "topic" })),
  connections: [
    { id: "p1", kind: "publish", from: "till", to: "orders", contract: "order" },
    { id: "c1", kind: "consume", from: "orders", to: "billing" },
    { id: "p2", kind: "publish", from: "billing", to: "bills", contract: "bill" },
    { id: "c2", kind: "consume", from: "bills", to: "archive" },
    { id: "p3", kind: "publish", from: "guest", to: "wishes", contract: "wish" },
    { id: "c3", kind: "consume", from: "wishes", to: "archive" },
  ],
};
const sorted = (ids: ReadonlySet<string>) => [...ids].toSorted();

describe("what belongs to an element", () => {
  test("downstream, without other channels of the same broker", () => {
    expect(sorted(belongingTo(scenario, ["till"], "downstream"))).toEqual(
      [
        "archive",
        "billing",
        "bills",
        "broker",
        "c1",
        "c2",
        "orders",
        "p1",
        "p2",
        "till",
      ].toSorted(),
    );
  });

  test("upstream, from several sources", () => {
    expect(belongingTo(scenario, ["archive"], "upstream").has("guest")).toBe(true);
    expect(sorted(belongingTo(scenario, ["billing"], "upstream"))).toEqual(
      ["billing", "broker", "c1", "orders", "p1", "till"].toSorted(),
    );
  });

  test("a broker stands for its channels, a connection for its ends", () => {
    expect(belongingTo(scenario, ["broker"], "upstream").has("guest")).toBe(true);
    expect(sorted(belongingTo(scenario, ["c1"], "downstream"))).toContain("archive");
    expect(belongingTo(scenario, ["c1"], "downstream").has("till")).toBe(false);
  });

  test("between two elements lie the ways from one to the other, whichever comes first", () => {
    const way = sorted(between(scenario, "till", "billing"));
    expect(way).toEqual(["billing", "broker", "c1", "orders", "p1", "till"].toSorted());
    expect(sorted(between(scenario, "billing", "till"))).toEqual(way);
    expect(between(scenario, "till", "guest").size).toBe(0);
  });

  test("a circle is walked once", () => {
    const circle: Scenario = {
      ...scenario,
      connections: [
        ...scenario.connections,
        { id: "back", kind: "publish", from: "archive", to: "orders", contract: "order" },
      ],
    };
    expect(belongingTo(circle, ["billing"], "downstream").has("back")).toBe(true);
  });
});
