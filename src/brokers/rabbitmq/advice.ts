// What we advise on RabbitMQ's settings: allowed ones that lose messages, hoard them, or let queues grow without end. Sources
// are those of the manual. Codes that the check has too are the same.

import { valuesOf } from "../../base/fields.ts";
import { formatDurationMs, formatNumber } from "../../base/units.ts";
import { type BrokerAdvice, type BrokerFacts, channelAt, freeName } from "../advice.ts";
import type { BrokerConfig, ChannelConfig, SubscriptionConfig } from "../technology.ts";
import { clusterFields, consumeFields, publishFields, queueFields } from "./fields.ts";

/** All advice on a broker. */
export function adviseRabbitmq(config: BrokerConfig, facts: BrokerFacts): readonly BrokerAdvice[] {
  const queues = config.channels.filter(({ kind }) => kind === "queue");
  return [
    ...config.subscriptions.flatMap((subscription) => {
      const queue = channelAt(config, subscription);
      return queue === undefined
        ? []
        : [
            ...automaticAck(subscription, queue),
            ...hoarding(facts, subscription, queue),
            ...noWayOut(config, facts, { subscription, queue }),
          ];
    }),
    ...queues.flatMap((queue) => [
      ...evenGroup(config, queue),
      ...shortTtl(config, facts, queue),
      ...endlessQueue(config, facts, queue),
    ]),
    ...transient(config, facts),
    ...unconfirmed(config),
  ];
}

function isQueueOf(type: string, queue: ChannelConfig): boolean {
  return valuesOf(queueFields, queue.parameters)["x-queue-type"] === type;
}

function automaticAck(
  subscription: SubscriptionConfig,
  queue: ChannelConfig,
): readonly BrokerAdvice[] {
  const { ack } = valuesOf(consumeFields, subscription.parameters);
  if (ack !== "automatic" || isQueueOf("stream", queue)) return [];
  return [
    {
      code: "rabbitmq/automatic-ack",
      element: subscription.id,
      risk: `${queue.name} forgets a message as soon as it is sent to ${subscription.node}.`,
      why: "What is on its way, or waits in the consumer, is lost when the consumer crashes; and nothing slows the queue down.",
      remedy: "Acknowledge after the work, with a prefetch of 10",
      settings: [
        { id: subscription.id, parameter: "ack", value: "manual" },
        { id: subscription.id, parameter: "prefetch_count", value: 10 },
      ],
    },
  ];
}

/** What a consumer may hold of work, beyond what the way to and from the broker asks for [ms]. */
const hoardMs = 2000;

function hoarding(
  facts: BrokerFacts,
  subscription: SubscriptionConfig,
  queue: ChannelConfig,
): readonly BrokerAdvice[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const { workMs } = facts.consumer(subscription.id);
  if (values.ack !== "manual" || subscription.workers < 2 || isQueueOf("stream", queue)) return [];
  const prefetch = values.prefetch_count === 0 ? Infinity : values.prefetch_count;
  // As many as are worked on while an acknowledgement and the next message are on their way.
  const enough = 1 + Math.ceil((2 * values.latency) / Math.max(workMs, 1e-3));
  if (prefetch <= enough || prefetch * workMs <= hoardMs) return [];
  return [
    {
      code: prefetch === Infinity ? "rabbitmq/unlimited-prefetch" : "rabbitmq/large-prefetch",
      element: subscription.id,
      risk: `A consumer of ${queue.name} may hold ${prefetch === Infinity ? "any number of" : formatNumber(prefetch)} messages of ${formatDurationMs(workMs)} work each.`,
      why: "What one consumer holds no other can take: some messages wait behind slow ones while other workers idle, and all of it comes again after a crash.",
      remedy: `Set prefetch_count to ${enough}`,
      settings: [{ id: subscription.id, parameter: "prefetch_count", value: enough }],
    },
  ];
}

interface Consumption {
  readonly subscription: SubscriptionConfig;
  readonly queue: ChannelConfig;
}

function noWayOut(
  config: BrokerConfig,
  facts: BrokerFacts,
  { subscription, queue }: Consumption,
): readonly BrokerAdvice[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const queueValues = valuesOf(queueFields, queue.parameters);
  const { mayFail } = facts.consumer(subscription.id);
  if (!mayFail || values.ack !== "manual" || isQueueOf("stream", queue)) return [];
  if (queueValues["x-dead-letter-exchange"] !== "") return [];
  const isRejected = values.on_failure === "reject";
  if (!isRejected && isQueueOf("quorum", queue)) return [];
  const exchange = freeName(config, `${queue.name}-dead-letters`);
  const store = freeName(config, `${queue.name}-failed`);
  return [
    {
      code: isRejected ? "rabbitmq/no-dead-letters" : "rabbitmq/endless-requeue",
      element: subscription.id,
      risk: isRejected
        ? `What ${subscription.node} rejects is dropped: ${queue.name} has no dead-letter exchange.`
        : `What fails at ${subscription.node} goes back into ${queue.name} at once, without a limit.`,
      why: isRejected
        ? "Nobody can look at it, mend it and send it again."
        : "A message that always fails keeps a worker busy for good, and all that wait behind it.",
      remedy: "Move what fails into a queue of its own",
      settings: [
        { id: subscription.id, parameter: "on_failure", value: "reject" },
        { id: queue.id, parameter: "x-dead-letter-exchange", value: exchange },
      ],
      channels: [
        { kind: "exchange", name: exchange, parameters: { type: "fanout" } },
        { kind: "queue", name: store },
      ],
      bindings: [[exchange, store]],
    },
  ];
}

function evenGroup(config: BrokerConfig, queue: ChannelConfig): readonly BrokerAdvice[] {
  const values = valuesOf(queueFields, queue.parameters);
  const { nodes } = valuesOf(clusterFields, config.parameters);
  const size = Math.min(values["x-quorum-initial-group-size"], nodes);
  if (!isQueueOf("quorum", queue) || size % 2 === 1) return [];
  const wanted = size + 1;
  const more = wanted > nodes ? [{ id: config.id, parameter: "nodes", value: wanted }] : [];
  return [
    {
      code: "rabbitmq/even-group",
      element: queue.id,
      risk: `Quorum queue ${queue.name} has ${size} replicas.`,
      why: `A majority of ${size} survives no more failures than one of ${size - 1}: the last replica only costs.`,
      remedy: `Use ${wanted} replicas${more.length > 0 ? ` on ${wanted} nodes` : ""}`,
      settings: [
        ...more,
        { id: queue.id, parameter: "x-quorum-initial-group-size", value: wanted },
      ],
    },
  ];
}

function shortTtl(
  config: BrokerConfig,
  facts: BrokerFacts,
  queue: ChannelConfig,
): readonly BrokerAdvice[] {
  const ttl = valuesOf(queueFields, queue.parameters)["x-message-ttl"];
  const readers = config.subscriptions.filter(({ channel }) => channel === queue.index);
  const down = Math.max(0, ...readers.map(({ id }) => facts.consumer(id).downMs));
  if (ttl === null || down === 0 || ttl > down || isQueueOf("stream", queue)) return [];
  return [
    {
      code: "rabbitmq/ttl-below-outage",
      element: queue.id,
      risk: `Messages in ${queue.name} live ${formatDurationMs(ttl)}, and its consumer is down for ${formatDurationMs(down)}.`,
      why: "They expire before anybody is back to take them; the backlog of the outage has to fit as well.",
      remedy: `Set x-message-ttl to ${formatDurationMs(3 * down)}`,
      settings: [{ id: queue.id, parameter: "x-message-ttl", value: 3 * down }],
    },
  ];
}

function endlessQueue(
  config: BrokerConfig,
  facts: BrokerFacts,
  queue: ChannelConfig,
): readonly BrokerAdvice[] {
  const values = valuesOf(queueFields, queue.parameters);
  const readers = config.subscriptions.filter(({ channel }) => channel === queue.index);
  const isBounded = values["x-max-length"] !== null || values["x-message-ttl"] !== null;
  const [only] = readers;
  if (readers.length !== 1 || only === undefined || isBounded || isQueueOf("stream", queue))
    return [];
  const { arrivalsPerS, capacityPerS } = facts.consumer(only.id);
  if (arrivalsPerS === null || arrivalsPerS <= capacityPerS) return [];
  const length = Math.max(1, Math.ceil(2 * capacityPerS));
  return [
    {
      code: "rabbitmq/endless-queue",
      element: queue.id,
      risk: `${queue.name} gets ${formatNumber(arrivalsPerS)} messages per second, its consumer does ${formatNumber(capacityPerS)}, and it has no limit.`,
      why: "It grows until memory or disk are full, and every message waits longer than the one before. With a limit publishers are told to slow down.",
      remedy: `Hold at most ${formatNumber(length)} messages and refuse more`,
      settings: [
        { id: queue.id, parameter: "x-max-length", value: length },
        { id: queue.id, parameter: "x-overflow", value: "reject-publish" },
      ],
    },
  ];
}

/** Only where nodes fail: elsewhere the default would be blamed in every drawing. */
function transient(config: BrokerConfig, facts: BrokerFacts): readonly BrokerAdvice[] {
  const risky = config.publishers.filter(
    ({ parameters }) => valuesOf(publishFields, parameters).delivery_mode === "1",
  );
  const [first] = risky;
  const hasClassic = config.channels.some(
    (channel) => channel.kind === "queue" && isQueueOf("classic", channel),
  );
  if (!facts.nodesFail || first === undefined || !hasClassic) return [];
  return [
    {
      code: "rabbitmq/transient-messages",
      element: first.id,
      risk: "Messages are published as transient (delivery_mode 1), and the timeline has nodes fail.",
      why: "A classic queue keeps them in memory only: those on the node that restarts are gone.",
      remedy: "Publish them as persistent",
      settings: risky.map(({ id }) => ({ id, parameter: "delivery_mode", value: "2" })),
    },
  ];
}

function unconfirmed(config: BrokerConfig): readonly BrokerAdvice[] {
  const risky = config.publishers.filter(
    ({ parameters }) => !valuesOf(publishFields, parameters).confirms,
  );
  const [first] = risky;
  if (first === undefined) return [];
  return [
    {
      code: "rabbitmq/unconfirmed",
      element: first.id,
      risk: `${first.contract} is published without publisher confirms.`,
      why: "The publisher takes for granted what it has sent: what a failing node or a full queue does not take is lost unnoticed.",
      remedy: "Use publisher confirms",
      settings: risky.map(({ id }) => ({ id, parameter: "confirms", value: true })),
    },
  ];
}
