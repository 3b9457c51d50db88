// Event processors: they claim partitions by ownerships that expire, read what they own, and write checkpoints. The
// service knows none of that: position and ownership stand in storage of the application.

import { msToNs } from "../../base/units.ts";
import { Ring } from "../../kernel/ring.ts";
import { Rows } from "../../kernel/rows.ts";
import type { Int32Column } from "../../kernel/arena.ts";
import { partitionToClaim, trimLog } from "./partitions.ts";
import type { Client, HubsPlan } from "./plan.ts";
import type { ThroughputUnits } from "./units.ts";
import { Flights, flightStates } from "../mechanisms/flights.ts";
import { GapCursors } from "../mechanisms/gaps.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import type { Zones } from "../mechanisms/zones.ts";
import type { BrokerContext, Departure, Verdict } from "../technology.ts";

/** Codes of the timers of processors. */
export const processorWakes = { cycle: 10, read: 11, checkpoint: 12 } as const;

const NONE = -1;

// Integers of a processor's row.
const CLIENT = 0;
const WORKER = 1;
const STAMP = 2;
const IS_UP = 3;
const INTEGERS = 4;

/** Pause before a processor reads again when no zone answers [ns] (Spillway's own). */
const unreachablePauseNs = 1e9;

/** What processors work with. */
export interface ProcessorParts {
  readonly plan: HubsPlan;
  readonly context: BrokerContext;
  readonly logs: PartitionLogs;
  readonly units: ThroughputUnits;
  readonly zones: Zones;
}

/** The processors of one namespace. */
export class Processors {
  readonly cursors: GapCursors;
  /** Processor that owns the partition, by cursor; -1 without. And until when [ns]. */
  readonly owner: Int32Array;
  readonly ownedUntilNs: Float64Array;
  readonly #parts: ProcessorParts;
  readonly #plan: HubsPlan;
  readonly #context: BrokerContext;
  readonly #flights: Flights;
  readonly #rows: Rows;
  readonly #byWorker: readonly Int32Column[];
  readonly #members: readonly Ring[];
  /** Per cursor: events in hand, dealt with since the checkpoint, and which timers are set (a generation for reads). */
  readonly #held: Int32Array;
  readonly #dealtWith: Int32Array;
  readonly #isReading: Int32Array;
  readonly #checkpoint: Int32Array;
  readonly #hasCheckpointTimer: Int32Array;

  constructor(parts: ProcessorParts) {
    const { plan, context } = parts;
    const { arena } = context;
    const { id } = plan;
    const { length } = plan.cursorGroup;
    this.#parts = parts;
    this.#plan = plan;
    this.#context = context;
    this.#flights = new Flights(context);
    this.cursors = new GapCursors(arena, `${id}.cursors`, length);
    this.owner = arena.int32(`${id}.owner`, length).data;
    this.owner.fill(NONE, 0, length);
    this.ownedUntilNs = arena.float64(`${id}.ownedUntilNs`, length).data;
    this.#rows = new Rows(arena, `${id}.processors`, { integers: INTEGERS, doubles: 0 });
    this.#byWorker = plan.clients.map((_, i) => arena.int32(`${id}.workers.${i}`));
    this.#members = plan.groups.map((_, i) => new Ring(arena, `${id}.members.${i}`));
    this.#held = arena.int32(`${id}.held`, length).data;
    this.#dealtWith = arena.int32(`${id}.dealtWith`, length).data;
    this.#isReading = arena.int32(`${id}.isReading`, length).data;
    this.#checkpoint = arena.int32(`${id}.checkpoint`, length).data;
    this.#hasCheckpointTimer = arena.int32(`${id}.hasCheckpointTimer`, length).data;
  }

  /** At the beginning partitions are shared out evenly among those that are there. */
  start(): void {
    this.#plan.groups.forEach((group, number) => {
      const members = this.#members[number]!;
      const { partitions } = this.#plan.hubs[group.hub]!;
      for (let i = 0; i < partitions && members.size() > 0; i++)
        this.#claim(group.firstCursor + i, members.at(i % members.size()));
    });
  }

  /** A worker is up: a processor of an identity of its own. */
  join(client: number, worker: number): void {
    const row = this.#rows.take();
    const cells = this.#rows.integers;
    const first = row * INTEGERS;
    cells[first + CLIENT] = client;
    cells[first + WORKER] = worker;
    cells[first + STAMP]!++;
    cells[first + IS_UP] = 1;
    const rows = this.#byWorker[client]!;
    while (rows.length <= worker) rows.push(NONE);
    rows.data[worker] = row;
    const { group, latencyNs } = this.#plan.clients[client]!;
    this.#members[group]!.pushBack(row);
    this.#context.schedule(latencyNs, processorWakes.cycle, row, cells[first + STAMP]!);
  }

  /** A worker is gone. One that closes gives its partitions back; those of one that crashes stay its own until the
   *  ownerships expire. */
  leave(client: number, worker: number, how: Departure): void {
    const rows = this.#byWorker[client]!;
    const row = rows.data[worker]!;
    const { group, subscription } = this.#plan.clients[client]!;
    rows.data[worker] = NONE;
    this.#rows.integers[row * INTEGERS + IS_UP] = 0;
    this.#rows.integers[row * INTEGERS + STAMP]!++;
    this.#members[group]!.removeValue(row);
    for (const delivery of this.#flights.ofMember(row, worker, [subscription]))
      if (this.#flights.state(delivery) === flightStates.takenBack) this.#context.forget(delivery);
    const cursors = this.#cursorsOf(row, group);
    if (how === "close" || cursors.length === 0)
      for (const cursor of cursors) this.#letGo(cursor, "ownership-given-back");
    this.#freeIfDone(row, group);
  }

  /** A worker has dealt with an event. */
  settle(delivery: number, verdict: Verdict): void {
    const state = this.#flights.state(delivery);
    if (state === flightStates.takenBack) {
      this.#context.forget(delivery);
      return;
    }
    const cursor = this.#flights.cursor(delivery);
    const { done, skipped, setAside } = flightStates;
    this.#flights.change(
      delivery,
      verdict === "done" ? done : verdict === "failed" ? skipped : setAside,
    );
    this.#held[cursor]!--;
    const { values } = this.#clientOf(this.owner[cursor]!);
    if (++this.#dealtWith[cursor]! >= values.checkpointEvery) this.#writeCheckpoint(cursor);
    else this.#armCheckpoint(cursor, values.checkpointInterval);
    this.read(cursor);
  }

  /** A timer of processors has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === processorWakes.cycle) {
      if (this.#isUp(a) && this.#rows.integers[a * INTEGERS + STAMP] === b) this.#cycle(a);
    } else if (code === processorWakes.read) {
      this.#isReading[a] = 0;
      this.#deliver(a);
    } else {
      this.#hasCheckpointTimer[a] = 0;
      if (this.owner[a] === NONE || !this.#isUp(this.owner[a]!)) return;
      if (this.#checkpoint[a] === b) this.#writeCheckpoint(a);
      else if (this.#dealtWith[a]! > 0)
        this.#armCheckpoint(a, this.#clientOf(this.owner[a]!).values.checkpointInterval);
    }
  }

  /** There may be something to read at a cursor: its owner gets it one latency later. */
  read(cursor: number): void {
    const owner = this.owner[cursor]!;
    if (owner === NONE || this.#isReading[cursor] === 1 || !this.#isUp(owner)) return;
    if (this.waiting(cursor) === 0) return;
    const { values, latencyNs } = this.#clientOf(owner);
    if (this.#held[cursor]! >= values.prefetchCount) return;
    this.#isReading[cursor] = 1;
    this.#context.schedule(latencyNs, processorWakes.read, cursor, 0);
  }

  /** Events that nobody holds. */
  waiting(cursor: number): number {
    const partition = this.#plan.cursorPartition[cursor]!;
    const unread = this.#parts.logs.highWatermark[partition]! - this.cursors.position[cursor]!;
    return unread + this.cursors.returnedCount(cursor);
  }

  /** Events below an offset are deleted: a group that has not read them goes on behind, without a word. */
  onRetention(partition: number, start: number): void {
    for (const cursor of this.#plan.cursorsOf[partition]!) {
      while (this.cursors.position[cursor]! < start) this.cursors.read(cursor);
      for (let offset = this.cursors.acknowledgedBelow[cursor]!; offset < start; offset++)
        this.#expire(cursor, offset);
    }
  }

  /** Name of a processor on screen. */
  nameOf(row: number): string {
    return `${this.#clientOf(row).node}-${this.#rows.integers[row * INTEGERS + WORKER]! + 1}`;
  }

  isUp(row: number): boolean {
    return row !== NONE && this.#isUp(row);
  }

  /** Processors of a group that are up. */
  count(group: number): number {
    return this.#members[group]!.size();
  }

  #expire(cursor: number, offset: number): void {
    if (this.cursors.isAcknowledged(cursor, offset)) return;
    const delivery = this.cursors.holder(cursor, offset);
    const partition = this.#plan.cursorPartition[cursor]!;
    const { account } = this.#plan.groups[this.#plan.cursorGroup[cursor]!]!;
    // What is in hand stays there; when it is dealt with nobody asks for it any more.
    if (delivery >= 0) return;
    this.#context.dropped(account, this.#parts.logs.at(partition, offset), "retention");
    this.cursors.acknowledge(cursor, offset);
  }

  #deliver(cursor: number): void {
    const owner = this.owner[cursor]!;
    if (owner === NONE || !this.#isUp(owner)) return;
    if (this.#parts.zones.ask() === 0) {
      this.#isReading[cursor] = 1;
      this.#context.schedule(unreachablePauseNs, processorWakes.read, cursor, 0);
      return;
    }
    const { values } = this.#clientOf(owner);
    while (this.#held[cursor]! < values.prefetchCount && this.waiting(cursor) > 0) {
      const waitNs = this.#parts.units.giveOut(this.#context.sizeOf(this.#nextOf(cursor)));
      if (waitNs > 0) {
        this.#isReading[cursor] = 1;
        this.#context.schedule(waitNs, processorWakes.read, cursor, 0);
        return;
      }
      this.#handOver(cursor, owner);
    }
  }

  #nextOf(cursor: number): number {
    const partition = this.#plan.cursorPartition[cursor]!;
    const offset =
      this.cursors.returnedCount(cursor) > 0
        ? this.cursors.returnedAt(cursor, 0)
        : this.cursors.position[cursor]!;
    return this.#parts.logs.at(partition, offset);
  }

  #handOver(cursor: number, owner: number): void {
    const partition = this.#plan.cursorPartition[cursor]!;
    const { account, hub } = this.#plan.groups[this.#plan.cursorGroup[cursor]!]!;
    const message = this.#nextOf(cursor);
    const offset =
      this.cursors.returnedCount(cursor) > 0
        ? this.cursors.takeReturnedAt(cursor, 0)
        : this.cursors.read(cursor);
    const attempt = this.cursors.attempts(cursor, offset) + 1;
    const delivery = this.#context.takeOut(account, message, attempt, owner);
    this.#context.placed(delivery, partition - this.#plan.hubs[hub]!.first, offset);
    this.#flights.hold(delivery, cursor);
    this.cursors.hold(cursor, offset, delivery);
    this.#held[cursor]!++;
    const { subscription } = this.#clientOf(owner);
    const worker = this.#rows.integers[owner * INTEGERS + WORKER]!;
    this.#context.deliver(delivery, subscription, worker);
  }

  #armCheckpoint(cursor: number, intervalMs: number | null): void {
    if (intervalMs === null || this.#hasCheckpointTimer[cursor] === 1) return;
    this.#hasCheckpointTimer[cursor] = 1;
    const number = this.#checkpoint[cursor]!;
    this.#context.schedule(msToNs(intervalMs), processorWakes.checkpoint, cursor, number);
  }

  /** Writes the position of a partition to storage: behind the last event that was dealt with in order. */
  #writeCheckpoint(cursor: number): void {
    this.#dealtWith[cursor] = 0;
    this.#checkpoint[cursor]!++;
    for (;;) {
      const offset = this.cursors.acknowledgedBelow[cursor]!;
      const delivery =
        offset < this.cursors.position[cursor]! ? this.cursors.holder(cursor, offset) : NONE;
      if (delivery < 0 || this.#flights.state(delivery) === flightStates.held) break;
      this.#conclude(delivery);
      this.#context.forget(delivery);
      this.cursors.acknowledge(cursor, offset);
    }
    this.#trim(this.#plan.cursorPartition[cursor]!);
  }

  #conclude(delivery: number): void {
    const state = this.#flights.state(delivery);
    if (state === flightStates.setAside) this.#context.rejected(delivery, "set-aside");
    else if (state === flightStates.skipped)
      this.#context.discarded(delivery, "skipped-after-failure");
    else this.#context.acknowledged(delivery);
  }

  #trim(partition: number): void {
    trimLog(this.#parts, this.cursors, partition);
  }

  /** One round of load balancing: renews what is owned, and claims what is missing of a fair share. */
  #cycle(row: number): void {
    const { group, values } = this.#clientOf(row);
    const own = this.#cursorsOf(row, group);
    const now = this.#context.now();
    const expiryNs = msToNs(values.partitionOwnershipExpirationInterval);
    for (const cursor of own) this.ownedUntilNs[cursor] = now + expiryNs;
    for (let claims = 0; this.#claimOne(row, group); claims++)
      if (values.loadBalancingStrategy === "Balanced") break;
    const stamp = this.#rows.integers[row * INTEGERS + STAMP]!;
    const everyNs = msToNs(values.loadBalancingUpdateInterval);
    this.#context.schedule(everyNs, processorWakes.cycle, row, stamp);
  }

  /** Claims a partition that nobody owns, or one of a processor that has too many. */
  #claimOne(row: number, group: number): boolean {
    const { firstCursor, hub } = this.#plan.groups[group]!;
    const { partitions } = this.#plan.hubs[hub]!;
    const owners = Array.from({ length: partitions }, (_, i) => this.#validOwner(firstCursor + i));
    const chosen = partitionToClaim(owners, row);
    if (chosen < 0) return false;
    this.#claim(firstCursor + chosen, row);
    return true;
  }

  #validOwner(cursor: number): number {
    const owner = this.owner[cursor]!;
    return owner === NONE || this.ownedUntilNs[cursor]! <= this.#context.now() ? NONE : owner;
  }

  #claim(cursor: number, row: number): void {
    const before = this.owner[cursor]!;
    if (before !== NONE) this.#letGo(cursor, "ownership-claimed-by-another-processor");
    const { values, group } = this.#clientOf(row);
    this.owner[cursor] = row;
    const expiryNs = msToNs(values.partitionOwnershipExpirationInterval);
    this.ownedUntilNs[cursor] = this.#context.now() + expiryNs;
    if (before !== NONE) this.#freeIfDone(before, group);
    this.read(cursor);
  }

  /** A processor no longer owns a partition: what is behind its checkpoint will be read again. */
  #letGo(cursor: number, reason: string): void {
    const end = this.cursors.position[cursor]!;
    const partition = this.#plan.cursorPartition[cursor]!;
    for (let offset = this.cursors.acknowledgedBelow[cursor]!; offset < end; offset++) {
      const delivery = this.cursors.holder(cursor, offset);
      if (delivery < 0) continue;
      const isHeld = this.#flights.state(delivery) === flightStates.held;
      this.#context.returned(delivery, reason);
      this.cursors.giveBack(cursor, offset);
      if (isHeld && this.#isUp(this.owner[cursor]!))
        this.#flights.change(delivery, flightStates.takenBack);
      else this.#context.forget(delivery);
    }
    this.#held[cursor] = 0;
    this.#dealtWith[cursor] = 0;
    this.#checkpoint[cursor]!++;
    this.owner[cursor] = NONE;
    this.onRetention(partition, this.#parts.logs.start[partition]!);
    this.#trim(partition);
  }

  /** Forgets a processor that is gone and owns nothing any more. */
  #freeIfDone(row: number, group: number): void {
    if (!this.#isUp(row) && this.#cursorsOf(row, group).length === 0) this.#rows.give(row);
  }

  #cursorsOf(row: number, group: number): readonly number[] {
    const { firstCursor, hub } = this.#plan.groups[group]!;
    const { partitions } = this.#plan.hubs[hub]!;
    const cursors: number[] = [];
    for (let cursor = firstCursor; cursor < firstCursor + partitions; cursor++)
      if (this.owner[cursor] === row) cursors.push(cursor);
    return cursors;
  }

  #isUp(row: number): boolean {
    return this.#rows.integers[row * INTEGERS + IS_UP] === 1;
  }

  #clientOf(row: number): Client {
    return this.#plan.clients[this.#rows.integers[row * INTEGERS + CLIENT]!]!;
  }
}
