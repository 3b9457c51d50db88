// How fast whole scenarios run: simulated events per second of wall time, with everything counted.
// Run with `npm run bench`.

import { createRun } from "../src/engine/run.ts";
import { sketch, source, worker } from "../src/engine/sketch.suite.ts";
import type { Scenario } from "../src/model/scenario.ts";
import { foodDelivery } from "../src/scenarios/foodDelivery.ts";
import { workQueue } from "../src/scenarios/workQueue.ts";

/** Producer → topic or queue → service, at 5,000 messages a second. */
function pipeline(technology: "kafka" | "rabbitmq", kind: string): Scenario {
  return sketch({
    duration: 100_000,
    nodes: [
      source("source", 5000),
      { id: "broker", kind: "broker", technology },
      worker("service", { concurrency: 6, serviceTime: { distribution: "exponential", mean: 1 } }),
    ],
    channels: [
      {
        id: "channel",
        broker: "broker",
        kind,
        ...(technology === "kafka" ? { parameters: { partitions: 6 } } : {}),
      },
    ],
    connections: [
      { id: "publish", kind: "publish", from: "source", to: "channel", contract: "event" },
      { id: "consume", kind: "consume", from: "channel", to: "service" },
    ],
  });
}

const scenarios = [
  ["food-delivery", foodDelivery],
  ["work-queue", workQueue],
  ["producer → Kafka → service, 5,000/s", pipeline("kafka", "topic")],
  ["producer → RabbitMQ → service, 5,000/s", pipeline("rabbitmq", "queue")],
] as const;

for (const [name, scenario] of scenarios) {
  const rates: number[] = [];
  let events = 0;
  for (let round = 0; round < 3; round++) {
    const run = createRun(scenario);
    if (!run.ok) throw new Error(run.failure[0]?.message);
    const start = performance.now();
    run.value.advance({ untilNs: Infinity, maxEvents: Infinity });
    events = run.value.events();
    rates.push(events / (performance.now() - start) / 1000);
  }
  const median = rates.toSorted((a, b) => a - b)[1] ?? 0;
  const simulated = scenario.load.duration / 1000;
  process.stdout.write(
    `${name}: ${median.toFixed(2)} M events/s (${events.toLocaleString("en-US")} events, ${simulated} s simulated)\n`,
  );
}
