// What a worker of the naive engine takes next.

import { valuesOf } from "../../base/fields.ts";
import { publishFields } from "../../nodes/connections.ts";
import type { Order } from "../../nodes/waitingLine.ts";
import type { Request } from "./calls.suite.ts";
import type { Delivery, Message } from "./things.suite.ts";

/** How a service takes what waits, now [ns]. */
export interface Turn {
  readonly order: Order;
  readonly ageing: number | null;
  readonly nowNs: number;
}

/** Of what waits in order of arrival: the first, the last, or the first of the highest priority. */
export function nextOf<Item extends Request | Delivery>(
  turn: Turn,
  waiting: readonly Item[],
): Item | undefined {
  if (turn.order === "fifo") return waiting[0];
  if (turn.order === "lifo") return waiting.at(-1);
  return waiting.toSorted(
    (a, b) => urgencyOf(turn, b) - urgencyOf(turn, a) || ageOrder(turn, a, b),
  )[0];
}

/** Among equally urgent ones the oldest goes first, where priorities rise with waiting. */
function ageOrder({ ageing }: Turn, a: Request | Delivery, b: Request | Delivery): number {
  return ageing === null ? 0 : sinceOf(a) - sinceOf(b);
}

/** Whether a request is taken before a delivery. */
export function requestGoesFirst(turn: Turn, request: Request, delivery: Delivery): boolean {
  const sinceNs = request.arrivedNs - delivery.deliveredNs;
  if (turn.order === "lifo") return sinceNs > 0;
  const higher = urgencyOf(turn, request) - urgencyOf(turn, delivery);
  if (turn.order === "fifo" || higher === 0) return sinceNs < 0;
  return higher > 0;
}

/** Since when something waits [ns]. */
export function sinceOf(item: Request | Delivery): number {
  return "arrivedNs" in item ? item.arrivedNs : item.deliveredNs;
}

function urgencyOf({ order, ageing, nowNs }: Turn, item: Request | Delivery): number {
  const priority = priorityOf(item.message);
  if (ageing === null || order !== "priority") return priority;
  return priority + Math.floor((nowNs - sinceOf(item)) / Math.round(ageing * 1e6));
}

/** Priority of what was published or called, 0 to 9. */
export function priorityOf({ link }: Message): number {
  return Math.min(9, valuesOf(publishFields, link.parameters ?? {}).priority);
}
