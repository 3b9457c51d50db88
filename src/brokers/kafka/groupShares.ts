// Which member of a group gets which partition, by the group's strategy. Sticky strategies remember who had what.

import type { Group, KafkaPlan } from "./plan.ts";
import {
  type Assignment,
  assignRange,
  assignRoundRobin,
  type SharedTopic,
} from "../mechanisms/assignment.ts";
import type { Members } from "../mechanisms/members.ts";
import { assignSticky } from "../mechanisms/stickyAssignment.ts";
import type { BrokerContext } from "../technology.ts";

const NONE = -1;

/** Shares of all groups of a broker. */
export class GroupShares {
  readonly #plan: KafkaPlan;
  readonly #members: Members;
  /** Per cursor: life of the member that had it last; -1 at first. A process that starts anew remembers nothing. */
  readonly #before: Int32Array;

  constructor(
    base: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    members: Members,
  ) {
    const { plan, context } = base;
    this.#plan = plan;
    this.#members = members;
    this.#before = context.arena.int32(`${plan.id}.shares.before`, plan.cursors.length).data;
    this.#before.fill(NONE, 0, plan.cursors.length);
  }

  /** The rank of the member for each partition of the group's topics; -1 where nobody subscribes. */
  shareOut(group: Group, members: readonly number[]): Assignment {
    const topics = group.topics.map((topic): SharedTopic => ({
      partitions: this.#plan.topics[topic]!.partitions,
      members: members.flatMap((member, rank) =>
        this.#clientOf(member).topics.includes(topic) ? [rank] : [],
      ),
    }));
    switch (group.clients[0]!.values["partition.assignment.strategy"]) {
      case "range":
        return assignRange(topics);
      case "roundrobin":
        return assignRoundRobin(topics);
      default:
        return this.#remember(group, members, assignSticky(topics, this.#had(group, members)));
    }
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
