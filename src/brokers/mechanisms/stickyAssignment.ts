// Sharing out partitions so that as few as possible move: Kafka's sticky assignor, and the cooperative one, which takes
// a partition away in one round and gives it to another member in the next.

import type { Assignment, SharedTopic } from "./assignment.ts";

const NONE = -1;

/** Who owns each partition per topic before sharing out; -1 without owner, or with one that is gone. */
export type Owners = Assignment;

/** Sticky: members keep what they own as far as that is balanced; the rest goes to who has least. After Kafka's
 *  AbstractStickyAssignor, for members numbered in the order of their ids. */
export function assignSticky(topics: readonly SharedTopic[], owners: Owners): Assignment {
  const places = topics.flatMap((topic, t) =>
    Array.from({ length: topic.partitions }, (_, p) => ({ t, p })),
  );
  const isSubscribed = topics.map(({ members }) => new Set(members));
  const result = topics.map((topic, t) =>
    Array.from({ length: topic.partitions }, (_, p) => {
      const owner = owners[t]?.[p] ?? NONE;
      return isSubscribed[t]!.has(owner) ? owner : NONE;
    }),
  );
  const members = [...new Set(topics.flatMap((topic) => topic.members))].sort((a, b) => a - b);
  const isEven = topics.every((topic) => topic.members.length === members.length);
  if (isEven) shareEvenly(result, members, places);
  else shareUnevenly(result, topics, places);
  return result;
}

/** The first round of the cooperative protocol: who has to give a partition up does so, and nobody has it yet. */
export function withoutMoves(target: Assignment, owners: Owners): Assignment {
  return target.map((ranks, t) =>
    ranks.map((wanted, p) => {
      const owner = owners[t]?.[p] ?? NONE;
      return owner === NONE || owner === wanted ? wanted : NONE;
    }),
  );
}

interface Place {
  readonly t: number;
  readonly p: number;
}

/** Everybody may have everything: so many each, and some one more. */
function shareEvenly(
  result: number[][],
  members: readonly number[],
  places: readonly Place[],
): void {
  if (members.length === 0) return;
  const least = Math.floor(places.length / members.length);
  let mayHaveMore = places.length - least * members.length;
  const counts = new Map(members.map((member) => [member, 0]));
  const limits = new Map<number, number>();
  for (const member of members) {
    const owned = places.filter(({ t, p }) => result[t]![p] === member).length;
    const isMore = owned > least && mayHaveMore > 0;
    if (isMore) mayHaveMore--;
    limits.set(member, least + Number(isMore));
  }
  for (const { t, p } of places) {
    const owner = result[t]![p]!;
    const count = counts.get(owner) ?? 0;
    if (owner !== NONE && count >= limits.get(owner)!) result[t]![p] = NONE;
    else if (owner !== NONE) counts.set(owner, count + 1);
  }
  // In turn, first to those below the least share, then one more to the first members.
  let turn = 0;
  for (const { t, p } of places) {
    if (result[t]![p] !== NONE) continue;
    const below = members.some((member) => counts.get(member)! < least);
    const most = below ? least : least + 1;
    while (counts.get(members[turn % members.length]!)! >= most) turn++;
    const member = members[turn++ % members.length]!;
    counts.set(member, counts.get(member)! + 1);
    result[t]![p] = member;
  }
}

/** Members subscribe to different topics: what few can have is given first, and then moved as long as that helps. */
function shareUnevenly(
  result: number[][],
  topics: readonly SharedTopic[],
  places: readonly Place[],
): void {
  const counts = new Map<number, number>();
  const countOf = (member: number): number => counts.get(member) ?? 0;
  const add = (member: number, change: number) => counts.set(member, countOf(member) + change);
  for (const { t, p } of places) if (result[t]![p] !== NONE) add(result[t]![p]!, 1);
  const leastLoaded = (t: number): number =>
    topics[t]!.members.reduce(
      (best, member) => (best === NONE || countOf(member) < countOf(best) ? member : best),
      NONE,
    );
  const sorted = places.toSorted(
    (a, b) => topics[a.t]!.members.length - topics[b.t]!.members.length,
  );
  for (const { t, p } of sorted) {
    if (result[t]![p] !== NONE) continue;
    const member = leastLoaded(t);
    result[t]![p] = member;
    if (member !== NONE) add(member, 1);
  }
  // Each move makes the fullest less full, so there are no more rounds than partitions.
  for (let round = 0; round < places.length; round++) {
    let isMoved = false;
    for (const { t, p } of sorted) {
      const owner = result[t]![p]!;
      const other = leastLoaded(t);
      if (owner === NONE || countOf(owner) <= countOf(other) + 1) continue;
      add(owner, -1);
      add(other, 1);
      result[t]![p] = other;
      isMoved = true;
    }
    if (!isMoved) return;
  }
}
