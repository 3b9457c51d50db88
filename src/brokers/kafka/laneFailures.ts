// How the sending of batches fails: per lane how often in a row and why, and the pause before the next attempt.

import { msToNs } from "../../base/units.ts";
import type { KafkaLanes } from "./lanes.ts";
import type { RandomStream } from "../../kernel/random.ts";
import type { BrokerContext } from "../technology.ts";

/** Why the last attempt of a lane failed. */
export const laneFailures = { noLeader: 0, notEnoughReplicas: 1 } as const;

/** Failed attempts of all lanes of a broker. */
export class LaneFailures {
  readonly #context: BrokerContext;
  readonly #lanes: KafkaLanes;
  readonly #random: RandomStream;
  readonly #wakeCode: number;
  /** Per lane: failed attempts in a row, why the last one failed, and whether it pauses. */
  readonly #attempts: Int32Array;
  readonly #failure: Int32Array;
  readonly #isBackingOff: Int32Array;

  constructor(
    context: BrokerContext,
    lanes: KafkaLanes,
    about: { readonly name: string; readonly wakeCode: number },
  ) {
    const { length } = lanes.publisherOf;
    const ints = (of: string) => context.arena.int32(`${about.name}.${of}`, length).data;
    this.#context = context;
    this.#lanes = lanes;
    this.#random = context.random("retry jitter");
    this.#wakeCode = about.wakeCode;
    this.#attempts = ints("attempts");
    this.#failure = ints("failure");
    this.#isBackingOff = ints("isBackingOff");
  }

  /** Whether a lane pauses before its next attempt. */
  isBackingOff(lane: number): boolean {
    return this.#isBackingOff[lane] === 1;
  }

  /** An attempt has failed: wakes the owner for the next one, after a pause that doubles each time. */
  backOff(lane: number, failure: number): void {
    this.#failure[lane] = failure;
    if (this.#isBackingOff[lane] === 1) return;
    this.#isBackingOff[lane] = 1;
    const { values } = this.#lanes.publisherOf[lane]!;
    const doubled = values["retry.backoff.ms"] * 2 ** Math.min(this.#attempts[lane]!++, 20);
    const jitter = 0.8 + 0.4 * this.#random.uniform();
    const waitMs = Math.min(values["retry.backoff.max.ms"], doubled * jitter);
    this.#context.schedule(msToNs(waitMs), this.#wakeCode, lane, 0);
  }

  /** The pause is over. */
  endPause(lane: number): void {
    this.#isBackingOff[lane] = 0;
  }

  /** A batch has come through. */
  forget(lane: number): void {
    this.#attempts[lane] = 0;
  }

  /** Why what is given up now never came through. */
  reason(lane: number): string {
    const isRefused =
      this.#failure[lane] === laneFailures.notEnoughReplicas && this.#attempts[lane]! > 0;
    return isRefused ? "not-enough-replicas" : "delivery-timeout";
  }
}
