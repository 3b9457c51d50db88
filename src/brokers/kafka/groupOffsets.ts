// Whether groups have committed offsets. Who was there when the run began has; a group that comes later, or whose offsets
// were forgotten while it had no members, begins where auto.offset.reset says.

import { msToNs } from "../../base/units.ts";
import type { KafkaCursors } from "./cursors.ts";
import type { KafkaPlan } from "./plan.ts";
import type { BrokerContext } from "../technology.ts";

/** Code of the timer that forgets offsets; the consuming side hands it to `forget`. */
export const forgetWake = 21;

const MINUTE_MS = 60_000;

/** Offsets of all groups of a broker. */
export class GroupOffsets {
  readonly #plan: KafkaPlan;
  readonly #context: BrokerContext;
  readonly #cursors: KafkaCursors;
  /** Per group: 1 when it has offsets · how often it has lost its last member. */
  readonly #has: Int32Array;
  readonly #emptied: Int32Array;
  readonly #isEmpty: Int32Array;

  constructor(
    base: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    cursors: KafkaCursors,
  ) {
    const { plan, context } = base;
    const groups = plan.groups.length;
    this.#plan = plan;
    this.#context = context;
    this.#cursors = cursors;
    this.#has = context.arena.int32(`${plan.id}.offsets.has`, groups).data;
    this.#emptied = context.arena.int32(`${plan.id}.offsets.emptied`, groups).data;
    this.#isEmpty = context.arena.int32(`${plan.id}.offsets.isEmpty`, groups).data;
  }

  /** Members are given partitions: without committed offsets they begin where the setting says. At the very beginning
   *  there is nothing yet, so that a group begins at 0 whatever it says. */
  begin(group: number): void {
    this.#isEmpty[group] = 0;
    if (this.#has[group] === 1) return;
    this.#has[group] = 1;
    const { firstCursors, topics, clients } = this.#plan.groups[group]!;
    const reset = clients[0]!.values["auto.offset.reset"];
    firstCursors.forEach((first, i) => {
      const { partitions } = this.#plan.topics[topics[i]!]!;
      for (let cursor = first; cursor < first + partitions; cursor++)
        this.#cursors.beginWithout(cursor, reset);
    });
  }

  /** The last member has left: the offsets stay for a while. */
  onEmpty(group: number): void {
    this.#isEmpty[group] = 1;
    const stamp = ++this.#emptied[group]!;
    const retentionMs = this.#plan.cluster["offsets.retention.minutes"] * MINUTE_MS;
    this.#context.schedule(msToNs(retentionMs), forgetWake, group, stamp);
  }

  /** Forgets the offsets of a group that has had no member since. */
  forget(group: number, stamp: number): void {
    if (this.#emptied[group] !== stamp || this.#isEmpty[group] === 0) return;
    this.#has[group] = 0;
    const { id } = this.#plan.groups[group]!;
    this.#context.note(
      this.#plan.id,
      `group ${id}: its offsets are forgotten, as nobody was there`,
    );
  }
}
