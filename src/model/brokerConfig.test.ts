// A broker of a document as its technology gets to see it.

import { expect, it } from "vitest";
import { brokerConfigOf } from "./brokerConfig.ts";
import { rabbitScenario, smallScenario } from "./scenario.suite.ts";

it("numbers channels, publishers and subscriptions over the whole document", () => {
  const [small, rabbit] = [smallScenario(), rabbitScenario()];
  const both = {
    ...small,
    nodes: [...small.nodes, ...rabbit.nodes.slice(1)],
    channels: [...small.channels, ...rabbit.channels],
    connections: [...small.connections, ...rabbit.connections],
    contracts: [...small.contracts, ...rabbit.contracts],
  };
  const config = brokerConfigOf(both, "rabbit");
  expect(config.channels.map(({ index, id, name }) => ({ index, id, name }))).toEqual([
    { index: 1, id: "exchange", name: "exchange" },
    { index: 2, id: "queue", name: "queue" },
  ]);
  expect(config.publishers).toMatchObject([
    { index: 4, id: "publish", channel: 1, node: "clients", contract: "Done" },
  ]);
  expect(config.bindings).toMatchObject([{ id: "bind", from: 1, to: 2 }]);
  expect(config.subscriptions).toMatchObject([
    { index: 6, id: "consume", channel: 2, node: "worker", workers: 1 },
  ]);
  expect(config.subscriptions[0]?.parameters).toMatchObject({ prefetch_count: 100, ack: "manual" });
  const kafka = brokerConfigOf(both, "broker");
  expect(kafka.subscriptions).toMatchObject([{ index: 1, workers: 2 }]);
  expect(kafka.channels[0]?.parameters).toMatchObject({ partitions: 6 });
  expect(() => brokerConfigOf(both, "payment")).toThrow('"payment" must be a broker');
});
