// A function of the document → its plan: what its platform's rules mean for lanes, waits and limits.

import { valuesOf } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import type { FunctionTrigger, TriggerKind } from "../../brokers/functionTrigger.ts";
import { hasVersions } from "../../model/contracts.ts";
import { channelKindOf, parameterOf, parametersOf } from "../../model/elements.ts";
import type { Connection, Node, Scenario } from "../../model/scenario.ts";
import { functionFields } from "../../nodes/function.ts";
import type { FunctionPlan, TriggerPlan } from "../../nodes/functionPlan.ts";
import { instancesMax } from "../../nodes/functions/instances.ts";
import {
  azureQueueFields,
  azureStreamFields,
  gatheringOf,
  LAMBDA_LANES_MAX,
  lambdaQueueFields,
  lambdaStreamFields,
} from "../../nodes/functionTriggers.ts";
import { service } from "../../nodes/service.ts";
import type { Handler } from "../../nodes/servicePlan.ts";

/** Batches of a queue at the start. */
const LAMBDA_LANES = 5;

/** Waits of Lambda before it tries a stream's batch again: the first, and the longest [ns; Spillway's own]. */
const LAMBDA_WAIT_NS = 1e9;
const LAMBDA_WAIT_NS_MAX = 60e9;

type Values = FunctionPlan["values"];

/** The plan of a function whose code walks these handlers. */
export function functionPlan(
  scenario: Scenario,
  node: Node,
  handlers: readonly Handler[],
): FunctionPlan {
  const values = valuesOf(functionFields, node.parameters ?? {});
  const { serviceTime, errorRate } = values;
  // On Lambda what fails goes to the platform first; on Azure the code itself has to see to it.
  const isLambda = values.platform === "lambda";
  return {
    id: node.id,
    values,
    code: {
      id: node.id,
      values: valuesOf(service.fields, { serviceTime, errorRate }),
      subscriptions: [],
      parallel: Infinity,
      readsVersions: scenario.contracts.some(hasVersions),
      timers: [],
      handlers: isLambda ? handlers.map((one) => ({ ...one, whenFailed: [] })) : handlers,
    },
    triggers: scenario.connections.flatMap((link, row) =>
      link.kind === "consume" && link.to === node.id ? triggersOf(scenario, link, row, values) : [],
    ),
    destinations: Int32Array.from(handlers, ({ whenFailed }) =>
      isLambda ? (whenFailed.find(({ kind }) => kind.does === "publish")?.connection ?? -1) : -1,
    ),
  };
}

function triggersOf(
  scenario: Scenario,
  link: Connection,
  subscription: number,
  values: Values,
): readonly TriggerPlan[] {
  const trigger = channelKindOf(scenario, link.from)?.functions;
  const kind = trigger?.[values.platform];
  if (trigger === undefined || kind === undefined) return [];
  const isOrdered = trigger.isOrdered?.(parametersOf(scenario, link.from)) === true;
  const plain = plainTrigger(kind, subscription, isOrdered);
  const stated = link.parameters ?? {};
  if (values.platform === "lambda") {
    if (kind === "queue") return [lambdaQueue(plain, valuesOf(lambdaQueueFields, stated), trigger)];
    if (kind !== "stream") return [plain];
    return [lambdaStream(plain, valuesOf(lambdaStreamFields, stated), streamOf(scenario, link))];
  }
  if (kind === "stream")
    return [azureStream(plain, valuesOf(azureStreamFields, stated), streamOf(scenario, link))];
  const { maxConcurrentCalls } = valuesOf(azureQueueFields, stated);
  const each = kind === "queue" ? maxConcurrentCalls : values.maxConcurrentRequests;
  const lanesMax = instancesMax({ values }) * each;
  return [{ ...plain, lanesPerInstance: each, target: each, lanesMax }];
}

function plainTrigger(kind: TriggerKind, subscription: number, isOrdered: boolean): TriggerPlan {
  return {
    subscription,
    kind,
    batchMax: 1,
    windowNs: 0,
    consumersPerLane: 1,
    lanesPerConsumer: 1,
    lanesAtFirst: 0,
    lanesMax: 0,
    lanesPerInstance: 0,
    target: 1,
    reportsItems: false,
    isOrdered,
    retries: 0,
    ageNsMax: Infinity,
    bisects: false,
    waitNs: 0,
    waitNsMax: 0,
  };
}

function lambdaQueue(
  plain: TriggerPlan,
  values: ReturnType<typeof valuesOf<typeof lambdaQueueFields>>,
  { receiveMax = Infinity }: FunctionTrigger,
): TriggerPlan {
  const lanesMax = values.MaximumConcurrency ?? LAMBDA_LANES_MAX;
  return {
    ...plain,
    batchMax: values.BatchSize,
    windowNs: msToNs(values.MaximumBatchingWindowInSeconds),
    consumersPerLane: gatheringOf(values, receiveMax).consumers,
    lanesAtFirst: Math.min(LAMBDA_LANES, lanesMax),
    lanesMax,
    reportsItems: values.ReportBatchItemFailures,
  };
}

/** What a stream says of itself: its partitions, and how long it keeps a record [ms]. */
interface Stream {
  readonly partitions: number;
  readonly retentionMs: number;
}

function streamOf(scenario: Scenario, { from }: Connection): Stream {
  const kind = channelKindOf(scenario, from);
  const partitions = kind?.parallelismField ?? "";
  const retention = kind?.functions?.retentionField ?? "";
  return {
    partitions: Number(parameterOf(scenario, from, partitions) ?? 1),
    retentionMs: Number(parameterOf(scenario, from, retention) ?? Infinity),
  };
}

function lambdaStream(
  plain: TriggerPlan,
  values: ReturnType<typeof valuesOf<typeof lambdaStreamFields>>,
  { partitions, retentionMs }: Stream,
): TriggerPlan {
  const lanes = partitions * values.ParallelizationFactor;
  const ageMs = Math.min(retentionMs, values.MaximumRecordAgeInSeconds ?? Infinity);
  return {
    ...plain,
    batchMax: values.BatchSize,
    windowNs: msToNs(values.MaximumBatchingWindowInSeconds),
    lanesPerConsumer: values.ParallelizationFactor,
    lanesAtFirst: lanes,
    lanesMax: lanes,
    reportsItems: values.ReportBatchItemFailures,
    retries: values.MaximumRetryAttempts ?? Infinity,
    ageNsMax: ageMs === Infinity ? Infinity : msToNs(ageMs),
    bisects: values.BisectBatchOnFunctionError,
    waitNs: LAMBDA_WAIT_NS,
    waitNsMax: LAMBDA_WAIT_NS_MAX,
  };
}

function azureStream(
  plain: TriggerPlan,
  values: ReturnType<typeof valuesOf<typeof azureStreamFields>>,
  { partitions }: Stream,
): TriggerPlan {
  const { retry, maxEventBatchSize, delayInterval, maximumInterval } = values;
  const waitNs = msToNs(delayInterval);
  const longestNs = Math.max(waitNs, msToNs(maximumInterval));
  return {
    ...plain,
    batchMax: maxEventBatchSize,
    lanesAtFirst: partitions,
    lanesMax: partitions,
    target: maxEventBatchSize,
    retries: retry === "none" ? 0 : (values.maxRetryCount ?? Infinity),
    waitNs,
    waitNsMax: retry === "fixedDelay" ? waitNs : longestNs,
  };
}
