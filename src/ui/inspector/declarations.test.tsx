// What the inspector lets somebody state for exported documents: contact, licence and security.

import { act } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { smallScenario } from "../../model/scenario.suite.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { openPage, type TestPage } from "../testPage.suite.ts";
import { PartiesForm } from "./PartiesForm.tsx";
import { SelectionInspector } from "./SelectionInspector.tsx";

let page: TestPage | undefined;
beforeEach(() => useDocumentStore.setState({ scenario: smallScenario() }));
afterEach(async () => page?.close());

const stored = () => useDocumentStore.getState().scenario;

test("contact and licence are what was typed, and gone when it is taken back", async () => {
  page = await openPage(<PartiesForm />);
  await page.type("Contact", "Team");
  await page.type("E-mail", "team@example.com");
  await page.type("Licence", "MIT");
  expect(stored().contact).toEqual({ name: "Team", email: "team@example.com" });
  expect(stored().licence).toEqual({ name: "MIT" });
  await page.type("Contact", "");
  await page.type("E-mail", "");
  await page.type("Licence", "");
  expect(stored()).toEqual(smallScenario());
});

test("what documents will leave out is said beside it", async () => {
  page = await openPage(<PartiesForm />);
  await page.type("Web address", "team");
  await page.type("Web address of the licence", "https://example.com");
  expect(page.root.textContent).toContain("Begin with https://");
  expect(page.root.textContent).toContain("Name the licence.");
  await page.type("Web address", "https://example.com");
  await page.type("Licence", "MIT");
  expect(page.root.textContent).not.toContain("Until then");
  expect(stored().contact).toEqual({ url: "https://example.com" });
});

async function choose(name: string, value: string): Promise<void> {
  const select = page?.control(name);
  if (!(select instanceof HTMLSelectElement)) throw new Error(`"${name}" is no choice.`);
  await act(async () => {
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

test("a broker has a kind of security, and none again", async () => {
  page = await openPage(<SelectionInspector ids={["broker"]} />);
  await choose("Security", "scramSha512");
  expect(stored().nodes.find(({ id }) => id === "broker")).toHaveProperty(
    "security",
    "scramSha512",
  );
  await choose("Security", "not-stated");
  expect(stored()).toEqual(smallScenario());
});

test("a service has one where it is called", async () => {
  page = await openPage(<SelectionInspector ids={["bank"]} />);
  await choose("Security", "httpBearer");
  expect(stored().nodes.find(({ id }) => id === "bank")).toHaveProperty("security", "httpBearer");
  await page.show(<SelectionInspector ids={["payment"]} />);
  expect(page.root.textContent).not.toContain("Security");
});
