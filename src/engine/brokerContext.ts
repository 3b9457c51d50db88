// What a broker may do in a run: the verbs of brokers/technology.ts, carried out on the world's books.

import { assert } from "../base/assert.ts";
import type { Account, BrokerContext } from "../brokers/technology.ts";
import type { MessageEvent } from "../model/events.ts";
import { limitEnding, limits } from "./limits.ts";
import { codesPerComponent, type World } from "./world.ts";

/** The context of one broker component. */
export function createBrokerContext(world: World, component: number, id: string): BrokerContext {
  const { messages, deliveries, plan } = world;
  return {
    arena: world.arena,
    now: () => world.now(),
    schedule: (delayNs, code, a, b) =>
      world.events.schedule(world.after(delayNs), component * codesPerComponent + code, a, b),
    random: (purpose) => world.streams.stream(`${id}/${purpose}`),
    openAccount: (channel, subscription) => world.ledger.open(channel, subscription),
    retain: (message) => messages.retain(message),
    release: (message) => messages.release(message),
    keyOf: (message) => messages.key.data[message]!,
    keyText: plan.keyText,
    sizeOf: (message) => plan.connections[messages.connection.data[message]!]!.size,
    publishedNs: (message) => messages.publishedNs.data[message]!,
    ...publicationVerbs(world),
    ...copyVerbs(world),
    ...deliveryVerbs(world),
    deliveryTag: (delivery) => deliveries.tag.data[delivery]!,
    deliveryMessage: (delivery) => deliveries.message.data[delivery]!,
    deliveryWorker: (delivery) => deliveries.worker.data[delivery]!,
    deliverySubscription: (delivery) => deliveries.subscription.data[delivery]!,
    deliveryOffset: (delivery) => deliveries.offset.data[delivery]!,
    deliveryAttempt: (delivery) => deliveries.attempt.data[delivery]!,
    note: (element, sentence) => world.note(element, sentence),
  };
}

type PublicationVerbs = Pick<
  BrokerContext,
  "confirmed" | "refused" | "unroutable" | "lost" | "stored"
>;

function publicationVerbs(world: World): PublicationVerbs {
  const { ledger } = world;
  const channelOf = (publisher: number): string => world.plan.scenario.connections[publisher]!.to;
  const idOfChannel = (channel: number): string => world.plan.scenario.channels[channel]!.id;
  return {
    confirmed(publisher, message) {
      ledger.confirmed.data[publisher]!++;
      ledger.publishing.data[publisher]!--;
      world.log("confirmed", message, { channel: channelOf(publisher) });
      endPublication(world, publisher, message, "");
    },
    refused(publisher, message, reason) {
      ledger.refused.data[publisher]!++;
      ledger.publishing.data[publisher]!--;
      ledger.refusedBy.add(publisher, reason);
      ledger.failures[publisher]!.add(world.now(), 1);
      world.log("refused", message, { channel: channelOf(publisher), reason });
      world.move(publisher, message, "failure");
      endPublication(world, publisher, message, reason);
    },
    unroutable(channel, message) {
      ledger.unroutable.data[channel]!++;
      world.log("unroutable", message, { channel: idOfChannel(channel) });
    },
    lost(channel, message, reason) {
      ledger.lost.data[channel]!++;
      ledger.lostBy.add(channel, reason);
      world.log("lost", message, { channel: idOfChannel(channel), reason });
    },
    stored(channel, message, partition, offset) {
      ledger.stored.data[channel]!++;
      if (world.isLogging())
        world.log("stored", message, {
          channel: idOfChannel(channel),
          ...(partition < 0 ? {} : { partition, offset }),
        });
    },
  };
}

function endPublication(world: World, publisher: number, message: number, failure: string): void {
  const { messages } = world;
  const worker = messages.waiter.data[message]!;
  const generation = messages.waiterGeneration.data[message]!;
  const from = world.plan.connections[publisher]!.from;
  messages.release(message);
  const publisherNode = world.components[from];
  if (publisherNode?.kind === "service") publisherNode.run.published(worker, generation, failure);
  else if (failure !== "") world.recorder.countFailed(from, world.now(), failure);
}

type CopyVerbs = Pick<BrokerContext, "routed" | "expired" | "deadLettered" | "dropped">;

function copyVerbs(world: World): CopyVerbs {
  const { ledger } = world;
  const leave = (
    account: Account,
    message: number,
    event: "expired" | "dead-lettered" | "dropped",
    reason: string,
  ): void => {
    ledger.shift(account, world.now(), -1, 0);
    world.log(event, message, { ...placeOf(world, account), reason });
  };
  return {
    routed(account, message) {
      ledger.copies.routed.data[account]!++;
      ledger.shift(account, world.now(), 1, 0);
      if (ledger.inAll.data[0]! > limits.copies) {
        const { channel } = ledger.accounts[account]!;
        world.ending ??= limitEnding("copies", world.plan.scenario.channels[channel]!.id);
      }
      if (world.isLogging()) world.log("routed", message, placeOf(world, account));
    },
    expired(account, message, reason) {
      ledger.copies.expired.data[account]!++;
      leave(account, message, "expired", reason);
    },
    deadLettered(account, message, reason) {
      ledger.copies.deadLettered.data[account]!++;
      leave(account, message, "dead-lettered", reason);
    },
    dropped(account, message, reason) {
      ledger.copies.dropped.data[account]!++;
      ledger.droppedBy.add(account, reason);
      leave(account, message, "dropped", reason);
    },
  };
}

function placeOf(world: World, account: Account): Partial<MessageEvent> {
  const { channel, subscription } = world.ledger.accounts[account]!;
  const { channels, connections } = world.plan.scenario;
  return {
    channel: channels[channel]!.id,
    ...(subscription < 0 ? {} : { subscription: connections[subscription]!.id }),
  };
}

type DeliveryVerbs = Pick<
  BrokerContext,
  "deliver" | "returned" | "acknowledged" | "rejected" | "discarded" | "forget"
>;

function deliveryVerbs(world: World): DeliveryVerbs {
  const { deliveries, ledger, messages } = world;
  /** Takes a delivery out of flight; `back` is 1 when its copy waits again. */
  const land = (delivery: number, back: number): number => {
    const account = deliveries.account.data[delivery]!;
    ledger.shift(account, world.now(), back, -1);
    ledger.inFlightAt.data[deliveries.subscription.data[delivery]!]!--;
    return account;
  };
  return {
    deliver(copy) {
      const delivery = deliveries.take();
      deliveries.account.data[delivery] = copy.account;
      deliveries.subscription.data[delivery] = copy.subscription;
      deliveries.worker.data[delivery] = copy.worker;
      deliveries.message.data[delivery] = copy.message;
      deliveries.attempt.data[delivery] = copy.attempt;
      deliveries.tag.data[delivery] = copy.tag;
      deliveries.partition.data[delivery] = copy.partition;
      deliveries.offset.data[delivery] = copy.offset;
      deliveries.deliveredNs.data[delivery] = world.now();
      messages.retain(copy.message);
      bookDelivery(world, delivery);
      const consumer = world.components[world.plan.connections[copy.subscription]!.to]!;
      assert(consumer.kind === "service", "only services consume.");
      consumer.run.deliver(copy.worker, delivery);
      return delivery;
    },
    returned(delivery, reason) {
      ledger.copies.returned.data[land(delivery, 1)]!++;
      logDelivery(world, "returned", delivery, reason);
    },
    acknowledged(delivery) {
      const account = land(delivery, 0);
      ledger.copies.acknowledged.data[account]!++;
      ledger.acknowledgedBy.data[deliveries.subscription.data[delivery]!]!++;
      const published = messages.publishedNs.data[deliveries.message.data[delivery]!]!;
      ledger.accounts[account]!.latency.record(world.now() - published);
      logDelivery(world, "acknowledged", delivery, "");
    },
    rejected(delivery, reason) {
      ledger.copies.deadLettered.data[land(delivery, 0)]!++;
      ledger.deadLetteredBy.data[deliveries.subscription.data[delivery]!]!++;
      logDelivery(world, "rejected", delivery, reason);
    },
    discarded(delivery, reason) {
      const account = land(delivery, 0);
      ledger.copies.dropped.data[account]!++;
      ledger.droppedBy.add(account, reason);
      logDelivery(world, "dropped", delivery, reason);
    },
    forget(delivery) {
      messages.release(deliveries.message.data[delivery]!);
      deliveries.give(delivery);
    },
  };
}

function bookDelivery(world: World, delivery: number): void {
  const { deliveries, ledger } = world;
  const account = deliveries.account.data[delivery]!;
  const subscription = deliveries.subscription.data[delivery]!;
  const isAgain = deliveries.attempt.data[delivery]! > 1;
  ledger.shift(account, world.now(), -1, 1);
  ledger.inFlightAt.data[subscription]!++;
  ledger.copies.delivered.data[account]!++;
  ledger.deliveredTo.data[subscription]!++;
  if (isAgain) {
    ledger.copies.redelivered.data[account]!++;
    ledger.redeliveredTo.data[subscription]!++;
  }
  logDelivery(world, "delivered", delivery, "");
  world.move(subscription, deliveries.message.data[delivery]!, isAgain ? "redelivery" : "normal");
}

function logDelivery(
  world: World,
  event: "delivered" | "returned" | "acknowledged" | "rejected" | "dropped",
  delivery: number,
  reason: string,
): void {
  if (!world.isLogging()) return;
  const { deliveries, plan } = world;
  const subscription = deliveries.subscription.data[delivery]!;
  const partition = deliveries.partition.data[delivery]!;
  world.log(event, deliveries.message.data[delivery]!, {
    ...placeOf(world, deliveries.account.data[delivery]!),
    subscription: plan.scenario.connections[subscription]!.id,
    consumer: plan.scenario.connections[subscription]!.to,
    attempt: deliveries.attempt.data[delivery]!,
    ...(partition < 0 ? {} : { partition, offset: deliveries.offset.data[delivery]! }),
    ...(reason === "" ? {} : { reason }),
  });
}
