// All rows of the bench, in the order of the table. A new one is a line here.

import type { Row } from "../row.ts";
import { engineRows, scenarioRows } from "./engine.ts";
import { garbageRows, longRows } from "./garbage.ts";
import { kernelRows } from "./kernel.ts";
import { patternRows } from "./patterns.ts";
import { seekRows } from "./seek.ts";
import { waitingRows } from "./waiting.ts";

/** Every row. */
export const rows: readonly Row[] = [
  ...kernelRows,
  ...engineRows,
  ...waitingRows,
  ...seekRows,
  ...garbageRows,
  ...scenarioRows,
  ...longRows,
  ...patternRows,
];

/** Rows that are measured only when they are asked for: long runs take minutes, and the patterns look for cliffs. */
export const groupsOnRequest: ReadonlySet<string> = new Set(["long", "patterns"]);
