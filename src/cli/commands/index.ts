// The registry of commands, in the order in which help shows them.
// To add one: write `yours.ts` (list.ts is the shortest) and one line here; then run `npx vitest run src/cli`.

import type { Command } from "../command.ts";
import { check } from "./check.ts";
import { compat } from "./compat.ts";
import { exportKind } from "./export.ts";
import { exportAsyncapi } from "./exportAsyncapi.ts";
import { importAsyncapi } from "./importAsyncapi.ts";
import { link } from "./link.ts";
import { list } from "./list.ts";
import { run } from "./run.ts";
import { trace } from "./trace.ts";
import { twin } from "./twin.ts";
import { unlink } from "./unlink.ts";

/** Every command. */
export const commands: readonly Command[] = [
  list,
  run,
  trace,
  twin,
  check,
  compat,
  exportAsyncapi,
  importAsyncapi,
  exportKind,
  link,
  unlink,
];
