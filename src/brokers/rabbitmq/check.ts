// What RabbitMQ would refuse, and what surprises people: findings about one broker of a document. Each code has one
// function; the order here is the order on screen.

import { valuesOf } from "../../base/fields.ts";
import { formatBytes, formatDurationMs } from "../../base/units.ts";
import { parseFacts } from "../mechanisms/routing/messageFacts.ts";
import { IDLE_MEMORY_BYTES } from "./alarms.ts";
import {
  bindFields,
  clusterFields,
  consumeFields,
  exchangeFields,
  publishFields,
  queueFields,
} from "./fields.ts";
import { parseArguments } from "./headers.ts";
import { findChannel, isDeclared } from "./routing.ts";
import { streamOffsetOf } from "./streamOffset.ts";
import { comingBack, countsAsFailed, deliveryLimitOf, isBefore4, watermarkOf } from "./version.ts";
import type {
  BindingConfig,
  BrokerConfig,
  ChannelConfig,
  Finding,
  PublisherConfig,
  SubscriptionConfig,
} from "../technology.ts";

/** All findings about a broker. */
export function checkRabbitmq(config: BrokerConfig): readonly Finding[] {
  return [
    ...checkResources(config),
    ...config.channels.flatMap((channel) =>
      channel.kind === "exchange"
        ? checkExchange(config, channel)
        : [...checkQueue(config, channel), ...checkTraffic(config, channel)],
    ),
    ...config.publishers.flatMap(checkPublisher),
    ...config.bindings.flatMap((binding) => checkBinding(config, binding)),
    ...config.subscriptions.flatMap((subscription) => checkSubscription(config, subscription)),
  ];
}

/** Alarms that hold before the first message, and a default that was another one. */
function checkResources({ id, parameters }: BrokerConfig): readonly Finding[] {
  const values = valuesOf(clusterFields, parameters);
  const { memory, disk, version, vm_memory_high_watermark: stated } = values;
  const findings: Finding[] = [];
  const add = (code: string, parameter: string, message: string) =>
    findings.push({
      code: `rabbitmq/${code}`,
      severity: "warning",
      element: id,
      parameter,
      message,
    });
  const allowed = (memory ?? Infinity) * watermarkOf(version, stated);
  if (memory !== null && allowed <= IDLE_MEMORY_BYTES)
    add(
      "memory-alarm-at-start",
      "memory",
      `A node takes some ${formatBytes(IDLE_MEMORY_BYTES)} without any message, and ${formatBytes(allowed)} are allowed: publishers are blocked from the start. Give nodes more memory.`,
    );
  if (memory !== null && watermarkOf(version, stated) !== stated)
    add(
      "watermark-since-4",
      "vm_memory_high_watermark",
      "0.6 counts as not stated: before version 4.0 the default is 0.4. Choose another number to set one.",
    );
  if (disk !== null && disk < values.disk_free_limit)
    add(
      "disk-alarm-at-start",
      "disk",
      "The free disk is below disk_free_limit: publishers are blocked from the start. Give nodes more disk.",
    );
  return findings;
}

function checkExchange(config: BrokerConfig, exchange: ChannelConfig): readonly Finding[] {
  const findings: Finding[] = [];
  const called = valuesOf(exchangeFields, exchange.parameters)["alternate-exchange"];
  const isBound = config.bindings.some((binding) => binding.from === exchange.index);
  if (!isDeclared(exchange) && config.publishers.some(({ channel }) => channel === exchange.index))
    findings.push({
      code: "rabbitmq/exchange-missing",
      severity: "warning",
      element: exchange.id,
      parameter: "declared",
      message: `Nobody declares exchange ${exchange.name}: RabbitMQ answers 404 NOT_FOUND and closes the channel of whoever publishes to it.`,
    });
  else if (!isBound && called === "")
    findings.push({
      code: "rabbitmq/unbound-exchange",
      severity: "warning",
      element: exchange.id,
      message: `Nothing is bound to exchange ${exchange.name}: every message is lost, and confirmed. Bind a queue to it.`,
    });
  const alternate = called === "" ? undefined : findChannel(config, called);
  if (called !== "" && (alternate?.kind !== "exchange" || !isDeclared(alternate)))
    findings.push({
      code: "rabbitmq/alternate-exchange-missing",
      severity: "error",
      element: exchange.id,
      parameter: "alternate-exchange",
      message: `There is no exchange "${called}". Name an exchange of this broker or leave it empty.`,
    });
  return findings;
}

/** What a publisher states as JSON. */
function checkPublisher(publisher: PublisherConfig): readonly Finding[] {
  const facts = parseFacts(valuesOf(publishFields, publisher.parameters).headers);
  if (facts.ok) return [];
  return [
    {
      code: "rabbitmq/headers",
      severity: "error",
      element: publisher.id,
      parameter: "headers",
      message: `Headers: ${facts.failure}`,
    },
  ];
}

function checkBinding(config: BrokerConfig, binding: BindingConfig): readonly Finding[] {
  const findings: Finding[] = [];
  const add = (code: string, parameter: string, message: string) =>
    findings.push({
      code: `rabbitmq/${code}`,
      severity: "error",
      element: binding.id,
      parameter,
      message,
    });
  const values = valuesOf(bindFields, binding.parameters);
  if (parseArguments(values.arguments) === undefined)
    add(
      "binding-arguments",
      "arguments",
      'Write a JSON object such as {"x-match":"all","type":"invoice"}; x-match is all, any, all-with-x or any-with-x.',
    );
  for (const channel of config.channels)
    if ((channel.index === binding.from || channel.index === binding.to) && !isDeclared(channel))
      add(
        "bound-to-missing",
        "routing_key",
        `Exchange ${channel.name} is not declared, so RabbitMQ refuses the binding (404 NOT_FOUND). Declare it.`,
      );
  return findings;
}

function checkQueue(config: BrokerConfig, queue: ChannelConfig): readonly Finding[] {
  const values = valuesOf(queueFields, queue.parameters);
  const findings: Finding[] = [];
  const add = (code: string, severity: Finding["severity"], parameter: string, message: string) =>
    findings.push({ code: `rabbitmq/${code}`, severity, element: queue.id, parameter, message });
  const dead = values["x-dead-letter-exchange"];
  const target = dead === "" ? undefined : findChannel(config, dead);
  if (dead !== "" && (target === undefined || !isDeclared(target)))
    add(
      "dead-letter-exchange-missing",
      "warning",
      "x-dead-letter-exchange",
      `There is no exchange or queue "${dead}": RabbitMQ accepts that, and drops every dead letter without a word.`,
    );
  if (dead === "" && values["x-dead-letter-routing-key"] !== "")
    add(
      "dead-letter-key-without-exchange",
      "error",
      "x-dead-letter-routing-key",
      "RabbitMQ refuses a dead-letter routing key without a dead-letter exchange. Name the exchange too.",
    );
  const isQuorum = values["x-queue-type"] === "quorum";
  if (isQuorum && values["x-overflow"] === "reject-publish-dlx")
    add(
      "overflow-classic-only",
      "error",
      "x-overflow",
      "A quorum queue does not know reject-publish-dlx. Choose drop-head or reject-publish.",
    );
  const isBounded = values["x-max-length"] !== null || values["x-max-length-bytes"] !== null;
  if (values["x-overflow"] !== "drop-head" && !isBounded)
    add(
      "overflow-without-length",
      "warning",
      "x-overflow",
      "Without x-max-length or x-max-length-bytes the queue is never full, so x-overflow has no effect.",
    );
  const { nodes, version } = valuesOf(clusterFields, config.parameters);
  if (isQuorum && values["x-delayed-retry-type"] !== "disabled" && version !== "4.3")
    add(
      "delayed-retry-since-4.3",
      "warning",
      "x-delayed-retry-type",
      "Before version 4.3 a quorum queue does not know delayed retry: what comes back is delivered again at once.",
    );
  if (isQuorum && values["x-delivery-limit"] === 20 && isBefore4(version))
    add(
      "delivery-limit-since-4",
      "warning",
      "x-delivery-limit",
      "20 counts as not stated: before version 4.0 there is no delivery limit unless one is set. Choose another number to set one.",
    );
  if (isQuorum && Math.min(nodes, values["x-quorum-initial-group-size"]) === 2)
    add(
      "even-group",
      "warning",
      "x-quorum-initial-group-size",
      "A quorum queue on two nodes stands still as soon as one of them is down. Use three nodes.",
    );
  return findings;
}

/** A queue that nobody empties or that nothing reaches. */
function checkTraffic(config: BrokerConfig, queue: ChannelConfig): readonly Finding[] {
  const findings: Finding[] = [];
  const values = valuesOf(queueFields, queue.parameters);
  const isWaitQueue = values["x-message-ttl"] !== null && values["x-dead-letter-exchange"] !== "";
  const isBounded = values["x-max-length"] !== null || values["x-max-length-bytes"] !== null;
  const isConsumed = config.subscriptions.some((one) => one.channel === queue.index);
  const expires = values["x-expires"];
  if (!isConsumed && expires !== null)
    findings.push({
      code: "rabbitmq/expires-with-contents",
      severity: "warning",
      element: queue.id,
      parameter: "x-expires",
      message: `Nobody consumes from queue ${queue.name}, and being published to is no use: it is deleted ${formatDurationMs(expires)} after the start with all that is in it, and nothing of that is dead-lettered. Connect a service, or leave x-expires out.`,
    });
  else if (!isConsumed && !isWaitQueue && !isBounded)
    findings.push({
      code: "rabbitmq/queue-without-consumer",
      severity: "warning",
      element: queue.id,
      message: `Nobody consumes from queue ${queue.name}: it only grows. Connect a service, or set x-max-length or x-message-ttl.`,
    });
  const isReached =
    config.bindings.some((binding) => binding.to === queue.index) ||
    config.publishers.some((publisher) => publisher.channel === queue.index) ||
    config.channels.some((other) => {
      if (other.kind !== "queue") return false;
      const dead = valuesOf(queueFields, other.parameters)["x-dead-letter-exchange"];
      return dead !== "" && findChannel(config, dead) === queue;
    });
  if (!isReached)
    findings.push({
      code: "rabbitmq/queue-without-source",
      severity: "warning",
      element: queue.id,
      message: `Nothing comes into queue ${queue.name}. Bind it to an exchange or publish to it.`,
    });
  return findings;
}

/** What a type of queue refuses of its consumers. */
function checkAgainstType(
  subscription: SubscriptionConfig,
  queue: ChannelConfig,
): readonly Finding[] {
  const findings: Finding[] = [];
  const add = (code: string, parameter: string, message: string) =>
    findings.push({
      code: `rabbitmq/${code}`,
      severity: "error",
      element: subscription.id,
      parameter,
      message,
    });
  const values = valuesOf(consumeFields, subscription.parameters);
  const { "x-queue-type": type } = valuesOf(queueFields, queue.parameters);
  if (values.global && type !== "classic")
    add(
      "global-prefetch",
      "global",
      `RabbitMQ closes the connection (540 NOT_IMPLEMENTED): a ${type} queue has no global prefetch. Switch it off.`,
    );
  if (type !== "stream") return findings;
  if (values.ack === "automatic")
    add(
      "stream-automatic-ack",
      "ack",
      "RabbitMQ closes the connection (540 NOT_IMPLEMENTED): streams are read with manual acknowledgement.",
    );
  if (values.prefetch_count === 0)
    add(
      "stream-prefetch",
      "prefetch_count",
      "RabbitMQ closes the channel (406 PRECONDITION_FAILED): a reader of a stream needs a prefetch_count. 100 is usual.",
    );
  if (streamOffsetOf(values["x-stream-offset"]) === undefined)
    add(
      "stream-offset",
      "x-stream-offset",
      "Write first, last, next, an offset such as 17, an interval such as 90s, or timestamp 60.",
    );
  return findings;
}

function checkSubscription(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly Finding[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const queue = config.channels.find((channel) => channel.index === subscription.channel);
  if (queue?.kind !== "queue") return [];
  const findings: Finding[] = [...checkAgainstType(subscription, queue)];
  const isStream = valuesOf(queueFields, queue.parameters)["x-queue-type"] === "stream";
  if (values.ack === "automatic" || isStream) return findings;
  const { "x-queue-type": type, "x-delivery-limit": limit } = valuesOf(
    queueFields,
    queue.parameters,
  );
  const { version } = valuesOf(clusterFields, config.parameters);
  const back = comingBack[values.on_failure];
  const isEndless =
    back !== undefined &&
    (type === "classic" || deliveryLimitOf(version, limit) < 0 || !countsAsFailed(version, back));
  if (isEndless)
    findings.push({
      code: "rabbitmq/endless-requeue",
      severity: "warning",
      element: subscription.id,
      parameter: "on_failure",
      message:
        type === "quorum" && !countsAsFailed(version, back)
          ? "A message that always fails is delivered again without end: from 4.3 on a nack counts no failure. Use basic.reject, or reject to a dead-letter exchange."
          : "A message that always fails is delivered again without pause and without end: classic queues have no delivery limit. Reject it to a dead-letter exchange, or use a quorum queue with a limit.",
    });
  if (values.prefetch_count === 0)
    findings.push({
      code: "rabbitmq/unlimited-prefetch",
      severity: "warning",
      element: subscription.id,
      parameter: "prefetch_count",
      message:
        "Without a prefetch limit the first worker that connects gets the whole backlog. Set prefetch_count; 100 to 300 is usual.",
    });
  return findings;
}
