// What RabbitMQ would refuse, and what surprises people: findings about one broker of a document. Each code has one
// function; the order here is the order on screen.

import { valuesOf } from "../../base/fields.ts";
import { clusterFields, consumeFields, exchangeFields, queueFields } from "./fields.ts";
import { findChannel } from "./routing.ts";
import type { BrokerConfig, ChannelConfig, Finding, SubscriptionConfig } from "../technology.ts";

/** All findings about a broker. */
export function checkRabbitmq(config: BrokerConfig): readonly Finding[] {
  return [
    ...config.channels.flatMap((channel) =>
      channel.kind === "exchange"
        ? checkExchange(config, channel)
        : [...checkQueue(config, channel), ...checkTraffic(config, channel)],
    ),
    ...config.subscriptions.flatMap((subscription) => checkSubscription(config, subscription)),
  ];
}

function checkExchange(config: BrokerConfig, exchange: ChannelConfig): readonly Finding[] {
  const findings: Finding[] = [];
  const called = valuesOf(exchangeFields, exchange.parameters)["alternate-exchange"];
  const isBound = config.bindings.some((binding) => binding.from === exchange.index);
  if (!isBound && called === "")
    findings.push({
      code: "rabbitmq/unbound-exchange",
      severity: "warning",
      element: exchange.id,
      message: `Nothing is bound to exchange ${exchange.name}: every message is lost, and confirmed. Bind a queue to it.`,
    });
  if (called !== "" && findChannel(config, called)?.kind !== "exchange")
    findings.push({
      code: "rabbitmq/alternate-exchange-missing",
      severity: "error",
      element: exchange.id,
      parameter: "alternate-exchange",
      message: `There is no exchange "${called}". Name an exchange of this broker or leave it empty.`,
    });
  return findings;
}

function checkQueue(config: BrokerConfig, queue: ChannelConfig): readonly Finding[] {
  const values = valuesOf(queueFields, queue.parameters);
  const findings: Finding[] = [];
  const add = (code: string, severity: Finding["severity"], parameter: string, message: string) =>
    findings.push({ code: `rabbitmq/${code}`, severity, element: queue.id, parameter, message });
  const dead = values["x-dead-letter-exchange"];
  if (dead !== "" && findChannel(config, dead) === undefined)
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
  if (values["x-overflow"] !== "drop-head" && values["x-max-length"] === null)
    add(
      "overflow-without-length",
      "warning",
      "x-overflow",
      "Without x-max-length the queue is never full, so x-overflow has no effect.",
    );
  const nodes = valuesOf(clusterFields, config.parameters).nodes;
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
  const isConsumed = config.subscriptions.some((one) => one.channel === queue.index);
  if (!isConsumed && !isWaitQueue)
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

function checkSubscription(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly Finding[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const queue = config.channels.find((channel) => channel.index === subscription.channel);
  if (queue?.kind !== "queue" || values.ack === "automatic") return [];
  const findings: Finding[] = [];
  const { "x-queue-type": type, "x-delivery-limit": limit } = valuesOf(
    queueFields,
    queue.parameters,
  );
  if (values.on_failure === "requeue" && (type === "classic" || limit < 0))
    findings.push({
      code: "rabbitmq/endless-requeue",
      severity: "warning",
      element: subscription.id,
      parameter: "on_failure",
      message:
        "A message that always fails is delivered again without pause and without end: classic queues have no delivery limit. Reject it to a dead-letter exchange, or use a quorum queue with a limit.",
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
