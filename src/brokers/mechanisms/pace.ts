// When a broker may push to an endpoint again: so many attempts per second, and none for a while when too much has failed.

import type { Float64Column } from "../../kernel/arena.ts";
import { Probation } from "./probation.ts";
import type { PushRoute } from "./pushRoute.ts";
import type { BrokerContext } from "../technology.ts";

const NS_PER_S = 1e9;

/** The pace of every route of one broker. */
export class Pace {
  readonly probation: Probation;
  readonly #context: BrokerContext;
  /** Per route: attempts per second, and from when on the next may start [ns]. */
  readonly #ratePerS: Float64Column;
  readonly #freeNs: Float64Column;

  constructor(context: BrokerContext, name: string, routes: readonly PushRoute[]) {
    this.#context = context;
    this.#ratePerS = context.arena.float64(`${name}.ratePerS`, routes.length);
    this.#freeNs = context.arena.float64(`${name}.freeNs`, routes.length);
    routes.forEach((route, at) => {
      this.#ratePerS.data[at] = route.ratePerS;
    });
    this.probation = new Probation(
      context,
      name,
      routes.map(({ probation }) => probation),
    );
  }

  /** Changes the attempts per second; Infinity: no limit. */
  setRate(route: number, ratePerS: number): void {
    this.#ratePerS.data[route] = ratePerS;
    this.#freeNs.data[route] = this.#context.now();
  }

  /** How long the next attempt has to wait [ns]; 0: it starts now, which counts. */
  askNs(route: number): number {
    const leftNs = this.probation.leftNs(route);
    const rate = this.#ratePerS.data[route]!;
    if (leftNs > 0 || rate === Infinity) return leftNs;
    const nowNs = this.#context.now();
    const waitNs = this.#freeNs.data[route]! - nowNs;
    if (waitNs > 0) return waitNs;
    this.#freeNs.data[route] = nowNs + Math.round(NS_PER_S / rate);
    return 0;
  }

  /** Why what is ready is not sent, as a sentence. */
  why(route: number): string {
    return this.probation.leftNs(route) > 0
      ? "the endpoint has failed too often: nothing is sent to it for a while"
      : `throttled to ${this.#ratePerS.data[route]!} per second`;
  }
}
