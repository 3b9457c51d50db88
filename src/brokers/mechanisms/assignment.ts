// How the partitions of topics are shared out among the members of a consumer group. Pure functions;
// members are numbered in the order of their ids, topics in the order of their names.

/** A topic to share out: how many partitions it has, and which members subscribe to it, ascending. */
export interface SharedTopic {
  readonly partitions: number;
  readonly members: readonly number[];
}

/** The owner of each partition per topic; -1 where nobody subscribes. */
export type Assignment = readonly (readonly number[])[];

/** Range: topic by topic, consecutive partitions; the first members get one more where it does not
 *  divide. The surplus adds up over topics, and equal partition numbers stay together. */
export function assignRange(topics: readonly SharedTopic[]): Assignment {
  return topics.map(({ partitions, members }) => {
    const each = members.length === 0 ? 0 : Math.floor(partitions / members.length);
    const surplus = partitions - each * members.length;
    const owners = members.flatMap((member, rank) =>
      Array<number>(each + (rank < surplus ? 1 : 0)).fill(member),
    );
    return members.length === 0 ? Array<number>(partitions).fill(-1) : owners;
  });
}

/** Round robin: all partitions of all topics in turn; a member that does not subscribe is passed over. */
export function assignRoundRobin(topics: readonly SharedTopic[]): Assignment {
  const count = 1 + Math.max(-1, ...topics.flatMap(({ members }) => members));
  let turn = 0;
  return topics.map(({ partitions, members }) => {
    if (members.length === 0) return Array<number>(partitions).fill(-1);
    const subscribed = new Set(members);
    return Array.from({ length: partitions }, () => {
      while (!subscribed.has(turn % count)) turn++;
      return turn++ % count;
    });
  });
}
