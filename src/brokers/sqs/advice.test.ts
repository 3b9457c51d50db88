// What we advise on SQS's settings makes runs better, and is not said where it does not hold.

import {
  adviceHolds,
  lasting,
  pipe,
  subscriptionIn,
  type Pipe,
} from "../../model/advice/adviceHolds.suite.ts";

const sqs = (about: Omit<Pipe, "technology" | "kind">) =>
  pipe({ technology: "sqs", kind: "queue", ...about });
const fifo = { FifoQueue: true, ContentBasedDeduplication: true };
const redelivered = (report: Parameters<typeof subscriptionIn>[0]) =>
  subscriptionIn(report, "consume").redelivered;

adviceHolds([
  {
    code: "sqs/visibility-below-work",
    risky: sqs({
      source: { rate: 1 },
      channel: { VisibilityTimeout: 2000 },
      service: { serviceTime: lasting(3000), concurrency: 8 },
    }),
    sound: sqs({ source: { rate: 1 }, service: { serviceTime: lasting(3000), concurrency: 8 } }),
    figure: "work is not done twice",
    measure: redelivered,
    to: { fallTo: 0.05 },
  },
  {
    code: "sqs/no-dead-letter-queue",
    risky: sqs({
      channel: { VisibilityTimeout: 1000 },
      source: { rate: 2 },
      service: { serviceTime: lasting(5), errorRate: 1 },
    }),
    sound: sqs({ service: { serviceTime: lasting(5) } }),
    figure: "what always fails no longer comes back for ever",
    measure: redelivered,
    to: { fallTo: 0.4 },
  },
  {
    code: "sqs/one-message-group",
    risky: sqs({
      channel: fifo,
      publish: { MessageGroupId: "all" },
      service: { serviceTime: lasting(300), concurrency: 4 },
    }),
    sound: sqs({ channel: fifo, service: { serviceTime: lasting(300), concurrency: 4 } }),
    figure: "all workers work, and the backlog shrinks",
    measure: (report) => subscriptionIn(report, "consume").lagMessages,
    to: { fallTo: 0.2 },
  },
]);
