// The registry of ready-made scenarios: examples, demonstrations and tests at once; the order is that on screen.
// To add one: write `yours.ts` (workQueue.ts is the shortest) and one line here and
// one in titles.ts; then run `npx vitest run src/scenarios`.

import type { Scenario } from "../model/scenario.ts";
import { foodDelivery } from "./foodDelivery.ts";
import { schemaChange } from "./schemaChange.ts";
import { workQueue } from "./workQueue.ts";

/** Every ready-made scenario. */
export const scenarios: readonly Scenario[] = [foodDelivery, workQueue, schemaChange];
