// The network faults that last at this moment, in the arena: as texts, because a fault is whatever the timeline or a
// person says. A run that has none leaves no trace of this in its hash.

import type { Arena, Float64Column } from "../../kernel/arena.ts";
import type { NetworkFault } from "../../model/networkFault.ts";

/** Faults that have begun and not ended, in the order in which they began. */
export class ActiveFaults {
  /** The characters of a JSON text; empty when there is no fault. */
  readonly #units: Float64Column;
  #faults: readonly NetworkFault[] = [];

  constructor(arena: Arena) {
    this.#units = arena.quietFloats("network/faults");
  }

  /** What the arena says, read again after a restore. */
  readAgain(): void {
    const { data, length } = this.#units;
    let text = "";
    for (let at = 0; at < length; at++) text += String.fromCharCode(data[at]!);
    // Nobody but this class writes there.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    this.#faults = text === "" ? [] : (JSON.parse(text) as readonly NetworkFault[]);
  }

  all(): readonly NetworkFault[] {
    return this.#faults;
  }

  begin(fault: NetworkFault): void {
    this.#keep([...this.#faults, fault]);
  }

  /** Ends the earliest fault that says the same, or without one all that name an element first. */
  end(target: string, fault?: NetworkFault): void {
    if (fault === undefined) {
      this.#keep(this.#faults.filter((one) => one.target !== target));
      return;
    }
    const text = JSON.stringify(fault);
    const ended = this.#faults.findIndex((one) => JSON.stringify(one) === text);
    this.#keep(this.#faults.filter((_, at) => at !== ended));
  }

  #keep(faults: readonly NetworkFault[]): void {
    this.#faults = faults;
    const text = faults.length === 0 ? "" : JSON.stringify(faults);
    this.#units.resize(text.length);
    for (let at = 0; at < text.length; at++) this.#units.data[at] = text.charCodeAt(at);
  }
}
