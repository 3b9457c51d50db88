// What services of AWS that push have in common in a document: how the SDK calls them, their zones, their queues for dead
// letters, Lambda behind them. Fields under the names of AWS, and how they are read.

import { count, duration, type Fields, type Parameters, valuesOf } from "../../base/fields.ts";
import type { BrokerConfig, ChannelConfig } from "../technology.ts";
import type { DeadLetterQueue } from "./deadLetterQueues.ts";
import { evenPhase, type RetryPhase, type RetryPolicy } from "./retry.ts";
import type { Caller } from "./serviceCalls.ts";
import type { ZoneSettings } from "./zones.ts";

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;
const MS_PER_S = 1000;
const MS_PER_DAY = 86_400 * MS_PER_S;

/** A duration [ms] as [ns]. */
export function nsOf(ms: number): number {
  return Math.round(ms * NS_PER_MS);
}

/** Kind of the channels that are queues for dead letters. */
export const deadLetterKind = "dlq";

/** A queue for dead letters, with the defaults of Amazon SQS. */
export const deadLetterQueueFields = {
  VisibilityTimeout: duration({
    label: "VisibilityTimeout",
    help: "How long a message that was fetched and not deleted stays invisible.",
    max: 43_200 * MS_PER_S,
    default: 30 * MS_PER_S,
  }),
  MessageRetentionPeriod: duration({
    label: "MessageRetentionPeriod",
    help: "How long a dead letter is kept.",
    min: 60 * MS_PER_S,
    max: 14 * MS_PER_DAY,
    default: 4 * MS_PER_DAY,
  }),
} satisfies Fields;

/** A connection. */
export const wireFields = {
  latency: duration({
    label: "Network latency",
    help: "One way [Spillway's own: measure yours].",
    min: 0.01,
    max: 60_000,
    default: 1,
  }),
} satisfies Fields;

/** A publisher's connection. */
export const sdkFields = {
  max_attempts: count({
    label: "max_attempts",
    help: "Attempts of the AWS SDK for one call, the first included.",
    min: 1,
    max: 20,
    default: 3,
  }),
  ...wireFields,
} satisfies Fields;

/** The service itself. */
export const zoneFields = {
  zones: count({
    label: "Availability Zones",
    help: "A zone that fails loses nothing: calls fail until it is noticed.",
    min: 1,
    max: 9,
    default: 3,
  }),
  detection: duration({
    label: "Detection of a failed zone",
    help: "How long calls still go to it [Spillway's own].",
    max: 600_000,
    default: 10_000,
  }),
} satisfies Fields;

/** The zones of a service. */
export function zonesOf(config: BrokerConfig): ZoneSettings {
  const { zones, detection } = valuesOf(zoneFields, config.parameters);
  return { id: config.id, zones, detectionNs: nsOf(detection) };
}

/** How publishers call, by their index over the run; `quotaOf` gives the bucket of which a channel's calls take. */
export function callersOf(
  config: BrokerConfig,
  quotaOf: (channel: number) => number,
): readonly (Caller | undefined)[] {
  const last = Math.max(-1, ...config.publishers.map(({ index }) => index));
  return Array.from({ length: last + 1 }, (_, index) => {
    const publisher = config.publishers.find((one) => one.index === index);
    if (publisher === undefined) return undefined;
    const { latency, max_attempts: attempts } = valuesOf(sdkFields, publisher.parameters);
    const retry = { retries: attempts - 1, firstNs: NS_PER_S / 10, mostNs: 20 * NS_PER_S };
    return { latencyNs: nsOf(latency), quota: quotaOf(publisher.channel), retry };
  });
}

/** The queues for dead letters. */
export function deadLetterQueuesOf(config: BrokerConfig): readonly DeadLetterQueue[] {
  return queuesOf(config).map(({ index, parameters }) => {
    const values = valuesOf(deadLetterQueueFields, parameters);
    return {
      channel: index,
      visibilityNs: nsOf(values.VisibilityTimeout),
      retentionNs: nsOf(values.MessageRetentionPeriod),
      isFifo: parameters["FifoQueue"] === true,
      subscriptions: config.subscriptions
        .filter(({ channel }) => channel === index)
        .map((subscription) => subscription.index),
    };
  });
}

/** A queue for dead letters by id or, failing that, by name. */
export function findQueue(config: BrokerConfig, called: string): ChannelConfig | undefined {
  if (called === "") return undefined;
  const queues = queuesOf(config);
  return queues.find(({ id }) => id === called) ?? queues.find(({ name }) => name === called);
}

/** Position of a queue among the queues, -1 when there is none that is called so. */
export function queueAt(config: BrokerConfig, called: string): number {
  const found = findQueue(config, called);
  return found === undefined ? -1 : queuesOf(config).indexOf(found);
}

function queuesOf(config: BrokerConfig): readonly ChannelConfig[] {
  return config.channels.filter(({ kind }) => kind === deadLetterKind);
}

const hasLambda = (field: string) => ({ field, is: ["lambda"] });

/** What Lambda does with asynchronous invocations. `field` says what is called, and holds "lambda". */
export function lambdaFieldsFor(field: string) {
  return {
    "lambda.MaximumRetryAttempts": count({
      label: "Lambda MaximumRetryAttempts",
      help: "Retries of Lambda after an error of the function: after 1 min and 2 min.",
      max: 2,
      default: 2,
      onlyIf: hasLambda(field),
    }),
    "lambda.DeadLetterConfig": {
      kind: "text",
      maxLength: 250,
      label: "Lambda DeadLetterConfig",
      help: "Id or name of the queue for what the function could not deal with; empty: lost.",
      default: "",
      onlyIf: hasLambda(field),
    },
  } as const satisfies Fields;
}

/** Lambda keeps an asynchronous invocation for six hours; while it is throttled it tries from 1 s up to 5 min apart. */
const LAMBDA_AGE_NS = 6 * 3600 * NS_PER_S;
const throttled: RetryPhase = {
  retries: Infinity,
  firstNs: NS_PER_S,
  lastNs: 300 * NS_PER_S,
  growth: "doubling",
};

/** Lambda's own retries after errors of the function, and while it is throttled. */
export function lambdaPolicies(retries: number): {
  readonly onError: RetryPolicy;
  readonly onUnavailable: RetryPolicy;
} {
  const rest = { ageNsMax: LAMBDA_AGE_NS, jitterFrom: 1, jitterTo: 1 };
  const pauses = [evenPhase(1, 60 * NS_PER_S), evenPhase(1, 120 * NS_PER_S)];
  return {
    onError: { ...rest, phases: pauses.slice(0, retries) },
    onUnavailable: { ...rest, phases: [throttled] },
  };
}

/** The parameter among these that names a queue which does not exist, with that name. */
export function missingQueue(
  config: BrokerConfig,
  parameters: Parameters,
  names: readonly string[],
): { readonly parameter: string; readonly called: string } | undefined {
  for (const parameter of names) {
    const called = parameters[parameter];
    if (typeof called === "string" && called !== "" && findQueue(config, called) === undefined)
      return { parameter, called };
  }
  return undefined;
}
