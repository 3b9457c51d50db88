// What we advise on Service Bus's settings. Sources are those of the manual.

import { valuesOf } from "../../base/fields.ts";
import { formatDurationMs } from "../../base/units.ts";
import { type BrokerAdvice, type BrokerFacts, channelAt } from "../advice.ts";
import type { BrokerConfig, SubscriptionConfig } from "../technology.ts";
import { consumeFields, queueFields } from "./fields.ts";

/** All advice on a namespace. */
export function adviseServiceBus(
  config: BrokerConfig,
  facts: BrokerFacts,
): readonly BrokerAdvice[] {
  return config.subscriptions.flatMap((receiver) => [
    ...deletedOnReceipt(config, receiver),
    ...shortLock(config, facts, receiver),
  ]);
}

function deletedOnReceipt(
  config: BrokerConfig,
  receiver: SubscriptionConfig,
): readonly BrokerAdvice[] {
  if (valuesOf(consumeFields, receiver.parameters).ReceiveMode !== "ReceiveAndDelete") return [];
  return [
    {
      code: "service-bus/deleted-on-receipt",
      element: receiver.id,
      risk: `A message of ${channelAt(config, receiver)?.name ?? ""} is deleted when ${receiver.node} receives it.`,
      why: "What it was working on is lost when it crashes, and what fails cannot be tried again.",
      remedy: "Lock messages and complete them after the work",
      settings: [{ id: receiver.id, parameter: "ReceiveMode", value: "PeekLock" }],
    },
  ];
}

/** The longest lock that Service Bus allows [ms]; longer work needs renewal. */
const lockMaxMs = 300_000;

function shortLock(
  config: BrokerConfig,
  facts: BrokerFacts,
  receiver: SubscriptionConfig,
): readonly BrokerAdvice[] {
  const own = valuesOf(consumeFields, receiver.parameters);
  const place = channelAt(config, receiver);
  const lockMs = valuesOf(queueFields, place?.parameters ?? {}).LockDuration;
  const { longWorkMs } = facts.consumer(receiver.id);
  const needed = longWorkMs * (1 + own.PrefetchCount);
  const heldMs = Math.max(lockMs, own.MaxAutoLockRenewalDuration);
  if (own.ReceiveMode !== "PeekLock" || heldMs > needed) return [];
  const value = Math.ceil(Math.max(lockMaxMs, 2 * needed));
  return [
    {
      code: "service-bus/lock-below-work",
      element: receiver.id,
      risk: `A message of ${place?.name ?? ""} is locked for ${formatDurationMs(heldMs)}, and the work takes up to ${formatDurationMs(needed)}.`,
      why: "The lock is lost while the message is worked on: somebody else gets it too, and completing it is refused.",
      remedy: `Renew the lock for up to ${formatDurationMs(value)}`,
      settings: [{ id: receiver.id, parameter: "MaxAutoLockRenewalDuration", value }],
    },
  ];
}
