// Payload sizes: whole bytes by their distribution, and their effect on a queue that is limited in bytes.

import { expect, test } from "vitest";
import type { FieldValue } from "../base/fields.ts";
import { Arena } from "../kernel/arena.ts";
import { RandomStreams } from "../kernel/random.ts";
import { momentsOf } from "../kernel/statistics.suite.ts";
import { finish, sketch, source } from "../engine/sketch.suite.ts";
import { PayloadSize } from "./payloadSize.ts";

function draw(size: ConstructorParameters<typeof PayloadSize>[0], times: number): number[] {
  const streams = new RandomStreams(new Arena(), 7);
  const sizes = new PayloadSize(size, () => streams.stream("sizes"));
  return Array.from({ length: times }, () => sizes.next());
}

test("a plain number is the size of every event, and nothing is drawn", () => {
  const sizes = new PayloadSize(512, () => expect.fail("no stream is needed"));
  expect([sizes.next(), sizes.next()]).toEqual([512, 512]);
});

test("drawn sizes are whole, follow their distribution, and stay between 1 byte and 1 GiB", () => {
  const drawn = draw({ distribution: "lognormal", mean: 2000, sd: 1000 }, 20_000);
  expect(drawn.every(Number.isInteger)).toBe(true);
  const { mean, variance } = momentsOf(drawn);
  expect(Math.abs(mean - 2000.5)).toBeLessThan(25);
  expect(Math.abs(Math.sqrt(variance) - 1000)).toBeLessThan(50);
  expect(draw({ distribution: "constant", value: 0 }, 1)).toEqual([1]);
  expect(draw({ distribution: "uniform", min: 7.1, max: 7.9 }, 3)).toEqual([8, 8, 8]);
  expect(draw({ distribution: "uniform", min: 2e9, max: 3e9 }, 1)).toEqual([2 ** 30]);
});

/** How many batches the events of ten seconds make, when only their size fills a batch. */
function batches(size: FieldValue): number {
  const scenario = sketch({
    duration: 10_000,
    nodes: [
      source("shop", 10, { arrivals: "constant", keyChoice: "none" }),
      { id: "broker", kind: "broker", technology: "kafka" },
    ],
    channels: [{ id: "orders", broker: "broker", kind: "topic", parameters: { partitions: 1 } }],
    connections: [
      {
        id: "place",
        kind: "publish",
        from: "shop",
        to: "orders",
        contract: "order",
        parameters: { size, "linger.ms": 60_000, "batch.size": 10_000 },
      },
    ],
  });
  const stored = new Set<number>();
  finish(scenario, { onEvent: ({ event, t }) => event === "stored" && stored.add(t) });
  return stored.size;
}

test("brokers see the drawn size", () => {
  const small = batches(1000);
  expect(small).toBeGreaterThan(5);
  expect(batches({ distribution: "constant", value: 1000 })).toBe(small);
  expect(batches({ distribution: "uniform", min: 2499.5, max: 2500 })).toBe(batches(2500));
  expect(batches(2500)).toBeGreaterThan(2 * small);
  expect(batches({ distribution: "exponential", mean: 100 })).toBeLessThan(small);
});
