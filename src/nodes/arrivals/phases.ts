// Bursts: states of a source that follow each other in turn, each with a factor on the rate and a length.
// On and off is the case of two states with factors 1 and 0; with exponential lengths and Poisson arrivals it is
// an interrupted Poisson process, and states in general make a Markov-modulated one.

import type { Distribution } from "../../base/distribution.ts";
import { msToNs } from "../../base/units.ts";
import type { Int32Column } from "../../kernel/arena.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import type { ProducerValues, SourcePlan } from "./source.ts";

/** The states of one source, and in which it is. */
export class Phases {
  readonly #factors: readonly number[];
  readonly #lengths: readonly Sampler[];
  readonly #phase: Int32Column;

  constructor(phases: readonly Phase[], { id, context }: SourcePlan) {
    this.#factors = phases.map(({ factor }) => factor);
    // A stream for each, so that changing one length leaves the draws of the others as they were.
    this.#lengths = phases.map(({ length }, i) =>
      createSampler(length, context.random(`phase-${i}`)),
    );
    this.#phase = context.arena.int32(`${id}/phase`, 1);
  }

  /** Factor on the rate in the present state. */
  factor(): number {
    return this.#factors[this.#phase.data[0]!]!;
  }

  /** Draws how long the present state lasts from its beginning [ns]. */
  lengthNs(): number {
    return msToNs(this.#lengths[this.#phase.data[0]!]!.sample());
  }

  /** Goes on to the next state. */
  advance(): void {
    this.#phase.data[0] = (this.#phase.data[0]! + 1) % this.#factors.length;
  }
}

interface Phase {
  readonly factor: number;
  readonly length: Distribution;
}

/** The states that a producer's parameters describe; undefined when it has no bursts. */
export function createPhases(plan: SourcePlan): Phases | undefined {
  const phases = phasesOf(plan.values);
  return phases.length === 0 ? undefined : new Phases(phases, plan);
}

function phasesOf({ bursts, onTime, offTime, states, stateLength }: ProducerValues): Phase[] {
  switch (bursts) {
    case "none":
      return [];
    case "on-off":
      return [
        { factor: 1, length: onTime },
        { factor: 0, length: offTime },
      ];
    case "states":
      return states.map(({ factor, mean }) => ({
        factor,
        length:
          stateLength === "constant"
            ? { distribution: "constant", value: mean }
            : { distribution: "exponential", mean },
      }));
  }
}
