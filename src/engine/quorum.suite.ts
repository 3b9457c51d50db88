// How stale reads from a quorum are: the closed form of probabilistically bounded staleness (Bailis et al., PVLDB 2012).

/** A quorum: replicas, and how many of them a read asks and a write reaches before it is confirmed. */
export interface Quorum {
  readonly replicas: number;
  readonly reads: number;
  readonly writes: number;
}

/** Probability that none of the replicas that a read asks has the latest write, which reached exactly its quorum:
 *  C(N − W, R) / C(N, R). */
export function missProbability({ replicas, reads, writes }: Quorum): number {
  let share = 1;
  for (let i = 0; i < reads; i++) share *= Math.max(0, replicas - writes - i) / (replicas - i);
  return share;
}

/** Probability that a read returns one of the latest `versions` writes, each of which reached a quorum of its own. */
export function freshWithin(quorum: Quorum, versions: number): number {
  let missesAll = 1;
  for (let i = 0; i < versions; i++) missesAll *= missProbability(quorum);
  return 1 - missesAll;
}
