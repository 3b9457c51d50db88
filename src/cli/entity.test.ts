// `run --entity`: the audit trail of an entity and its state at a past time.

import { expect, test } from "vitest";
import type { EntityHistory } from "../model/entityHistory.ts";
import { writeScenario } from "../model/parse.ts";
import { smallScenario } from "../model/scenario.suite.ts";
import { call } from "./memoryShell.suite.ts";

const small = smallScenario();
const scenario = writeScenario({
  ...small,
  nodes: [
    ...small.nodes.filter(({ kind }) => kind !== "store"),
    { id: "db", kind: "store", parameters: { versions: true, keeps: "events", eventTime: 1 } },
  ],
  connections: [
    ...small.connections.filter(({ kind }) => kind !== "write" && kind !== "read"),
    {
      id: "append",
      kind: "write",
      from: small.nodes.find(({ kind }) => kind === "service")!.id,
      to: "db",
      parameters: { change: "add", amount: 5 },
    },
  ],
});
const run = async (...typed: readonly string[]) =>
  call(["run", "a.json", "--duration", "20s", ...typed], { files: { "a.json": scenario } });

async function firstKey(): Promise<string> {
  const { err } = await run("--entity", "db/nobody");
  return /the first one is “([^”]+)”/u.exec(err)![1]!;
}

test("prints the trail of an entity and its state, now and earlier", async () => {
  const key = await firstKey();
  const now = await run("--entity", `db/${key}`);
  expect([now.code, now.err]).toEqual([0, ""]);
  expect(now.out).toContain(`${key} in db at 20 s: version `);
  expect(now.out).toContain("Audit trail\n");
  const json = await run("--entity", `db/${key}`, "--json");
  const [all] = JSON.parse(json.out) as EntityHistory[];
  const first = all!.events[0]!;
  expect(first).toMatchObject({ version: 1, before: 0, value: 5 });
  expect([all!.value, all!.eventsToLoad, all!.loadMs]).toEqual(
    [5, 1, 1].map((one) => one * all!.eventCount),
  );
  const early = await run(
    "--entity",
    `db/${key}`,
    "--until",
    `${first.t * 1000 - 0.001}ms`,
    "--json",
  );
  expect(JSON.parse(early.out)).toMatchObject([{ version: 0, value: 0, events: [] }]);
});

test("says what is wrong with what was typed", async () => {
  for (const [typed, sentence] of [
    [["--entity", "db"], "such as --entity db/order-7"],
    [["--entity", "cellar/1"], "“cellar” is no store of this scenario"],
    [["--entity", "db/nobody"], "has no entity “nobody” yet"],
    [["--entity", "db/x", "--until", "2min"], "from 0 s to 20 s"],
  ] as const) {
    const { code, err } = await run(...typed);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  }
});
