// The parameters of a service that may change while it runs, as state of the run.

import { assert } from "../base/assert.ts";
import { type FieldValue, isDistribution, type ValuesOf } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import type { Arena } from "../kernel/arena.ts";
import { LiveSampler } from "../kernel/liveSampler.ts";
import type { RandomStream } from "../kernel/random.ts";
import { backoffNs } from "./patterns/backoff.ts";
import type { service } from "./service.ts";

type Values = ValuesOf<(typeof service)["fields"]>;

const numbers = ["errorRate", "attempts", "backoff", "mailbox"] as const;
/** Where each of them stands. */
const cells = { errorRate: 0, attempts: 1, backoff: 2, mailbox: 3 } as const;

/** Numbers that are 0 where nobody states them. */
const quietNumbers = ["permanentErrors", "poison"] as const;
const quietCells = { permanentErrors: 0, poison: 1 } as const;

/** Live parameters of one service. */
export class ServiceSettings {
  readonly #stated: Values;
  readonly #numbers: Float64Array;
  readonly #quiet: Float64Array;
  readonly #serviceTime: LiveSampler;

  constructor(arena: Arena, id: string, stated: Values, work: RandomStream) {
    this.#stated = stated;
    this.#numbers = arena.float64(`${id}/settings`, numbers.length).data;
    this.#serviceTime = new LiveSampler(arena, `${id}/service-time`, stated.serviceTime, work);
    this.#quiet = arena.quietFloats(`${id}/settings/more`, quietNumbers.length).data;
    for (const name of [...numbers, ...quietNumbers]) this.set(name, stated[name]);
  }

  /** Draws a service time [ns]. */
  serviceTimeNs(): number {
    return msToNs(this.#serviceTime.sample());
  }

  /** Draws the wait after a failed attempt (1, 2, …) before which there was another wait, or none (0) [ns]. */
  backoffNs(attempt: number, waitedNs: number, jitter: RandomStream): number {
    const firstMs = this.number("backoff");
    return backoffNs(this.#stated, { firstMs, attempt, waitedNs }, jitter);
  }

  /** A number that is in force; the request queue is Infinity without a limit. */
  number(name: (typeof numbers)[number]): number {
    return this.#numbers[cells[name]]!;
  }

  /** A share that is in force, 0 where nobody states it. */
  share(name: (typeof quietNumbers)[number]): number {
    return this.#quiet[quietCells[name]]!;
  }

  /** Puts a value into force. */
  set(parameter: string, value: FieldValue): void {
    const index = numbers.findIndex((name) => name === parameter);
    if (index >= 0) this.#numbers[index] = value === null ? Infinity : Number(value);
    const quiet = quietNumbers.findIndex((name) => name === parameter);
    if (quiet >= 0) this.#quiet[quiet] = Number(value);
    if (parameter !== "serviceTime") return;
    assert(isDistribution(value), "the value of a distribution field is a distribution.");
    this.#serviceTime.set(value);
  }
}
