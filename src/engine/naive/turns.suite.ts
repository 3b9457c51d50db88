// What a worker of the naive engine takes next.

import { valuesOf } from "../../base/fields.ts";
import { publishFields } from "../../nodes/connections.ts";
import type { Order } from "../../nodes/waitingLine.ts";
import type { Request } from "./calls.suite.ts";
import type { Delivery, Message } from "./things.suite.ts";

/** Of what waits in order of arrival: the first, the last, or the first of the highest priority. */
export function nextOf<Item extends { readonly message: Message }>(
  order: Order,
  waiting: readonly Item[],
): Item | undefined {
  if (order === "fifo") return waiting[0];
  if (order === "lifo") return waiting.at(-1);
  return waiting.toSorted((a, b) => priorityOf(b.message) - priorityOf(a.message))[0];
}

/** Whether a request is taken before a delivery. */
export function requestGoesFirst(order: Order, request: Request, delivery: Delivery): boolean {
  const sinceNs = request.arrivedNs - delivery.deliveredNs;
  if (order === "lifo") return sinceNs > 0;
  const higher = priorityOf(request.message) - priorityOf(delivery.message);
  if (order === "fifo" || higher === 0) return sinceNs < 0;
  return higher > 0;
}

/** Priority of what was published or called, 0 to 9. */
function priorityOf({ link }: Message): number {
  return Math.min(9, valuesOf(publishFields, link.parameters ?? {}).priority);
}
