// What is modelled of RabbitMQ and what is not, its bindings in AsyncAPI documents, what reaches its channels, and what
// it finds wrong.

import { valuesOf } from "../../base/fields.ts";
import { checkRabbitmq } from "./check.ts";
import { consumeFields, exchangeFields, publishFields } from "./fields.ts";
import { deadLetterTarget, reachOfRabbit } from "./reach.ts";
import { queueUnlikeQueue } from "./unlikeQueue.ts";
import type { TechnologyBindings, TechnologyManual } from "../technology.ts";

const bindingVersion = "0.3.0";
const durable = { durable: true, autoDelete: false, vhost: "/" };

const asyncapi: TechnologyBindings = {
  protocol: "amqp",
  protocolVersion: "0-9-1",
  host: "rabbitmq.example.com:5672",
  key: "amqp",
  channel: (_config, channel) => {
    const { name } = channel;
    if (channel.kind === "queue")
      return { is: "queue", queue: { name, exclusive: false, ...durable }, bindingVersion };
    const { type } = valuesOf(exchangeFields, channel.parameters);
    return { is: "routingKey", exchange: { name, type, ...durable }, bindingVersion };
  },
  publish: (_config, publisher) => {
    const values = valuesOf(publishFields, publisher.parameters);
    const expiration =
      values.expiration === null ? {} : { expiration: Math.round(values.expiration) };
    const deliveryMode = Number(values.delivery_mode);
    return { deliveryMode, mandatory: values.mandatory, ...expiration, bindingVersion };
  },
  consume: (_config, subscription) => {
    const { ack } = valuesOf(consumeFields, subscription.parameters);
    return { ack: ack === "manual", bindingVersion };
  },
  parametersIn: (level, content) => {
    const { exchange, deliveryMode, mandatory, expiration, ack } = content;
    if (level === "channel") {
      const type = isMembers(exchange) ? exchange["type"] : undefined;
      return type === undefined ? {} : { type };
    }
    if (level === "consume")
      return typeof ack === "boolean" ? { ack: ack ? "manual" : "automatic" } : {};
    return {
      ...(deliveryMode !== undefined && { delivery_mode: JSON.stringify(deliveryMode) }),
      ...(mandatory !== undefined && { mandatory }),
      ...(expiration !== undefined && { expiration }),
    };
  },
};

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The manual of RabbitMQ. */
export const rabbitmqManual: TechnologyManual = {
  guarantees: {
    order:
      "First in, first out per queue with one consumer and no requeue; competing consumers, requeues and dead-letter loops change it.",
    delivery:
      "At least once with publisher confirms and manual acknowledgement; at most once without either. A message without a queue is lost and confirmed.",
    retention: "Until acknowledged, expired (x-message-ttl) or pushed out (x-max-length).",
  },
  modelled: [
    "Direct, topic, fanout and default exchange, bindings between exchanges, alternate exchange; at most one copy per queue.",
    "Publisher confirms, mandatory returns, transient and persistent messages.",
    "Push in turn to consumers with prefetch room, consumer priorities, single active consumer, automatic acknowledgement.",
    "Requeue to the original position (classic) or in order of return (quorum), at once; delivery limit of quorum queues.",
    "Message and queue TTL at the head of the queue only, maximum length of ready messages, all three overflow behaviours.",
    "Dead-lettering as publishing again, with x-death history and detection of circles.",
    "Classic queues on one node; quorum queues with a leader, an election and a majority; consumer_timeout.",
  ],
  simplified: [
    "A connection has one channel; a worker is one consumer. Clients find a node that is up at once.",
    "A crashed consumer is noticed after one network latency: the process dies and its connection closes. Heartbeats are not needed for that.",
    "consumer_timeout and a lost cluster close the channel and the client subscribes again at once.",
    "Replication of quorum queues takes no time; a majority and one election time stand for Raft. Their maximum length is exact (the real one overshoots).",
    "A delivery that was on the wire when a node died counts as an attempt.",
    "While a queue has no leader, acknowledgements still count; nothing is delivered.",
    "Messages that were in memory of a classic queue's node are lost at its death, persistent ones never.",
  ],
  notModelled: [
    "Headers exchanges, CC and BCC headers.",
    "Streams and super streams.",
    "Message priorities (x-max-priority).",
    "Memory and disk alarms, flow control, x-max-length-bytes.",
    "Network partitions and frozen nodes; a node is up or dead.",
    "At-least-once dead-lettering (dead-letter-strategy), x-expires, exclusive and auto-delete queues.",
    "What version 4.3 changes: delayed retry, counting of nacks, strict priorities.",
    "The redelivered mark of messages that come back with a restarted node without ever having been delivered.",
  ],
  sources: [
    "https://www.rabbitmq.com/docs/queues",
    "https://www.rabbitmq.com/docs/quorum-queues",
    "https://www.rabbitmq.com/docs/confirms",
    "https://www.rabbitmq.com/docs/consumer-prefetch",
    "https://www.rabbitmq.com/docs/consumers",
    "https://www.rabbitmq.com/docs/dlx",
    "https://www.rabbitmq.com/docs/ttl",
    "https://www.rabbitmq.com/docs/maxlength",
    "Observed on RabbitMQ 4.0.5, three nodes.",
  ],
  asyncapi,
  unlikeQueue: queueUnlikeQueue,
  check: checkRabbitmq,
  reach: reachOfRabbit,
  deadLetterTarget,
};
