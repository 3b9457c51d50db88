// Serverless functions in a run.
import { expect, it } from "vitest";
import type { Parameters } from "../base/fields.ts";
import type { Node, Scenario } from "../model/scenario.ts";
import { finish, sketch, source } from "./sketch.suite.ts";

function fn(id: string, parameters: Parameters = {}): Node {
  return { id, kind: "function", parameters };
}

function sqsTo(
  parameters: Parameters,
  mapping: Parameters,
  rate = 10,
  more: Parameters = {},
): Scenario {
  return sketch({
    nodes: [
      source("p", rate, { ...more }),
      { id: "b", kind: "broker", technology: "sqs" },
      fn("f", parameters),
    ],
    channels: [
      {
        id: "q",
        kind: "queue",
        broker: "b",
        parameters: { VisibilityTimeout: 60_000, early_duplicates: 0 },
      },
    ],
    connections: [
      { id: "pub", kind: "publish", from: "p", to: "q", contract: "E" },
      { id: "sub", kind: "consume", from: "q", to: "f", parameters: mapping },
    ],
  });
}

it("smoke", () => {
  const run = finish(sqsTo({}, {}));
  const report = run.report(0);
  console.log(
    JSON.stringify(report.nodes[2], null, 1),
    JSON.stringify(report.conservation),
    report.notes,
  );
  expect(report.conservation.violations).toEqual([]);
});
