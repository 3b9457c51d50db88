// The publishing side: XADD and PUBLISH on their way, while there is no primary, and with what answer. The client keeps
// commands that find no primary until their time-out.

import type { Arena } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import type { RedisNodes } from "./cluster.ts";
import { IdempotentIds } from "./idempotency.ts";
import type { Keeper } from "./keeper.ts";
import type { PubSub } from "./pubSub.ts";
import type { Settings } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

/** Codes of the timers of the publishing side. */
export const publishWakes = { arrive: 1, answer: 2, timeOut: 3 } as const;

/** The publications of one Redis. */
export class Publications {
  readonly #settings: Settings;
  readonly #context: BrokerContext;
  readonly #keeper: Keeper;
  readonly #nodes: RedisNodes;
  readonly #pubSub: PubSub;
  readonly #onAdded: (stream: number) => void;
  /** Messages whose command waits in its client for a primary. */
  readonly #queued: Ring;
  readonly #ids: IdempotentIds;
  /** Number of the latest command that was queued. */
  readonly #number: Int32Array;

  constructor(
    settings: Settings,
    context: BrokerContext,
    parts: {
      readonly keeper: Keeper;
      readonly nodes: RedisNodes;
      readonly pubSub: PubSub;
      readonly onAdded: (stream: number) => void;
    },
  ) {
    const { arena }: { arena: Arena } = context;
    this.#settings = settings;
    this.#context = context;
    this.#keeper = parts.keeper;
    this.#nodes = parts.nodes;
    this.#pubSub = parts.pubSub;
    this.#onAdded = parts.onAdded;
    this.#queued = new Ring(arena, `${settings.id}.queued`);
    this.#number = arena.int32(`${settings.id}.number`, 1).data;
    const { cluster } = settings;
    this.#ids = new IdempotentIds(arena, `${settings.id}.idmp`, {
      lanes: settings.idempotent,
      windowNs: Math.round(cluster["idmp-duration"] * 1e6),
      size: cluster["idmp-maxsize"],
    });
  }

  send(publisher: number, message: number): void {
    const delayNs = this.#slowed(this.#of(publisher).latencyNs);
    this.#context.schedule(delayNs, publishWakes.arrive, publisher, message);
  }

  /** A timer of the publishing side has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === publishWakes.arrive) this.#arrive(a, b);
    else if (code === publishWakes.answer) this.#answer(a, b);
    else this.#timeOut(a, b);
  }

  /** A primary is there again: the clients send what they have kept. */
  resume(): void {
    for (let left = this.#queued.size(); left > 0; left--) {
      const message = this.#queued.popFront();
      this.#arrive(this.#context.publisherOf(message), message);
    }
  }

  /** What was remembered of idempotent publishers is lost. */
  forgetIds(): void {
    this.#ids.clear();
  }

  #arrive(publisher: number, message: number): void {
    const context = this.#context;
    const settings = this.#of(publisher);
    if (!this.#nodes.serves()) {
      this.#queue(publisher, message);
      return;
    }
    const isFull = this.#keeper.isFull();
    const refusal = isFull ? "OOM: maxmemory is reached" : this.#nodes.refusal();
    if (refusal !== "" && settings.stream >= 0) {
      context.refused(publisher, message, refusal);
      return;
    }
    if (settings.stream < 0) this.#pubSub.publish(publisher, message);
    else if (this.#isNew(settings.idempotent, message)) {
      this.#keeper.append(settings.stream, message);
      this.#onAdded(settings.stream);
    }
    context.link(message, this.#nodes.term());
    const waits = settings.waitFor > 0 && settings.stream >= 0;
    const waitNs = waits ? Math.min(this.#nodes.waitNs(settings.waitFor), settings.waitNs) : 0;
    const delayNs = this.#slowed(settings.latencyNs) + waitNs;
    context.schedule(delayNs, publishWakes.answer, publisher, message);
  }

  #isNew(lane: number, message: number): boolean {
    const key = this.#context.keyOf(message);
    return lane < 0 || key < 0 || this.#ids.accept(lane, key, this.#context.now());
  }

  #answer(publisher: number, message: number): void {
    const context = this.#context;
    const { waitFor, waitNs, stream } = this.#of(publisher);
    if (context.linked(message) !== this.#nodes.term())
      context.refused(publisher, message, "connection lost before the answer");
    else if (stream >= 0 && waitFor > 0 && this.#nodes.waitNs(waitFor) > waitNs)
      context.refused(publisher, message, "WAIT: too few replicas in time");
    else context.confirmed(publisher, message);
  }

  #queue(publisher: number, message: number): void {
    const number = ++this.#number[0]!;
    this.#context.link(message, number);
    this.#queued.pushBack(message);
    const { timeoutNs } = this.#of(publisher);
    this.#context.schedule(timeoutNs, publishWakes.timeOut, message, number);
  }

  #timeOut(message: number, number: number): void {
    const queued = this.#queued;
    for (let at = 0; at < queued.size(); at++) {
      if (queued.at(at) !== message) continue;
      if (this.#context.linked(message) !== number) return;
      queued.removeAt(at);
      this.#context.refused(this.#context.publisherOf(message), message, "no primary");
      return;
    }
  }

  #slowed(ns: number): number {
    return Math.round(ns * this.#nodes.slowness());
  }

  #of(publisher: number) {
    return this.#settings.publishers[publisher]!;
  }
}
