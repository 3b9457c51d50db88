// A queue that lends its copies: a copy is handed out until a deadline and comes back by itself unless it was removed
// before. Counts how often each was lent; knows delays, groups that keep their order, and expiry. Says what is due
// and leaves to its owner what that means for books, dead letters and workers. Knows no protocol.

import type { FloatCells, IntCells } from "../../kernel/arena.ts";
import type { BrokerContext } from "../technology.ts";
import { CopyChain } from "./copyChain.ts";
import { type LeasedCopies, leaseDoubles, leaseIntegers, leaseStates } from "./leasedCopies.ts";
import { LeaseGroups } from "./leaseGroups.ts";
import { RowHeap } from "./rowHeap.ts";

const NONE = -1;
const I = leaseIntegers;
const D = leaseDoubles;
const { ready: READY, held: HELD, hidden: HIDDEN, resting: RESTING } = leaseStates;

// Shared integer cells: how many are in each state, and the generation of the timer.
const READY_COUNT = 0;
const HELD_COUNT = 1;
const DELAYED_COUNT = 2;
const TIMER_GENERATION = 3;
const INTEGERS = 4;

// Shared double cells: the next rank, and when the timer fires [ns] (Infinity: it is not set).
const NEXT_RANK = 0;
const TIMER_NS = 1;
const DOUBLES = 2;

/** What of a broker's context a queue needs. */
export type LeaseClock = Pick<BrokerContext, "arena" | "now" | "schedule">;

/** Where a copy comes to stand that is given back: where it was, or behind all others. */
export type ReturnTo = "place" | "back";

const heapCells = { integers: I.count, doubles: D.count, tie: D.rank };

/** One queue. Its owner's `wake` gets `timerCode`, the queue's number and a generation, and answers with
 *  `timerFired`, then `nextEnded` and `nextExpired` until they give -1.
 *
 *  Life of a copy: `add` makes it ready (or `hide` hides it for a while before it takes its turn); `lend` hands it out;
 *  then `remove`, or `giveBack`, or `rest` (back later, at its place), or its lease ends (`nextEnded`).
 *
 *  Copies with a group (0, 1, …) are on offer one after the other: while one of a group is held or rests at the head, or
 *  the group is locked, `next` passes the group over. `nextOf` gives the following ones to whom holds it already. */
export class LeaseQueue {
  readonly copies: LeasedCopies;
  readonly #context: LeaseClock;
  readonly #timerCode: number;
  readonly #number: number;
  readonly #groups: LeaseGroups;
  /** Every copy, in order of entering. */
  readonly #all: CopyChain;
  /** Ready copies without a group that stand where they appeared. */
  readonly #fresh: CopyChain;
  /** Ready copies that came back, and the first of each open group, by rank. */
  readonly #offers: RowHeap;
  /** Held, hidden and resting copies by when that ends. */
  readonly #deadlines: RowHeap;
  readonly #expiries: RowHeap;
  readonly #integers: IntCells;
  readonly #doubles: FloatCells;

  constructor(
    copies: LeasedCopies,
    context: LeaseClock,
    about: { name: string; number: number; timerCode: number },
  ) {
    const { arena } = context;
    const { name } = about;
    const { rows } = copies;
    this.copies = copies;
    this.#context = context;
    this.#timerCode = about.timerCode;
    this.#number = about.number;
    const heap = (of: string, key: number, place: number) =>
      new RowHeap(arena, `${name}.${of}`, { rows, cells: { ...heapCells, key, place } });
    this.#offers = heap("offers", D.rank, I.place);
    this.#deadlines = heap("deadlines", D.due, I.place);
    this.#expiries = heap("expiries", D.expires, I.expiryPlace);
    this.#groups = new LeaseGroups(arena, `${name}.groups`, { copies, offers: this.#offers });
    this.#integers = arena.intCells(`${name}.counts`, INTEGERS);
    this.#doubles = arena.floatCells(`${name}.times`, DOUBLES);
    this.#all = new CopyChain(arena, `${name}.all`, { copies, next: I.after, previous: I.before });
    this.#fresh = new CopyChain(arena, `${name}.fresh`, {
      copies,
      next: I.next,
      previous: I.previous,
    });
    this.#doubles.cells[this.#doubles.at + TIMER_NS] = Infinity;
  }

  /** Copies that may be lent, among them those whose group is blocked. */
  readyCount(): number {
    return this.#get(READY_COUNT);
  }

  /** Copies that are lent. */
  heldCount(): number {
    return this.#get(HELD_COUNT);
  }

  /** Copies that are hidden or rest. */
  delayedCount(): number {
    return this.#get(DELAYED_COUNT);
  }

  /** The copy that came first of all that are still here, whatever its state; -1 when it is empty. */
  first(): number {
    return this.#all.first();
  }

  /** The copy that came after another one, -1 for none. */
  after(copy: number): number {
    return this.#all.after(copy);
  }

  /** Takes in a message at the back; ready at once. Group -1: none. */
  add(message: number, group: number): number {
    const { rows } = this.copies;
    const copy = rows.take();
    const at = copy * I.count;
    const { integers, doubles } = rows;
    integers[at + I.message] = message;
    integers[at + I.lent] = 0;
    integers[at + I.group] = group;
    integers[at + I.place] = NONE;
    integers[at + I.expiryPlace] = NONE;
    integers[at + I.holder] = NONE;
    integers[at + I.delivery] = NONE;
    integers[at + I.mark] = 0;
    this.#all.append(copy);
    doubles[copy * D.count + D.entered] = this.#context.now();
    doubles[copy * D.count + D.expires] = Infinity;
    this.#appear(copy);
    return copy;
  }

  /** Lets a copy's time in the queue count from elsewhere [ns], such as from when its message was sent at first. */
  setEntered(copy: number, enteredNs: number): void {
    this.copies.rows.doubles[copy * D.count + D.entered] = enteredNs;
  }

  /** Lets a copy expire at a time [ns]; Infinity: never. */
  expireAt(copy: number, timeNs: number): void {
    this.#expiries.remove(copy);
    this.copies.rows.doubles[copy * D.count + D.expires] = timeNs;
    if (timeNs === Infinity) return;
    this.#expiries.add(copy);
    this.#arm();
  }

  /** Hides a ready copy until a time [ns]. It then takes its turn as if it came at that moment: it blocks nobody. */
  hide(copy: number, untilNs: number): void {
    this.#disappear(copy);
    this.#wait(copy, HIDDEN, untilNs);
    this.#count(DELAYED_COUNT, 1);
  }

  /** Lets a hidden copy appear at once. */
  unhide(copy: number): void {
    this.#deadlines.remove(copy);
    this.#count(DELAYED_COUNT, -1);
    this.#appear(copy);
  }

  /** The copy whose turn it is, or -1. It stays until it is lent or removed. */
  next(): number {
    const offered = this.#offers.first();
    const fresh = this.#fresh.first();
    if (offered === NONE || fresh === NONE) return offered === NONE ? fresh : offered;
    const { doubles } = this.copies.rows;
    const isOffered = doubles[offered * D.count + D.rank]! < doubles[fresh * D.count + D.rank]!;
    return isOffered ? offered : fresh;
  }

  /** The copy of a group whose turn it is although the group is blocked, or -1. */
  nextOf(group: number): number {
    const head = this.#groups.head(group);
    return head !== NONE && this.copies.isReady(head) ? head : NONE;
  }

  /** Keeps a group from being offered until it is unlocked; locks count. */
  lock(group: number): void {
    this.#groups.block(group, 1);
    this.#groups.refresh(group);
  }

  unlock(group: number): void {
    this.#groups.block(group, -1);
    this.#groups.refresh(group);
  }

  /** Hands a ready copy out until a time [ns] (Infinity: until it is given back), and counts it. */
  lend(copy: number, holder: number, untilNs: number): void {
    const { integers } = this.copies.rows;
    const at = copy * I.count;
    const group = integers[at + I.group]!;
    // Blocked first, or the next one of its group would be offered for a moment.
    if (group !== NONE) this.#groups.block(group, 1);
    this.#disappear(copy);
    integers[at + I.lent]!++;
    integers[at + I.holder] = holder;
    integers[at + I.generation] = (integers[at + I.generation]! + 1) & 0xffffff;
    this.#count(HELD_COUNT, 1);
    this.#wait(copy, HELD, untilNs);
  }

  /** Lets a lease end at another time [ns]. */
  extend(copy: number, untilNs: number): void {
    this.#deadlines.remove(copy);
    this.#wait(copy, HELD, untilNs);
  }

  /** Takes a held copy back; it is ready. It has no delivery any more. */
  giveBack(copy: number, to: ReturnTo): void {
    const group = this.#endLease(copy);
    if (to === "back") {
      this.#appear(copy);
      if (group !== NONE) this.#unblock(group);
      return;
    }
    this.#setState(copy, READY);
    this.#count(READY_COUNT, 1);
    if (group === NONE) this.#offers.add(copy);
    else {
      this.#groups.insert(group, copy);
      this.#unblock(group);
    }
  }

  /** Takes a held copy back that is ready again only at a time [ns], at its old place. Its group waits for it. */
  rest(copy: number, untilNs: number): void {
    const group = this.#endLease(copy);
    this.#count(DELAYED_COUNT, 1);
    this.#wait(copy, RESTING, untilNs);
    if (group === NONE) return;
    this.#groups.insert(group, copy);
    this.#unblock(group);
  }

  /** Takes a copy out for good, in whatever state it is, and frees its row. */
  remove(copy: number): void {
    const { integers } = this.copies.rows;
    const at = copy * I.count;
    const state = integers[at + I.state]!;
    if (state === HELD) {
      const group = this.#endLease(copy);
      if (group !== NONE) this.#unblock(group);
    } else if (state === READY) this.#disappear(copy);
    else this.#stopDelay(copy);
    this.#expiries.remove(copy);
    this.#all.remove(copy);
    integers[at + I.generation] = (integers[at + I.generation]! + 1) & 0xffffff;
    this.copies.rows.give(copy);
  }

  /** Whether a timer that fires is the one that counts. */
  timerFired(generation: number): boolean {
    if (this.#get(TIMER_GENERATION) !== generation) return false;
    this.#doubles.cells[this.#doubles.at + TIMER_NS] = Infinity;
    return true;
  }

  /** The next held copy whose lease has ended, or -1 when there is no further one. It stays held until the owner gives it
   *  back or removes it. Copies that were hidden or rested and whose time has come are ready from now on. */
  nextEnded(): number {
    const nowNs = this.#context.now();
    while (this.#deadlines.firstKey() <= nowNs) {
      const copy = this.#deadlines.first();
      const state = this.#cell(copy, I.state);
      if (state === HELD) {
        this.#deadlines.remove(copy);
        return copy;
      }
      if (state === HIDDEN) this.unhide(copy);
      else this.#wakeUp(copy);
    }
    this.#arm();
    return NONE;
  }

  /** The next copy that has expired and is not held, or -1. The owner removes it. A held one expires when it is back. */
  nextExpired(): number {
    const nowNs = this.#context.now();
    while (this.#expiries.firstKey() <= nowNs) {
      const copy = this.#expiries.first();
      this.#expiries.remove(copy);
      if (!this.copies.isHeld(copy)) return copy;
    }
    this.#arm();
    return NONE;
  }

  /** Ready, at the back. */
  #appear(copy: number): void {
    const group = this.#cell(copy, I.group);
    const { cells, at } = this.#doubles;
    this.copies.rows.doubles[copy * D.count + D.rank] = cells[at + NEXT_RANK]!++;
    this.#setState(copy, READY);
    this.#count(READY_COUNT, 1);
    if (group === NONE) this.#fresh.append(copy);
    else {
      this.#groups.insert(group, copy);
      this.#groups.refresh(group);
    }
  }

  /** No longer ready. */
  #disappear(copy: number): void {
    const group = this.#cell(copy, I.group);
    this.#count(READY_COUNT, -1);
    if (group !== NONE) {
      this.#groups.remove(group, copy);
      this.#groups.refresh(group);
    } else if (this.#offers.has(copy)) this.#offers.remove(copy);
    else this.#fresh.remove(copy);
  }

  #wait(copy: number, state: number, untilNs: number): void {
    this.#setState(copy, state);
    this.copies.rows.doubles[copy * D.count + D.due] = untilNs;
    if (untilNs === Infinity) return;
    this.#deadlines.add(copy);
    this.#arm();
  }

  /** Ends a lease without saying what follows; returns the group. */
  #endLease(copy: number): number {
    const { integers, doubles } = this.copies.rows;
    const at = copy * I.count;
    this.#deadlines.remove(copy);
    this.#count(HELD_COUNT, -1);
    integers[at + I.delivery] = NONE;
    integers[at + I.holder] = NONE;
    integers[at + I.generation] = (integers[at + I.generation]! + 1) & 0xffffff;
    if (doubles[copy * D.count + D.expires]! < Infinity && !this.#expiries.has(copy)) {
      this.#expiries.add(copy);
      this.#arm();
    }
    return integers[at + I.group]!;
  }

  /** A rest is over. */
  #wakeUp(copy: number): void {
    const group = this.#cell(copy, I.group);
    this.#deadlines.remove(copy);
    this.#count(DELAYED_COUNT, -1);
    this.#count(READY_COUNT, 1);
    this.#setState(copy, READY);
    if (group === NONE) this.#offers.add(copy);
    else this.#groups.refresh(group);
  }

  #stopDelay(copy: number): void {
    const group = this.#cell(copy, I.group);
    this.#deadlines.remove(copy);
    this.#count(DELAYED_COUNT, -1);
    if (group === NONE || this.#cell(copy, I.state) === HIDDEN) return;
    this.#groups.remove(group, copy);
    this.#groups.refresh(group);
  }

  #unblock(group: number): void {
    this.#groups.block(group, -1);
    this.#groups.refresh(group);
  }

  /** Sets the timer when something is due before it fires. It is never set later: then it fires for nothing once. */
  #arm(): void {
    const { cells, at } = this.#doubles;
    const dueNs = Math.min(this.#deadlines.firstKey(), this.#expiries.firstKey());
    if (dueNs >= cells[at + TIMER_NS]!) return;
    cells[at + TIMER_NS] = dueNs;
    const generation = (this.#get(TIMER_GENERATION) + 1) & 0x7fffffff;
    this.#set(TIMER_GENERATION, generation);
    const delayNs = Math.max(0, dueNs - this.#context.now());
    this.#context.schedule(delayNs, this.#timerCode, this.#number, generation);
  }

  #setState(copy: number, state: number): void {
    this.copies.rows.integers[copy * I.count + I.state] = state;
  }

  #cell(copy: number, field: number): number {
    return this.copies.rows.integers[copy * I.count + field]!;
  }

  #get(cell: number): number {
    return this.#integers.cells[this.#integers.at + cell]!;
  }

  #set(cell: number, value: number): void {
    this.#integers.cells[this.#integers.at + cell] = value;
  }

  #count(cell: number, by: 1 | -1): void {
    this.#integers.cells[this.#integers.at + cell]! += by;
  }
}
