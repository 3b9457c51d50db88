// The list of problems: of the drawing, of the schemas of its events, and of changes of version.

import { afterEach, expect, test, vi } from "vitest";
import { schemaChange } from "../../scenarios/schemaChange.ts";
import { blankScenario, useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { openPage, type TestPage } from "../testPage.suite.ts";
import { ProblemsPanel } from "./ProblemsPanel.tsx";
import { useLateChecking, useProblems } from "./useProblems.ts";

let page: TestPage | undefined;
afterEach(async () => page?.close());

function Panel() {
  useLateChecking();
  return <ProblemsPanel problems={useProblems()} />;
}

test("a mistake in a schema is listed, and a click goes to its event", async () => {
  const schema = { type: "strin" };
  const contract = { id: "order-placed", name: "OrderPlaced", contractVersion: "1.0.0", schema };
  useDocumentStore.getState().open({ ...blankScenario, contracts: [contract] }, "test");
  page = await openPage(<Panel />);
  const { root } = page;
  const row = (): HTMLButtonElement | undefined =>
    [...root.querySelectorAll("button")].find((one) => one.textContent.includes("strin"));
  expect(row()).toBeUndefined();
  // The check arrives by itself, as in the browser.
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  globalThis.dispatchEvent(new Event("keydown"));
  await vi.waitFor(() => expect(row()).toBeDefined(), { timeout: 3000 });
  expect(row()?.textContent).toContain("OrderPlaced");
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  row()?.click();
  expect(useSessionStore.getState()).toMatchObject({ tab: "contracts", selection: [contract.id] });
});

test("a rollout that breaks consumers is listed with their names, before anything runs", async () => {
  useDocumentStore.getState().open(schemaChange, "test");
  page = await openPage(<Panel />);
  const rows = (): readonly string[] =>
    [...page!.root.querySelectorAll("button")]
      .map((one) => one.textContent)
      .filter((text) => text.includes("OrderPlaced 1.0.0"));
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  globalThis.dispatchEvent(new Event("keydown"));
  await vi.waitFor(() => expect(rows()).toHaveLength(2), { timeout: 5000 });
  expect(rows()[0]).toContain("Billing");
  expect(rows()[1]).toContain("Shipping");
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
});
