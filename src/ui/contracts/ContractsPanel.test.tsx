// The panel of contracts with its plain text field, as it is while Monaco loads or where it cannot load.

import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { smallScenario } from "../../model/scenario.suite.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { ContractsPanel } from "./ContractsPanel.tsx";

vi.mock("../editor/codeEditor.ts", () => Promise.reject(new Error("no Monaco in this test")));

let root: Root;

beforeEach(async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  document.body.innerHTML = "<main></main>";
  root = createRoot(document.querySelector("main")!);
  useDocumentStore.getState().open(smallScenario(), "test");
  await act(async () => root.render(<ContractsPanel />));
  // The language of the schemas comes a moment later.
  await vi.waitFor(async () => {
    await act(async () => Promise.resolve());
    expect(editor()).not.toBeNull();
  });
});

afterEach(async () => {
  await act(async () => root.unmount());
  vi.unstubAllGlobals();
});

const contracts = () => useDocumentStore.getState().scenario.contracts;
const editor = () => document.querySelector("textarea")!;
const words = () => document.body.textContent;

async function press(label: string): Promise<void> {
  const button = [...document.querySelectorAll("button")].find((one) =>
    (one.getAttribute("aria-label") ?? one.textContent).startsWith(label),
  );
  await act(async () => button!.click());
}

async function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): Promise<void> {
  const prototype = Object.getPrototypeOf(field) as object;
  await act(async () => {
    Object.getOwnPropertyDescriptor(prototype, "value")!.set!.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

test("shows who has to do with an event", async () => {
  await press("Used by");
  expect(words()).toContain("Written byClientspublishes");
  expect(words()).toContain("Throughorders");
  expect(words()).toContain("Read bypaymentconsumes");
});

test("begins a version, and everybody goes on speaking the one before", async () => {
  await press("Versions");
  await press("Begin");
  expect(contracts()[0]).toMatchObject({
    contractVersion: "1.1.0",
    earlier: [{ contractVersion: "1.0.0" }],
  });
  await press("Used by");
  const spoken = [...document.querySelectorAll<HTMLSelectElement>("[aria-label^=Version]")];
  expect(spoken.map(({ value }) => value)).toEqual(["1.0.0", "1.0.0"]);
  await press("Versions");
  await press("Delete version 1.1.0");
  expect(contracts()[0]).toMatchObject({ contractVersion: "1.0.0" });
  expect(contracts()[0]).not.toHaveProperty("earlier");
});

test("finds events by the names of their fields", async () => {
  await press("Add event");
  const names = () =>
    [...document.querySelectorAll("li [aria-current], li > button")].map((row) => row.textContent);
  const all = names().length;
  await type(document.querySelector<HTMLInputElement>("[type=search]")!, "new");
  expect(names().length).toBeLessThan(all);
  expect(words()).toContain("NewEvent");
  await type(document.querySelector<HTMLInputElement>("[type=search]")!, "zzz");
  expect(words()).toContain("No event and no field is called “zzz”.");
});

test("changes facts and leaves out what is empty", async () => {
  await press("About");
  const field = (label: string) =>
    [...document.querySelectorAll("label")].find((one) => one.textContent === label)!
      .nextElementSibling as HTMLInputElement;
  const leave = (label: string) =>
    act(async () => void field(label).dispatchEvent(new FocusEvent("focusout", { bubbles: true })));
  await type(field("Owner"), " team-orders ");
  await leave("Owner");
  await type(field("Tags"), "a, b,, a");
  await leave("Tags");
  expect(contracts()[0]).toMatchObject({ owner: "team-orders", tags: ["a", "b"] });
  await type(field("Owner"), "");
  await leave("Owner");
  expect(contracts()[0]).not.toHaveProperty("owner");
});

test("adds an event with a valid skeleton, duplicates and deletes it", async () => {
  const before = contracts().length;
  await press("Add event");
  expect(contracts().at(-1)).toMatchObject({ id: "new-event", name: "NewEvent" });
  expect(words()).toContain("The schema is valid.");
  await press("Duplicate NewEvent");
  expect(contracts().at(-1)).toMatchObject({ name: "NewEventCopy" });
  await press("Delete NewEventCopy");
  expect(contracts()).toHaveLength(before + 1);
});

test("takes over every schema that is one, and keeps the last good one meanwhile", async () => {
  await type(editor(), '{ "type": "string" }');
  expect(contracts()[0]?.schema).toEqual({ type: "string" });
  await type(editor(), '{ "type": "string", }');
  expect(contracts()[0]?.schema).toEqual({ type: "string" });
  expect(words()).toContain("Line 1: Remove the comma before }.");
  expect(words()).toContain("Not taken over yet");
});

test("follows undo", async () => {
  const text = editor().value;
  await type(editor(), '{ "type": "string" }');
  await act(async () => useDocumentStore.getState().undo());
  expect(editor().value).toBe(text);
});

test("renames when the field is left", async () => {
  const name = document.querySelector<HTMLInputElement>("[maxlength='120']")!;
  await type(name, "OrderAccepted");
  await act(async () => name.dispatchEvent(new FocusEvent("focusout", { bubbles: true })));
  expect(contracts()[0]?.name).toBe("OrderAccepted");
});

test("keeps a sample as an example, changes and removes it", async () => {
  await press("Samples");
  await vi.waitFor(async () => {
    await act(async () => Promise.resolve());
    await press("Keep sample 1");
  });
  const kept = () => contracts()[0]?.examples;
  expect(kept()).toMatchObject([{ name: "example-1" }]);
  const field = document.querySelector<HTMLTextAreaElement>("[aria-label=Examples] textarea")!;
  const leave = () =>
    act(async () => void field.dispatchEvent(new FocusEvent("focusout", { bubbles: true })));
  const before = kept();
  await type(field, "{");
  await leave();
  expect(kept()).toBe(before);
  expect(words()).toContain("This is no JSON yet.");
  await type(field, '{ "a": 1 }');
  await leave();
  expect(kept()).toEqual([{ name: "example-1", payload: { a: 1 } }]);
  await press("Remove example-1");
  expect(contracts()[0]).not.toHaveProperty("examples");
});
