// `npm run bench -- --browser` as a program, in its short size: it measures in workers of Chromium, counts garbage
// there, and compares them with Node. No figure is judged.

import { spawnSync } from "node:child_process";
import type { Result } from "../bench/measure.ts";
import { expect, test } from "@playwright/test";

test("the bench measures in workers of Chromium", () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["scripts/bench.mjs", "--browser", "--short", "--json", "kafka", "kafka-in-both", "garbage"],
    { encoding: "utf8", timeout: 55_000 },
  );
  expect(status, stderr).toBe(0);
  const report = JSON.parse(stdout) as { readonly place: string; readonly rows: readonly Result[] };
  expect(report).toMatchObject({ clock: "time on the wall", size: "short" });
  expect(report.place).toMatch(/^Chromium \d/u);
  const ids = report.rows.map(({ id }) => id);
  expect(ids).toEqual(["kafka", "kafka-in-both", "kafka-garbage", "rabbitmq-garbage"]);
  for (const { id, figure } of report.rows) expect(figure, id).toBeGreaterThan(0);
});
