// Requests and answers of synchronous calls under a fault of the network. Each goes over a connection of its own, so nothing
// waits for another; what is cut off is sent again by TCP's clock for as long as its caller waits.

import type { Passage } from "../callPlan.ts";
import type { World } from "../world.ts";
import { type HeldItems, itemKinds } from "./heldItems.ts";
import { RTO_NS, RTO_NS_MAX, type Ways } from "./ways.ts";

/** Calls on their way. */
export class CallPassages {
  readonly #world: World;
  readonly #ways: Ways;
  readonly #items: HeldItems;
  /** Sets the timer after which an item is tried again, with its retransmission timeout [ms]. */
  readonly #later: (item: number, rtoMs: number, afterNs: number) => void;

  constructor(
    world: World,
    ways: Ways,
    items: HeldItems,
    later: (item: number, rtoMs: number, afterNs: number) => void,
  ) {
    this.#world = world;
    this.#ways = ways;
    this.#items = items;
    this.#later = later;
  }

  /** A request or an answer sets out. */
  setOut({ connection, isAnswer, delayNs, code, request }: Passage): void {
    const ways = this.#ways;
    const { calls, messages, clock } = this.#world;
    const way = 2 * connection + Number(isAnswer);
    if (!ways.isTouched(way)) return calls.travel(delayNs, code, request);
    if (ways.isCut(way)) {
      const held = { kind: itemKinds.call, way, subject: request, detail: code };
      const item = this.#items.take(held, clock[0]!);
      return this.#later(item, RTO_NS / 1e6, delayNs + RTO_NS);
    }
    const extraNs = ways.extraNs(way, messages.size(calls.messageOf(request)), clock[0]!);
    calls.travel(delayNs + extraNs, code, request);
    if (isAnswer || !ways.drawTwice(way)) return;
    calls.repeat(request, delayNs + extraNs);
    ways.count("sent twice");
  }

  /** Something that was cut off is tried again. A request for which nobody waits any more is gone with its connection. */
  tryAgain(item: number, rtoMs: number): void {
    const items = this.#items;
    const { calls } = this.#world;
    const [way, request, code] = [items.way(item), items.subject(item), items.detail(item)];
    const isRequest = way % 2 === 0;
    const isAwaited = calls.isAwaited(request);
    if (isRequest && !isAwaited) {
      items.give(item);
      return calls.vanish(request);
    }
    this.#ways.count("retransmissions");
    if (this.#ways.isCut(way) && isAwaited) {
      const againMs = Math.min(2 * rtoMs, RTO_NS_MAX / 1e6);
      return this.#later(item, againMs, againMs * 1e6);
    }
    items.give(item);
    calls.travel(0, code, request);
  }
}
