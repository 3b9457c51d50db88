// The registry of kinds of steps, in the order in which a service without handlers of its own does them.
// To add one: write `yours.ts` beside this file, its name in kind.ts, and one line here.

import { call } from "./call.ts";
import type { StepKind } from "./kind.ts";
import { publish } from "./publish.ts";
import { read } from "./read.ts";
import { work } from "./work.ts";
import { write } from "./write.ts";

/** Every kind of step by its id. */
export const stepKinds = { work, read, call, write, publish } as const satisfies Readonly<
  Record<StepKind["does"], StepKind>
>;
