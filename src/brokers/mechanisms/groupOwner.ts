// What a consumer group asks of the technology that it belongs to: the settings of its members, and what is done about
// changes of its membership.

/** How a group agrees on who reads which partition. Eager: everybody lets go of everything, and waits for everybody.
 *  Cooperative: in rounds, in which only what moves is let go of. Server: the coordinator decides, and each member follows
 *  with its heartbeats, without waiting for others. */
export type GroupProtocol = "eager" | "cooperative" | "server";

/** Settings of a client whose workers are members. */
export interface MemberSettings {
  readonly group: number;
  /** The same for all clients of a group. */
  readonly protocol: GroupProtocol;
  readonly sessionNs: number;
  readonly heartbeatNs: number;
  readonly pollNs: number;
  /** One way between member and coordinator [ns]. */
  readonly latencyNs: number;
  readonly isStatic: boolean;
}

/** What the owner does about changes. */
export interface GroupOwner {
  now(): number;
  schedule(delayNs: number, code: number, a: number, b: number): void;
  /** The member loses its partitions; they will be read again from the committed position. */
  onRelease(member: number, reason: string): void;
  /** Shares the partitions out; members in the order of their ids. */
  onAssign(group: number, members: readonly number[]): void;
  /** Decides who is to have which partition; nobody has it yet. Members in the order of their ids. */
  onTarget(group: number, members: readonly number[]): void;
  /** The member lets go of what it is not to have; how many partitions that were. */
  onGiveUp(member: number): number;
  /** The member takes what it is to have and nobody has; how many partitions others still have. */
  onTake(member: number): number;
  /** The member may poll. */
  onResume(member: number): void;
  /** An idle member has heard of a rebalance and is about to rejoin. */
  onRejoin(member: number): void;
  /** The last member has left. */
  onEmpty(group: number): void;
  note(group: number, sentence: string): void;
  nameOf(member: number): string;
}
