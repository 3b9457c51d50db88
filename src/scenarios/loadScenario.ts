// Fetches a ready-made scenario by its id. All but the first, with which a newcomer begins, are loaded when one is chosen.

import type { Scenario } from "../model/scenario.ts";
import { foodDelivery } from "./foodDelivery.ts";

/** The ready-made scenario with this id; undefined when there is none. */
export async function loadScenario(id: string): Promise<Scenario | undefined> {
  if (id === foodDelivery.id) return foodDelivery;
  const [{ shelf }] = await Promise.all([
    import("./index.ts"),
    import("../brokers/technologies.ts"),
  ]);
  return shelf.find((scenario) => scenario.id === id)?.load();
}
