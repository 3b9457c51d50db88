// A broker as its technology sees it, by what stands in a document: small integers in its order, and complete parameters.
// Who wants the publications of bridges among it asks brokerConfig.ts.

import { assert } from "../base/assert.ts";
import { valuesOf } from "../base/fields.ts";
import type { FunctionTrigger } from "../brokers/functionTrigger.ts";
import type { BrokerConfig } from "../brokers/technology.ts";
import type { FunctionPlatform } from "../nodes/function.ts";
import {
  azureStreamFields,
  gatheringOf,
  lambdaQueueFields,
  lambdaStreamFields,
} from "../nodes/functionTriggers.ts";
import { sideParameters } from "../nodes/sideFields.ts";
import {
  channelKindOf,
  functionPlatformOf,
  nameOf,
  nodeOf,
  parameterOf,
  parametersOf,
  technologyOf,
} from "./elements.ts";
import type { Connection, Scenario } from "./scenario.ts";

// Documents never change in place, and a check asks for the same broker several times.
const configs = new WeakMap<Scenario, Map<string, BrokerConfig>>();

/** The configuration of a broker by the connections of a document as they stand. Channels are numbered by their place in
 *  `scenario.channels`, publishers and subscriptions by theirs in `scenario.connections`. */
export function drawnBrokerOf(scenario: Scenario, brokerId: string): BrokerConfig {
  const known = configs.get(scenario) ?? new Map<string, BrokerConfig>();
  configs.set(scenario, known);
  const config = known.get(brokerId) ?? configOf(scenario, brokerId);
  known.set(brokerId, config);
  return config;
}

function configOf(scenario: Scenario, brokerId: string): BrokerConfig {
  assert(nodeOf(scenario, brokerId)?.kind === "broker", `"${brokerId}" must be a broker.`);
  const indices = new Map<string, number>();
  for (const [index, channel] of scenario.channels.entries())
    if (channel.broker === brokerId) indices.set(channel.id, index);
  const touching = scenario.connections.flatMap((connection, index) => {
    const channel = indices.get(connection.kind === "publish" ? connection.to : connection.from);
    return channel === undefined ? [] : [{ connection, index, channel }];
  });
  const common = (connection: Connection) => ({
    id: connection.id,
    parameters: parametersOf(scenario, connection.id),
  });
  return {
    id: brokerId,
    parameters: parametersOf(scenario, brokerId),
    channels: scenario.channels.flatMap(({ id, kind, broker }, index) =>
      broker === brokerId
        ? [{ index, id, kind, name: nameOf(scenario, id), parameters: parametersOf(scenario, id) }]
        : [],
    ),
    publishers: touching.flatMap(({ connection, index, channel }) =>
      connection.kind === "publish"
        ? [
            {
              ...common(connection),
              index,
              channel,
              node: connection.from,
              contract: nameOf(scenario, connection.contract),
            },
          ]
        : [],
    ),
    subscriptions: touching.flatMap(({ connection, index, channel }) => {
      if (connection.kind === "consume") {
        const platform = functionPlatformOf(scenario, connection.to);
        if (platform !== undefined)
          return [{ ...triggeredEnd(scenario, connection, platform), index, channel }];
        const workers = Number(parameterOf(scenario, connection.to, "concurrency"));
        return [{ ...common(connection), index, channel, node: connection.to, workers }];
      }
      return connection.kind === "bridge"
        ? [{ ...bridgeEnd(scenario, connection), index, channel }]
        : [];
    }),
    bindings: touching.flatMap(({ connection, channel }) => {
      const to = indices.get(connection.to);
      return connection.kind === "bind" && to !== undefined
        ? [{ ...common(connection), from: channel, to }]
        : [];
    }),
  };
}

/** What polls for a function sets its subscription itself. */
function triggeredEnd(scenario: Scenario, link: Connection, platform: FunctionPlatform) {
  const { id, from, to, parameters } = link;
  const fields = technologyOf(scenario, id)?.consumeFields ?? {};
  const trigger = channelKindOf(scenario, from)?.functions;
  const number = (element: string, name: string): number =>
    Number(parameterOf(scenario, element, name) ?? 0);
  const wish = {
    batch: consumerBatch(link, trigger, platform),
    windowMs: number(id, "MaximumBatchingWindowInSeconds"),
    timeoutMs: number(to, platform === "lambda" ? "Timeout" : "functionTimeout"),
    channel: parametersOf(scenario, from),
  };
  return {
    id,
    node: to,
    workers: 1,
    parameters: { ...valuesOf(fields, parameters ?? {}), ...trigger?.subscription(wish) },
  };
}

/** Messages that one consumer of a function's platform holds. */
function consumerBatch(
  { parameters = {} }: Connection,
  trigger: FunctionTrigger | undefined,
  platform: FunctionPlatform,
): number {
  const kind = trigger?.[platform];
  if (platform === "azure")
    return kind === "stream" ? valuesOf(azureStreamFields, parameters).maxEventBatchSize : 1;
  if (kind === "queue")
    return gatheringOf(valuesOf(lambdaQueueFields, parameters), trigger?.receiveMax ?? Infinity)
      .each;
  const { BatchSize, ParallelizationFactor } = valuesOf(lambdaStreamFields, parameters);
  return BatchSize * ParallelizationFactor;
}

/** A bridge's tasks are the workers of its subscription. */
function bridgeEnd(scenario: Scenario, { id }: Connection) {
  const { tasks, ...all } = parametersOf(scenario, id);
  return { id, node: id, workers: Number(tasks), parameters: sideParameters("source", all) };
}
