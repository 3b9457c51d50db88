// What we advise on MQTT's settings: what is to be done must not be sent as what may be missed. Sources are those of the
// manual.

import { valuesOf } from "../../base/fields.ts";
import { formatDurationMs } from "../../base/units.ts";
import { type BrokerAdvice, type BrokerFacts, channelAt, type Setting } from "../advice.ts";
import type { BrokerConfig, SubscriptionConfig } from "../technology.ts";
import { consumeFields, publishFields } from "./fields.ts";

/** All advice on a broker. */
export function adviseMqtt(config: BrokerConfig, facts: BrokerFacts): readonly BrokerAdvice[] {
  return config.subscriptions.flatMap((subscription) => [
    ...sentOnce(config, facts, subscription),
    ...forgottenSession(config, facts, subscription),
  ]);
}

/** Publications into the same topic, as the drawing has it. */
function publishersOf(config: BrokerConfig, { channel }: SubscriptionConfig) {
  return config.publishers.filter((publisher) => publisher.channel === channel);
}

function sentOnce(
  config: BrokerConfig,
  facts: BrokerFacts,
  subscription: SubscriptionConfig,
): readonly BrokerAdvice[] {
  const { qos } = valuesOf(consumeFields, subscription.parameters);
  const weak = publishersOf(config, subscription).filter(
    ({ parameters }) => valuesOf(publishFields, parameters).qos === "0",
  );
  const isWeak = qos === "0" || weak.length > 0;
  if (!isWeak || !facts.consumer(subscription.id).hasEffect) return [];
  const name = channelAt(config, subscription)?.name ?? "";
  return [
    {
      code: "mqtt/command-with-qos-0",
      element: subscription.id,
      risk: `${subscription.node} does something for each message of ${name}, and they come at most once (QoS 0).`,
      why: "What is sent while it is away, or when a queue is full, is gone: that is for readings that soon repeat, not for commands.",
      remedy: "Use QoS 1 on both sides",
      settings: [
        ...weak.map(({ id }) => ({ id, parameter: "qos", value: "1" })),
        { id: subscription.id, parameter: "qos", value: "1" },
      ],
    },
  ];
}

function forgottenSession(
  config: BrokerConfig,
  facts: BrokerFacts,
  subscription: SubscriptionConfig,
): readonly BrokerAdvice[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const { downMs } = facts.consumer(subscription.id);
  const isKept =
    values.protocol === "5.0"
      ? (values.session_expiry_interval ?? Infinity) > downMs
      : !values.clean_session;
  if (downMs === 0 || isKept) return [];
  const name = channelAt(config, subscription)?.name ?? "";
  return [
    {
      code: "mqtt/session-below-outage",
      element: subscription.id,
      risk: `The broker forgets the session of ${subscription.node} before it is back after ${formatDurationMs(downMs)}.`,
      why: `Without a session nothing of ${name} is kept for it meanwhile.`,
      remedy: "Keep the session, with QoS 1",
      settings: [
        ...sessionSettings(config, subscription, 2 * downMs),
        { id: subscription.id, parameter: "qos", value: "1" },
        ...publishersOf(config, subscription)
          .filter(({ parameters }) => valuesOf(publishFields, parameters).qos === "0")
          .map(({ id }) => ({ id, parameter: "qos", value: "1" })),
      ],
    },
  ];
}

/** All subscriptions of a service are one client with one session. */
function sessionSettings(
  { subscriptions }: BrokerConfig,
  { node, parameters }: SubscriptionConfig,
  expiryMs: number,
): readonly Setting[] {
  const isNewest = valuesOf(consumeFields, parameters).protocol === "5.0";
  return subscriptions
    .filter((other) => other.node === node)
    .flatMap(({ id }) => [
      { id, parameter: "clean_session", value: false },
      ...(isNewest ? [{ id, parameter: "session_expiry_interval", value: expiryMs }] : []),
    ]);
}
