// Event stores of the naive engine: what was loaded is kept as a list and counted when somebody asks.

import type { ValuesOf } from "../../base/fields.ts";
import type { store } from "../../nodes/store.ts";
import type { Told } from "./data.suite.ts";
import type { Key } from "./things.suite.ts";

type Values = ValuesOf<(typeof store)["fields"]>;

/** An event: what it is about, and what it tells. */
export interface NaiveEvent {
  readonly key: Key;
  readonly timeNs: number;
  readonly bytes: number;
  readonly told: Told;
}

/** What a store that keeps events has done. */
export class NaiveEventStore {
  readonly #values: Values;
  readonly events: NaiveEvent[] = [];
  /** Called when there is one more. */
  readonly onAppended: (() => void)[] = [];
  /** Version that was loaded each time. */
  readonly #loaded: number[] = [];

  constructor(values: Values) {
    this.#values = values;
  }

  append(event: NaiveEvent): void {
    this.events.push(event);
    for (const tell of this.onAppended) tell();
  }

  /** Reads an entity in a version; how long that takes [ns]. */
  loadNs(version: number): number {
    this.#loaded.push(version);
    const { snapshotTime, eventTime } = this.#values;
    const snapshotNs = this.#lastSnapshot(version) > 0 ? Math.round(snapshotTime * 1e6) : 0;
    return snapshotNs + this.#toRead(version) * Math.round(eventTime * 1e6);
  }

  counts(): Readonly<Record<string, number>> {
    const { snapshotEvery } = this.#values;
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    return {
      "events stored": this.events.length,
      "bytes of events": sum(this.events.map(({ bytes }) => bytes)),
      "entities loaded": this.#loaded.length,
      "events read for that": sum(this.#loaded.map((version) => this.#toRead(version))),
      ...(snapshotEvery === null
        ? {}
        : {
            "snapshots taken": this.events.filter(
              ({ told }) => this.#lastSnapshot(told.version) === told.version,
            ).length,
            "snapshots read": this.#loaded.filter((version) => this.#lastSnapshot(version) > 0)
              .length,
          }),
    };
  }

  /** Version of the last snapshot up to a version, 0 for none. */
  #lastSnapshot(version: number): number {
    const { snapshotEvery } = this.#values;
    let last = 0;
    for (let one = snapshotEvery ?? Infinity; one <= version; one += snapshotEvery ?? 0) last = one;
    return last;
  }

  #toRead(version: number): number {
    return version - this.#lastSnapshot(version);
  }
}
