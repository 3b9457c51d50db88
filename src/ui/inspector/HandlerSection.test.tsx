// The handlers of a service in the inspector: read as a sentence, written out as steps, moved, added and removed.

import { act } from "react";
import { afterEach, expect, test } from "vitest";
import { smallScenario } from "../../model/scenario.suite.ts";
import type { ServiceNode } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { openPage, type TestPage } from "../testPage.suite.ts";
import { SelectionInspector } from "./SelectionInspector.tsx";

let page: TestPage | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
});

function payment(): ServiceNode {
  const node = useDocumentStore.getState().scenario.nodes.find(({ id }) => id === "payment");
  if (node?.kind !== "service") throw new Error("There is a payment service.");
  return node;
}

async function press(label: string): Promise<void> {
  const all = [...(page?.root.querySelectorAll("button") ?? [])];
  const found = all.find(
    (one) => one.getAttribute("aria-label") === label || one.textContent === label,
  );
  if (found === undefined) throw new Error(`There is no button “${label}”.`);
  await act(async () => found.click());
}

const steps = () => payment().handlers?.map((one) => one.steps.map((step) => step.do).join(" "));

test("derived handlers are written out, and their steps moved, removed and followed again", async () => {
  useDocumentStore.getState().commit(smallScenario(), "Draw");
  page = await openPage(<SelectionInspector ids={["payment"]} />);
  expect(page.root.textContent).toContain(
    "On OrderPlaced: work · call bank (ChargeCard) · write ledger",
  );
  await press("Edit as steps");
  expect(steps()).toEqual(["work call write", "work call"]);
  await press("Move “call bank (ChargeCard)” up");
  expect(steps()).toEqual(["call work write", "work call"]);
  await press("Remove “write ledger”");
  expect(steps()).toEqual(["call work", "work call"]);
  await act(async () => useDocumentStore.getState().undo());
  expect(steps()).toEqual(["call work write", "work call"]);
  await press("Follow the connections");
  expect(payment().handlers).toBeUndefined();
});
