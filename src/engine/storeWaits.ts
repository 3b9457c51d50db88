// What waiting at stores needs of the engine: where the capacity of a store is, and how a worker is woken.

import { timers } from "../nodes/serviceTimers.ts";
import type { StoreCapacity } from "../nodes/stores/capacity.ts";
import { codeBits } from "./timerCodes.ts";
import type { World } from "./world.ts";

/** How much a store does at the same time; undefined where there is no limit, or no store. */
export function capacityOf({ components }: World, number: number): StoreCapacity | undefined {
  const component = components[number];
  return component?.kind === "store" ? component.run.capacity : undefined;
}

/** Number of a worker of a component among those of the run. */
export function readerOf({ plan }: World, component: number, worker: number): number {
  return worker * plan.scenario.nodes.length + component;
}

/** Wakes a worker after a delay [ns], in the life in which it waits; it is known by `readerOf`. */
export function wakeReader(world: World, reader: number, life: number, delayNs: number): void {
  const nodes = world.plan.scenario.nodes.length;
  const code = ((reader % nodes) << codeBits) + timers.over;
  world.events.after(delayNs, code, Math.floor(reader / nodes), life);
}
