// Event Hubs as a trigger of Azure Functions: a batch per partition, and a checkpoint after each, whatever became of it.
// Source: ../shared/brokers/azure-functions.md.

import type { FunctionTrigger } from "../functionTrigger.ts";

/** The trigger of an event hub. */
export const hubTrigger: FunctionTrigger = {
  azure: "stream",
  subscription: ({ batch }) => ({ prefetchCount: batch, checkpointEvery: 1 }),
  isOrdered: () => true,
};
