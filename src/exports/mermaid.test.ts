// Mermaid's own parser judges the diagrams; for flowcharts it needs a page, here a pretended one.
// @vitest-environment happy-dom

import mermaidLibrary from "mermaid";
import { describe, expect, test } from "vitest";
import { awkward } from "../contracts/sample.suite.ts";
import { randomScenario } from "../model/scenario.suite.ts";
import type { Scenario } from "../model/scenario.ts";
import { scenarios } from "../scenarios/everyScenario.suite.ts";
import { mermaid } from "./mermaid.ts";
import { choosing } from "./wayOut.ts";

const make = async (scenario: Scenario, diagram: string) =>
  mermaid.make(scenario, { chosen: choosing({ diagram }) });

/** Names with everything that means something to Mermaid. */
const nasty: Scenario = {
  ...awkward,
  nodes: awkward.nodes.map((node, index) => ({
    ...node,
    name: [
      'end "x" #1;',
      "graph <b>&amp;</b>",
      "a|b]c)d}",
      "%% %%{init: 1}%%",
      "`sub\\graph`\n--> x",
      ":::",
      " ",
    ][index % 7]!,
  })),
};

const all = [...scenarios, awkward, nasty, randomScenario(3, 6), randomScenario(4, 2)];

describe.each(all.map((scenario, index) => [`${index} ${scenario.id}`, scenario] as const))(
  "%s",
  (_name, scenario) => {
    test.each(["flowchart", "sequence"])("is a %s that Mermaid reads", async (diagram) => {
      const { files } = await make(scenario, diagram);
      expect(files.length).toBeGreaterThan(0);
      for (const { name, text } of files)
        await expect(mermaidLibrary.parse(text), `${name}\n${text}`).resolves.toBeTruthy();
    });
  },
);

test("the parser does refuse what is wrong", async () => {
  await expect(mermaidLibrary.parse("flowchart LR\n  a[ --> b")).rejects.toThrow();
  await expect(mermaidLibrary.parse("sequenceDiagram\n  a->b")).rejects.toThrow();
});

test("a flowchart has every node, channel and line", async () => {
  const [file] = (await make(awkward, "flowchart")).files;
  expect(file?.name).toBe("awkward.mmd");
  expect(file?.text).toContain('  producer_shop(["Shop"])\n');
  expect(file?.text).toContain('  subgraph broker_k["Log: main #35;1"]\n');
  expect(file?.text).toContain('    exchange_events[/"events/öffentlich"/]\n');
  expect(file?.text).toContain('  exchange_events -->|"order.placed"| queue_placed_queue\n');
  expect(file?.text).toContain('  service_kitchen -.->|"Charge"| service_billing\n');
  const links = file?.text.split("\n").filter((line) => /-->|-\.->/u.test(line));
  expect(links).toHaveLength(awkward.connections.length);
});

test("a sequence follows an event through routing, calls and writes", async () => {
  const { files } = await make(awkward, "sequence");
  expect(files.map(({ name }) => name)).toEqual(["awkward.order-placed.mmd"]);
  const steps = files[0]?.text.split("\n").filter((line) => /-\)|->>/u.test(line));
  expect(steps).toEqual([
    "  producer_shop-)topic_orders: OrderPlaced",
    "  topic_orders-)service_kitchen: OrderPlaced",
    "  service_kitchen->>service_billing: Charge",
    "  service_billing-)store_ledger: write",
    "  service_billing-->>service_kitchen: answer",
    "  service_kitchen-)exchange_events: OrderPlaced",
    "  exchange_events-)queue_placed_queue: OrderPlaced",
    "  queue_placed_queue-)service_billing: OrderPlaced",
  ]);
});

test("nothing gives no diagram and says so", async () => {
  const nothing = { ...awkward, nodes: [], channels: [], connections: [] };
  expect(await make(nothing, "flowchart")).toEqual({
    files: [],
    remarks: ["There is nothing to draw yet."],
  });
  expect((await make(nothing, "sequence")).files).toEqual([]);
});
