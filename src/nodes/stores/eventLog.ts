// The events of a store that keeps them all: one stream per entity, each event behind the one before, so that the state
// of an entity can be told for any past time. Nothing is ever taken out.

import type { ValuesOf } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";
import type { store } from "../store.ts";

// Integers of an event.
const ENTITY = 0;
const VERSION = 1;
/** Number of the message that caused it. */
const MESSAGE = 2;
/** The event before of the same entity, −1 for the first. */
const BEFORE = 3;
const INTEGERS = 4;

// Doubles of an event.
/** When it was appended [ns]. */
const TIME = 0;
/** Value of the entity after it. */
const VALUE = 1;
const DOUBLES = 2;

// Counters.
const BYTES = 0;
const SNAPSHOTS = 1;
const LOADS = 2;
const SNAPSHOTS_READ = 3;
const EVENTS_READ = 4;
const COUNTERS = 5;

/** One event of a stream. */
export interface StoredEvent {
  readonly version: number;
  /** When it was appended [ns]. */
  readonly timeNs: number;
  /** Number of the message that caused it. */
  readonly message: number;
  readonly before: number;
  /** Value of the entity before and after it. */
  readonly value: number;
}

/** Events that are read to know the state in a version: all of them, or those since the last snapshot, of which there
 *  is one every so many events (null: none). */
export function eventsToLoad(version: number, snapshotEvery: number | null): number {
  return snapshotEvery === null ? version : version % snapshotEvery;
}

/** All events of one store, in the order in which they were appended. */
export class EventLog {
  readonly #values: ValuesOf<(typeof store)["fields"]>;
  readonly #events: Rows;
  /** Latest event of each entity + 1, 0 for none. */
  readonly #latest: Int32Column;
  readonly #counts: Float64Column;
  /** Those who read the log to its end and want to know when there is more; set up before the run. */
  readonly readers: { appended(): void }[] = [];
  readonly #snapshotNs: number;
  readonly #eventNs: number;

  constructor(arena: Arena, id: string, values: ValuesOf<(typeof store)["fields"]>) {
    this.#values = values;
    this.#events = new Rows(arena, `${id}/events`, { integers: INTEGERS, doubles: DOUBLES });
    this.#latest = arena.int32(`${id}/latest-events`);
    this.#counts = arena.float64(`${id}/event-counts`, COUNTERS);
    this.#snapshotNs = msToNs(values.snapshotTime);
    this.#eventNs = msToNs(values.eventTime);
  }

  /** Number of events. */
  size(): number {
    return this.#events.size();
  }

  /** Entity, version and time [ns] of the event in a row, and the value of the entity after and before it. */
  entity(event: number): number {
    return this.#events.integers[event * INTEGERS + ENTITY]!;
  }

  version(event: number): number {
    return this.#events.integers[event * INTEGERS + VERSION]!;
  }

  timeNs(event: number): number {
    return this.#events.doubles[event * DOUBLES + TIME]!;
  }

  value(event: number): number {
    return this.#events.doubles[event * DOUBLES + VALUE]!;
  }

  valueBefore(event: number): number {
    const before = this.#events.integers[event * INTEGERS + BEFORE]!;
    return before < 0 ? this.#values.initialValue : this.value(before);
  }

  /** Appends the next event of an entity, which a message of so many bytes has caused. */
  append(entity: number, value: number, nowNs: number, message: number): void {
    if (entity >= this.#latest.length) this.#latest.resize(entity + 1);
    const before = this.#latest.data[entity]! - 1;
    const row = this.#events.take();
    const { integers, doubles } = this.#events;
    const at = row * INTEGERS;
    const version = before < 0 ? 1 : integers[before * INTEGERS + VERSION]! + 1;
    integers[at + ENTITY] = entity;
    integers[at + VERSION] = version;
    integers[at + MESSAGE] = message;
    integers[at + BEFORE] = before;
    doubles[row * DOUBLES + TIME] = nowNs;
    doubles[row * DOUBLES + VALUE] = value;
    this.#latest.data[entity] = row + 1;
    const { snapshotEvery } = this.#values;
    if (snapshotEvery !== null && version % snapshotEvery === 0) this.#counts.data[SNAPSHOTS]!++;
    for (const reader of this.readers) reader.appended();
  }

  /** Adds up what the events take [bytes]. */
  addBytes(bytes: number): void {
    this.#counts.data[BYTES]! += bytes;
  }

  /** Reads what there is of an entity in a version, and says how long that takes [ns]. */
  loadNs(version: number): number {
    const events = eventsToLoad(version, this.#values.snapshotEvery);
    const counts = this.#counts.data;
    counts[LOADS]!++;
    counts[EVENTS_READ]! += events;
    if (events < version) counts[SNAPSHOTS_READ]!++;
    return this.#timeNs(version, events);
  }

  /** What reading an entity in a version costs: events, and time beside the read itself [ns]. */
  costOf(version: number): { readonly events: number; readonly ns: number } {
    const events = eventsToLoad(version, this.#values.snapshotEvery);
    return { events, ns: this.#timeNs(version, events) };
  }

  #timeNs(version: number, events: number): number {
    return events * this.#eventNs + (events < version ? this.#snapshotNs : 0);
  }

  /** The events of an entity up to a time [ns], the oldest first. */
  streamOf(entity: number, untilNs: number): readonly StoredEvent[] {
    const { integers } = this.#events;
    const stream: StoredEvent[] = [];
    let row = (this.#latest.data[entity] ?? 0) - 1;
    while (row >= 0) {
      const timeNs = this.timeNs(row);
      if (timeNs <= untilNs)
        stream.push({
          version: this.version(row),
          timeNs,
          message: integers[row * INTEGERS + MESSAGE]! >>> 0,
          before: this.valueBefore(row),
          value: this.value(row),
        });
      row = integers[row * INTEGERS + BEFORE]!;
    }
    return stream.reverse();
  }

  /** What it did, by name. */
  counts(): Readonly<Record<string, number>> {
    const counts = this.#counts.data;
    return {
      "events stored": this.size(),
      "bytes of events": counts[BYTES]!,
      "entities loaded": counts[LOADS]!,
      "events read for that": counts[EVENTS_READ]!,
      ...(this.#values.snapshotEvery === null
        ? {}
        : {
            "snapshots taken": counts[SNAPSHOTS]!,
            "snapshots read": counts[SNAPSHOTS_READ]!,
          }),
    };
  }
}
