// A replica: one store's view of the entities of another. For each entity it knows which version it has, and keeps a row
// for each version that it lacks, in order of time and by entity, so that lag, age and delay are exact at any instant.

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import { LevelSeries } from "../../kernel/levelSeries.ts";
import { Observations } from "../../kernel/observations.ts";
import { Rows } from "../../kernel/rows.ts";
import { type AgeFigures, StalenessAge } from "./staleness.ts";

// Integers of a missing version.
const VERSION = 0;
const ENTITY = 1;
/** Neighbours in order of time, −1 at the ends. */
const BEFORE = 2;
const BEHIND = 3;
/** The next missing version of the same entity, −1 for none. */
const NEXT = 4;
/** 1 for what the replica had and lost again by going back. */
const LOST_AGAIN = 5;
const INTEGERS = 6;

// Integers of an entity.
const APPLIED = 0;
/** First and last missing version of it + 1, 0 for none. */
const FIRST = 1;
const LAST = 2;
const ENTITY_CELLS = 3;

// Ends of the list in order of time.
const OLDEST = 0;
const NEWEST = 1;

// Counters.
const APPLICATIONS = 0;
const REPEATED = 1;
const OLDER_IGNORED = 2;
const WENT_BACK = 3;
const SKIPPED = 4;
const COUNTERS = 5;

/** What has come of applying a version: it is newer than what was there, the same once more, older and left out, or older
 *  and put in its place. */
export const applied = { newer: 0, again: 1, olderIgnored: 2, wentBack: 3 } as const;

/** Counters of a replica. */
export interface ReplicaCounts {
  readonly applications: number;
  /** Applied once more. */
  readonly repeated: number;
  readonly olderIgnored: number;
  readonly wentBack: number;
  /** Versions that were passed over by a newer one before they came. */
  readonly skipped: number;
}

/** One store's view of another; entities are the rows of that other store. */
export class Replica {
  /** Numbers of the components: where it is kept, and of what it is a replica. */
  readonly store: number;
  readonly source: number;
  readonly #missing: Rows;
  readonly #age: StalenessAge;
  readonly #entities: Int32Column;
  /** First and last missing version in order of time, −1 for none. */
  readonly #ends: Int32Column;
  readonly #counts: Float64Column;
  /** From commit to the moment from which the replica has it or a newer one [ns]. */
  readonly delay: Observations;
  /** Entities of which it lacks something. */
  readonly staleKeys: LevelSeries;
  /** Those who wait for versions to come; set up before the run. */
  readonly watchers: { advanced(replica: Replica, entity: number): void }[] = [];

  constructor(
    arena: Arena,
    name: string,
    ends: { readonly store: number; readonly source: number; readonly limitNs: number },
  ) {
    this.store = ends.store;
    this.source = ends.source;
    this.#missing = new Rows(arena, `${name}/missing`, { integers: INTEGERS, doubles: 1 });
    this.#age = new StalenessAge(arena, name, ends.limitNs);
    this.#entities = arena.int32(`${name}/entities`);
    this.#ends = arena.int32(`${name}/ends`, 2);
    this.#ends.data.fill(-1);
    this.#counts = arena.float64(`${name}/counts`, COUNTERS);
    this.delay = new Observations(arena, `${name}/delay`);
    this.staleKeys = new LevelSeries(arena, `${name}/stale-keys`);
  }

  /** The source has committed a version. */
  committed(entity: number, version: number, nowNs: number): void {
    this.#ensure(entity);
    const row = this.#take(entity, version, nowNs);
    const cells = this.#entities.data;
    const at = entity * ENTITY_CELLS;
    if (cells[at + FIRST] === 0) this.#isStale(at, row, nowNs);
    else this.#missing.integers[(cells[at + LAST]! - 1) * INTEGERS + NEXT] = row;
    cells[at + LAST] = row + 1;
  }

  /** The state as of a version has come; one of `applied`. Where order is kept, an older one is left out. */
  applyState(
    entity: number,
    version: number,
    nowNs: number,
    order: "kept" | "as it comes",
  ): number {
    this.#ensure(entity);
    const counts = this.#counts.data;
    counts[APPLICATIONS]!++;
    const at = entity * ENTITY_CELLS;
    const had = this.#entities.data[at + APPLIED]!;
    if (version === had) {
      counts[REPEATED]!++;
      return applied.again;
    }
    if (version > had) {
      this.#catchUp(at, version, nowNs);
      for (const watcher of this.watchers) watcher.advanced(this, entity);
      return applied.newer;
    }
    if (order === "kept") {
      counts[OLDER_IGNORED]!++;
      return applied.olderIgnored;
    }
    counts[WENT_BACK]!++;
    this.#goBack(entity, version, nowNs);
    return applied.wentBack;
  }

  /** The change that led to a version has come; one of `applied`. Each change counts on its own, in any order. */
  applyChange(entity: number, version: number, nowNs: number): number {
    this.#ensure(entity);
    const counts = this.#counts.data;
    counts[APPLICATIONS]!++;
    const cells = this.#entities.data;
    const at = entity * ENTITY_CELLS;
    const { integers } = this.#missing;
    let before = -1;
    let row = cells[at + FIRST]! - 1;
    while (row >= 0 && integers[row * INTEGERS + VERSION]! < version) {
      before = row;
      row = integers[row * INTEGERS + NEXT]!;
    }
    if (row < 0 || integers[row * INTEGERS + VERSION] !== version) {
      counts[REPEATED]!++;
      return applied.again;
    }
    cells[at + APPLIED] = Math.max(cells[at + APPLIED]!, version);
    const next = integers[row * INTEGERS + NEXT]!;
    if (before >= 0) integers[before * INTEGERS + NEXT] = next;
    else cells[at + FIRST] = next + 1;
    if (next < 0) cells[at + LAST] = before + 1;
    this.#arrived(row, nowNs);
    if (cells[at + FIRST] === 0) this.staleKeys.add(nowNs, -1);
    for (const watcher of this.watchers) watcher.advanced(this, entity);
    return applied.newer;
  }

  /** Version that the replica has of an entity, 0 for none. */
  version(entity: number): number {
    const at = entity * ENTITY_CELLS;
    return at < this.#entities.length ? this.#entities.data[at + APPLIED]! : 0;
  }

  /** Whether it lacks something of an entity. */
  isStale(entity: number): boolean {
    const at = entity * ENTITY_CELLS;
    return at < this.#entities.length && this.#entities.data[at + FIRST]! > 0;
  }

  /** Whether it lacks a version of an entity, or one before it. */
  lacks(entity: number, version: number): boolean {
    if (!this.isStale(entity)) return false;
    const first = this.#entities.data[entity * ENTITY_CELLS + FIRST]! - 1;
    return this.#missing.integers[first * INTEGERS + VERSION]! <= version;
  }

  /** Since when it lacks something of an entity [ns]; −1 while it lacks nothing. */
  missingSinceNs(entity: number): number {
    return this.isStale(entity)
      ? this.#missing.doubles[this.#entities.data[entity * ENTITY_CELLS + FIRST]! - 1]!
      : -1;
  }

  /** Number of versions that it lacks, of all entities together. */
  lacking(): number {
    return this.#missing.size();
  }

  /** Age of the oldest update that it lacks, over time from 0 to now [ns]. */
  age(nowNs: number): AgeFigures {
    return this.#age.figures(nowNs);
  }

  /** When each version was committed that it lacks now [ns], the oldest first, without those that it had and lost. */
  lackingSinceNs(): readonly number[] {
    const times: number[] = [];
    const { integers, doubles } = this.#missing;
    for (let row = this.#ends.data[OLDEST]!; row >= 0; row = integers[row * INTEGERS + BEHIND]!)
      if (integers[row * INTEGERS + LOST_AGAIN] === 0) times.push(doubles[row]!);
    return times;
  }

  counts(): ReplicaCounts {
    const cells = this.#counts.data;
    return {
      applications: cells[APPLICATIONS]!,
      repeated: cells[REPEATED]!,
      olderIgnored: cells[OLDER_IGNORED]!,
      wentBack: cells[WENT_BACK]!,
      skipped: cells[SKIPPED]!,
    };
  }

  #ensure(entity: number): void {
    const length = (entity + 1) * ENTITY_CELLS;
    if (this.#entities.length < length) this.#entities.resize(length);
  }

  /** A row for a version that is missing from now on, the newest in order of time. */
  #take(entity: number, version: number, nowNs: number): number {
    const row = this.#missing.take();
    const { integers, doubles } = this.#missing;
    const ends = this.#ends.data;
    const at = row * INTEGERS;
    integers[at + VERSION] = version;
    integers[at + ENTITY] = entity;
    integers[at + BEFORE] = ends[NEWEST]!;
    integers[at + BEHIND] = -1;
    integers[at + NEXT] = -1;
    integers[at + LOST_AGAIN] = 0;
    doubles[row] = nowNs;
    if (ends[NEWEST]! >= 0) integers[ends[NEWEST]! * INTEGERS + BEHIND] = row;
    else {
      ends[OLDEST] = row;
      this.#age.change(nowNs, nowNs);
    }
    ends[NEWEST] = row;
    return row;
  }

  #isStale(at: number, row: number, nowNs: number): void {
    this.#entities.data[at + FIRST] = row + 1;
    this.staleKeys.add(nowNs, 1);
  }

  /** Everything up to a version is there. */
  #catchUp(at: number, version: number, nowNs: number): void {
    const cells = this.#entities.data;
    const { integers } = this.#missing;
    cells[at + APPLIED] = version;
    let row = cells[at + FIRST]! - 1;
    if (row < 0) return;
    while (row >= 0 && integers[row * INTEGERS + VERSION]! <= version) {
      const next = integers[row * INTEGERS + NEXT]!;
      const wasPassed = integers[row * INTEGERS + VERSION]! < version;
      if (wasPassed && integers[row * INTEGERS + LOST_AGAIN] === 0) this.#counts.data[SKIPPED]!++;
      this.#arrived(row, nowNs);
      row = next;
    }
    cells[at + FIRST] = row + 1;
    if (row >= 0) return;
    cells[at + LAST] = 0;
    this.staleKeys.add(nowNs, -1);
  }

  /** An older version has replaced what was there: that is missing from now on. */
  #goBack(entity: number, version: number, nowNs: number): void {
    const at = entity * ENTITY_CELLS;
    const cells = this.#entities.data;
    const had = cells[at + APPLIED]!;
    cells[at + APPLIED] = version;
    const row = this.#take(entity, had, nowNs);
    const { integers } = this.#missing;
    integers[row * INTEGERS + LOST_AGAIN] = 1;
    const first = cells[at + FIRST]! - 1;
    if (first < 0) this.#isStale(at, row, nowNs);
    let before = -1;
    let next = first;
    while (next >= 0 && integers[next * INTEGERS + VERSION]! < had) {
      before = next;
      next = integers[next * INTEGERS + NEXT]!;
    }
    integers[row * INTEGERS + NEXT] = next;
    if (before >= 0) integers[before * INTEGERS + NEXT] = row;
    else cells[at + FIRST] = row + 1;
    if (next < 0) cells[at + LAST] = row + 1;
  }

  /** A missing version is there: its row is free again. */
  #arrived(row: number, nowNs: number): void {
    const { integers, doubles } = this.#missing;
    const ends = this.#ends.data;
    const before = integers[row * INTEGERS + BEFORE]!;
    const behind = integers[row * INTEGERS + BEHIND]!;
    if (integers[row * INTEGERS + LOST_AGAIN] === 0) this.delay.record(nowNs - doubles[row]!);
    if (behind >= 0) integers[behind * INTEGERS + BEFORE] = before;
    else ends[NEWEST] = before;
    if (before >= 0) integers[before * INTEGERS + BEHIND] = behind;
    else {
      ends[OLDEST] = behind;
      this.#age.change(nowNs, behind < 0 ? -1 : doubles[behind]!);
    }
    this.#missing.give(row);
  }
}
