// RabbitMQ against what was observed on a real 4.0.5 cluster (shared vectors) where they are at hand. Statements
// that no vector makes are in rules.test.ts.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Vector } from "./vectorShapes.suite.ts";
import { consumerShapes } from "./vectorsOfConsumers.suite.ts";
import { nodeShapes } from "./vectorsOfNodes.suite.ts";
import { queueShapes } from "./vectorsOfQueues.suite.ts";
import { routingShapes } from "./vectorsOfRouting.suite.ts";

const file = new URL("../../../../shared/broker-vectors.json", import.meta.url);
const vectors: readonly Vector[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]).filter((one) => one.system === "rabbitmq")
  : [];

const shapes = [...routingShapes, ...queueShapes, ...consumerShapes, ...nodeShapes];

describe.skipIf(vectors.length === 0)("what was observed on RabbitMQ (shared vectors)", () => {
  it.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (id, vector) => {
    const shape = shapes.find(({ fits }) => fits(vector));
    if (shape === undefined) expect.fail(`${id} has a shape that no check knows.`);
    shape.check(vector);
  });
});

it.skipIf(vectors.length > 0)(
  "has no shared vectors at hand: they are not part of this project",
  () => {
    expect(vectors).toEqual([]);
  },
);
