// Another technology in the place of a broker's: every ordered pair is valid, runs and stays in balance; the lists say
// what became of each parameter.

import { describe, expect, it } from "vitest";
import { technologyIds } from "../brokers/index.ts";
import "../brokers/simulated.ts";
import { technologies } from "../brokers/technologies.ts";
import { createRun } from "../engine/run.ts";
import { hasErrors } from "../base/problem.ts";
import { checkScenario } from "./check.ts";
import { setParameter } from "./edit.ts";
import { parseScenario } from "./parse.ts";
import { emptyScenario, rabbitScenario, smallScenario } from "./scenario.suite.ts";
import { swapped } from "./swap.ts";
import type { Scenario } from "./scenario.ts";
import type { TechnologyId } from "../brokers/index.ts";

/** Clients → Kafka topic, which two groups read. */
function twoGroups(): Scenario {
  return {
    ...emptyScenario(),
    load: { duration: 5000, sourcesStopAt: 2000 },
    nodes: [
      { id: "clients", kind: "producer" },
      { id: "broker", kind: "broker", technology: "kafka" },
      { id: "billing", kind: "service" },
      { id: "stock", kind: "service" },
    ],
    channels: [{ id: "orders", broker: "broker", kind: "topic" }],
    connections: [
      { id: "place", kind: "publish", from: "clients", to: "orders", contract: "placed" },
      { id: "bill", kind: "consume", from: "orders", to: "billing" },
      { id: "reserve", kind: "consume", from: "orders", to: "stock" },
    ],
    contracts: [{ id: "placed", name: "Placed", contractVersion: "1", schema: {} }],
  };
}

function shape({ channels, connections }: Scenario): readonly string[] {
  return [
    ...channels.map(({ id, kind }) => `${kind} ${id}`),
    ...connections.map(({ kind, from, to }) => `${kind} ${from} ${to}`),
  ];
}

describe("swapping the technology of a broker", () => {
  it("gives each group of a topic a queue behind an exchange, and takes it back", () => {
    const rabbit = swapped(twoGroups(), "broker", "rabbitmq").scenario;
    expect(shape(rabbit)).toEqual([
      "exchange orders",
      "queue billing-orders",
      "queue stock-orders",
      "publish clients orders",
      "bind orders billing-orders",
      "consume billing-orders billing",
      "bind orders stock-orders",
      "consume stock-orders stock",
    ]);
    expect(shape(swapped(rabbit, "broker", "kafka").scenario)).toEqual(shape(twoGroups()));
  });

  it("maps the limit of deliveries with its off-by-one, and says so", () => {
    const limited = setParameter(rabbitScenario(), "queue", "x-delivery-limit", 4);
    const { scenario, mapped } = swapped(limited, "rabbit", "sqs");
    const dead = scenario.channels.find(({ id }) => id === "queue");
    expect(dead?.kind).toBe("queue");
    expect([...mapped, JSON.stringify(dead?.parameters ?? {})].join("\n")).toMatch(
      /x-delivery-limit = 4 → .*5|5/,
    );
  });

  it("lists what has no counterpart with what it meant", () => {
    const stated = setParameter(twoGroups(), "orders", "unclean.leader.election.enable", true);
    const { lost } = swapped(stated, "broker", "rabbitmq");
    expect(lost.join("\n")).toMatch(/orders: .*unclean.*It meant: /i);
  });

  it("leaves everything else as it is", () => {
    const { scenario } = swapped(twoGroups(), "broker", "rabbitmq");
    expect(scenario.contracts).toEqual(twoGroups().contracts);
    expect(scenario.layout).toEqual(twoGroups().layout);
    expect(scenario.nodes.map(({ id }) => id)).toEqual(twoGroups().nodes.map(({ id }) => id));
  });
});

/** A drawing with a broker of a technology: that of Kafka or RabbitMQ, swapped once. */
function drawingFor(id: TechnologyId): Scenario {
  const plain = swapped(twoGroups(), "broker", id).scenario;
  const broker = technologies[id];
  let next = plain;
  // Some parameters that differ from their defaults.
  for (const [name, field] of Object.entries(broker.consumeFields).slice(0, 3))
    if (field.kind === "count" && field.default !== null)
      next = setParameter(next, "bill", name, Math.min(field.max, field.default + 1));
  return hasErrors(checkScenario(next)) ? plain : next;
}

const pairs = technologyIds.flatMap((from) =>
  technologyIds.flatMap((to) => (from === to ? [] : [[from, to] as const])),
);

describe("every ordered pair of technologies", () => {
  it.each(pairs)("%s → %s is valid, runs and stays in balance", (from, to) => {
    const { scenario } = swapped(drawingFor(from), "broker", to);
    const parsed = parseScenario(scenario);
    expect(parsed.ok ? [] : parsed.failure).toEqual([]);
    expect(checkScenario(scenario).filter(({ severity }) => severity === "error")).toEqual([]);
    const run = createRun(scenario);
    if (!run.ok) throw new Error(JSON.stringify(run.failure));
    run.value.advance({ untilNs: 5e9, maxEvents: 200_000 });
    expect(run.value.conservation().violations).toEqual([]);
    expect(
      run.value.report(0).nodes.some(({ kind, handled }) => kind === "service" && handled > 0),
    ).toBe(true);
  });

  it("keeps the small documents valid as well", () => {
    for (const to of technologyIds) {
      expect(hasErrors(checkScenario(swapped(smallScenario(), "broker", to).scenario))).toBe(false);
      expect(hasErrors(checkScenario(swapped(rabbitScenario(), "rabbit", to).scenario))).toBe(
        false,
      );
    }
  });
});
