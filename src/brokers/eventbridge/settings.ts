// The configuration of EventBridge as the run wants it: who calls, which targets are pushed to and how, in nanoseconds.

import { valuesOf } from "../../base/fields.ts";
import type { DeadLetterQueue } from "../mechanisms/deadLetterQueues.ts";
import { NO_CONCURRENCY_LIMIT } from "../mechanisms/pushRoute.ts";
import type { PushServiceSettings, ServiceRoute } from "../mechanisms/pushService.ts";
import { evenPhase, type RetryPhase, type RetryPolicy } from "../mechanisms/retry.ts";
import type { Caller } from "../mechanisms/serviceCalls.ts";
import type { BrokerConfig, ChannelConfig, SubscriptionConfig } from "../technology.ts";
import { findQueue } from "./events.ts";
import {
  clusterFields,
  consumeFields,
  deadLetterQueueFields,
  publishFields,
  ruleFields,
} from "./fields.ts";

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;
const toNs = (ms: number) => Math.round(ms * NS_PER_MS);

/** An API destination has five seconds to answer. */
const TIMEOUT_NS = 5 * NS_PER_S;

/** The curve of the classic bus is not published. From 1 s, doubled up to 480 s, 185 retries fill the 24 hours. */
const FIRST_DELAY_NS = NS_PER_S;
const LAST_DELAY_NS = 480 * NS_PER_S;

/** Lambda keeps an asynchronous invocation for six hours; while it is throttled it tries from 1 s up to 5 min apart. */
const LAMBDA_AGE_NS = 6 * 3600 * NS_PER_S;
const throttled: RetryPhase = {
  retries: Infinity,
  firstNs: NS_PER_S,
  lastNs: 300 * NS_PER_S,
  growth: "doubling",
};

/** What a bus does when nothing is stated, by its kind. */
const defaults = {
  classic: { retries: 185, ageMs: 86_400_000 },
  "custom-2026": { retries: 5, ageMs: 300_000 },
} as const;

/** Derives the settings. */
export function settingsOf(config: BrokerConfig): PushServiceSettings {
  const cluster = valuesOf(clusterFields, config.parameters);
  const queues = config.channels.filter(({ kind }) => kind === "dlq");
  return {
    zones: { id: config.id, zones: cluster.zones, detectionNs: toNs(cluster.detection) },
    quotas: [
      { perS: cluster.put_events_quota, burst: cluster.put_events_quota, refill: "each second" },
    ],
    callers: callers(config),
    routes: targetsOf(config).map((target) => route(config, target)),
    queues: queues.map((queue) => deadLetterQueue(config, queue)),
  };
}

/** The subscriptions that are targets of rules, in the order of their routes. */
export function targetsOf(config: BrokerConfig): readonly SubscriptionConfig[] {
  return config.subscriptions.filter(({ channel }) =>
    config.channels.some(({ index, kind }) => index === channel && kind === "rule"),
  );
}

function callers(config: BrokerConfig): readonly (Caller | undefined)[] {
  const last = Math.max(-1, ...config.publishers.map(({ index }) => index));
  return Array.from({ length: last + 1 }, (_, index) => {
    const publisher = config.publishers.find((one) => one.index === index);
    if (publisher === undefined) return undefined;
    const { latency, max_attempts: attempts } = valuesOf(publishFields, publisher.parameters);
    const retry = { attempts, firstNs: NS_PER_S / 10, longestNs: 20 * NS_PER_S, jitter: 1 };
    return { latencyNs: toNs(latency), quota: 0, retry };
  });
}

function deadLetterQueue(config: BrokerConfig, queue: ChannelConfig): DeadLetterQueue {
  const values = valuesOf(deadLetterQueueFields, queue.parameters);
  return {
    channel: queue.index,
    visibilityNs: toNs(values.VisibilityTimeout),
    retentionNs: toNs(values.MessageRetentionPeriod),
    subscriptions: config.subscriptions
      .filter(({ channel }) => channel === queue.index)
      .map(({ index }) => index),
  };
}

function route(config: BrokerConfig, target: SubscriptionConfig): ServiceRoute {
  const values = valuesOf(consumeFields, target.parameters);
  const { processing, duplicates, version } = valuesOf(clusterFields, config.parameters);
  const rule = config.channels.find(({ index }) => index === target.channel);
  const isOrdered =
    version === "custom-2026" && valuesOf(ruleFields, rule?.parameters ?? {}).Type === "FIFO";
  const isLambda = values.Target === "lambda";
  const queues = config.channels.filter(({ kind }) => kind === "dlq");
  const queueAt = (called: string) => {
    const found = findQueue(config, called);
    return found === undefined ? -1 : queues.indexOf(found);
  };
  const own = queueAt(values.DeadLetterConfig);
  const policy = targetPolicy(config, target);
  const ofLambda = lambdaPolicies(values["lambda.MaximumRetryAttempts"]);
  const isApi = values.Target === "api-destination";
  return {
    subscription: target.index,
    channel: target.channel,
    latencyNs: toNs(values.latency),
    timeoutNs: isApi ? TIMEOUT_NS : Infinity,
    concurrency: NO_CONCURRENCY_LIMIT,
    ratePerS: isApi ? values.InvocationRateLimitPerSecond : Infinity,
    isOrdered,
    onError: isLambda ? ofLambda.onError : policy,
    onUnavailable: isLambda ? ofLambda.onUnavailable : policy,
    duplicates,
    // A FIFO subscriber keeps the order from the start.
    fanOutFromNs: toNs(isOrdered ? processing : processing / 2),
    fanOutToNs: toNs(isOrdered ? processing : processing * 1.5),
    deadLetters: isLambda ? queueAt(values["lambda.DeadLetterConfig"]) : own,
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
    ageNsMax: toNs(values.MaximumEventAgeInSeconds ?? defaults[version].ageMs),
    jitterFrom: 0.5,
    jitterTo: 1.5,
  };
}

/** Lambda's own retries after errors, and while it is throttled. */
function lambdaPolicies(retries: number): { onError: RetryPolicy; onUnavailable: RetryPolicy } {
  const common = { ageNsMax: LAMBDA_AGE_NS, jitterFrom: 1, jitterTo: 1 };
  const pauses = [evenPhase(1, 60 * NS_PER_S), evenPhase(1, 120 * NS_PER_S)];
  return {
    onError: { ...common, phases: pauses.slice(0, retries) },
    onUnavailable: { ...common, phases: [throttled] },
  };
}
