// A broker as its technology sees it, by what stands in a document: small integers in its order, and complete parameters.
// Who wants the publications of bridges among it asks brokerConfig.ts.

import { assert } from "../base/assert.ts";
import type { BrokerConfig } from "../brokers/technology.ts";
import { sideParameters } from "../nodes/sideFields.ts";
import { nameOf, nodeOf, parameterOf, parametersOf } from "./elements.ts";
import type { Connection, Scenario } from "./scenario.ts";

/** The configuration of a broker by the connections of a document as they stand. Channels are numbered by their place in
 *  `scenario.channels`, publishers and subscriptions by theirs in `scenario.connections`. */
export function drawnBrokerOf(scenario: Scenario, brokerId: string): BrokerConfig {
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

/** A bridge's tasks are the workers of its subscription. */
function bridgeEnd(scenario: Scenario, { id }: Connection) {
  const { tasks, ...all } = parametersOf(scenario, id);
  return { id, node: id, workers: Number(tasks), parameters: sideParameters("source", all) };
}
