// What menus show of the ready-made scenarios. The scenarios themselves are loaded when one is chosen, all but the first,
// with which a newcomer begins.

import type { Scenario } from "../model/scenario.ts";
import { foodDelivery } from "./foodDelivery.ts";

/** Id and title of every ready-made scenario, in the order of index.ts. */
export const scenarioTitles = [
  { id: "food-delivery", title: "Food delivery: events and their synchronous twin" },
  { id: "work-queue", title: "Work queue with retries by dead letter" },
  { id: "schema-change", title: "Change a schema: who can read version 2?" },
] as const satisfies readonly Pick<Scenario, "id" | "title">[];

/** Fetches a ready-made scenario; undefined when there is none with this id. */
export async function loadScenario(id: string): Promise<Scenario | undefined> {
  if (id === foodDelivery.id) return foodDelivery;
  const [{ scenarios }] = await Promise.all([
    import("./index.ts"),
    import("../brokers/technologies.ts"),
  ]);
  return scenarios.find((scenario) => scenario.id === id);
}
