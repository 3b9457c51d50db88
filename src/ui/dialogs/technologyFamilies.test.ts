// Families of technologies.

import { expect, test } from "vitest";
import { technologyIds } from "../../brokers/index.ts";
import { families } from "./technologyFamilies.ts";

test("every technology is in one family", () => {
  const listed = families.flatMap(({ ids }) => ids);
  expect(new Set(listed).size).toBe(listed.length);
  for (const id of technologyIds) expect(listed).toContain(id);
});
