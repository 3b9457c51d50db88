// How each technology lets dead letters be taken out of a channel again: from the oldest on, a few at a time, so that none is
// taken out and then waits for its turn until its lease is over. A technology without a line needs nothing of its own.

import type { Parameters } from "../base/fields.ts";

/** What a redrive asks of a technology. */
export interface Redriving {
  /** Parameters of the subscription over which dead letters are taken out. */
  readonly subscription: Parameters;
  /** Whether it keeps messages only for subscriptions that were there before. */
  readonly subscribesFirst?: boolean;
  /** Why there is nothing that could be redriven, as a sentence; absent: there is. */
  readonly obstacle?: string;
  /** Most messages that the technology's own means moves [1/s], with its name. */
  readonly limit?: { readonly perS: number; readonly by: string };
}

const plain: Redriving = { subscription: {} };

const redrivings: Readonly<Record<string, Redriving>> = {
  kafka: { subscription: { "auto.offset.reset": "earliest" } },
  "event-hubs": { subscription: { prefetchCount: 1 } },
  pulsar: {
    subscription: {
      subscriptionInitialPosition: "Earliest",
      receiverQueueSize: 1,
      negativeAckRedeliveryDelay: 1000,
    },
    subscribesFirst: true,
  },
  rabbitmq: { subscription: { prefetch_count: 10 } },
  "redis-streams": { subscription: { count: 1 } },
  nats: { subscription: { max_ack_pending: 10 } },
  mqtt: {
    subscription: {},
    obstacle:
      "MQTT keeps nothing for a client that is not connected, so no dead letter waits there.",
  },
  "google-pubsub": { subscription: { max_messages: 1 } },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
  sqs: {
    subscription: { WaitTimeSeconds: 20_000 },
    limit: { perS: 500, by: "StartMessageMoveTask (MaxNumberOfMessagesPerSecond)" },
  },
};

/** What a redrive asks of a technology, by its id. */
export function redrivingOf(technology: string): Redriving {
  return redrivings[technology] ?? plain;
}
