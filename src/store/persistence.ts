// Documents in this browser: a list of several, saved by themselves after every change and verified by reading back.
// The storage may be blocked, full or gone; then the person is told, and everything else goes on.

import { get, set, del } from "idb-keyval";
import { create } from "zustand";
import type { Problem } from "../base/problem.ts";
import { fail, type Result, succeed } from "../base/result.ts";
import type { Scenario } from "../model/scenario.ts";
import { useDocumentStore } from "./documentStore.ts";
import { printScenario, readScenario } from "./scenarioText.ts";

/** Where texts are kept; the IndexedDB of the browser or, in tests, a Map. */
export interface TextStorage {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string): Promise<void>;
  remove(key: string): Promise<void>;
}

/** The storage of this browser. */
export const browserStorage: TextStorage = {
  get: async (key) => {
    const value: unknown = await get(key);
    return typeof value === "string" ? value : undefined;
  },
  set: async (key, text) => set(key, text),
  remove: async (key) => del(key),
};

/** A stored document as the list shows it. */
export interface StoredDocument {
  readonly key: string;
  readonly title: string;
  /** When it was saved last, milliseconds since 1970. */
  readonly savedAt: number;
}

/** What is known about saving. */
export interface SavingState {
  readonly saving: "saved" | "waiting" | "failed";
  /** Why it failed, with what to do. */
  readonly failure: string;
}

/** Whether the open document is safe. */
export const useSaving = create<SavingState>()(() => ({ saving: "saved", failure: "" }));

const listKey = "spillway.documents";
const documentKey = (key: string): string => `spillway.document.${key}`;
const debounceMs = 600;

/** The stored documents, the latest first. */
export async function listDocuments(storage: TextStorage): Promise<readonly StoredDocument[]> {
  try {
    const text = await storage.get(listKey);
    const list: unknown = text === undefined ? [] : JSON.parse(text);
    return Array.isArray(list)
      ? list.filter(isStoredDocument).toSorted((a, b) => b.savedAt - a.savedAt)
      : [];
  } catch {
    return [];
  }
}

function isStoredDocument(value: unknown): value is StoredDocument {
  return (
    typeof value === "object" &&
    value !== null &&
    "key" in value &&
    typeof value.key === "string" &&
    "title" in value &&
    typeof value.title === "string" &&
    "savedAt" in value &&
    typeof value.savedAt === "number"
  );
}

/** Saves a document and reads it back; the failure is a sentence that says what to do. */
export async function saveDocument(
  storage: TextStorage,
  key: string,
  scenario: Scenario,
): Promise<Result<StoredDocument, string>> {
  try {
    const text = await printScenario(scenario);
    await storage.set(documentKey(key), text);
    if ((await storage.get(documentKey(key))) !== text)
      return fail("What was saved is not what came back; save the document as a file.");
    const entry = { key, title: scenario.title, savedAt: Date.now() };
    const others = (await listDocuments(storage)).filter((other) => other.key !== key);
    await storage.set(listKey, JSON.stringify([entry, ...others]));
    return succeed(entry);
  } catch (error) {
    const reason = error instanceof Error && error.message !== "" ? ` (${error.message})` : "";
    return fail(`This browser does not keep the document${reason}; save it as a file.`);
  }
}

/** Reads a stored document. */
export async function loadDocument(
  storage: TextStorage,
  key: string,
): Promise<Result<Scenario, readonly Problem[]>> {
  const gone = (message: string): Result<Scenario, readonly Problem[]> =>
    fail([{ code: "document/unreadable", severity: "error", path: "", message }]);
  try {
    const text = await storage.get(documentKey(key));
    if (text === undefined) return gone("The document is no longer in this browser.");
    return await readScenario(text);
  } catch {
    return gone("This browser refuses to read its storage; open the document from a file.");
  }
}

/** Removes a stored document. */
export async function removeDocument(storage: TextStorage, key: string): Promise<void> {
  try {
    // First out of the list: whoever leaves the page in between must not find an entry without a document.
    const others = (await listDocuments(storage)).filter((other) => other.key !== key);
    await storage.set(listKey, JSON.stringify(others));
    await storage.remove(documentKey(key));
  } catch {
    // It stays; the list shows it.
  }
}

/** A key under which no document is stored yet. */
export function newDocumentKey(): string {
  return `${Date.now().toString(36)}-${crypto.randomUUID().slice(0, 8)}`;
}

let flushCurrent: () => Promise<void> = async () => undefined;

/** Waits until everything that is to be saved is saved. */
export async function settleAutosave(): Promise<void> {
  return flushCurrent();
}

/** Saves the open document after every change, and a new one when it is opened. `onFailure` is called when saving begins
 *  to fail. */
export function startAutosave(
  storage: TextStorage,
  onFailure: (sentence: string) => void,
  onSaved: (key: string) => void = () => undefined,
): { readonly flush: () => Promise<void>; readonly stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pending: { key: string; scenario: Scenario } | undefined;
  // One write at a time, in order.
  let queue: Promise<void> = Promise.resolve();
  const write = async (job: { key: string; scenario: Scenario }): Promise<void> => {
    const result = await saveDocument(storage, job.key, job.scenario);
    const before = useSaving.getState().saving;
    if (result.ok) {
      useSaving.setState({ saving: pending === undefined ? "saved" : "waiting" });
      onSaved(job.key);
    } else {
      useSaving.setState({ saving: "failed", failure: result.failure });
      if (before !== "failed") onFailure(result.failure);
    }
  };
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    // Taken now: by the time it is its turn, another document may be pending.
    const job = pending;
    pending = undefined;
    if (job !== undefined) queue = queue.then(async () => write(job));
    return queue;
  };
  flushCurrent = flush;
  const unsubscribe = useDocumentStore.subscribe((state, before) => {
    if (state.scenario === before.scenario && state.key === before.key) return;
    // Another document was opened: what the old one still owes is written first.
    if (state.key !== before.key && pending !== undefined) void flush();
    if (state.key !== before.key && state.origin !== "new") return;
    pending = { key: state.key, scenario: state.scenario };
    if (useSaving.getState().saving === "saved") useSaving.setState({ saving: "waiting" });
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), debounceMs);
  });
  return {
    flush,
    stop: () => {
      unsubscribe();
      clearTimeout(timer);
    },
  };
}
