// Locks of entities: one worker holds an entity, the others stand in line in the order in which they came. Who would close
// a circle of waiting is told at once, so that nobody waits for ever; who waits too long gives up.

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";
import { outcome } from "../steps/kind.ts";

// Integers of a claim.
const STORE = 0;
const ENTITY = 1;
/** Number of the claimant. */
const CLAIMANT = 2;
/** The life in which its worker waits. */
const LIFE = 3;
/** The next in line for the same entity, −1 for none. */
const BEHIND = 4;
/** Another claim of the same claimant, −1 for none. */
const NEXT = 5;
const INTEGERS = 6;

// Counters of a store.
const GRANTED = 0;
const WAITED = 1;
const WAITED_NS = 2;
const TIMED_OUT = 3;
const DEADLOCKS = 4;
const COUNTERS = 5;

/** What has come of asking for a lock, beside the outcomes of a step. */
export const lockOutcome = { deadlock: 8, timedOut: 9 } as const;

/** What locks need of the run. */
export interface LocksContext {
  readonly arena: Arena;
  /** Simulated time [ns] in its only cell. */
  readonly clock: Float64Array;
  /** Tells a claimant that it has what it waited for, in the life in which it asked. */
  wake(claimant: number, life: number): void;
}

/** The lock of one entity, and who asks for it. */
export interface Asking {
  readonly store: number;
  readonly entity: number;
  readonly claimant: number;
  readonly life: number;
  /** How long it waits at the most [ns]. */
  readonly timeoutNs: number;
}

/** All locks of a run. */
export class Locks {
  readonly #context: LocksContext;
  readonly #claims: Rows;
  /** First in line for each entity + 1, by store; 0 for nobody. */
  readonly #first: readonly (Int32Column | undefined)[];
  /** Latest claim of each claimant + 1. */
  readonly #latest: Int32Column;
  readonly #counts: Float64Column;

  /** `stores` says which components are stores with locks. */
  constructor(context: LocksContext, stores: readonly boolean[]) {
    const { arena } = context;
    this.#context = context;
    this.#claims = new Rows(arena, "locks", { integers: INTEGERS, doubles: 1 });
    this.#first = stores.map((isLocked, number) =>
      isLocked ? arena.int32(`locks/${number}`) : undefined,
    );
    this.#latest = arena.int32("locks/claimants");
    this.#counts = arena.float64("locks/counts", stores.length * COUNTERS);
  }

  /** Whether entities of a store are locked. */
  isUsedBy(store: number): boolean {
    return this.#first[store] !== undefined;
  }

  /** Asks for the lock of an entity, or asks again after waiting; done, under way, or one of `lockOutcome`. */
  ask(asking: Asking): number {
    const { store, entity, claimant } = asking;
    const own = this.#claimOf(claimant, store, entity);
    if (own >= 0) return this.#again(own, asking);
    const first = this.#firstOf(store, entity);
    if (first >= 0 && this.#closesCircle(first, claimant)) {
      this.#count(store, DEADLOCKS, 1);
      return lockOutcome.deadlock;
    }
    const claim = this.#take(asking);
    if (first < 0) {
      this.#first[store]!.data[entity] = claim + 1;
      this.#count(store, GRANTED, 1);
      return outcome.done;
    }
    let last = first;
    while (this.#cell(last, BEHIND) >= 0) last = this.#cell(last, BEHIND);
    this.#claims.integers[last * INTEGERS + BEHIND] = claim;
    return outcome.underWay;
  }

  /** A claimant lets go of all that it holds or waits for. */
  release(claimant: number): void {
    if (claimant >= this.#latest.length) return;
    let claim = this.#latest.data[claimant]! - 1;
    this.#latest.data[claimant] = 0;
    while (claim >= 0) {
      const next = this.#cell(claim, NEXT);
      this.#leave(claim);
      claim = next;
    }
  }

  /** A claimant lets go of one entity. */
  releaseOne(claimant: number, store: number, entity: number): void {
    const claim = this.#claimOf(claimant, store, entity);
    if (claim < 0) return;
    this.#forget(claim, claimant);
    this.#leave(claim);
  }

  /** What the locks of a store did, by name. */
  counts(store: number): Readonly<Record<string, number>> {
    const count = (what: number): number => this.#counts.data[store * COUNTERS + what]!;
    return {
      "locks granted": count(GRANTED),
      "after waiting": count(WAITED),
      "ms waited for locks": count(WAITED_NS) / 1e6,
      "lock waits given up": count(TIMED_OUT),
      deadlocks: count(DEADLOCKS),
    };
  }

  /** Who waits has been woken: it is its turn, or it has waited for too long. */
  #again(claim: number, { store, entity, claimant, timeoutNs }: Asking): number {
    if (this.#firstOf(store, entity) === claim) return outcome.done;
    const waitedNs = this.#context.clock[0]! - this.#claims.doubles[claim]!;
    if (waitedNs < timeoutNs) return outcome.underWay;
    this.#count(store, TIMED_OUT, 1);
    this.#forget(claim, claimant);
    this.#leave(claim);
    return lockOutcome.timedOut;
  }

  /** Whether the one in front waits, through others, for the claimant. Each waits for one lock at a time. */
  #closesCircle(first: number, claimant: number): boolean {
    let holder = this.#cell(first, CLAIMANT);
    // As many steps as there are claims, at the most.
    for (let left = this.#claims.size(); left > 0; left--) {
      if (holder === claimant) return true;
      const wanted = this.#waitingOf(holder);
      if (wanted < 0) return false;
      const next = this.#firstOf(this.#cell(wanted, STORE), this.#cell(wanted, ENTITY));
      holder = this.#cell(next, CLAIMANT);
    }
    return false;
  }

  /** The claim for which a claimant stands in line, −1 for none. */
  #waitingOf(claimant: number): number {
    let claim = (this.#latest.data[claimant] ?? 0) - 1;
    while (claim >= 0) {
      const first = this.#firstOf(this.#cell(claim, STORE), this.#cell(claim, ENTITY));
      if (first !== claim) return claim;
      claim = this.#cell(claim, NEXT);
    }
    return -1;
  }

  #take({ store, entity, claimant, life }: Asking): number {
    if (claimant >= this.#latest.length) this.#latest.resize(claimant + 1);
    const claim = this.#claims.take();
    const cells = this.#claims.integers;
    const at = claim * INTEGERS;
    cells[at + STORE] = store;
    cells[at + ENTITY] = entity;
    cells[at + CLAIMANT] = claimant;
    cells[at + LIFE] = life;
    cells[at + BEHIND] = -1;
    cells[at + NEXT] = this.#latest.data[claimant]! - 1;
    this.#claims.doubles[claim] = this.#context.clock[0]!;
    this.#latest.data[claimant] = claim + 1;
    return claim;
  }

  /** Takes a claim off the list of its claimant. */
  #forget(claim: number, claimant: number): void {
    const next = this.#cell(claim, NEXT);
    let one = this.#latest.data[claimant]! - 1;
    if (one === claim) {
      this.#latest.data[claimant] = next + 1;
      return;
    }
    while (this.#cell(one, NEXT) !== claim) one = this.#cell(one, NEXT);
    this.#claims.integers[one * INTEGERS + NEXT] = next;
  }

  /** Takes a claim out of its line; who is first then has the lock. */
  #leave(claim: number): void {
    const [store, entity] = [this.#cell(claim, STORE), this.#cell(claim, ENTITY)];
    const behind = this.#cell(claim, BEHIND);
    const column = this.#first[store]!;
    if (column.data[entity] === claim + 1) {
      column.data[entity] = behind + 1;
      if (behind >= 0) this.#grant(behind, store);
    } else {
      let one = this.#firstOf(store, entity);
      while (this.#cell(one, BEHIND) !== claim) one = this.#cell(one, BEHIND);
      this.#claims.integers[one * INTEGERS + BEHIND] = behind;
    }
    this.#claims.give(claim);
  }

  #grant(claim: number, store: number): void {
    this.#count(store, GRANTED, 1);
    this.#count(store, WAITED, 1);
    this.#count(store, WAITED_NS, this.#context.clock[0]! - this.#claims.doubles[claim]!);
    this.#context.wake(this.#cell(claim, CLAIMANT), this.#cell(claim, LIFE));
  }

  #claimOf(claimant: number, store: number, entity: number): number {
    let claim = (this.#latest.data[claimant] ?? 0) - 1;
    while (claim >= 0) {
      if (this.#cell(claim, STORE) === store && this.#cell(claim, ENTITY) === entity) return claim;
      claim = this.#cell(claim, NEXT);
    }
    return -1;
  }

  #firstOf(store: number, entity: number): number {
    const column = this.#first[store]!;
    if (entity >= column.length) column.resize(entity + 1);
    return column.data[entity]! - 1;
  }

  #cell(claim: number, field: number): number {
    return this.#claims.integers[claim * INTEGERS + field]!;
  }

  #count(store: number, what: number, by: number): void {
    this.#counts.data[store * COUNTERS + what]! += by;
  }
}
