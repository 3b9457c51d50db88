// Claims: who is free looks at intervals, or with each read, for entries that have been pending for too long, takes them
// over, and moves those that were delivered too often.

import type { Int32Column } from "../../kernel/arena.ts";
import type { RedisNodes } from "./cluster.ts";
import type { Keeper } from "./keeper.ts";
import { readWakes } from "./readWakes.ts";
import { type Settings, type SubscriptionSettings, toNs } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

const NONE = -1;

/** What all parts of the reading side work on. */
export interface ReadBase {
  readonly settings: Settings;
  readonly context: BrokerContext;
  readonly keeper: Keeper;
  readonly nodes: RedisNodes;
}

/** What the readers do for claims. */
export interface ClaimOwner {
  /** Row of a configured group. */
  groupRow(group: number): number;
  /** Puts a pending entry into the reply to a reader. */
  hand(row: number, reader: number): void;
  /** A stream has a new entry. */
  added(stream: number): void;
  /** Lets a waiting worker of a subscription read. */
  serveWaiting(settings: SubscriptionSettings): void;
}

/** The claims of all subscriptions. */
export class Claims {
  readonly #base: ReadBase;
  readonly #owner: ClaimOwner;
  /** Per subscription: whether a claim is due, whether a tick is set. */
  readonly #due: Int32Column;
  readonly #ticking: Int32Column;
  /** Per subscription: min-idle-time [ms]. */
  readonly #minIdle: Float64Array;

  constructor(base: ReadBase, owner: ClaimOwner) {
    this.#base = base;
    this.#owner = owner;
    const { settings, context } = base;
    const { id, subscriptions } = settings;
    this.#due = context.arena.int32(`${id}.claimDue`, subscriptions.length);
    this.#ticking = context.arena.int32(`${id}.ticking`, subscriptions.length);
    this.#minIdle = context.arena.float64(`${id}.minIdle`, subscriptions.length).data;
    subscriptions.forEach((one, index) => {
      this.#minIdle[index] = one?.values["min-idle-time"] ?? 0;
    });
  }

  setMinIdle(subscription: number, ms: number): void {
    this.#minIdle[subscription] = ms;
  }

  /** XAUTOCLAIM by a reader, if a tick has found something; returns how many it has claimed. */
  claimWhenDue(reader: number, group: number, settings: SubscriptionSettings): number {
    if (this.#due.data[settings.index] === 0) return 0;
    this.#due.data[settings.index] = 0;
    return this.claim({ reader, group }, settings, settings.values.claim_count);
  }

  /** XAUTOCLAIM: entries that have been idle for long enough, in the order of their ids. */
  claim(
    by: { readonly reader: number; readonly group: number },
    settings: SubscriptionSettings,
    atMost: number,
  ): number {
    const { groups } = this.#base.keeper;
    const { pending } = groups;
    const limit = settings.values.dead_letter_after;
    let row = groups.firstPending(by.group);
    let count = 0;
    while (row !== NONE && count < atMost) {
      const next = pending.next(row);
      if (this.#isClaimable(row, settings)) {
        if (pending.entry(row) === NONE) this.#dropGhost(row);
        else if (limit !== null && pending.counter(row) >= limit) this.#setAside(row, settings);
        else {
          this.#base.keeper.takeBack(row, "claimed by another consumer");
          this.#owner.hand(row, by.reader);
          count++;
        }
      }
      row = next;
    }
    return count;
  }

  #isClaimable(row: number, settings: SubscriptionSettings): boolean {
    const minIdleNs = toNs(this.#minIdle[settings.index]!);
    return this.#base.keeper.groups.pending.isIdle(row, this.#base.context.now(), minIdleNs);
  }

  #dropGhost(row: number): void {
    this.#base.keeper.takeBack(row, "claimed by another consumer");
    this.#base.keeper.forgetGhost(row);
  }

  /** The application moves an entry to its stream for dead letters, and acknowledges it. */
  #setAside(row: number, { deadLetterStream }: SubscriptionSettings): void {
    const message = this.#base.keeper.messageOf(this.#base.keeper.groups.pending.entry(row));
    this.#base.context.retain(message);
    this.#base.keeper.finish(row, "dead-letter");
    if (deadLetterStream >= 0) {
      this.#base.keeper.append(deadLetterStream, message);
      this.#owner.added(deadLetterStream);
    }
    this.#base.context.release(message);
  }

  /** Claims are looked at in multiples of their interval, while anything is pending. */
  start({ index, claimEveryNs, group }: SubscriptionSettings): void {
    if (claimEveryNs === Infinity || this.#ticking.data[index] === 1) return;
    if (this.#base.keeper.groups.pendingCount(this.#owner.groupRow(group)) === 0) return;
    this.#ticking.data[index] = 1;
    const delayNs = claimEveryNs - (this.#base.context.now() % claimEveryNs);
    this.#base.context.schedule(delayNs, readWakes.tick, index, 0);
  }

  /** It is time to look. */
  tick(index: number): void {
    const settings = this.#base.settings.subscriptions[index]!;
    this.#ticking.data[index] = 0;
    this.start(settings);
    if (!this.#base.nodes.serves() || !this.#hasClaimable(settings)) return;
    this.#due.data[index] = 1;
    this.#owner.serveWaiting(settings);
  }

  #hasClaimable(settings: SubscriptionSettings): boolean {
    const { groups } = this.#base.keeper;
    let row = groups.firstPending(this.#owner.groupRow(settings.group));
    while (row !== NONE && !this.#isClaimable(row, settings)) row = groups.pending.next(row);
    return row !== NONE;
  }
}
