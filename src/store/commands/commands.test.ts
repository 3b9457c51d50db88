// The registry of commands: nothing twice, and keys that reach what they name.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeKinds } from "../../nodes/index.ts";
import { blankScenario, useDocumentStore } from "../documentStore.ts";
import { useSessionStore } from "../sessionStore.ts";
import { createCommands } from "./index.ts";
import { commandFor, formatShortcut, type KeyPress, shortcutOf } from "./shortcuts.ts";

const commands = createCommands(Object.values(nodeKinds));
const press = (key: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...modifiers,
});
const run = (id: string) => commands.find((command) => command.id === id)?.run();

describe("commands", () => {
  test("have ids of their own", () => {
    const ids = commands.map((command) => command.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("have keys of their own", () => {
    const keys = commands.flatMap((command) => command.shortcuts);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  });

  test("are found by the keys people press", () => {
    const found = (key: KeyPress) => commandFor(commands, key)?.id;
    expect(found(press("p"))).toBe("add/producer");
    expect(found(press("b"))).toBe("add/broker");
    expect(found(press("z", { ctrlKey: true }))).toBe("edit/undo");
    expect(found(press("Z", { metaKey: true, shiftKey: true }))).toBe("edit/redo");
    expect(found(press("y", { ctrlKey: true }))).toBe("edit/redo");
    expect(found(press("?", { shiftKey: true }))).toBe("help/shortcuts");
    expect(found(press("+", { shiftKey: true }))).toBe("view/zoom-in");
    expect(found(press(" "))).toBe("run/toggle");
    expect(found(press("K", { shiftKey: true }))).toBeUndefined();
    expect(found(press("s", { ctrlKey: true }))).toBe("document/save");
  });

  test("show their keys in the words of the keyboard", () => {
    expect(formatShortcut("Ctrl+Shift+Z", false)).toBe("Ctrl+Shift+Z");
    expect(formatShortcut("Ctrl+Shift+Z", true)).toBe("⌘⇧Z");
    expect(formatShortcut("+", false)).toBe("+");
    expect(formatShortcut("Delete", false)).toBe("Del");
    expect(shortcutOf(press("ArrowUp", { shiftKey: true }))).toBe("Shift+ArrowUp");
  });
});

describe("drawing by commands", () => {
  beforeEach(() => {
    useDocumentStore.getState().open(blankScenario, "test");
    useSessionStore.getState().select([]);
  });
  afterEach(() => useSessionStore.getState().closeDialog());

  const ids = () => useDocumentStore.getState().scenario.nodes.map((node) => node.id);

  test("adds, selects, deletes, undoes and redoes", async () => {
    await run("add/producer");
    await run("add/service");
    expect(ids()).toEqual(["producer", "service"]);
    expect(useSessionStore.getState().selection).toEqual(["service"]);
    await run("edit/delete");
    expect(ids()).toEqual(["producer"]);
    await run("edit/undo");
    expect(ids()).toEqual(["producer", "service"]);
    await run("edit/redo");
    expect(ids()).toEqual(["producer"]);
  });

  test("places a new card beside the selected one, and none over another", async () => {
    for (let i = 0; i < 6; i++) await run(i % 2 === 0 ? "add/service" : "add/store");
    const { layout } = useDocumentStore.getState().scenario;
    const places = Object.values(layout).map(({ x, y }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(6);
  });

  test("a broker asks for its technology first", async () => {
    await run("add/broker");
    expect(ids()).toEqual([]);
    expect(useSessionStore.getState().dialog).toMatchObject({ dialog: "technology" });
  });

  test("holding an arrow key is one step to undo", async () => {
    await run("add/service");
    const before = useDocumentStore.getState().scenario;
    for (let i = 0; i < 5; i++) await run("edit/move-right");
    await run("edit/undo");
    expect(useDocumentStore.getState().scenario.layout).toEqual(before.layout);
  });

  test("duplicates with fresh ids", async () => {
    await run("add/service");
    await run("clipboard/duplicate");
    expect(ids()).toEqual(["service", "service-2"]);
    expect(useSessionStore.getState().selection).toEqual(["service-2"]);
  });

  test("copying does not take away what can be redone", async () => {
    await run("add/service");
    await run("add/store");
    await run("edit/undo");
    await run("edit/select-all");
    await run("clipboard/copy");
    await run("edit/redo");
    expect(ids()).toEqual(["service", "store"]);
  });
});
