// How fast Pub/Sub pushes: as many requests at a time as a window allows, which grows with success and shrinks with
// failure, and pauses after failures in a row. Source: https://cloud.google.com/pubsub/docs/push

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";

/** The documentation says "a small single-digit number". */
const WINDOW_AT_FIRST = 3;
/** From here on the window grows by one per window, not by one per success. */
const LINEAR_FROM = 3000;

/** Pauses after failures in a row [ns]. */
const PAUSE_NS_MIN = 1e8;
const PAUSE_NS_MAX = 6e10;

/** Pause after so many failures in a row [ns]. The documentation gives the bounds; doubling is an assumption. */
export function pushPauseNs(failures: number): number {
  return failures === 0
    ? 0
    : Math.min(PAUSE_NS_MAX, PAUSE_NS_MIN * 2 ** Math.min(failures - 1, 40));
}

/** The windows of all push subscriptions of a service. */
export class PushWindows {
  readonly #window: Float64Column;
  readonly #underWay: Int32Column;
  /** Failures in a row, and until when nothing is sent [ns]. */
  readonly #failures: Int32Column;
  readonly #pausedNs: Float64Column;

  constructor(arena: Arena, name: string, subscriptions: number) {
    this.#window = arena.float64(`${name}.window`, subscriptions);
    this.#underWay = arena.int32(`${name}.underWay`, subscriptions);
    this.#failures = arena.int32(`${name}.failures`, subscriptions);
    this.#pausedNs = arena.float64(`${name}.pausedNs`, subscriptions);
    this.#window.data.fill(WINDOW_AT_FIRST, 0, subscriptions);
  }

  hasRoom(subscription: number): boolean {
    return this.#underWay.data[subscription]! < Math.floor(this.#window.data[subscription]!);
  }

  /** Until when nothing is sent [ns]; may be past. */
  pausedUntilNs(subscription: number): number {
    return this.#pausedNs.data[subscription]!;
  }

  size(subscription: number): number {
    return Math.floor(this.#window.data[subscription]!);
  }

  sent(subscription: number): void {
    this.#underWay.data[subscription]!++;
  }

  /** A request is over, whatever came of it. */
  ended(subscription: number): void {
    this.#underWay.data[subscription]!--;
  }

  succeeded(subscription: number): void {
    const window = this.#window.data[subscription]!;
    this.#window.data[subscription] = window + (window < LINEAR_FROM ? 1 : 1 / window);
    this.#failures.data[subscription] = 0;
  }

  /** A request has failed: the window shrinks, and sending pauses. */
  failed(subscription: number, nowNs: number): void {
    this.#window.data[subscription] = Math.max(1, this.#window.data[subscription]! / 2);
    const failures = ++this.#failures.data[subscription]!;
    this.#pausedNs.data[subscription] = nowNs + pushPauseNs(failures);
  }
}
