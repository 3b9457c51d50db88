// What is modelled of RabbitMQ and what is not, its bindings in AsyncAPI documents, what reaches its channels, and what
// it finds wrong.

import { rabbitmqFieldSources } from "./fieldSources.ts";
import { rabbitmqCounterparts } from "./counterparts.ts";
import { valuesOf } from "../../base/fields.ts";
import { parseFacts } from "../mechanisms/routing/messageFacts.ts";
import { checkRabbitmq } from "./check.ts";
import { consumeFields, exchangeFields, publishFields } from "./fields.ts";
import { keysIn } from "./headers.ts";
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
    const priority = values.priority === null ? {} : { priority: values.priority };
    const facts = parseFacts(values.headers);
    const headers = facts.ok ? facts.value.facts : {};
    const [cc, bcc] = [keysIn(headers, "CC"), keysIn(headers, "BCC")];
    return {
      ...(cc.length === 0 ? {} : { cc }),
      ...(bcc.length === 0 ? {} : { bcc }),
      ...priority,
      deliveryMode,
      mandatory: values.mandatory,
      ...expiration,
      bindingVersion,
    };
  },
  consume: (_config, subscription) => {
    const { ack } = valuesOf(consumeFields, subscription.parameters);
    return { ack: ack === "manual", bindingVersion };
  },
  parametersIn: (level, content) => {
    const { exchange, deliveryMode, mandatory, expiration, ack, priority, cc, bcc } = content;
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
      ...(priority !== undefined && { priority }),
      ...((cc !== undefined || bcc !== undefined) && {
        headers: JSON.stringify({ CC: cc, BCC: bcc }),
      }),
    };
  },
};

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The manual of RabbitMQ. */
export const rabbitmqManual: TechnologyManual = {
  counterparts: rabbitmqCounterparts,
  guarantees: {
    order:
      "First in, first out per queue with one consumer and no requeue; competing consumers, requeues and dead-letter loops change it.",
    delivery:
      "At least once with publisher confirms and manual acknowledgement; at most once without either. A message without a queue is lost and confirmed.",
    retention: "Until acknowledged, expired (x-message-ttl) or pushed out (x-max-length).",
  },
  modelled: [
    "Direct, topic, fanout, headers and default exchange, bindings between exchanges, alternate exchange, CC and BCC; at most one copy per queue.",
    "Priorities: strict in classic queues (x-max-priority), two classes 2:1 in quorum queues of 4.0, 0 to 31 in strict order in 4.3.",
    "Versions 3.10, 3.13, 4.0 to 4.2 and 4.3: delivery limit, what counts as a failed delivery, delayed retry, priorities.",
    "Publisher confirms, mandatory returns, transient and persistent messages.",
    "Push in turn to consumers with prefetch room, consumer priorities, single active consumer, automatic acknowledgement.",
    "Requeue to the original position (classic) or in order of return (quorum), at once; delivery limit of quorum queues.",
    "Message and queue TTL at the head of the queue only, maximum length of ready messages and of their bytes, all three overflow behaviours.",
    "x-expires: a queue without consumers is deleted with what is in it; publishers notice nothing, or get their mandatory messages back.",
    "Dead-lettering as publishing again, with x-death history and detection of circles.",
    "Memory and disk alarms: a node that is short of either blocks the publishers of the whole cluster (connection.blocked) until it is short no longer; consumers go on.",
    "Streams: read by offset from first, last, next, a number, a time or an interval, nothing taken out, a nack is credit only, prefetch mandatory; global prefetch.",
    "Retention of streams by size and age: whole segments, looked at when a new one begins, the last one stays; a slow reader is overtaken.",
    "Classic queues on one node; quorum queues with a leader, an election and a majority; consumer_timeout.",
    "Nodes that are cut off or frozen: silence, then net_ticktime and cluster_partition_handling; nodes that are slow.",
  ],
  simplified: [
    "A connection has one channel; a worker is one consumer. Clients find a node that is up at once.",
    "A crashed consumer is noticed after one network latency: the process dies and its connection closes. Heartbeats are not needed for that.",
    "consumer_timeout and a lost cluster close the channel and the client subscribes again at once.",
    "Nodes look at memory and disk every 2.5 s; a real one looks at its disk at least every 10 s, more often the nearer the limit. Messages take memory and disk at once and give it back at once; each queue keeps a body of its own. Memory: 100 MB for the node; 32 bytes for a message; for one of a classic queue of 3.10 its body and 1 kB (own estimates), which are not paged out.",
    "A blocked connection sends nothing more; what it had sent is read when the alarm is over, even if the publisher is dead by then.",
    "Replication of quorum queues takes no time; a majority and one election time stand for Raft.",
    "The maximum length of quorum queues is exact. A real one with reject-publish takes at least one message more, and refuses until it is down to 80%.",
    "A queue that is full drops its head, whatever its priority; a quorum queue of 4.3 too.",
    "A node that is cut off is cut off from clients too: there is no second side of a partition that goes on serving, so nothing diverges. On healing a partition is over; no operator is needed.",
    "A slow node takes longer to deliver from the queues that it leads, nothing else.",
    "Bytes of a queue are those of payloads, without headers. A consumer that comes to a queue that x-expires has deleted declares it anew with all its bindings; while the queue's node is down its time stands still.",
    "A service is one reader of a stream: its workers share what comes, and it goes on behind what it was sent. Each message of a stream is a chunk of its own, as old as its publication.",
    "A publisher gives all its messages the same priority.",
    "A delivery that was on the wire when a node died counts as an attempt.",
    "While a queue has no leader, acknowledgements still count; nothing is delivered.",
    "Messages that were in memory of a classic queue's node are lost at its death, persistent ones never.",
  ],
  notModelled: [
    "Super streams as one channel: what RabbitMQ declares for one are streams behind a direct exchange, and can be drawn like that; clients that hash keys, and one active consumer per partition, are not there.",
    "Offset tracking on the server, the stream protocol, basic.get, deduplication of stream publishers.",
    "Flow control by credit between connections, channels and queues.",
    "At-least-once dead-lettering (dead-letter-strategy), exclusive and auto-delete queues.",
    "Mirrored classic queues of 3.x.",
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
    "https://www.rabbitmq.com/docs/alarms",
    "https://www.rabbitmq.com/docs/memory",
    "https://www.rabbitmq.com/docs/maxlength",
    "Observed on RabbitMQ 4.0.5, three nodes, and on 3.10.8 (Debian 12), one node.",
  ],
  fieldSources: rabbitmqFieldSources,
  asyncapi,
  unlikeQueue: queueUnlikeQueue,
  check: checkRabbitmq,
  reach: reachOfRabbit,
  deadLetterTarget,
};
