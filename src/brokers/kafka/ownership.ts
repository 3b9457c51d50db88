// Which member of a group reads which partition: giving partitions to members and taking them away, all at once or only
// those that move, and for how long nobody read them.

import type { KafkaCommits } from "./commits.ts";
import type { KafkaCursors } from "./cursors.ts";
import { GroupShares } from "./groupShares.ts";
import type { Client, KafkaPlan } from "./plan.ts";
import type { Transactions } from "./transactions.ts";
import type { Members } from "../mechanisms/members.ts";
import type { BrokerContext } from "../technology.ts";

const NONE = -1;

/** Most partitions of a member that a note names one by one. */
const NAMED_MAX = 12;

/** The owners of all partitions of a broker. */
export class PartitionOwners {
  readonly #plan: KafkaPlan;
  readonly #context: BrokerContext;
  readonly #cursors: KafkaCursors;
  readonly #members: Members;
  readonly #commits: KafkaCommits;
  readonly #transactions: Transactions | undefined;
  readonly #shares: GroupShares;
  /** Per cursor: since when nobody reads it [ns], negative while somebody does; and for how long nobody did before. */
  readonly #since: Float64Array;
  readonly #paused: Float64Array;

  constructor(
    base: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    about: {
      readonly cursors: KafkaCursors;
      readonly members: Members;
      readonly commits: KafkaCommits;
      readonly transactions: Transactions | undefined;
    },
  ) {
    const { plan, context } = base;
    this.#plan = plan;
    this.#context = context;
    this.#cursors = about.cursors;
    this.#members = about.members;
    this.#commits = about.commits;
    this.#transactions = about.transactions;
    this.#shares = new GroupShares(base, about.members, about.cursors.owner);
    const { length } = plan.cursors;
    this.#since = context.arena.figures(`${plan.id}.unread.since`, length).data;
    this.#paused = context.arena.figures(`${plan.id}.unread.before`, length).data;
    this.#since.fill(NONE, 0, length);
  }

  /** Gives every partition of a group anew. */
  assign(number: number, members: readonly number[]): void {
    const group = this.#plan.groups[number]!;
    const owners = this.#shares.shareOut(group, members);
    for (const member of members) this.#forget(member);
    // From the back, so that each member's list is in the order of topics and partitions.
    for (let topic = owners.length - 1; topic >= 0; topic--) {
      const ranks = owners[topic]!;
      for (let partition = ranks.length - 1; partition >= 0; partition--)
        this.#give(group.firstCursors[topic]! + partition, members[ranks[partition]!] ?? NONE);
    }
  }

  /** Decides who is to have which partition of a group. */
  target(number: number, members: readonly number[]): void {
    this.#shares.target(this.#plan.groups[number]!, members);
  }

  /** A member lets go of the partitions that it is not to have, between two polls; how many that were. */
  giveUp(member: number): number {
    const { targets } = this.#shares;
    const isAuto = this.#clientOf(member).values.commit.startsWith("auto");
    let count = 0;
    for (
      let cursor = this.#members.firstCursor.data[member]!;
      cursor !== NONE;
      cursor = this.#cursors.nextOwned[cursor]!
    ) {
      if (targets[cursor] === member) continue;
      count++;
      if (isAuto) this.#cursors.commit(cursor);
      if (this.#cursors.uncommitted(cursor) > 0) this.#failTransaction(member);
      this.#cursors.reread(cursor, "rebalanced");
      this.#cursors.owner[cursor] = NONE;
      this.pause(cursor);
    }
    if (count > 0) this.#list(member);
    return count;
  }

  /** A member takes what it is to have and nobody has; how many of its partitions others still have. */
  take(member: number): number {
    const { targets } = this.#shares;
    const { owner } = this.#cursors;
    let missing = 0;
    let taken = 0;
    this.#cursorsOf(member).forEach((cursor) => {
      if (targets[cursor] !== member || owner[cursor] === member) return;
      if (owner[cursor] !== NONE) missing++;
      else {
        owner[cursor] = member;
        taken++;
      }
    });
    if (taken > 0) {
      this.#list(member);
      this.#tell(member);
    }
    this.read(member);
    return missing;
  }

  /** A member loses all its partitions, and what it has not committed is read again. */
  release(member: number, reason: string): void {
    // What it has published for these records must not be seen, because they will be read again.
    if (this.#commits.hasUncommitted(member)) this.#failTransaction(member);
    this.stopReading(member);
    let cursor = this.#members.firstCursor.data[member]!;
    while (cursor !== NONE) {
      const next = this.#cursors.nextOwned[cursor]!;
      this.#cursors.reread(cursor, reason);
      this.#give(cursor, NONE);
      cursor = next;
    }
    this.#forget(member);
    if (this.#members.inGroup.data[member] === 0) this.#shares.forget(member);
  }

  /** From now on nobody reads the partitions of a member. */
  stopReading(member: number): void {
    for (
      let cursor = this.#members.firstCursor.data[member]!;
      cursor !== NONE;
      cursor = this.#cursors.nextOwned[cursor]!
    )
      this.pause(cursor);
  }

  /** From now on nobody reads a partition. */
  pause(cursor: number): void {
    if (this.#since[cursor]! < 0) this.#since[cursor] = this.#context.now();
  }

  /** A member reads its partitions. */
  read(member: number): void {
    for (
      let cursor = this.#members.firstCursor.data[member]!;
      cursor !== NONE;
      cursor = this.#cursors.nextOwned[cursor]!
    ) {
      if (this.#since[cursor]! < 0) continue;
      this.#paused[cursor]! += this.#context.now() - this.#since[cursor]!;
      this.#since[cursor] = NONE;
    }
  }

  /** For how long nobody has read a partition until now [ns], since somebody first did. */
  pausedNs(cursor: number): number {
    const sinceNs = this.#since[cursor]!;
    return this.#paused[cursor]! + (sinceNs < 0 ? 0 : this.#context.now() - sinceNs);
  }

  #failTransaction(member: number): void {
    const producer = this.#transactions?.ofClient(this.#members.client.data[member]!) ?? NONE;
    if (producer !== NONE) this.#transactions!.fail(producer);
  }

  #give(cursor: number, member: number): void {
    this.#cursors.owner[cursor] = member;
    this.#cursors.nextOwned[cursor] =
      member === NONE ? NONE : this.#members.firstCursor.data[member]!;
    if (member !== NONE) this.#members.firstCursor.data[member] = cursor;
    else this.pause(cursor);
  }

  /** Makes the list of a member anew, in the order of topics and partitions. */
  #list(member: number): void {
    this.#forget(member);
    for (const cursor of this.#cursorsOf(member).toReversed()) {
      const owner = this.#cursors.owner[cursor];
      if (owner === member) this.#give(cursor, member);
      else if (owner === NONE) this.#cursors.nextOwned[cursor] = NONE;
    }
  }

  #forget(member: number): void {
    this.#members.firstCursor.data[member] = NONE;
    this.#members.turn.data[member] = NONE;
  }

  /** Cursors of the group of a member, in the order of topics and partitions. */
  #cursorsOf(member: number): readonly number[] {
    const group = this.#plan.groups[this.#clientOf(member).group]!;
    return group.topics.flatMap((topic, i) =>
      Array.from(
        { length: this.#plan.topics[topic]!.partitions },
        (_, partition) => group.firstCursors[i]! + partition,
      ),
    );
  }

  #tell(member: number): void {
    const { node, group } = this.#clientOf(member);
    const places: string[] = [];
    for (
      let cursor = this.#members.firstCursor.data[member]!;
      cursor !== NONE;
      cursor = this.#cursors.nextOwned[cursor]!
    ) {
      const { partition, topic } = this.#plan.cursors[cursor]!;
      const { name, first } = this.#plan.topics[topic]!;
      places.push(`${name}-${partition - first}`);
    }
    const owns = places.length > NAMED_MAX ? `${places.length} partitions` : places.join(", ");
    const name = `${node}-${this.#members.worker.data[member]! + 1}`;
    this.#context.note(
      this.#plan.id,
      `group ${this.#plan.groups[group]!.id}: ${name} reads ${owns}`,
    );
  }

  #clientOf(member: number): Client {
    return this.#plan.clients[this.#members.client.data[member]!]!;
  }
}
