// Endpoints that have failed too often in a row: for a while nothing is sent to them, twice as long every time they still fail.

import type { Float64Column, Int32Column } from "../../kernel/arena.ts";
import type { BrokerContext } from "../technology.ts";

/** When an endpoint is on probation and for how long. */
export interface ProbationRule {
  /** Failures in a row after which it begins. */
  readonly failures: number;
  /** How long it takes the first time, and at most [ns]. */
  readonly firstNs: number;
  readonly mostNs: number;
}

/** The probations of the routes of one broker; undefined for a route without. */
export class Probation {
  readonly #context: BrokerContext;
  readonly #rules: readonly (ProbationRule | undefined)[];
  /** Per route: failures in a row, probations in a row; until when nothing is sent [ns]. */
  readonly #failures: Int32Column | undefined;
  readonly #times: Int32Column | undefined;
  readonly #untilNs: Float64Column | undefined;

  constructor(context: BrokerContext, name: string, rules: readonly (ProbationRule | undefined)[]) {
    this.#context = context;
    this.#rules = rules;
    if (rules.every((rule) => rule === undefined)) return;
    this.#failures = context.arena.int32(`${name}.failuresInRow`, rules.length);
    this.#times = context.arena.int32(`${name}.probations`, rules.length);
    this.#untilNs = context.arena.float64(`${name}.probationUntil`, rules.length);
  }

  /** How long nothing may be sent from now on [ns], 0 when it may. */
  leftNs(route: number): number {
    if (this.#untilNs === undefined) return 0;
    return Math.max(0, this.#untilNs.data[route]! - this.#context.now());
  }

  /** An attempt was taken. */
  succeeded(route: number): void {
    if (this.#failures === undefined) return;
    this.#failures.data[route] = 0;
    this.#times!.data[route] = 0;
  }

  /** An attempt has failed. What fails during a probation was sent before it. */
  failed(route: number): void {
    const rule = this.#rules[route];
    if (rule === undefined || this.leftNs(route) > 0) return;
    if (++this.#failures!.data[route]! < rule.failures) return;
    const doublings = Math.min(30, this.#times!.data[route]!++);
    const forNs = Math.min(rule.mostNs, rule.firstNs * 2 ** doublings);
    this.#untilNs!.data[route] = this.#context.now() + forNs;
  }
}
