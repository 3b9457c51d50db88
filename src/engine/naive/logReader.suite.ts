// A subscription to the events of a store in the naive engine: a list of events, and how far one has come.

import { valuesOf } from "../../base/fields.ts";
import type { CallConnection } from "../../model/scenario.ts";
import { subscriptionFields } from "../../nodes/stores/subscriptionFields.ts";
import type { NaiveEvent, NaiveEventStore } from "./eventStore.suite.ts";
import type { Figures } from "./figures.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

/** One subscription. */
export class NaiveLogReader {
  readonly link: CallConnection;
  readonly #world: NaiveWorld;
  readonly #events: NaiveEventStore;
  readonly #values: ReturnType<typeof valuesOf<typeof subscriptionFields>>;
  #addedNs: number | undefined;
  #caughtUpNs: number | undefined;
  /** Events handed over, and read. */
  #next = 0;
  #read = 0;
  #isReading = false;
  #underWay: NaiveEvent[] = [];
  readonly #counts = { done: 0, passedOver: 0, failed: 0 };

  constructor(world: NaiveWorld, link: CallConnection, events: NaiveEventStore) {
    this.link = link;
    this.#world = world;
    this.#events = events;
    this.#values = valuesOf(subscriptionFields, link.parameters ?? {});
    events.onAppended.push(() => this.#goOn());
  }

  start(): void {
    this.#after(this.#values.startsAt, () => {
      this.#addedNs = this.#world.now();
      if (this.#values.startsWith === "now") this.#next = this.#events.events.length;
      this.#read = this.#next;
      this.#look();
      this.#goOn();
    });
  }

  /** Events that are not handed over yet, and the oldest of them. */
  toHandOver(): readonly NaiveEvent[] {
    if (this.#addedNs === undefined && this.#values.startsWith === "now") return [];
    return this.#events.events.slice(this.#next);
  }

  figures(): Figures {
    const caughtUpNs = (this.#caughtUpNs ?? 0) - (this.#addedNs ?? 0);
    return {
      ...this.#counts,
      waiting: this.toHandOver().length + this.#underWay.length,
      ...(this.#addedNs === undefined ? {} : { addedAt: this.#addedNs / 1e9 }),
      ...(this.#caughtUpNs === undefined ? {} : { caughtUpAfter: caughtUpNs / 1e9 }),
    };
  }

  #look(): void {
    if (this.toHandOver().length + this.#underWay.length === 0)
      this.#caughtUpNs ??= this.#world.now();
  }

  #goOn(): void {
    if (this.#addedNs === undefined || this.#isReading) return;
    const { events } = this.#events;
    for (; this.#next < this.#read; this.#next++) {
      const event = events[this.#next]!;
      const isBusy = this.#underWay.some(({ told }) => told.key === event.told.key);
      if (isBusy || this.#underWay.length === this.#values.parallel) return;
      this.#underWay.push(event);
      this.#handOver(event);
    }
    if (this.#read === events.length) return;
    this.#isReading = true;
    this.#after(this.#values.batchTime, () => {
      this.#isReading = false;
      this.#read = Math.min(events.length, this.#read + this.#values.batch);
      this.#goOn();
    });
  }

  #handOver(event: NaiveEvent): void {
    const request = this.#world.createMessage(this.link, event.key, undefined);
    request.told = event.told;
    this.#world.calls.start(this.link, request, (failure) => this.#answered(event, failure));
  }

  #answered(event: NaiveEvent, failure: string): void {
    const { whenFailed, pause } = this.#values;
    if (failure === "" || failure === "declined") this.#counts.done++;
    else {
      this.#counts.failed++;
      if (whenFailed === "again") return this.#after(pause, () => this.#handOver(event));
      this.#counts.passedOver++;
    }
    this.#underWay = this.#underWay.filter((one) => one !== event);
    this.#goOn();
    this.#look();
  }

  #after(delayMs: number, then: () => void): void {
    this.#world.events.after(Math.round(delayMs * 1e6), then);
  }
}
