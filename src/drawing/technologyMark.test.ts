// Marks of technologies.

import { expect, test } from "vitest";
import { technologyIds } from "../brokers/index.ts";
import { markOf } from "./technologyMark.ts";

test("every technology has a mark of its own", () => {
  const marks = technologyIds.map(markOf);
  expect(marks.every((mark) => mark !== undefined)).toBe(true);
  expect(new Set(marks).size).toBe(technologyIds.length);
});
