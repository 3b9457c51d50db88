// A producer, a broker and a service with two workers, for each technology: what tests cut in two.

import { technology, type TechnologyId, technologyIds } from "../../brokers/index.ts";
import type { Connection, Scenario } from "../../model/scenario.ts";
import type { NetworkEntry, TimelineEntry } from "../../model/timeline.ts";
import { sketch, source, worker } from "../sketch.suite.ts";

/** Technologies that are drawn. */
export const drawnTechnologies = technologyIds;

/** What a test says about the drawing. */
export interface CutDrawing {
  readonly technology: TechnologyId;
  readonly timeline: readonly TimelineEntry[];
  readonly publish?: Connection["parameters"];
  readonly consume?: Connection["parameters"];
  readonly duration?: number;
  readonly rate?: number;
  readonly service?: Scenario["nodes"][number]["parameters"];
}

/** Orders through a broker to Payment, for 60 s. */
export function cutDrawing(about: CutDrawing): Scenario {
  const { quickConnect } = technology(about.technology);
  const isOne = quickConnect.publish === quickConnect.consume;
  const into = { id: "in", broker: "broker", kind: quickConnect.publish };
  const out = { id: "out", broker: "broker", kind: quickConnect.consume };
  return sketch({
    duration: about.duration ?? 600_000,
    sourcesStopAt: 60_000,
    nodes: [
      source("orders", about.rate ?? 20),
      { id: "broker", kind: "broker", technology: about.technology },
      worker("payment", {
        concurrency: 2,
        serviceTime: { distribution: "constant", value: 20 },
        ...about.service,
      }),
    ],
    channels: isOne ? [into] : [into, out],
    connections: [
      {
        id: "p",
        kind: "publish",
        from: "orders",
        to: "in",
        contract: "order",
        ...(about.publish === undefined ? {} : { parameters: about.publish }),
      },
      ...(isOne ? [] : [{ id: "b", kind: "bind", from: "in", to: "out" } as const]),
      {
        id: "c",
        kind: "consume",
        from: isOne ? "in" : "out",
        to: "payment",
        ...(about.consume === undefined ? {} : { parameters: about.consume }),
      },
    ],
    timeline: about.timeline,
  });
}

/** A partition between a node and the broker, from 20 s on. */
export function partition(
  target: string,
  direction: "both" | "out" | "in",
  duration: number,
): NetworkEntry {
  return {
    at: 20_000,
    act: "network",
    target,
    to: ["broker"],
    direction,
    partition: true,
    duration,
  };
}
