// Editing several elements at once: which parameters are offered, and that a value goes to all in one step.

import { act } from "react";
import { afterEach, expect, test } from "vitest";
import { blankScenario, useDocumentStore } from "../../store/documentStore.ts";
import { openPage, type TestPage } from "../testPage.suite.ts";
import { SharedParameters } from "./SharedParameters.tsx";

let page: TestPage | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
});

const scenario = {
  ...blankScenario,
  nodes: [
    { id: "a", kind: "service" as const, parameters: { concurrency: 3 } },
    { id: "b", kind: "service" as const, parameters: { concurrency: 5, errorRate: 0.1 } },
    { id: "c", kind: "store" as const },
  ],
};

test("a new value goes to all of them and is undone in one step", async () => {
  useDocumentStore.getState().commit(scenario, "Draw");
  page = await openPage(<SharedParameters ids={["a", "b"]} />);
  expect(page.root.textContent).toContain("Now different: 3, 5. A new value goes to all.");
  await page.type("Workers", "7", "Enter");
  const counts = () =>
    useDocumentStore.getState().scenario.nodes.map(({ parameters }) => parameters?.["concurrency"]);
  expect(counts()).toEqual([7, 7, undefined]);
  expect(useDocumentStore.getState().scenario.nodes[1]?.parameters?.["errorRate"]).toBe(0.1);
  await act(async () => useDocumentStore.getState().undo());
  expect(counts()).toEqual([3, 5, undefined]);
});

test("elements without a parameter in common show no form", async () => {
  useDocumentStore.getState().commit(scenario, "Draw");
  page = await openPage(<SharedParameters ids={["a", "c"]} />);
  expect(page.root.textContent).toBe("");
});
