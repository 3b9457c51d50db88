// The check arrives late: with the first touch, or at once for what is no untouched example.

import { afterEach, expect, test, vi } from "vitest";
import { addNode } from "../model/edit.ts";
import { startChecking } from "./checking.ts";
import { blankScenario, useDocumentStore } from "./documentStore.ts";

const lonely = addNode(blankScenario, { id: "stock", kind: "service" }, { x: 0, y: 0 });
const found = () => useDocumentStore.getState().problems.map(({ code }) => code);

let stop: () => void = () => undefined;
afterEach(() => {
  stop();
  useDocumentStore.setState({ problems: [] });
});

test("an example is checked with the first touch, and every change after it at once", async () => {
  const { open, commit } = useDocumentStore.getState();
  let touch: () => void = () => undefined;
  const firstTouch = new Promise<void>((resolve) => {
    touch = resolve;
  });
  open(lonely, "test", "example");
  stop = startChecking(firstTouch);
  await import("../model/check.ts");
  expect(found()).toEqual([]);
  touch();
  await vi.waitFor(() => expect(found()).toEqual(["node/unreached-service"]));
  commit(blankScenario, "Delete");
  expect(found()).toEqual([]);
});

test("a document of one's own is checked without a touch", async () => {
  useDocumentStore.getState().open(lonely, "test", "stored");
  stop = startChecking(new Promise(() => undefined));
  await vi.waitFor(() => expect(found()).toEqual(["node/unreached-service"]));
});
