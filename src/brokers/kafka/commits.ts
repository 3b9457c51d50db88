// When consumers commit: what they have dealt with, or everything that they were handed; at once, or at the end of the
// interval of automatic commits.

import { msToNs } from "../../base/units.ts";
import type { KafkaCursors } from "./cursors.ts";
import type { Client, KafkaPlan } from "./plan.ts";
import type { Members } from "../mechanisms/members.ts";
import type { BrokerContext } from "../technology.ts";

/** Code of the timer of automatic commits; the consuming side handles it. */
export const autoCommitWake = 20;

const NONE = -1;

/** The commits of all consumers of a broker. */
export class KafkaCommits {
  readonly #plan: KafkaPlan;
  readonly #context: BrokerContext;
  readonly #cursors: KafkaCursors;
  readonly #members: Members;

  constructor(
    base: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    cursors: KafkaCursors,
    members: Members,
  ) {
    this.#plan = base.plan;
    this.#context = base.context;
    this.#cursors = cursors;
    this.#members = members;
  }

  /** Commits what a member has dealt with, partition by partition. */
  commit(member: number): void {
    this.#members.committedNs.data[member] = this.#context.now();
    for (
      let cursor = this.#members.firstCursor.data[member]!;
      cursor !== NONE;
      cursor = this.#cursors.nextOwned[cursor]!
    )
      this.#cursors.commit(cursor);
  }

  /** The offsets of clients are committed with a transaction, or what was not is read again. */
  endTransaction(clients: readonly number[], how: "committed" | "aborted"): void {
    this.#cursors.owner.forEach((member, cursor) => {
      if (member === NONE || cursor >= this.#plan.cursors.length) return;
      if (!clients.includes(this.#members.client.data[member]!)) return;
      if (how === "committed") this.#cursors.commit(cursor);
      else this.#cursors.reread(cursor, "transaction-aborted");
    });
  }

  /** Commits everything that earlier polls have returned, processed or not. */
  commitAhead(member: number): void {
    this.#members.committedNs.data[member] = this.#context.now();
    for (
      let cursor = this.#members.firstCursor.data[member]!;
      cursor !== NONE;
      cursor = this.#cursors.nextOwned[cursor]!
    )
      this.#cursors.commitAhead(cursor);
  }

  /** Inside poll: commits what earlier polls returned if the interval has passed; otherwise sees to it
   *  that an idle member does so later. */
  commitWhenDue(member: number): void {
    if (this.#context.now() >= this.#dueNs(member)) this.commit(member);
    else this.arm(member);
  }

  /** Sees to it that what is not committed will be at the end of the interval. */
  arm(member: number): void {
    if (this.#members.hasCommitTimer.data[member] === 1 || !this.hasUncommitted(member)) return;
    this.#members.hasCommitTimer.data[member] = 1;
    const life = this.#members.life.data[member]!;
    const delayNs = Math.max(0, this.#dueNs(member) - this.#context.now());
    this.#context.schedule(delayNs, autoCommitWake, member, life);
  }

  /** Whether a member was handed something that is not committed. */
  hasUncommitted(member: number): boolean {
    let cursor = this.#members.firstCursor.data[member]!;
    while (cursor !== NONE && this.#cursors.uncommitted(cursor) === 0)
      cursor = this.#cursors.nextOwned[cursor]!;
    return cursor !== NONE;
  }

  #dueNs(member: number): number {
    const { values } = this.#clientOf(member);
    return this.#members.committedNs.data[member]! + msToNs(values["auto.commit.interval.ms"]);
  }

  #clientOf(member: number): Client {
    return this.#plan.clients[this.#members.client.data[member]!]!;
  }
}
