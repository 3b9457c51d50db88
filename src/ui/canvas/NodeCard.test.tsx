// What a card promises to those who write live values into it, and to screen readers.

import { ReactFlow, ReactFlowProvider } from "@xyflow/react";
import { afterEach, expect, test } from "vitest";
import { checkScenario } from "../../model/check.ts";
import { addNode } from "../../model/edit.ts";
import type { Scenario } from "../../model/scenario.ts";
import { blankScenario, useDocumentStore } from "../../store/documentStore.ts";
import { applyLink, proposeLink } from "../../store/linking.ts";
import { openPage, type TestPage } from "../testPage.suite.ts";
import { BrokerCard } from "./BrokerCard.tsx";
import { createFlowNodes } from "./flowNodes.ts";
import { NodeCard } from "./NodeCard.tsx";

let page: TestPage | undefined;
afterEach(async () => page?.close());

const nodeTypes = { plain: NodeCard, broker: BrokerCard };

async function openCards(scenario: Scenario): Promise<TestPage> {
  useDocumentStore.getState().open(scenario, "test");
  const problems = checkScenario(scenario);
  const cards = createFlowNodes()({ scenario, problems, selection: [], dragged: {} });
  page = await openPage(
    <ReactFlowProvider>
      <div style={{ width: 800, height: 600 }}>
        <ReactFlow nodes={cards} nodeTypes={nodeTypes} />
      </div>
    </ReactFlowProvider>,
  );
  return page;
}

test("a service shows its name and parameters in slots for live values", async () => {
  const service = { id: "stock", kind: "service", name: "Stock" } as const;
  const { root } = await openCards(addNode(blankScenario, service, { x: 0, y: 0 }));
  const card = root.querySelector("[data-node-id=stock]");
  expect(card?.textContent).toContain("Stock");
  expect(card?.querySelector("[data-live=primary]")?.textContent).toBe("20 ms, exponential");
  expect(card?.querySelector("[data-live=secondary]")?.textContent).toBe("1 worker");
  for (const slot of ["state", "busy-bar"])
    expect(card?.querySelector(`[data-live=${slot}]`)).not.toBeNull();
  expect(card?.querySelector("[role=img]")?.getAttribute("aria-label")).toBe("Has a warning");
  const node = root.querySelector(".react-flow__node");
  expect(node?.getAttribute("aria-label")).toBe("service Stock, 20 ms, exponential");
});

test("a broker shows a row per channel and a dot per node of its cluster", async () => {
  let scenario = addNode(blankScenario, { id: "client", kind: "producer" }, { x: 0, y: 0 });
  const kafka = { id: "kafka", kind: "broker", technology: "kafka" } as const;
  scenario = addNode(scenario, kafka, { x: 320, y: 0 });
  const proposal = proposeLink(scenario, "client", "kafka");
  if (proposal !== undefined) scenario = applyLink(scenario, proposal.choice).scenario;
  const { root } = await openCards(scenario);
  const card = root.querySelector("[data-node-id=kafka]");
  expect(card?.querySelectorAll("[data-live^=member-]")).toHaveLength(3);
  const row = card?.querySelector("[data-channel-id=order-placed]");
  expect(row?.getAttribute("aria-label")).toBe("Topic order-placed");
  for (const slot of ["waiting", "waiting-bar"])
    expect(row?.querySelector(`[data-live=${slot}]`)).not.toBeNull();
});
