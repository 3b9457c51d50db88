// The bench as a program, in its short size: it measures every target and prints one JSON object. No figure is judged.

import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import type { Result } from "./measure.ts";

function bench(...given: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/bench.mjs", ...given], {
    encoding: "utf8",
    timeout: 230_000,
  });
  return { status, out: stdout, err: stderr };
}

/** The targets of the engine, and what is shown beside them. */
const measured = [
  "hold-1000",
  "hold-100000",
  "tandem-10",
  "kafka",
  "rabbitmq",
  "city",
  "kafka-memory",
  "rabbitmq-memory",
  "kafka-waiting",
  "rabbitmq-waiting",
  "kafka-checkpoint",
  "rabbitmq-checkpoint",
  "seek",
  "seek-waiting",
  "kafka-garbage",
  "rabbitmq-garbage",
];

test("every target has a figure, and JSON is all that is printed", () => {
  const { status, out, err } = bench("--short", "--json");
  expect({ status, err }).toMatchObject({ status: 0 });
  // The whole of standard output is one object on one line.
  const report = JSON.parse(out) as { readonly place: string; readonly rows: readonly Result[] };
  expect(report).toMatchObject({ clock: "processor time", size: "short" });
  expect(report.place).toMatch(/^Node \d/u);
  const byId = new Map(report.rows.map((row) => [row.id, row]));
  expect([...byId.keys()]).toEqual(expect.arrayContaining(measured));
  for (const id of ["food-delivery", "work-queue"])
    expect(Object.keys(byId.get(id)!.also)).toEqual(
      expect.arrayContaining(["simulated time", "memory", "checkpoint"]),
    );
  for (const id of measured) expect(typeof byId.get(id)!.met).toBe("boolean");
  for (const { id, figure, yardstick, ratio } of report.rows) {
    expect(figure, id).toBeGreaterThanOrEqual(0);
    if (yardstick !== null) expect(ratio, id).toBe(figure / yardstick.figure);
  }
}, 240_000);

test("the heap of a run stays flat over three million events", () => {
  const { status, out } = bench("--short", "--json", "long");
  expect(status).toBe(0);
  const { rows } = JSON.parse(out) as { readonly rows: readonly Result[] };
  expect(rows.map(({ id }) => id)).toEqual(["kafka-long", "city-long"]);
  // One object of twenty bytes that stays for every fifty events would be more.
  for (const { id, figure, also } of rows)
    expect(figure, `${id}: ${JSON.stringify(also)}`).toBeLessThan(1000);
}, 240_000);

test("a name that nobody has is refused with a sentence", () => {
  expect(bench("kafak")).toMatchObject({
    status: 2,
    out: "",
    err: expect.stringContaining("No such row or group: kafak."),
  });
}, 60_000);
