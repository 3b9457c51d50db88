// `npm run bench`: measures rows in Node or in Chromium and prints a table, or one JSON object.

import { parseArgs } from "node:util";
import { openBrowserPlace } from "./browserPlace.ts";
import { measureRow, type Result } from "./measure.ts";
import { createNodePlace } from "./nodePlace.ts";
import type { Row, Size } from "./row.ts";
import { groupsOnRequest, rows } from "./rows/index.ts";
import { tableHead, tableLines } from "./table.ts";

const usage = `Usage: npm run bench -- [NAME …] [--json] [--browser] [--short] [--list]

  NAME       only these rows or groups; without any, everything but ${[...groupsOnRequest].join(", ")}
  --json     one JSON object on standard output, and nothing else there
  --browser  in dedicated workers of Chromium instead of processes of Node
  --short    tiny sizes: shows that the bench works; the figures mean nothing
  --list     the names of rows and groups, and what each row measures
`;

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    browser: { type: "boolean", default: false },
    short: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const unknown = names.filter((name) => !rows.some((row) => row.id === name || row.group === name));

if (options.help) process.stdout.write(usage);
else if (unknown.length > 0) {
  process.stderr.write(`No such row or group: ${unknown.join(", ")}. See --list.\n`);
  process.exitCode = 2;
} else if (options.list) process.stdout.write(listOf(rows));
else await measureAll(rows.filter(isWanted));

function isWanted({ id, group, yardstick }: Row): boolean {
  // Node beside Node would say nothing.
  if (yardstick?.inNode && !options.browser) return false;
  if (names.length === 0) return !groupsOnRequest.has(group);
  return names.includes(id) || names.includes(group);
}

function listOf(all: readonly Row[]): string {
  return all
    .map(({ id, group, title, note }) => `${id} (${group})\n    ${title}. ${note}\n`)
    .join("");
}

async function measureAll(chosen: readonly Row[]): Promise<void> {
  const size: Size = options.short ? "short" : "full";
  const place = options.browser ? await openBrowserPlace() : createNodePlace();
  const node = createNodePlace("time on the wall");
  const results: Result[] = [];
  // With --json the table goes where it does not disturb.
  const out = options.json ? process.stderr : process.stdout;
  out.write(`${place.name}, ${place.clock}\n\n${tableHead()}\n`);
  try {
    for (const row of chosen) {
      const result = await measureRow({ place, node }, row, size);
      results.push(result);
      out.write(`${tableLines(result)}\n`);
    }
  } finally {
    await place.close();
  }
  if (!options.json) return;
  const report = { place: place.name, clock: place.clock, size, rows: results };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
