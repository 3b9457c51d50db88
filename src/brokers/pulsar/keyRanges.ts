// Which seat of a Key_Shared subscription gets a message now: the ranges or the ring of each cursor, kept up to date as
// consumers come and go.

import { Ring } from "../../kernel/ring.ts";
import {
  consumerInRange,
  consumerOnRing,
  type HashSlice,
  mergeWithout,
  noKey,
  ringOf,
  type RingPoint,
  splitFor,
  stickyHash,
} from "./keyShared.ts";
import type { PulsarPlan } from "./plan.ts";
import type { Seats } from "./seats.ts";
import type { BrokerContext } from "../technology.ts";

/** The shares of keys of all cursors. */
export class KeyRanges {
  readonly #plan: PulsarPlan;
  readonly #context: BrokerContext;
  readonly #seats: Seats;
  /** Seats of a cursor in the order of their ranges, and where each range ends; without ranges in the order of joining. */
  readonly #owners: readonly Ring[];
  readonly #ends: readonly Ring[];
  /** What is worked out from these; undefined when it has to be again. */
  readonly #slices: (readonly HashSlice[] | undefined)[] = [];
  readonly #points: (readonly RingPoint[] | undefined)[] = [];
  /** Hash by key, and of what has none. */
  readonly #hashes: number[] = [];
  readonly #hashOfNone = stickyHash(noKey);

  constructor(plan: PulsarPlan, context: BrokerContext, seats: Seats) {
    const { arena } = context;
    this.#plan = plan;
    this.#context = context;
    this.#seats = seats;
    const ring = (part: string) => (_: unknown, cursor: number) =>
      new Ring(arena, `${plan.id}.keys.${part}.${cursor}`);
    this.#owners = plan.cursorGroup.map(ring("owners"));
    this.#ends = plan.cursorGroup.map(ring("ends"));
    arena.onRestore(() => {
      this.#slices.length = 0;
      this.#points.length = 0;
    });
  }

  /** A consumer joins. */
  join(cursor: number, seat: number): void {
    this.#write(
      cursor,
      this.#isRing() ? this.#append(cursor, seat) : splitFor(this.#slicesOf(cursor), seat),
    );
  }

  /** A consumer leaves. */
  leave(cursor: number, seat: number): void {
    const slices = this.#slicesOf(cursor);
    this.#write(
      cursor,
      this.#isRing()
        ? slices.filter(({ consumer }) => consumer !== seat)
        : mergeWithout(slices, seat),
    );
  }

  /** The seat for a message; -1 without consumers. */
  seatFor(cursor: number, message: number): number {
    const key = this.#context.keyOf(message);
    const hash =
      key < 0 ? this.#hashOfNone : (this.#hashes[key] ??= stickyHash(this.#context.keyText(key)));
    if (!this.#isRing()) return consumerInRange(this.#slicesOf(cursor), hash);
    const points = (this.#points[cursor] ??= ringOf(
      this.#slicesOf(cursor).map(({ consumer }) => ({ consumer, name: this.#nameOf(consumer) })),
    ));
    return consumerOnRing(points, hash);
  }

  #isRing(): boolean {
    return this.#plan.cluster.subscriptionKeySharedUseConsistentHashing;
  }

  /** Name of the consumer: the client's own choice, at random in reality. */
  #nameOf(seat: number): string {
    const seats = this.#seats;
    const consumer = seats.consumer(seat);
    return `${this.#plan.clients[seats.client(consumer)]!.node}-${seats.worker(consumer) + 1}`;
  }

  #append(cursor: number, seat: number): readonly HashSlice[] {
    return [...this.#slicesOf(cursor), { end: 0, consumer: seat }];
  }

  #slicesOf(cursor: number): readonly HashSlice[] {
    return (this.#slices[cursor] ??= this.#read(cursor));
  }

  #read(cursor: number): readonly HashSlice[] {
    const owners = this.#owners[cursor]!;
    const ends = this.#ends[cursor]!;
    return Array.from({ length: owners.size() }, (_, i) => ({
      end: ends.at(i),
      consumer: owners.at(i),
    }));
  }

  #write(cursor: number, slices: readonly HashSlice[]): void {
    const owners = this.#owners[cursor]!;
    const ends = this.#ends[cursor]!;
    owners.clear();
    ends.clear();
    for (const { end, consumer } of slices) {
      owners.pushBack(consumer);
      ends.pushBack(end);
    }
    this.#slices[cursor] = slices;
    this.#points[cursor] = undefined;
  }
}
