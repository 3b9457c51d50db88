// The change of a schema breaks exactly those who cannot read the new version.

import { describe, expect, test } from "vitest";
import type { NodeReport, Report } from "../model/report.ts";
import type { PayloadSchema, Scenario } from "../model/scenario.ts";
import { reportOf } from "./runBoth.suite.ts";
import { schemaChange } from "./schemaChange.ts";

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
