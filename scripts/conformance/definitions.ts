// Definitions that Spillway writes for RabbitMQ, imported by the real thing, exported again and compared.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
// Makes the technologies known to the registry.
import "../../src/brokers/simulated.ts";
import "../../src/engine/stations/all.ts";
import { setUps } from "../../src/exports/brokers.ts";
import { choosing } from "../../src/exports/wayOut.ts";
import { shelf } from "../../src/scenarios/index.ts";
import type { RabbitmqNode } from "./rabbitmq.ts";
import type { Scenario } from "./scenario.ts";

const scenarios = await Promise.all(shelf.map(({ load }) => load()));
const parts = ["exchanges", "queues", "bindings", "policies"] as const;
const settings = ["arguments", "policies"] as const;

type Row = Readonly<Record<string, unknown>>;
type Definitions = Readonly<Record<(typeof parts)[number], readonly Row[]>>;

/** The files that are written for a ready-made scenario, one per broker. */
async function written(scenarioId: string, chosen: string): Promise<readonly string[]> {
  const scenario = scenarios.find(({ id }) => id === scenarioId);
  const way = setUps.find(({ id }) => id === "rabbitmq");
  if (scenario === undefined || way === undefined) return [];
  const { files } = await way.make(scenario, { chosen: choosing({ settings: chosen }) });
  return files.map(({ text }) => text);
}

function read(text: string): Definitions {
  return JSON.parse(text) as Definitions; // what is missing fails in the comparison
}

/** Rows in an order of their own, with keys in order; the type of a queue stands with its arguments too. */
function inOrder(definitions: Definitions): unknown {
  return parts.map((part) =>
    definitions[part]
      .map((row) => JSON.stringify(sorted(part === "queues" ? { ...row, type: undefined } : row)))
      .toSorted(),
  );
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}

async function throughRabbitmq({ control, folder }: RabbitmqNode, text: string): Promise<unknown> {
  const [file, back] = [join(folder, "definitions.json"), join(folder, "back.json")];
  writeFileSync(file, text);
  // The exit code of an import says too little: a binding to nowhere counts as success.
  await control("delete_vhost", "/");
  await control("import_definitions", file);
  await control("export_definitions", back);
  return inOrder(read(readFileSync(back, "utf8")));
}

/** The last ones, because they take away what others work with. */
export const definitionScenarios: readonly Scenario<RabbitmqNode>[] = scenarios
  .filter(({ nodes }) =>
    nodes.some((node) => node.kind === "broker" && node.technology === "rabbitmq"),
  )
  .flatMap(({ id }) =>
    settings.map((chosen) => ({
      name: `definitions of ${id}, settings as ${chosen}: the same after import and export`,
      simulated: async () => (await written(id, chosen)).map((text) => inOrder(read(text))),
      real: async (node: RabbitmqNode) => {
        const found: unknown[] = [];
        for (const text of await written(id, chosen)) found.push(await throughRabbitmq(node, text));
        return found;
      },
    })),
  );
