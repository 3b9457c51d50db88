// Throughput units: what a namespace takes in and gives out per second. Who sends too much is told that the service is
// busy; who reads too much only waits.

import { msToNs } from "../../base/units.ts";
import type { HubsPlan } from "./plan.ts";
import { type Quota, Quotas } from "../mechanisms/quotas.ts";
import type { BrokerContext } from "../technology.ts";

/** Code of the timer of auto-inflate. */
export const inflateWake = 21;

// Buckets.
const EVENTS_IN = 0;
const BYTES_IN = 1;
const EVENTS_OUT = 2;
const BYTES_OUT = 3;

/** What one throughput unit allows per second, by bucket. */
const perUnit = [1000, 1_000_000, 4096, 2_000_000];

const UNITS = 0;
const IS_INFLATING = 1;

/** The throughput of one namespace. */
export class ThroughputUnits {
  readonly #plan: HubsPlan;
  readonly #context: BrokerContext;
  readonly #quotas: Quotas;
  readonly #state: Int32Array;
  readonly #isLimited: boolean;

  constructor(plan: HubsPlan, context: BrokerContext) {
    const { tier, throughputUnits } = plan.namespace;
    this.#plan = plan;
    this.#context = context;
    this.#isLimited = tier === "Basic" || tier === "Standard";
    this.#state = context.arena.int32(`${plan.id}.units`, 2).data;
    this.#state[UNITS] = throughputUnits;
    const quotas = perUnit.map((each): Quota => {
      const perS = this.#isLimited ? each * throughputUnits : Infinity;
      return { perS, burst: perS, refill: "each second" };
    });
    this.#quotas = new Quotas(context, `${plan.id}.quotas`, quotas);
  }

  /** Whether the namespace takes an event of a size [bytes] in now. */
  takeIn(size: number): boolean {
    if (!this.#isLimited) return true;
    if (!this.#quotas.has(EVENTS_IN, 1) || !this.#quotas.has(BYTES_IN, size)) {
      this.#inflate();
      return false;
    }
    this.#quotas.draw(EVENTS_IN, 1);
    this.#quotas.draw(BYTES_IN, size);
    return true;
  }

  /** How long an event of a size [bytes] has to wait before it is given out [ns]; 0: it was. */
  giveOut(size: number): number {
    if (!this.#isLimited) return 0;
    const waitNs = Math.max(
      this.#quotas.waitNs(EVENTS_OUT, 1),
      this.#quotas.waitNs(BYTES_OUT, size),
    );
    if (waitNs > 0) return waitNs;
    this.#quotas.draw(EVENTS_OUT, 1);
    this.#quotas.draw(BYTES_OUT, size);
    return 0;
  }

  /** Another number of throughput units. */
  change(units: number): void {
    if (!this.#isLimited) return;
    this.#state[UNITS] = units;
    perUnit.forEach((each, bucket) => this.#quotas.change(bucket, each * units, each * units));
  }

  /** The time to inflate is over. */
  wake(): void {
    this.#state[IS_INFLATING] = 0;
    const units = this.#state[UNITS]! + 1;
    if (units > this.#plan.namespace.maximumThroughputUnits) return;
    this.change(units);
    this.#context.note(this.#plan.id, `auto-inflate: ${units} throughput units from now on`);
  }

  #inflate(): void {
    const { tier, autoInflate, maximumThroughputUnits, inflateMs } = this.#plan.namespace;
    const mayInflate = tier === "Standard" && autoInflate && this.#state[IS_INFLATING] === 0;
    if (!mayInflate || this.#state[UNITS]! >= maximumThroughputUnits) return;
    this.#state[IS_INFLATING] = 1;
    this.#context.schedule(msToNs(inflateMs), inflateWake, 0, 0);
  }
}
