// Documents with bridges for tests: Kafka on one side, RabbitMQ on the other.

import { emptyScenario } from "./scenario.suite.ts";
import type { BridgeConnection, Scenario } from "./scenario.ts";
import type { Parameters } from "../base/fields.ts";

/** Clients → Kafka topic → bridge → RabbitMQ exchange → queue → worker; 100 orders per second for 10 s, then it drains. */
export function bridgedScenario(
  parameters: Parameters = {},
  link: Partial<BridgeConnection> = {},
): Scenario {
  return {
    ...emptyScenario(),
    id: "bridged",
    load: { duration: 60_000, sourcesStopAt: 10_000 },
    nodes: [
      { id: "clients", kind: "producer", parameters: { rate: 100, arrivals: "constant" } },
      { id: "kafka", kind: "broker", technology: "kafka" },
      { id: "rabbit", kind: "broker", technology: "rabbitmq" },
      {
        id: "worker",
        kind: "service",
        parameters: { serviceTime: { distribution: "constant", value: 1 }, concurrency: 4 },
      },
    ],
    channels: [
      { id: "orders", broker: "kafka", kind: "topic" },
      { id: "exchange", broker: "rabbit", kind: "exchange", parameters: { type: "fanout" } },
      { id: "queue", broker: "rabbit", kind: "queue" },
    ],
    connections: [
      { id: "place", kind: "publish", from: "clients", to: "orders", contract: "placed" },
      { id: "bridge", kind: "bridge", from: "orders", to: "exchange", parameters, ...link },
      { id: "bind", kind: "bind", from: "exchange", to: "queue" },
      { id: "take", kind: "consume", from: "queue", to: "worker" },
    ],
    contracts: [
      { id: "placed", name: "OrderPlaced", contractVersion: "1.0.0", schema: { type: "object" } },
    ],
  };
}

/** The same with a way back from the queue into the topic, over which everything goes round. */
export function circularScenario(): Scenario {
  const scenario = bridgedScenario();
  const back = { id: "back", kind: "bridge", from: "queue", to: "orders" } as const;
  const connections = scenario.connections.filter(({ kind }) => kind !== "consume");
  const load = { duration: 3_600_000, sourcesStopAt: 100 };
  return { ...scenario, load, connections: [...connections, back] };
}
