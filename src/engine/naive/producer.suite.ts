// A producer of the naive engine: arrivals at a rate, each sent over every outgoing connection.

import { type FieldValue, valuesOf } from "../../base/fields.ts";
import { ZipfSampler } from "../../kernel/zipf.ts";
import type { CallConnection, Node, PublishConnection } from "../../model/scenario.ts";
import { producer } from "../../nodes/producer.ts";
import { cancel, type Timer } from "./eventArray.suite.ts";
import type { Key } from "./things.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

/** The running producer. */
export class NaiveProducer {
  readonly #world: NaiveWorld;
  readonly #id: string;
  readonly #values;
  readonly #publishes: readonly PublishConnection[];
  readonly #calls: readonly CallConnection[];
  readonly #stopNs: number;
  readonly #nextNumber: () => number;
  #ratePerS: number;
  /** Constant arrivals are at anchor + n / rate. */
  #anchorNs = 0;
  #sinceAnchor = 0;
  #arrival: Timer | undefined;

  constructor(world: NaiveWorld, node: Node) {
    const { connections, load } = world.scenario;
    const out = connections.filter(({ from }) => from === node.id);
    this.#world = world;
    this.#id = node.id;
    this.#values = valuesOf(producer.fields, node.parameters ?? {});
    this.#publishes = out.filter((link) => link.kind === "publish");
    this.#calls = out.filter((link) => link.kind === "call");
    this.#stopNs = Math.round(Math.min(load.duration, load.sourcesStopAt ?? load.duration) * 1e6);
    this.#ratePerS = this.#values.rate;
    this.#nextNumber = this.#numbers();
  }

  start(): void {
    this.#planNext();
  }

  /** Changes a live parameter. */
  set(_parameter: string, value: FieldValue): void {
    this.#ratePerS = Number(value);
    this.#anchorNs = this.#world.now();
    this.#sinceAnchor = 0;
    cancel(this.#arrival);
    this.#planNext();
  }

  #planNext(): void {
    if (this.#ratePerS === 0) return;
    const delayNs = this.#gapNs();
    if (this.#world.now() + delayNs >= this.#stopNs) return;
    this.#arrival = this.#world.events.after(delayNs, () => this.#arrive());
  }

  #gapNs(): number {
    if (this.#values.arrivals === "poisson")
      return Math.round(
        (this.#world.random(this.#id, "arrivals").exponential() * 1e9) / this.#ratePerS,
      );
    const arrivalNs = this.#anchorNs + Math.round((++this.#sinceAnchor * 1e9) / this.#ratePerS);
    return arrivalNs - this.#world.now();
  }

  #arrive(): void {
    const world = this.#world;
    const key = this.#nextKey();
    world.tally.add("handled", this.#id);
    for (const link of this.#publishes)
      world.publish(link, world.createMessage(link, key, undefined));
    for (const link of this.#calls)
      world.calls.start(link, world.createMessage(link, key, undefined), undefined);
    this.#planNext();
  }

  #nextKey(): Key | undefined {
    const number = this.#nextNumber();
    const text = `${this.#values.keyName}-${number}`;
    return number < 0 ? undefined : { producer: this.#id, number, text };
  }

  #numbers(): () => number {
    const { keys, keyChoice, zipfExponent } = this.#values;
    const stream = this.#world.random(this.#id, "keys");
    if (keyChoice === "none") return () => -1;
    if (keyChoice === "uniform") return () => stream.below(keys);
    if (keyChoice === "zipf") {
      const zipf = new ZipfSampler(keys, zipfExponent, stream);
      return () => zipf.sample();
    }
    let arrivals = 0;
    return () => arrivals++ % keys;
  }
}
