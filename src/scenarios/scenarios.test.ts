// The ready-made scenarios: each is valid, survives the strict parser, runs in balance, and shows what it promises.

import { describe, expect, test } from "vitest";
import { finish } from "../engine/sketch.suite.ts";
import { checkScenario } from "../model/check.ts";
import { parseScenario, parseScenarioText, writeScenario } from "../model/parse.ts";
import type { CallReport, NodeReport, Report } from "../model/report.ts";
import type { PayloadSchema, Scenario } from "../model/scenario.ts";
import { readabilityFor } from "../schemas/readabilityFor.ts";
import { foodDelivery } from "./foodDelivery.ts";
import { scenarios } from "./index.ts";
import { schemaChange } from "./schemaChange.ts";
import { loadScenario, scenarioTitles } from "./titles.ts";

async function reportOf(scenario: Scenario): Promise<Report> {
  return finish(scenario, { readability: await readabilityFor(scenario) }).report(0);
}

test("menus name every scenario, in its order, and find it", async () => {
  expect(scenarioTitles).toEqual(scenarios.map(({ id, title }) => ({ id, title })));
  expect(await loadScenario("work-queue")).toBe(scenarios[1]);
  expect(await loadScenario("none")).toBeUndefined();
});

describe.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
  "%s",
  (_, scenario) => {
    test("is valid and has nothing to complain about", () => {
      expect(parseScenario(structuredClone(scenario))).toEqual({ ok: true, value: scenario });
      expect(checkScenario(scenario)).toEqual([]);
    });

    test("survives being written and read", () => {
      const read = parseScenarioText(writeScenario(scenario));
      expect(read).toEqual({ ok: true, value: scenario });
    });

    test("runs to its end in balance and meets its objectives", async () => {
      const report = await reportOf(scenario);
      expect(report.ended.reason).toBe("finished");
      expect(report.conservation.violations).toEqual([]);
      expect(report.objectives.filter((objective) => !objective.met)).toEqual([]);
    });
  },
);

describe("the payment outage of 30 s in food delivery", async () => {
  const report = await reportOf(foodDelivery);
  const entry = (to: string): CallReport =>
    report.calls.find((call) => call.from === "customers" && call.to === to)!;
  const writes = (store: string): number => report.nodes.find(({ id }) => id === store)!.entities;
  const failed = (call: CallReport): number =>
    Object.values(call.failed).reduce((sum, count) => sum + count, 0);

  test("both sides get the same orders", () => {
    expect(entry("orders").calls).toBe(entry("orders-sync").calls);
    expect(entry("orders").calls).toBeGreaterThan(1900);
  });

  test("event-driven: every order is accepted, none is lost, and the stores converge", () => {
    const { calls, succeeded } = entry("orders");
    expect(succeeded).toBe(calls);
    expect(writes("orders-db")).toBe(calls);
    expect(writes("payments-db")).toBe(calls);
    expect(writes("rides-db")).toBe(calls);
    for (const channel of report.channels) expect(channel.lagMessages).toBe(0);
  });

  test("event-driven: the price is waiting, up to about the length of the outage", () => {
    const flow = report.flows.find(({ id }) => id === "customers-calls-orders→payment")!;
    expect(flow.latency.max!).toBeGreaterThan(29_000);
    expect(flow.latency.max!).toBeLessThan(45_000);
  });

  test("event-driven: nothing waits for long without the outage", async () => {
    const quiet = await reportOf({ ...foodDelivery, timeline: [] });
    const flow = quiet.flows.find(({ id }) => id === "customers-calls-orders→payment")!;
    expect(flow.latency.p99!).toBeLessThan(1000);
  });

  test("synchronous: the orders of the outage fail, about 20 per second for 30 s", () => {
    const lost = failed(entry("orders-sync"));
    expect(lost).toBeGreaterThan(540);
    expect(lost).toBeLessThan(680);
    expect(entry("orders-sync").pending).toBe(0);
  });

  test("without the outage neither side loses anything", async () => {
    const quiet = await reportOf({ ...foodDelivery, timeline: [] });
    for (const call of quiet.calls.filter(({ from }) => from === "customers"))
      expect(failed(call)).toBe(0);
  });
});

describe("the rollout of version 2 at 30 s", async () => {
  const report = await reportOf(schemaChange);
  const node = (of: Report, id: string): NodeReport => of.nodes.find((one) => one.id === id)!;
  const reason = "unreadable: OrderPlaced 2.0.0, reads 1.0.0";

  test("is taken by the registry, and breaks exactly those who still read version 1", () => {
    expect(report.notes.map(({ t, sentence }) => [t, sentence])).toEqual([
      [20, "OrderPlaced 2.0.0 is rolled out at Analytics"],
      [30, "OrderPlaced 2.0.0 is rolled out at Shop"],
      [30, "The registry takes OrderPlaced 2.0.0"],
      [60, "OrderPlaced 2.0.0 is rolled out at Billing"],
    ]);
    expect(node(report, "shop")).toMatchObject({ published: 900, refused: {} });
    expect(node(report, "analytics")).toMatchObject({ handled: 900, failed: {} });
    // What is still tried again at 60 s is read after all.
    expect(node(report, "billing")).toMatchObject({ handled: 606, failed: { [reason]: 294 } });
    expect(node(report, "shipping")).toMatchObject({ handled: 299, failed: { [reason]: 601 } });
  });

  test("every message is accounted for: read, or set aside after three attempts", () => {
    const counts = report.versions.map((row) =>
      [row.connection, row.contractVersion, row.messages, row.failed].join(" "),
    );
    expect(counts).toEqual([
      "place 1.0.0 299 0",
      "place 2.0.0 601 0",
      "billing-takes 1.0.0 299 0",
      "billing-takes 2.0.0 601 300",
      "shipping-takes 1.0.0 299 0",
      "shipping-takes 2.0.0 601 601",
      "analytics-takes 1.0.0 299 0",
      "analytics-takes 2.0.0 601 0",
      "support-takes 2.0.0 895 0",
    ]);
    expect(report.conservation.copies).toMatchObject({ deadLettered: 895, dropped: 0, waiting: 0 });
    expect(node(report, "support").handled).toBe(895);
  });

  test("breaks nobody when version 1 lets further properties pass", async () => {
    const [contract] = schemaChange.contracts;
    const lenient = (schema: PayloadSchema): PayloadSchema =>
      Object.assign({}, schema, { additionalProperties: { type: "string" } });
    const { earlier = [] } = contract!;
    const twin: Scenario = {
      ...schemaChange,
      contracts: [
        {
          ...contract!,
          schema: lenient(contract!.schema),
          earlier: earlier.map((one) => ({ ...one, schema: lenient(one.schema) })),
          compatibility: "FULL",
        },
      ],
    };
    const quiet = await reportOf(twin);
    for (const id of ["billing", "shipping", "analytics"])
      expect(node(quiet, id)).toMatchObject({ handled: 900, failed: {} });
    expect(quiet.conservation.copies.deadLettered).toBe(0);
    expect(quiet.versions.every(({ failed }) => failed === 0)).toBe(true);
  });

  test("is refused by the registry when it has to keep old readers whole", async () => {
    const strict: Scenario = {
      ...schemaChange,
      contracts: schemaChange.contracts.map((one) => ({ ...one, compatibility: "FORWARD" })),
    };
    const refused = await reportOf(strict);
    expect(node(refused, "shop").refused).toEqual({
      "incompatible schema: OrderPlaced 2.0.0": 601,
    });
    for (const id of ["billing", "shipping", "analytics"])
      expect(node(refused, id)).toMatchObject({ handled: 299, failed: {} });
  });
});
