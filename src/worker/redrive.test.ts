// A redrive by hand in a run that was made without it.

import { describe, expect, it } from "vitest";
import { createRun } from "../engine/run.ts";
import { open, sketch, source, worker } from "../engine/sketch.suite.ts";
import { SimulationService } from "./service.ts";

const scenario = sketch({
  duration: 60_000,
  sourcesStopAt: 6050,
  nodes: [
    source("clients", 10, { arrivals: "constant" }),
    { id: "broker", kind: "broker", technology: "rabbitmq" },
    worker("shop", { serviceTime: { distribution: "constant", value: 5 }, poison: 1 }),
  ],
  channels: [
    {
      id: "orders",
      broker: "broker",
      kind: "queue",
      parameters: { "x-dead-letter-exchange": "dead" },
    },
    { id: "dead", broker: "broker", kind: "queue" },
  ],
  connections: [
    { id: "place", kind: "publish", from: "clients", to: "orders", contract: "order" },
    {
      id: "take",
      kind: "consume",
      from: "orders",
      to: "shop",
      parameters: { on_failure: "reject" },
    },
  ],
  timeline: [{ at: 19_000, act: "set", target: "shop", parameter: "poison", value: 0 }],
});

describe("a redrive by hand", () => {
  it("is done in a run that did not know of it by one that does, which is the same up to then", async () => {
    const service = new SimulationService({
      createRun: (one) => createRun(one),
      lookBack: () => Promise.reject(new Error("Nobody looks back here.")),
      readabilityOf: () => ({}),
      nowMs: () => 0,
    });
    await service.load(scenario);
    await service.advance({ untilNs: 25e9, budgetMs: 1, movesMax: 0 });
    const act = { act: "redrive", target: "dead", rate: 20 } as const;
    const done = await service.act(act);
    if (!done.ok) throw new Error(done.failure);
    expect(done.value.entry).toMatchObject(act);
    expect(done.value.frame.deadLetters?.["dead"]?.depth).toBe(60);
    const frame = await service.advance({ untilNs: 40e9, budgetMs: 1, movesMax: 0 });
    expect(frame.deadLetters?.["dead"]?.depth).toBe(0);
    const planned = open({ ...scenario, timeline: [...scenario.timeline, done.value.entry] });
    planned.advance({ untilNs: 40e9, maxEvents: Infinity });
    expect((await service.report()).stateHash).toBe(planned.stateHash());
  });
});
