// Capture: files of each partition, written at the end of a window of time or size, whichever comes first.

import { msToNs } from "../../base/units.ts";
import type { HubsPlan } from "./plan.ts";
import type { BrokerContext } from "../technology.ts";

/** Code of the timer of a window. */
export const captureWake = 20;

/** The files of one namespace. */
export class Capture {
  readonly #plan: HubsPlan;
  readonly #context: BrokerContext;
  /** Per partition: what the window holds, and its generation. */
  readonly #events: Int32Array;
  readonly #bytes: Float64Array;
  readonly #window: Int32Array;

  constructor(plan: HubsPlan, context: BrokerContext) {
    const { arena } = context;
    const { length } = plan.hubOf;
    this.#plan = plan;
    this.#context = context;
    this.#events = arena.int32(`${plan.id}.capture.events`, length).data;
    this.#bytes = arena.float64(`${plan.id}.capture.bytes`, length).data;
    this.#window = arena.int32(`${plan.id}.capture.window`, length).data;
  }

  /** Begins the first windows. */
  start(): void {
    this.#plan.hubOf.forEach((hub, partition) => {
      if (this.#plan.hubs[hub]!.values.captureEnabled) this.#begin(partition);
    });
  }

  /** An event of a size [bytes] was stored. */
  add(partition: number, size: number): void {
    const { captureEnabled, captureSize } = this.#plan.hubs[this.#plan.hubOf[partition]!]!.values;
    if (!captureEnabled) return;
    this.#events[partition]!++;
    this.#bytes[partition]! += size;
    if (this.#bytes[partition]! >= captureSize) this.#write(partition);
  }

  /** The time window of a partition is over. */
  wake(partition: number, window: number): void {
    if (this.#window[partition] === window) this.#write(partition);
  }

  #write(partition: number): void {
    const { id, first } = this.#plan.hubs[this.#plan.hubOf[partition]!]!;
    if (this.#events[partition]! > 0)
      this.#context.note(
        id,
        `capture: partition ${partition - first} wrote a file of ${this.#events[partition]} events, ${this.#bytes[partition]} bytes`,
      );
    this.#events[partition] = 0;
    this.#bytes[partition] = 0;
    this.#begin(partition);
  }

  #begin(partition: number): void {
    const { captureInterval } = this.#plan.hubs[this.#plan.hubOf[partition]!]!.values;
    const window = ++this.#window[partition]!;
    this.#context.schedule(msToNs(captureInterval), captureWake, partition, window);
  }
}
