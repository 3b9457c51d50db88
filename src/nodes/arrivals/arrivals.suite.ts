// A producer alone with a clock: what it sends and when, without brokers and services.

import { valuesOf, type Parameters } from "../../base/fields.ts";
import { Arena } from "../../kernel/arena.ts";
import { EventList } from "../../kernel/eventList.ts";
import { RandomStreams } from "../../kernel/random.ts";
import type { ProducerContext } from "../context.ts";
import type { ReplayPlan } from "./source.ts";
import { producerFields } from "../producerFields.ts";
import { ProducerRun } from "../producerRun.ts";

/** One event as it was sent. */
export interface Sent {
  readonly timeNs: number;
  readonly key: number;
  /** The client that waits, −1 for none. */
  readonly client: number;
  /** Of recorded events: the connection, and the stated size [bytes]. */
  readonly connection?: number;
  readonly size?: number;
}

/** What a bench is made from. */
export interface BenchOptions {
  readonly seed?: number;
  /** When the producer stops [ns]. */
  readonly stopNs?: number;
  /** How long a client waits for the end of what it sent [ns]; 0 is at once, within the call that sends. */
  readonly answerNs?: number;
  readonly replay?: ReplayPlan;
}

const ANSWER = 63;

/** A producer with one connection, and the clock that drives it. */
export class Bench {
  readonly producer: ProducerRun;
  readonly arena = new Arena();
  readonly sent: Sent[] = [];
  readonly #events = new EventList(this.arena);
  #nowNs = 0;

  constructor(parameters: Parameters, options: BenchOptions = {}) {
    const { seed = 1, stopNs = Infinity, answerNs = 1e6, replay } = options;
    const streams = new RandomStreams(this.arena, seed);
    const context: ProducerContext = {
      arena: this.arena,
      now: () => this.#nowNs,
      schedule: (delayNs, code, a, b) => this.#events.schedule(this.#nowNs + delayNs, code, a, b),
      random: (purpose) => streams.stream(`source/${purpose}`),
      arrived: () => undefined,
      publishFirst: (_, key, client) => {
        this.sent.push({ timeNs: this.#nowNs, key, client });
        if (client < 0) return;
        if (answerNs === 0) this.producer.ended(client);
        else this.#events.schedule(this.#nowNs + answerNs, ANSWER, client, 0);
      },
      publishRecorded: (connection, key, size) =>
        this.sent.push({ timeNs: this.#nowNs, key, client: -1, connection, size }),
      callFirst: () => undefined,
    };
    const values = valuesOf(producerFields, parameters);
    const plan = { id: "source", values, publishes: [0], calls: [], firstKey: 0, stopNs, replay };
    this.producer = new ProducerRun(plan, context);
    this.producer.start();
  }

  /** Runs up to a time [ns], that included, and returns everything sent so far. */
  run(untilNs: number): readonly Sent[] {
    while (this.#events.peekTime() <= untilNs) {
      this.#events.next();
      this.#nowNs = this.#events.time;
      if (this.#events.code === ANSWER) this.producer.ended(this.#events.a);
      else this.producer.wake(this.#events.code, this.#events.a, this.#events.b);
    }
    this.#nowNs = untilNs;
    return this.sent;
  }

  /** Changes a live parameter now. */
  set(parameter: string, value: number): void {
    this.producer.set(parameter, value);
  }
}

/** Times of what a producer sends up to a time [s]. */
export function timesOf(parameters: Parameters, seconds: number, options?: BenchOptions) {
  return new Bench(parameters, options).run(seconds * 1e9).map(({ timeNs }) => timeNs / 1e9);
}
