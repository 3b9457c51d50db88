// Paths and severities of problems, and assertions.

import { expect, it } from "vitest";
import { assert, assertNever } from "./assert.ts";
import { hasErrors, pathTo, type Problem } from "./problem.ts";

it("a path is a JSON Pointer, with its two characters escaped", () => {
  expect(pathTo(pathTo("", "nodes"), 3)).toBe("/nodes/3");
  expect(pathTo("/x", "a/b~c")).toBe("/x/a~1b~0c");
});

it("only errors keep a document from running", () => {
  const warning: Problem = { code: "a/b", severity: "warning", path: "", message: "Odd." };
  expect(hasErrors([])).toBe(false);
  expect(hasErrors([warning])).toBe(false);
  expect(hasErrors([warning, { ...warning, severity: "error" }])).toBe(true);
});

it("an assertion that fails says what must be true", () => {
  expect(() => assert(true, "x")).not.toThrow();
  expect(() => assert(false, "Depth must not be negative.")).toThrow("Depth must not be negative.");
  expect(() => assertNever("odd" as never)).toThrow('"odd"');
});
