// When the events of a naive producer come. Open arrivals are counted on a clock that runs at the rate; the clients of
// a closed population think, send, and wait for the end of everything they sent.

import type { Distribution } from "../../base/distribution.ts";
import type { ValuesOf } from "../../base/fields.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import type { RandomStream } from "../../kernel/random.ts";
import type { producer } from "../../nodes/producer.ts";
import { cancel, type EventArray, type Timer } from "./eventArray.suite.ts";

/** What arrivals need to know of their producer. */
export interface ArrivalsOf {
  readonly values: ValuesOf<(typeof producer)["fields"]>;
  readonly events: EventArray;
  /** What would come at this time or later does not come [ns]. */
  readonly stopNs: number;
  readonly random: (purpose: string) => RandomStream;
  /** Sends one event over every connection; `onEnd` is told of the end of each. */
  readonly send: (onEnd: (() => void) | undefined) => void;
  /** Number of connections. */
  readonly links: number;
}

/** A kind of arrivals. */
export interface Arrivals {
  start(): void;
  set(parameter: string, value: number): void;
}

interface Phase {
  readonly factor: number;
  readonly length: Sampler;
}

/** Events that come whatever becomes of them. */
export class NaiveOpenArrivals implements Arrivals {
  readonly #of: ArrivalsOf;
  readonly #gap: Sampler;
  /** In turn; one that lasts for ever without bursts. */
  #phases: readonly Phase[];
  readonly #hasBursts: boolean;
  #ratePerS: number;
  /** Time from which the clock is read [ns], and its reading when the next arrival is due. */
  #anchorNs = 0;
  #due = 0;
  #nextNs = Infinity;
  #timer: Timer | undefined;

  constructor(of: ArrivalsOf) {
    const { values, random } = of;
    const lengths = phaseLengths(values);
    this.#of = of;
    this.#gap = createSampler(values.gap, random("arrivals"));
    this.#ratePerS = values.arrivals === "renewal" ? 1000 : values.rate;
    this.#hasBursts = lengths.length > 0;
    this.#phases = lengths.map(({ factor, length }, i) => ({
      factor,
      length: createSampler(length, random(`phase-${i}`)),
    }));
  }

  start(): void {
    if (this.#hasBursts) this.#planChange();
    this.#draw();
    this.#plan();
  }

  set(parameter: string, value: number): void {
    // Gaps of any distribution are in milliseconds, whatever the rate.
    if (parameter !== "rate" || this.#of.values.arrivals === "renewal") return;
    this.#readClock();
    this.#ratePerS = value;
    this.#planAnew();
  }

  #draw(): void {
    const { values, events, random } = this.#of;
    // Constant arrivals are counted from a fixed anchor, so that no fractions accumulate.
    if (values.arrivals === "constant") {
      this.#due++;
      return;
    }
    this.#anchorNs = events.nowNs;
    this.#due =
      values.arrivals === "poisson" ? random("arrivals").exponential() : this.#gap.sample();
  }

  /** By how much the present burst is above the rate. */
  #factor(): number {
    return this.#phases[0]?.factor ?? 1;
  }

  #plan(): void {
    const { events, stopNs } = this.#of;
    const waitNs =
      this.#due === 0 ? 0 : Math.round((this.#due * 1e9) / (this.#ratePerS * this.#factor()));
    this.#nextNs = this.#anchorNs + waitNs;
    if (this.#nextNs >= stopNs) return;
    this.#timer = events.after(this.#nextNs - events.nowNs, () => this.#arrive());
  }

  #arrive(): void {
    for (let left = this.#batch(); left > 0; left--) this.#of.send(undefined);
    this.#draw();
    this.#plan();
  }

  #batch(): number {
    const { values, random } = this.#of;
    const { batch } = values;
    if (batch.distribution === "constant" && batch.value <= 1) return 1;
    const drawn = Math.ceil(createSampler(batch, random("batches")).sample());
    return Math.min(10_000, Math.max(1, drawn));
  }

  /** Moves the anchor to now; what is due at this very instant is due. */
  #readClock(): void {
    const { nowNs } = this.#of.events;
    const expected = ((nowNs - this.#anchorNs) * this.#ratePerS) / 1e9;
    const passed = this.#factor() * expected;
    this.#due = this.#nextNs === nowNs ? 0 : Math.max(0, this.#due - passed);
    this.#anchorNs = nowNs;
  }

  #planAnew(): void {
    if (this.#nextNs === this.#of.events.nowNs) return;
    cancel(this.#timer);
    this.#plan();
  }

  #planChange(): void {
    const { events, stopNs } = this.#of;
    const lengthNs = Math.round(this.#phases[0]!.length.sample() * 1e6);
    if (events.nowNs + lengthNs < stopNs) events.after(lengthNs, () => this.#change());
  }

  #change(): void {
    const [present, ...others] = this.#phases;
    this.#readClock();
    this.#phases = [...others, present!];
    this.#planChange();
    this.#planAnew();
  }
}

function phaseLengths(
  values: ArrivalsOf["values"],
): readonly { readonly factor: number; readonly length: Distribution }[] {
  const { bursts, onTime, offTime, states, stateLength } = values;
  if (bursts === "none") return [];
  if (bursts === "on-off")
    return [
      { factor: 1, length: onTime },
      { factor: 0, length: offTime },
    ];
  return states.map(({ factor, mean }) => {
    const isConstant = stateLength === "constant";
    const constant = { distribution: "constant", value: mean } as const;
    return { factor, length: isConstant ? constant : { distribution: "exponential", mean } };
  });
}

interface Client {
  readonly number: number;
  /** Neither thinking nor waiting. */
  isAway: boolean;
}

/** A closed population. */
export class NaiveClients implements Arrivals {
  readonly #of: ArrivalsOf;
  readonly #think: Sampler;
  readonly #clients: Client[] = [];
  #population: number;

  constructor(of: ArrivalsOf) {
    this.#of = of;
    this.#population = of.values.clients;
    this.#think = createSampler(of.values.think, of.random("think"));
    this.#hire();
  }

  start(): void {
    const { rampUp, clients } = this.#of.values;
    for (const client of this.#clients)
      this.#thinks(client, Math.round(((client.number * rampUp) / clients) * 1e6));
  }

  set(parameter: string, value: number): void {
    if (parameter !== "clients") return;
    this.#population = value;
    this.#hire();
    for (const client of this.#clients.slice(0, value)) if (client.isAway) this.#thinks(client, 0);
  }

  #hire(): void {
    while (this.#clients.length < this.#population)
      this.#clients.push({ number: this.#clients.length, isAway: true });
  }

  #thinks(client: Client, afterNs: number): void {
    const { events, stopNs } = this.#of;
    const delayNs = afterNs + Math.round(this.#think.sample() * 1e6);
    client.isAway = events.nowNs + delayNs >= stopNs || client.number >= this.#population;
    if (!client.isAway) events.after(delayNs, () => this.#sends(client));
  }

  #sends(client: Client): void {
    if (client.number >= this.#population) {
      client.isAway = true;
      return;
    }
    let waitsFor = this.#of.links;
    let isSending = true;
    this.#of.send(() => {
      waitsFor--;
      if (waitsFor === 0 && !isSending) this.#thinks(client, 0);
    });
    isSending = false;
    if (waitsFor === 0) this.#thinks(client, 0);
  }
}
