// A window of time in which a broker remembers the ids of what it has accepted, so that the same id is not accepted
// twice. Knows no protocol; what an id is, and in what scope, is the owner's.

import type { Arena, Float64Column } from "../../kernel/arena.ts";

/** Ids that were accepted lately. An id is a small integer (such as the number of a key) in a lane; each lane is a
 *  scope of its own. An id costs eight bytes. */
export class DeduplicationWindow {
  readonly #windowNs: number;
  /** Per lane and id: one more than when it was accepted [ns]; 0: never. */
  readonly #accepted: readonly Float64Column[];

  constructor(arena: Arena, name: string, about: { lanes: number; windowNs: number }) {
    this.#windowNs = about.windowNs;
    this.#accepted = Array.from({ length: about.lanes }, (_, lane) =>
      arena.float64(`${name}.lane${lane}`),
    );
  }

  /** Accepts an id unless it was accepted less than a window ago; what is refused does not prolong the window. What has
   *  become of the message does not matter. */
  accept(lane: number, id: number, nowNs: number): boolean {
    const accepted = this.#accepted[lane]!;
    if (id >= accepted.length) accepted.resize(id + 1);
    const before = accepted.data[id]!;
    if (before > 0 && nowNs - (before - 1) < this.#windowNs) return false;
    accepted.data[id] = nowNs + 1;
    return true;
  }

  /** Forgets an id: whatever comes next is accepted. */
  forget(lane: number, id: number): void {
    const accepted = this.#accepted[lane]!;
    if (id < accepted.length) accepted.data[id] = 0;
  }
}
