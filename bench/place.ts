// Where isolates run: as processes of Node or as workers of a browser. Whoever measures does not see the difference.

import type { Order } from "./isolate.ts";
import type { Sample } from "./row.ts";

/** An isolate that has prepared its side of a row. */
export interface Measurer {
  measure(): Promise<Sample>;
  close(): Promise<void>;
}

/** How time is taken. */
export type Clock = "processor time" | "time on the wall";

/** Somewhere to measure. */
export interface Place {
  /** Such as "Node 20.19.0". */
  readonly name: string;
  readonly clock: Clock;
  /** Starts a fresh isolate. */
  open(order: Order): Promise<Measurer>;
  close(): Promise<void>;
}
