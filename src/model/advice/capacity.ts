// Services that cannot keep up even on paper: more comes than their workers can do.

import { formatNumber } from "../../base/units.ts";
import { nameOf, parameterOf } from "../elements.ts";
import type { Scenario } from "../scenario.ts";
import { type Advice, setAll } from "./advice.ts";
import { busyTarget, roomFor } from "./bottleneck.ts";
import { arrivalsPerS, attemptMs, capacityOf, handlersOf } from "./facts.ts";

/** Services of a fixed number of workers to which more comes than they can do (ρ ≥ 1). */
export function overloadedServices(scenario: Scenario): readonly Advice[] {
  return scenario.nodes.flatMap((node) => {
    const isFixed = parameterOf(scenario, node.id, "autoscaling") === "none";
    // Handlers that begin by themselves, or several that differ, are beyond what paper knows.
    const isPlain = (handlersOf(scenario, node.id) ?? []).length <= 1;
    if (node.kind !== "service" || !isFixed || !isPlain) return [];
    const rate = arrivalsPerS(scenario, node.id);
    const capacity = capacityOf(scenario, node.id);
    return rate === null || rate < capacity ? [] : [enoughWorkers(scenario, node.id, rate)];
  });
}

function enoughWorkers(scenario: Scenario, id: string, rate: number): Advice {
  const name = nameOf(scenario, id);
  const busy = (rate * attemptMs(scenario, id)) / 1000;
  const workers = Math.min(1000, Math.ceil(busy / busyTarget));
  const room = roomFor(scenario, id, workers);
  const places = room.map((setting) => `${setting.parameter} of ${nameOf(scenario, setting.id)}`);
  const capacity = capacityOf(scenario, id);
  return {
    code: "advice/no-capacity",
    element: id,
    risk: `${name} gets ${formatNumber(rate)} messages or requests per second and can do ${formatNumber(capacity)}.`,
    why: "What waits grows for as long as the load lasts, and every wait with it.",
    remedy: `Set ${["workers", ...places].join(" and ")} to ${workers}`,
    mend: setAll([{ id, parameter: "concurrency", value: workers }, ...room], "raise"),
  };
}
