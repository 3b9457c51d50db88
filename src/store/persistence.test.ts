// Saving in a storage that works, that lies, that is full and that is blocked.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { addNode } from "../model/edit.ts";
import { blankScenario, useDocumentStore } from "./documentStore.ts";
import {
  listDocuments,
  loadDocument,
  removeDocument,
  saveDocument,
  startAutosave,
  type TextStorage,
  useSaving,
} from "./persistence.ts";

function createMemory(): TextStorage & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    get: async (key) => texts.get(key),
    set: async (key, text) => void texts.set(key, text),
    remove: async (key) => void texts.delete(key),
  };
}

const named = (title: string) => ({ ...blankScenario, title });
const full: TextStorage = {
  ...createMemory(),
  set: async () => {
    throw new Error("QuotaExceededError");
  },
};
const blocked: TextStorage = {
  get: async () => {
    throw new Error("SecurityError");
  },
  set: full.set,
  remove: async () => full.set("", ""),
};

describe("documents", () => {
  test("come back as they were, and are listed with the latest first", async () => {
    const storage = createMemory();
    vi.spyOn(Date, "now").mockReturnValueOnce(1).mockReturnValueOnce(2);
    await saveDocument(storage, "one", named("One"));
    await saveDocument(storage, "two", named("Two"));
    const list = await listDocuments(storage);
    expect(list.map((document) => document.title)).toEqual(["Two", "One"]);
    const loaded = await loadDocument(storage, "one");
    expect(loaded.ok && loaded.value.title).toBe("One");
    await removeDocument(storage, "one");
    expect(await listDocuments(storage)).toHaveLength(1);
    expect((await loadDocument(storage, "one")).ok).toBe(false);
  });

  test("saved into a storage that forgets are noticed", async () => {
    const forgetful: TextStorage = { ...createMemory(), get: async () => undefined };
    const result = await saveDocument(forgetful, "one", blankScenario);
    expect(result.ok).toBe(false);
  });

  test("in a full or blocked storage fail with a sentence, never with an exception", async () => {
    for (const storage of [full, blocked]) {
      const saved = await saveDocument(storage, "one", blankScenario);
      expect(saved).toMatchObject({ ok: false, failure: expect.stringContaining("file") });
      expect((await loadDocument(storage, "one")).ok).toBe(false);
      expect(await listDocuments(storage)).toEqual([]);
      await expect(removeDocument(storage, "one")).resolves.toBeUndefined();
    }
  });

  test("a damaged list is an empty list", async () => {
    const storage = createMemory();
    storage.texts.set("spillway.documents", `{"not":"a list"}`);
    expect(await listDocuments(storage)).toEqual([]);
    storage.texts.set("spillway.documents", "{");
    expect(await listDocuments(storage)).toEqual([]);
  });
});

describe("autosave", () => {
  beforeEach(() => {
    useDocumentStore.getState().open(named("Start"), "k1");
    useSaving.setState({ saving: "saved", failure: "" });
  });
  afterEach(() => vi.restoreAllMocks());

  const draw = (): void => {
    const { scenario, commit } = useDocumentStore.getState();
    commit(addNode(scenario, { id: "a", kind: "service" }, { x: 0, y: 0 }), "Add");
  };

  test("saves after a change, and says so", async () => {
    const storage = createMemory();
    const autosave = startAutosave(storage, () => undefined);
    draw();
    expect(useSaving.getState().saving).toBe("waiting");
    await autosave.flush();
    expect(useSaving.getState().saving).toBe("saved");
    const loaded = await loadDocument(storage, "k1");
    expect(loaded.ok && loaded.value.nodes).toHaveLength(1);
    autosave.stop();
  });

  test("writes what the old document still owes when another is opened", async () => {
    const storage = createMemory();
    const autosave = startAutosave(storage, () => undefined);
    draw();
    useDocumentStore.getState().open(named("Other"), "k2");
    await autosave.flush();
    expect([...storage.texts.keys()].sort()).toContain("spillway.document.k1");
    expect([...storage.texts.keys()].sort()).toContain("spillway.document.k2");
    autosave.stop();
  });

  test("keeps an example only once it is changed, and what is stored stays as it is", async () => {
    const storage = createMemory();
    const autosave = startAutosave(storage, () => undefined);
    useDocumentStore.getState().open(named("Example"), "k3", "example");
    await autosave.flush();
    useDocumentStore.getState().open(named("Stored"), "k4", "stored");
    await autosave.flush();
    expect(storage.texts.size).toBe(0);
    useDocumentStore.getState().open(named("Example"), "k3", "example");
    draw();
    expect(useDocumentStore.getState().origin).toBe("stored");
    await autosave.flush();
    expect(await listDocuments(storage)).toMatchObject([{ key: "k3", title: "Example" }]);
    autosave.stop();
  });

  test("tells once when saving begins to fail, and goes on", async () => {
    const told: string[] = [];
    const autosave = startAutosave(full, (sentence) => told.push(sentence));
    draw();
    await autosave.flush();
    useDocumentStore.getState().undo();
    await autosave.flush();
    expect(told).toHaveLength(1);
    expect(useSaving.getState().saving).toBe("failed");
    autosave.stop();
  });
});
