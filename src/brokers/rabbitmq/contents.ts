// What is ready in a queue of RabbitMQ: a plain queue, unless messages of several priorities come to it.

import type { Copies } from "../mechanisms/copies.ts";
import { PriorityQueues } from "../mechanisms/priorities.ts";
import { CopyQueue } from "../mechanisms/queue.ts";
import type { Settings } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

/** The ready copies of one queue. */
export type Contents = CopyQueue | PriorityQueues;

/** Makes the contents of the queue at a position. */
export function newContents(
  { context, settings }: { readonly context: BrokerContext; readonly settings: Settings },
  copies: Copies,
  at: number,
): Contents {
  const { id, publishers, queues } = settings;
  const { rule, count: classes, ofPublisher } = queues[at]!.priorities;
  const name = `${id}.queue${at}`;
  if (classes < 2) return new CopyQueue(context.arena, name, copies);
  const classOf = (message: number): number =>
    ofPublisher[publishers[context.publisherOf(message)]!.template]!;
  return new PriorityQueues(context.arena, name, { copies, classes, classOf, rule });
}
