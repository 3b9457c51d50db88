// The workers of a service as rows of columns: what each is at. Rows stay when workers leave; they may come back.

import type { Arena, Float64Column, Int32Column } from "../kernel/arena.ts";

/** What a worker is at. */
export const activity = { idle: 0, delivery: 1, request: 2 } as const;

/** Rows of workers by number. */
export class Workers {
  /** One of `activity`. */
  readonly activity: Int32Column;
  /** Handle of the delivery or request that it handles. */
  readonly handle: Int32Column;
  /** Position in the steps of the handler, −1 while it works. */
  readonly step: Int32Column;
  readonly attempt: Int32Column;
  /** Number of its present life: timers and answers of earlier ones are ignored. */
  readonly generation: Int32Column;
  /** Handle of the call that it waits for, −1 for none. */
  readonly call: Int32Column;
  /** 1 while it walks the steps after a final failure. */
  readonly failing: Int32Column;
  /** 1 while it has joined the subscriptions of its service. */
  readonly joined: Int32Column;
  /** 1 while it has looked for something to do, found nothing, and will look again later. */
  readonly asleep: Int32Column;
  /** Since when it has nothing to do [ns]; −Infinity when it has only come. */
  readonly idleNs: Float64Column;
  /** Whose turn it is among those that are free. */
  readonly #turn: Int32Column;

  constructor(arena: Arena, service: string) {
    const column = (name: string): Int32Column => arena.int32(`${service}/worker/${name}`);
    this.activity = column("activity");
    this.handle = column("handle");
    this.step = column("step");
    this.attempt = column("attempt");
    this.generation = column("generation");
    this.call = column("call");
    this.failing = column("failing");
    this.joined = column("joined");
    this.asleep = column("asleep");
    this.idleNs = arena.float64(`${service}/worker/idle`);
    this.#turn = arena.int32(`${service}/worker/turn`, 1);
  }

  /** Makes sure that workers 0 to `count` − 1 exist. */
  ensure(count: number): void {
    const { activity, handle, step, attempt, generation, failing, joined, asleep } = this;
    const rows = Math.max(joined.length, count);
    for (const column of [activity, handle, step, attempt, generation, failing, joined, asleep])
      column.resize(rows);
    while (this.call.length < rows) this.call.push(-1);
    while (this.idleNs.length < rows) this.idleNs.push(-Infinity);
  }

  /** Number of rows: the most workers there have been. */
  rows(): number {
    return this.joined.length;
  }

  /** Whether a worker handles nothing. */
  isIdle(worker: number): boolean {
    return this.activity.data[worker] === activity.idle;
  }

  /** Whether a worker handles a request. */
  isOnRequest(worker: number): boolean {
    return this.activity.data[worker] === activity.request;
  }

  /** Whether a worker walks the steps after a final failure. */
  isFailing(worker: number): boolean {
    return this.failing.data[worker] === 1;
  }

  /** A worker below `count` that is free to begin at once, taking turns; −1 when there is none. */
  takeTurn(count: number): number {
    const first = this.#turn.data[0]!;
    for (let i = 0; i < count; i++) {
      const worker = (first + i) % count;
      if (!this.isIdle(worker) || this.asleep.data[worker] === 1) continue;
      this.#turn.data[0] = (worker + 1) % count;
      return worker;
    }
    return -1;
  }
}
