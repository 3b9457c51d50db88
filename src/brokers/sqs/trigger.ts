// SQS as an event source of AWS Lambda: what the event source mapping sets in its receives.
// Source: ../shared/brokers/lambda.md, sections 2 and 6.

import type { FunctionTrigger, TriggerWish } from "../functionTrigger.ts";

/** The trigger of a queue. */
export const queueTrigger: FunctionTrigger = {
  lambda: "queue",
  subscription: (wish) => ({
    MaxNumberOfMessages: wish.batch,
    WaitTimeSeconds: 20_000,
    VisibilityTimeout: visibilityMs(wish),
    heartbeat: null,
    on_failure: "timeout",
    backoff: "0",
    poll_pause: 0,
    empty_receives: 0,
  }),
  receiveMax: 10,
  isOrdered: (channel) => channel["FifoQueue"] === true,
  visibilityField: "VisibilityTimeout",
};

/** Where gathering and working may take longer than a message is hidden, it is hidden for longer [ms]; null: as the queue
 *  says. */
function visibilityMs({ windowMs, timeoutMs, channel }: TriggerWish): number | null {
  const own = Number(channel["VisibilityTimeout"] ?? 30_000);
  return windowMs > 0 && windowMs + timeoutMs > own ? windowMs + timeoutMs + own : null;
}
