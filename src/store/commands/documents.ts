// Documents as a whole: new, duplicate, delete, from a file, into a file, from an example.

import type { Problem } from "../../base/problem.ts";
import type { Scenario } from "../../model/scenario.ts";
import { canvas } from "../canvasPort.ts";
import { blankScenario, type DocumentOrigin, useDocumentStore } from "../documentStore.ts";
import { fileNameFor, pickFiles, saveFile } from "../files.ts";
import {
  browserStorage,
  listDocuments,
  loadDocument,
  newDocumentKey,
  removeDocument,
  settleAutosave,
} from "../persistence.ts";
import { printScenario, readScenario } from "../scenarioText.ts";
import { useSessionStore } from "../sessionStore.ts";
import type { Command } from "./command.ts";

/** Opens a scenario as a new document of this browser. */
export function openAsNew(scenario: Scenario): void {
  open(scenario, newDocumentKey(), "new");
}

/** Opens an example, which is kept in this browser once it is changed. */
export function openExample(scenario: Scenario): void {
  open(scenario, newDocumentKey(), "example");
}

/** Opens an example that may have to be fetched first. */
export async function openLateExample(load: Promise<Scenario | undefined>): Promise<void> {
  const scenario = await load;
  if (scenario !== undefined) openExample(scenario);
}

function open(scenario: Scenario, key: string, origin: DocumentOrigin): void {
  useDocumentStore.getState().open(scenario, key, origin);
  useSessionStore.getState().set({
    selection: [],
    dialog: null,
    lastDocument: origin === "example" ? `example/${scenario.id}` : key,
    announcement: `${scenario.title} opened.`,
  });
  // After the canvas has the new nodes, and after a menu has given the focus back: Space is to run the document,
  // not to open the menu again. Whoever has opened a dialog since then keeps the focus there.
  setTimeout(() => {
    if (scenario.nodes.length === 0) canvas().zoom("whole");
    else canvas().fit();
    if (useSessionStore.getState().dialog === null)
      document.querySelector<HTMLElement>("main")?.focus();
  }, 50);
}

/** Opens a stored document; tells whether that was possible. */
export async function openStored(key: string): Promise<boolean> {
  const loaded = await loadDocument(browserStorage, key);
  if (loaded.ok) open(loaded.value, key, "stored");
  else refuse("The document cannot be opened.", loaded.failure);
  return loaded.ok;
}

/** Deletes a stored document; when it is the open one, a new one takes its place. */
export async function deleteStored(key: string): Promise<void> {
  if (key === useDocumentStore.getState().key) {
    const others = await listDocuments(browserStorage);
    const next = others.find((other) => other.key !== key);
    if (next === undefined) openAsNew(blankScenario);
    else await openStored(next.key);
  }
  // Whatever was still to be written of it is written first, else it would come back.
  await settleAutosave();
  await removeDocument(browserStorage, key);
}

/** Opens the text of a scenario file as a new document. */
export async function openText(text: string, from: string): Promise<void> {
  const parsed = await readScenario(text);
  if (parsed.ok) openAsNew(parsed.value);
  else refuse(`${from} cannot be opened, and nothing was changed.`, parsed.failure);
}

/** Tells that something could not be opened, with the first reason. */
export function refuse(sentence: string, problems: readonly Problem[]): void {
  const first = problems[0]?.message ?? "";
  useSessionStore.getState().notify("failure", `${sentence} ${first}`.trim());
}

/** Commands on documents. */
export const documentCommands: readonly Command[] = [
  {
    id: "document/new",
    title: "New document",
    group: "Document",
    shortcuts: [],
    icon: "file",
    run: () => openAsNew(blankScenario),
  },
  {
    id: "document/duplicate",
    title: "Duplicate document",
    group: "Document",
    shortcuts: [],
    icon: "copy",
    run: () => {
      const { scenario } = useDocumentStore.getState();
      openAsNew({ ...scenario, title: `${scenario.title} (copy)` });
    },
  },
  {
    id: "document/import",
    title: "Open a file …",
    group: "Document",
    shortcuts: [],
    icon: "folder",
    run: async () => {
      for (const file of await pickFiles(".json,application/json")) {
        // In the order in which they were chosen.
        await openText(await file.text(), file.name);
      }
    },
  },
  {
    id: "document/save",
    title: "Save as a file",
    group: "Document",
    shortcuts: ["Ctrl+S"],
    icon: "download",
    run: async () => {
      const { scenario } = useDocumentStore.getState();
      saveFile(fileNameFor(scenario.title, "spillway.json"), await printScenario(scenario));
    },
  },
  {
    id: "document/delete",
    title: "Delete document",
    group: "Document",
    shortcuts: [],
    icon: "trash",
    run: async () => {
      const { key, scenario } = useDocumentStore.getState();
      await deleteStored(key);
      useSessionStore.getState().notify("info", `${scenario.title} was deleted from this browser.`);
    },
  },
];
