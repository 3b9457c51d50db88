// The configuration of EventBridge as the run wants it: who calls, which targets are pushed to and how, in nanoseconds.

import { valuesOf } from "../../base/fields.ts";
import {
  callersOf,
  deadLetterQueuesOf,
  lambdaPolicies,
  nsOf,
  queueAt,
  zonesOf,
} from "../mechanisms/awsService.ts";
import { NO_CONCURRENCY_LIMIT } from "../mechanisms/pushRoute.ts";
import type { PushServiceSettings, ServiceRoute } from "../mechanisms/pushService.ts";
import type { RetryPolicy } from "../mechanisms/retry.ts";
import type { BrokerConfig, SubscriptionConfig } from "../technology.ts";
import { clusterFields, consumeFields, ruleFields } from "./fields.ts";

const NS_PER_S = 1e9;

/** An API destination has five seconds to answer. */
const TIMEOUT_NS = 5 * NS_PER_S;

/** The curve of the classic bus is not published. From 1 s, doubled up to 480 s, 185 retries fill the 24 hours. */
const FIRST_DELAY_NS = NS_PER_S;
const LAST_DELAY_NS = 480 * NS_PER_S;

/** What a bus does when nothing is stated, by its kind. */
const defaults = {
  classic: { retries: 185, ageMs: 86_400_000 },
  "custom-2026": { retries: 5, ageMs: 300_000 },
} as const;

/** Derives the settings. */
export function settingsOf(config: BrokerConfig): PushServiceSettings {
  const cluster = valuesOf(clusterFields, config.parameters);
  return {
    zones: zonesOf(config),
    quotas: [
      { perS: cluster.put_events_quota, burst: cluster.put_events_quota, refill: "each second" },
    ],
    callers: callersOf(config, () => 0),
    routes: targetsOf(config).map((target) => route(config, target)),
    queues: deadLetterQueuesOf(config),
  };
}

/** The subscriptions that are targets of rules, in the order of their routes. */
export function targetsOf(config: BrokerConfig): readonly SubscriptionConfig[] {
  return config.subscriptions.filter(({ channel }) =>
    config.channels.some(({ index, kind }) => index === channel && kind === "rule"),
  );
}

function route(config: BrokerConfig, target: SubscriptionConfig): ServiceRoute {
  const values = valuesOf(consumeFields, target.parameters);
  const { processing, duplicates, version } = valuesOf(clusterFields, config.parameters);
  const rule = config.channels.find(({ index }) => index === target.channel);
  const isOrdered =
    version === "custom-2026" && valuesOf(ruleFields, rule?.parameters ?? {}).Type === "FIFO";
  const isLambda = values.Target === "lambda";
  const own = queueAt(config, values.DeadLetterConfig);
  const policy = targetPolicy(config, target);
  const ofLambda = lambdaPolicies(values["lambda.MaximumRetryAttempts"]);
  const isApi = values.Target === "api-destination";
  return {
    subscription: target.index,
    channel: target.channel,
    latencyNs: nsOf(values.latency),
    timeoutNs: isApi ? TIMEOUT_NS : Infinity,
    concurrency: NO_CONCURRENCY_LIMIT,
    ratePerS: isApi ? values.InvocationRateLimitPerSecond : Infinity,
    isOrdered,
    onError: isLambda ? ofLambda.onError : policy,
    onUnavailable: isLambda ? ofLambda.onUnavailable : policy,
    duplicates,
    // A FIFO subscriber keeps the order from the start.
    fanOutFromNs: nsOf(isOrdered ? processing : processing / 2),
    fanOutToNs: nsOf(isOrdered ? processing : processing * 1.5),
    deadLetters: isLambda ? queueAt(config, values["lambda.DeadLetterConfig"]) : own,
    deadLettersIfGone: own,
  };
}

/** How a target is called again. */
export function targetPolicy(config: BrokerConfig, target: SubscriptionConfig): RetryPolicy {
  const { version } = valuesOf(clusterFields, config.parameters);
  const values = valuesOf(consumeFields, target.parameters);
  return {
    phases: [
      {
        retries: values.MaximumRetryAttempts ?? defaults[version].retries,
        firstNs: FIRST_DELAY_NS,
        lastNs: LAST_DELAY_NS,
        growth: "doubling",
      },
    ],
    ageNsMax: nsOf(values.MaximumEventAgeInSeconds ?? defaults[version].ageMs),
    jitterFrom: 0.5,
    jitterTo: 1.5,
  };
}
