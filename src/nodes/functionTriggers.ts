// What a function's consume connection says beside the technology's own parameters: the event source mapping of Lambda, the
// trigger settings of Azure Functions (host.json). One list per platform and kind of trigger.
// Sources: ../shared/brokers/lambda.md and azure-functions.md, section 2 of each.

import { choice, count, duration, type Fields, flag, type ValuesOf } from "../base/fields.ts";
import type { FunctionTrigger, TriggerKind } from "../brokers/functionTrigger.ts";
import type { FunctionPlatform } from "./function.ts";

const SECOND = 1000;

const lambdaBatch = (size: number) =>
  count({
    label: "BatchSize",
    min: 1,
    max: 10_000,
    default: size,
    help: "Most messages that one invocation gets.",
  });

const lambdaWindow = duration({
  label: "MaximumBatchingWindowInSeconds",
  max: 300 * SECOND,
  default: 0,
  help: "How long messages are gathered for a batch that is not full. 0: what is there goes at once.",
});

const itemFailures = flag({
  label: "ReportBatchItemFailures",
  default: false,
  help: "The code reports which messages failed, and only they come again. Off: an error brings back the whole batch, with what was done already.",
});

/** An event source mapping to a queue. */
export const lambdaQueueFields = {
  BatchSize: lambdaBatch(10),
  MaximumBatchingWindowInSeconds: lambdaWindow,
  MaximumConcurrency: count({
    label: "MaximumConcurrency",
    min: 2,
    max: 1000,
    none: "1,250 batches",
    default: null,
    help: "Most batches of this source at the same time; without throttling.",
  }),
  ReportBatchItemFailures: itemFailures,
} as const satisfies Fields;

/** An event source mapping to a stream. */
export const lambdaStreamFields = {
  BatchSize: lambdaBatch(100),
  MaximumBatchingWindowInSeconds: lambdaWindow,
  ParallelizationFactor: count({
    label: "ParallelizationFactor",
    min: 1,
    max: 10,
    default: 1,
    help: "Batches of one partition at the same time; order holds per key.",
  }),
  MaximumRetryAttempts: count({
    label: "MaximumRetryAttempts",
    max: 10_000,
    none: "until the record expires",
    default: null,
    help: "How often a batch that failed is tried again; meanwhile its partition stands still.",
  }),
  MaximumRecordAgeInSeconds: duration({
    label: "MaximumRecordAgeInSeconds",
    min: 60 * SECOND,
    max: 604_800 * SECOND,
    none: "until the record expires",
    default: null,
    help: "A batch whose oldest record is older is not tried again.",
  }),
  BisectBatchOnFunctionError: flag({
    label: "BisectBatchOnFunctionError",
    default: false,
    help: "A batch that failed is halved before it is tried again; halving is no retry.",
  }),
  ReportBatchItemFailures: itemFailures,
} as const satisfies Fields;

/** Azure's trigger of a queue. */
export const azureQueueFields = {
  maxConcurrentCalls: count({
    label: "maxConcurrentCalls",
    min: 1,
    max: 1000,
    default: 16,
    help: "Messages that one instance works on at the same time; also the backlog per instance that the scale controller aims at.",
  }),
} as const satisfies Fields;

/** Azure's trigger of a stream. */
export const azureStreamFields = {
  maxEventBatchSize: count({
    label: "maxEventBatchSize",
    min: 1,
    max: 10_000,
    default: 100,
    help: "Most events that one invocation gets (10 before extension 6.0); also the backlog per instance that the scale controller aims at.",
  }),
  retry: choice({
    label: "Retry policy",
    options: [
      { value: "none", label: "None: the checkpoint moves on, the events are lost" },
      { value: "fixedDelay", label: "fixedDelay" },
      { value: "exponentialBackoff", label: "exponentialBackoff" },
    ],
    default: "none",
    help: "What follows an exception. While a batch is tried again its partition stands still; after that its events are lost.",
  }),
  maxRetryCount: count({
    label: "maxRetryCount",
    min: 1,
    max: 10_000,
    none: "endless (-1)",
    default: 3,
    help: "How often the batch is executed again.",
    onlyIf: { field: "retry", is: ["fixedDelay", "exponentialBackoff"] },
  }),
  delayInterval: duration({
    label: "delayInterval, minimumInterval",
    max: 3600 * SECOND,
    default: 10 * SECOND,
    help: "Wait before the batch is executed again; with exponentialBackoff the first wait.",
    onlyIf: { field: "retry", is: ["fixedDelay", "exponentialBackoff"] },
  }),
  maximumInterval: duration({
    label: "maximumInterval",
    max: 24 * 3600 * SECOND,
    default: 900 * SECOND,
    help: "Longest wait.",
    onlyIf: { field: "retry", is: ["exponentialBackoff"] },
  }),
} as const satisfies Fields;

/** Batches of one queue at the same time at most. */
export const LAMBDA_LANES_MAX = 1250;

/** Consumers of one queue at most: batches of thousands would otherwise be gathered by more than a run can hold. */
const CONSUMERS_MAX = 20_000;

/** Consumers that gather one batch of a queue, and how many messages each may hold: together not more than the batch. Who
 *  gathers for a while needs many, because a receive at low traffic brings one message. */
export function gatheringOf(
  values: ValuesOf<typeof lambdaQueueFields>,
  receiveMax: number,
): { readonly consumers: number; readonly each: number } {
  const { BatchSize: size, MaximumBatchingWindowInSeconds: windowMs, MaximumConcurrency } = values;
  const room = Math.floor(CONSUMERS_MAX / (MaximumConcurrency ?? LAMBDA_LANES_MAX));
  const consumers = Math.min(room, windowMs > 0 ? size : Math.ceil(size / receiveMax));
  return { consumers, each: Math.min(receiveMax, Math.ceil(size / consumers)) };
}

const none: Fields = {};

const lists: Readonly<Record<FunctionPlatform, Readonly<Record<TriggerKind, Fields>>>> = {
  lambda: { queue: lambdaQueueFields, stream: lambdaStreamFields, event: none, request: none },
  azure: { queue: azureQueueFields, stream: azureStreamFields, event: none, request: none },
};

/** Every list of trigger fields there is. */
export const triggerFieldLists: readonly Fields[] = [
  lambdaQueueFields,
  lambdaStreamFields,
  azureQueueFields,
  azureStreamFields,
];

/** The trigger fields of a platform for a channel kind; none where it has no trigger for it. */
export function triggerFields(
  platform: FunctionPlatform,
  trigger: FunctionTrigger | undefined,
): Fields {
  const kind = trigger?.[platform];
  return kind === undefined ? none : lists[platform][kind];
}
