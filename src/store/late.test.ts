// Parts that come later.

import { expect, test } from "vitest";
import { late } from "./late.ts";

test("a part is waited for the first time, and used at once from then on", async () => {
  const part = late(async () => ({ name: "part" }));
  const seen: string[] = [];
  const wait = part.use(({ name }) => void seen.push(`first ${name}`));
  expect(part.now()).toBeUndefined();
  expect(seen).toEqual([]);
  await wait;
  void part.use(({ name }) => void seen.push(`second ${name}`));
  expect(seen).toEqual(["first part", "second part"]);
  expect(part.now()).toEqual({ name: "part" });
});

test("a part that could not be fetched is fetched again", async () => {
  let fetches = 0;
  const part = late(async () => {
    fetches++;
    if (fetches === 1) throw new Error("offline");
    return fetches;
  });
  await expect(part.load()).rejects.toThrow("offline");
  expect(await part.load()).toBe(2);
  expect(await part.load()).toBe(2);
});
