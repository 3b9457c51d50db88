// The members of consumer groups as rows: who they are, what they are doing, and the heads of their lists of
// partitions. A row is one life of a worker in a group; only group.ts and its owner change it.

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import { Pool } from "../../kernel/pool.ts";

const NONE = -1;

/** What a member is doing. `gone`: the process is dead, but the group does not know yet. */
export const memberStates = {
  joining: 0,
  idle: 1,
  fetching: 2,
  busy: 3,
  committing: 4,
  gone: 5,
} as const;

/** Rows of members. */
export class Members {
  readonly client: Int32Column;
  readonly worker: Int32Column;
  readonly state: Int32Column;
  /** Number of connections through which its worker has joined. */
  readonly connections: Int32Column;
  /** 1 while the group counts it as a member. */
  readonly inGroup: Int32Column;
  /** Differs for each life; timers of an earlier life are void. */
  readonly life: Int32Column;
  /** Rises with each step, so that timers of an earlier step are void. */
  readonly step: Int32Column;
  readonly nextInGroup: Int32Column;
  readonly joinedNs: Float64Column;
  /** When the session of a dead member runs out [ns]. */
  readonly sessionEndNs: Float64Column;
  /** 1 when it has heard of a rebalance and rejoins after its current batch. */
  readonly mustRejoin: Int32Column;
  readonly polledNs: Float64Column;
  readonly hasPollTimer: Int32Column;
  /** First partition it owns, and the one that its next poll begins with. */
  readonly firstCursor: Int32Column;
  readonly turn: Int32Column;
  /** Deliveries it has not settled, and records of its poll that are not yet handed to it. */
  readonly held: Int32Column;
  readonly toDeliver: Int32Column;
  readonly committedNs: Float64Column;
  readonly hasCommitTimer: Int32Column;
  readonly rows: Pool;
  /** Row of each worker per client; -1 when it has none. */
  #seats: readonly Int32Column[];
  #lives: Int32Column;
  #ints: readonly Int32Column[];
  #floats: readonly Float64Column[];

  constructor(arena: Arena, name: string, clients: number) {
    const int = (column: string) => arena.int32(`${name}.${column}`);
    const float = (column: string) => arena.float64(`${name}.${column}`);
    this.rows = new Pool(arena, `${name}.rows`);
    this.#lives = arena.int32(`${name}.lives`, 1);
    this.#seats = Array.from({ length: clients }, (_, i) => arena.int32(`${name}.seats.${i}`));
    this.client = int("client");
    this.worker = int("worker");
    this.state = int("state");
    this.connections = int("connections");
    this.inGroup = int("inGroup");
    this.life = int("life");
    this.step = int("step");
    this.nextInGroup = int("nextInGroup");
    this.joinedNs = float("joinedNs");
    this.sessionEndNs = float("sessionEndNs");
    this.mustRejoin = int("mustRejoin");
    this.polledNs = float("polledNs");
    this.hasPollTimer = int("hasPollTimer");
    this.firstCursor = int("firstCursor");
    this.turn = int("turn");
    this.held = int("held");
    this.toDeliver = int("toDeliver");
    this.committedNs = float("committedNs");
    this.hasCommitTimer = int("hasCommitTimer");
    const who = [this.client, this.worker, this.connections, this.life];
    const states = [this.state, this.inGroup, this.step];
    const lists = [this.nextInGroup, this.firstCursor, this.turn];
    const flags = [this.mustRejoin, this.hasPollTimer, this.hasCommitTimer];
    this.#ints = [...who, ...states, ...lists, ...flags, this.held, this.toDeliver];
    this.#floats = [this.joinedNs, this.sessionEndNs, this.polledNs, this.committedNs];
  }

  /** A row for a worker that is up and belongs to no group yet. */
  create(client: number, worker: number): number {
    const member = this.rows.take();
    if (member === this.client.length) {
      for (const column of this.#ints) column.push(0);
      for (const column of this.#floats) column.push(0);
    }
    this.client.data[member] = client;
    this.worker.data[member] = worker;
    this.firstCursor.data[member] = NONE;
    this.turn.data[member] = NONE;
    this.held.data[member] = 0;
    this.toDeliver.data[member] = 0;
    this.connections.data[member] = 1;
    this.inGroup.data[member] = 0;
    this.nextInGroup.data[member] = NONE;
    const seats = this.#seats[client]!;
    while (seats.length <= worker) seats.push(NONE);
    seats.data[worker] = member;
    this.begin(member);
    return member;
  }

  /** The row of a worker, which may be one that is gone; -1 without. */
  seated(client: number, worker: number): number {
    const seats = this.#seats[client]!;
    return worker < seats.length ? seats.data[worker]! : NONE;
  }

  /** Rows of the workers of a client that are up, or gone and expected back. */
  workersOf(client: number): number[] {
    const seats = this.#seats[client]!;
    const members: number[] = [];
    for (let worker = 0; worker < seats.length; worker++)
      if (seats.data[worker] !== NONE) members.push(seats.data[worker]!);
    return members;
  }

  /** Frees the seat of a worker, while the row lives on in its group. */
  leaveSeat(member: number): void {
    const seats = this.#seats[this.client.data[member]!]!;
    const worker = this.worker.data[member]!;
    if (seats.data[worker] === member) seats.data[worker] = NONE;
  }

  /** Gives the row back. */
  free(member: number): void {
    this.leaveSeat(member);
    this.rows.give(member);
  }

  /** Begins another life of the same row. */
  begin(member: number): void {
    this.life.data[member] = ++this.#lives.data[0]!;
    this.step.data[member]!++;
    this.state.data[member] = memberStates.joining;
    this.mustRejoin.data[member] = 0;
    this.hasPollTimer.data[member] = 0;
    this.hasCommitTimer.data[member] = 0;
  }

  /** Enters a state and voids the timers of the step before. */
  enter(member: number, state: number): void {
    this.state.data[member] = state;
    this.step.data[member]!++;
  }
}
