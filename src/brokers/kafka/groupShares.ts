// Which member of a group gets which partition, by the group's strategy. Sticky strategies remember who had what.

import type { Client, Group, KafkaPlan } from "./plan.ts";
import {
  type Assignment,
  assignRange,
  assignRoundRobin,
  type SharedTopic,
} from "../mechanisms/assignment.ts";
import type { GroupProtocol } from "../mechanisms/groupOwner.ts";
import type { Members } from "../mechanisms/members.ts";
import { assignSticky, withoutMoves } from "../mechanisms/stickyAssignment.ts";
import type { BrokerContext } from "../technology.ts";

const NONE = -1;

/** How the group of a consumer with these settings rebalances. */
export function protocolOf(values: Client["values"]): GroupProtocol {
  if (values["group.protocol"] === "consumer") return "server";
  const isCooperative = values["partition.assignment.strategy"] === "cooperative-sticky";
  return isCooperative ? "cooperative" : "eager";
}

/** Shares of all groups of a broker. */
export class GroupShares {
  readonly #plan: KafkaPlan;
  readonly #members: Members;
  /** Per cursor: life of the member that had it last; -1 at first. A process that starts anew remembers nothing. */
  readonly #before: Int32Array;
  /** Member that has each partition, by cursor. */
  readonly #owners: Int32Array;
  /** Per cursor: member that is to have it, where groups rebalance incrementally; empty where none does. */
  readonly targets: Int32Array;

  constructor(
    base: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    members: Members,
    owners: Int32Array,
  ) {
    const { plan, context } = base;
    this.#plan = plan;
    this.#members = members;
    this.#before = context.arena.int32(`${plan.id}.shares.before`, plan.cursors.length).data;
    this.#before.fill(NONE, 0, plan.cursors.length);
    this.#owners = owners;
    const isNeeded = plan.clients.some(({ values }) => protocolOf(values) !== "eager");
    const targets = isNeeded ? plan.cursors.length : 0;
    this.targets = isNeeded
      ? context.arena.int32(`${plan.id}.shares.targets`, targets).data
      : new Int32Array(0);
    this.targets.fill(NONE, 0, targets);
  }

  /** The rank of the member for each partition of the group's topics; -1 where nobody subscribes. */
  shareOut(group: Group, members: readonly number[]): Assignment {
    const topics = this.#topicsOf(group, members);
    switch (group.clients[0]!.values["partition.assignment.strategy"]) {
      case "range":
        return assignRange(topics);
      case "roundrobin":
        return assignRoundRobin(topics);
      default:
        return this.#remember(group, members, assignSticky(topics, this.#had(group, members)));
    }
  }

  /** Decides who is to have which partition. In the cooperative protocol nobody gets what another still has; the
   *  coordinator of the consumer protocol remembers what it decided last. */
  target(group: Group, members: readonly number[]): void {
    const topics = this.#topicsOf(group, members);
    const { values } = group.clients[0]!;
    const isCooperative = protocolOf(values) === "cooperative";
    const had = this.#ranksOf(group, members, isCooperative ? this.#owners : this.targets);
    const isRange = !isCooperative && values["group.remote.assignor"] === "range";
    const shares = isRange ? assignRange(topics) : assignSticky(topics, had);
    const wanted = isCooperative ? withoutMoves(shares, had) : shares;
    wanted.forEach((ranks, i) =>
      ranks.forEach((rank, p) => {
        this.targets[group.firstCursors[i]! + p] = members[rank] ?? NONE;
      }),
    );
  }

  /** A member is one no longer; its row may become another one. */
  forget(member: number): void {
    this.targets.forEach((target, cursor) => {
      if (target === member) this.targets[cursor] = NONE;
    });
  }

  #topicsOf(group: Group, members: readonly number[]): readonly SharedTopic[] {
    return group.topics.map((topic) => ({
      partitions: this.#plan.topics[topic]!.partitions,
      members: members.flatMap((member, rank) =>
        this.#clientOf(member).topics.includes(topic) ? [rank] : [],
      ),
    }));
  }

  /** Ranks of the members that stand in cells by cursor. */
  #ranksOf(group: Group, members: readonly number[], cells: Int32Array): Assignment {
    const ranks = new Map(members.map((member, rank) => [member, rank]));
    return group.topics.map((topic, i) =>
      Array.from(
        { length: this.#plan.topics[topic]!.partitions },
        (_, p) => ranks.get(cells[group.firstCursors[i]! + p]!) ?? NONE,
      ),
    );
  }

  #had(group: Group, members: readonly number[]): Assignment {
    const ranks = new Map(members.map((member, rank) => [this.#members.life.data[member]!, rank]));
    return group.topics.map((topic, i) =>
      Array.from(
        { length: this.#plan.topics[topic]!.partitions },
        (_, p) => ranks.get(this.#before[group.firstCursors[i]! + p]!) ?? NONE,
      ),
    );
  }

  #remember(group: Group, members: readonly number[], shares: Assignment): Assignment {
    shares.forEach((ranks, i) =>
      ranks.forEach((rank, p) => {
        const member = members[rank];
        this.#before[group.firstCursors[i]! + p] =
          member === undefined ? NONE : this.#members.life.data[member]!;
      }),
    );
    return shares;
  }

  #clientOf(member: number) {
    return this.#plan.clients[this.#members.client.data[member]!]!;
  }
}
