// Service Bus as a trigger of Azure Functions: messages are locked, and abandoned after an exception.
// Source: ../shared/brokers/azure-functions.md.

import type { FunctionTrigger } from "../functionTrigger.ts";

/** The trigger of a queue or a subscription. */
export const entityTrigger: FunctionTrigger = {
  azure: "queue",
  subscription: () => ({ ReceiveMode: "PeekLock", PrefetchCount: 0, on_failure: "abandon" }),
};
