// What a primary does to its data: adds and trims entries, ends pending ones, and goes back to what a disk or a replica
// had. Keeps books and data in step; who reads is told of new entries and decides nothing here.

import { Ring } from "../../kernel/ring.ts";
import { StreamBooks } from "./books.ts";
import type { RedisNodes } from "./cluster.ts";
import { Groups } from "./groups.ts";
import type { Settings } from "./settings.ts";
import { Streams } from "./streams.ts";
import type { BrokerContext } from "../technology.ts";

const NONE = -1;

/** Memory of a server without data, and of an entry besides its payload [bytes]; Spillway's own estimates. */
const EMPTY_BYTES = 1_000_000;
const ENTRY_BYTES = 100;

/** Code of the timer after which replicas have caught up. */
export const FLUSH = 9;

/** How a pending entry ends. */
export type Ending = "acknowledged" | "set-aside" | "given-up" | "dead-letter" | "forgotten";

const reasons: Readonly<Record<Ending, string>> = {
  acknowledged: "acknowledged late by an earlier consumer",
  "set-aside": "set-aside",
  "given-up": "failed and acknowledged",
  "dead-letter": "delivery-counter",
  forgotten: "consumer deleted with pending entries",
};

/** A delivery's mark: the generation of its pending row, and whether the row has nothing to do with it any more. */
export const staleBit = 1;

/** The data of one Redis. */
export class Keeper {
  readonly streams: Streams;
  readonly groups: Groups;
  readonly books: StreamBooks;
  readonly #settings: Settings;
  readonly #context: BrokerContext;
  readonly #maxLength: Int32Array;
  /** Rows that were acknowledged and that a failure could still bring back, oldest first. */
  readonly #journal: Ring;
  /** Whether a look at the journal is scheduled. */
  readonly #armed: Int32Array;
  #nodes: RedisNodes | undefined;

  constructor(settings: Settings, context: BrokerContext) {
    const { arena } = context;
    const { id } = settings;
    this.#settings = settings;
    this.#context = context;
    this.books = new StreamBooks(context, id);
    const { cluster } = settings;
    this.streams = new Streams(arena, id, {
      rules: settings.streams.map(({ rule }) => rule),
      nodeLimits: {
        entries: cluster["stream-node-max-entries"],
        bytes: cluster["stream-node-max-bytes"],
      },
    });
    this.groups = new Groups(arena, `${id}.groups`, {
      streams: this.streams,
      count: settings.streams.length,
    });
    this.#maxLength = arena.int32(`${id}.maxlen`, settings.streams.length).data;
    settings.streams.forEach(({ maxLength }, at) => {
      this.#maxLength[at] = maxLength;
    });
    this.#journal = new Ring(arena, `${id}.journal`);
    this.#armed = arena.int32(`${id}.armed`, 1).data;
  }

  /** Whether the memory in use is above maxmemory, so that nothing more is added. */
  isFull(): boolean {
    const most = this.#settings.cluster.maxmemory;
    if (most === null) return false;
    const { logs } = this.streams;
    let used = EMPTY_BYTES;
    for (let stream = 0; stream < this.#settings.streams.length; stream++)
      used += logs.bytesOf(stream) + ENTRY_BYTES * logs.length(stream);
    return used > most;
  }

  /** Tells which nodes hold the data; they are made later, because they tell it what they lost. */
  attach(nodes: RedisNodes): void {
    this.#nodes = nodes;
  }

  setMaxLength(stream: number, length: number): void {
    this.#maxLength[stream] = length;
  }

  /** XADD, with its trimming. */
  append(stream: number, message: number): void {
    const context = this.#context;
    const { groups, streams } = this;
    this.flush();
    this.#nodes?.wrote();
    context.retain(message);
    const bytes = context.sizeOf(message);
    const entry = streams.add(stream, message, { nowNs: context.now(), bytes });
    const { channel } = this.#settings.streams[stream]!;
    context.stored(channel, message, 0, streams.logs.sequence(entry));
    for (let group = groups.first(stream); group !== NONE; group = groups.following(group)) {
      this.books.routed(groups.account(group), message);
      groups.added(group, entry);
    }
    this.#trim(stream);
    // Trimmed to nothing, it is gone already.
    if (streams.logs.length(stream) > 0) this.#letGoOf(streams.logs.last(stream));
  }

  /** The message of an unread or pending entry. */
  messageOf(entry: number): number {
    return this.streams.logs.message(entry);
  }

  /** Ends a pending entry: XACK, and what becomes of the copy. */
  finish(row: number, ending: Ending): void {
    const { pending } = this.groups;
    const context = this.#context;
    const delivery = pending.delivery(row);
    const entry = pending.entry(row);
    this.#nodes?.wrote();
    if (delivery !== NONE) {
      if (ending === "acknowledged") context.acknowledged(delivery);
      else if (ending === "set-aside" || ending === "dead-letter")
        context.rejected(delivery, reasons[ending]);
      else context.discarded(delivery, reasons[ending]);
      this.#letGo(row, delivery);
    } else if (entry !== NONE) {
      const account = this.groups.account(this.groups.ofRow(row));
      if (ending === "dead-letter")
        this.books.deadLettered(account, this.messageOf(entry), reasons[ending]);
      else this.books.dropped(account, this.messageOf(entry), reasons[ending]);
    }
    pending.takeOut(row);
    pending.setDelivery(row, NONE);
    if (this.groups.isReader(this.groups.ofRow(row))) {
      this.#finalize(row);
      return;
    }
    pending.setAckedNs(row, context.now());
    this.#journal.pushBack(row);
    this.flush();
  }

  /** A worker's delivery comes back: the entry stays pending with nobody at work on it. `isSettled`: the worker has let go of
   *  it, otherwise it will still settle what is stale then. */
  takeBack(row: number, reason: string): void {
    const { pending } = this.groups;
    const delivery = pending.delivery(row);
    if (delivery === NONE) return;
    const account = this.groups.account(this.groups.ofRow(row));
    this.books.returned(account, delivery, reason);
    if (pending.entry(row) === NONE)
      this.books.dropped(account, this.#context.deliveryMessage(delivery), "trimmed while pending");
    this.#letGo(row, delivery);
    pending.setDelivery(row, NONE);
    pending.setAnswer(row, 0);
  }

  /** Removes a pending row whose entry is gone and that nobody works on: XAUTOCLAIM reports it as deleted. */
  forgetGhost(row: number): void {
    const { pending } = this.groups;
    pending.takeOut(row);
    pending.free(row);
  }

  /** An entry that is read without becoming pending is no longer needed. */
  readAtOnce(entry: number): void {
    const { logs } = this.streams;
    logs.need(entry, -1);
    this.#letGoOf(entry);
  }

  /** Drops all that a reader without a group has not read, and its place. */
  forgetReader(group: number): void {
    const { groups, streams } = this;
    const account = groups.account(group);
    while (groups.next(group) !== NONE) {
      const entry = groups.next(group);
      this.books.dropped(account, this.messageOf(entry), "missed: reads on from $");
      groups.skip(group, entry);
      streams.logs.need(entry, -1);
      this.#letGoOf(entry);
    }
    groups.remove(group);
  }

  /** Forgets acknowledgements that no failure can undo any more. */
  flush(): void {
    const journal = this.#journal;
    if (journal.size() === 0) return;
    const safeNs = this.#nodes?.safeNs() ?? Infinity;
    const { pending } = this.groups;
    while (journal.size() > 0 && pending.ackedNs(journal.at(0)) <= safeNs)
      this.#finalize(journal.popFront());
    this.#arm();
  }

  /** The timer for a look at the journal has fired. */
  flushed(): void {
    this.#armed[0] = 0;
    this.flush();
  }

  /** Looks at the journal again when the replicas will have caught up; otherwise whatever happens next does. */
  #arm(): void {
    const delayNs = this.#nodes?.catchUpNs() ?? Infinity;
    if (this.#journal.size() === 0 || this.#armed[0] === 1 || delayNs === Infinity) return;
    this.#armed[0] = 1;
    this.#context.schedule(delayNs, FLUSH, 0, 0);
  }

  /** What happened after a moment [ns] never did; -1: nothing is left. */
  rollBack(afterNs: number, reason: string): void {
    const { logs } = this.streams;
    this.flush();
    for (let stream = 0; stream < this.#settings.streams.length; stream++) {
      for (let last = logs.last(stream); last !== NONE; last = logs.last(stream)) {
        if (logs.addedNs(last) <= afterNs) break;
        this.#remove(last, { reason, by: "loss" });
      }
      if (afterNs < 0) logs.dropArchive(stream);
    }
    const unread = new Map<number, { first: number; count: number }>();
    this.#forgetReads(afterNs, reason, unread);
    this.#forgetAcknowledgements(afterNs, unread);
    for (const [group, { first, count }] of unread) this.groups.rewind(group, first, count);
  }

  #forgetReads(
    afterNs: number,
    reason: string,
    unread: Map<number, { first: number; count: number }>,
  ): void {
    const { groups } = this;
    for (let stream = 0; stream < this.#settings.streams.length; stream++)
      for (let group = groups.first(stream); group !== NONE; group = groups.following(group))
        if (!groups.isReader(group)) this.#forgetReadsOf(group, { afterNs, reason, unread });
  }

  #forgetReadsOf(
    group: number,
    about: {
      readonly afterNs: number;
      readonly reason: string;
      readonly unread: Map<number, { first: number; count: number }>;
    },
  ): void {
    const { groups } = this;
    for (let row = groups.lastPending(group); row !== NONE; row = groups.lastPending(group)) {
      if (groups.pending.firstNs(row) <= about.afterNs) return;
      const entry = this.#forgetRead(row, about.reason);
      if (entry !== NONE) this.#unreadAgain(about.unread, group, entry);
    }
  }

  #forgetRead(row: number, reason: string): number {
    const entry = this.groups.pending.entry(row);
    this.takeBack(row, reason);
    this.forgetGhost(row);
    return entry;
  }

  #forgetAcknowledgements(
    afterNs: number,
    unread: Map<number, { first: number; count: number }>,
  ): void {
    const { groups, streams } = this;
    const { pending } = groups;
    for (let left = this.#journal.size(); left > 0; left--) {
      const row = this.#journal.popFront();
      const group = groups.ofRow(row);
      const entry = pending.entry(row);
      const isThere = streams.logs.isStill(entry, groups.stream(group), pending.sequence(row));
      if (!isThere || pending.ackedNs(row) <= afterNs) {
        this.#finalize(row);
        continue;
      }
      this.books.routed(groups.account(group), this.messageOf(entry));
      if (pending.firstNs(row) > afterNs) {
        this.#unreadAgain(unread, group, entry);
        pending.free(row);
      } else pending.putBack(row);
    }
  }

  #unreadAgain(
    unread: Map<number, { first: number; count: number }>,
    group: number,
    entry: number,
  ): void {
    const { logs } = this.streams;
    const known = unread.get(group);
    if (known === undefined) unread.set(group, { first: entry, count: 1 });
    else {
      known.count++;
      if (logs.sequence(entry) < logs.sequence(known.first)) known.first = entry;
    }
  }

  #finalize(row: number): void {
    const { pending } = this.groups;
    const { logs } = this.streams;
    const stream = this.groups.stream(this.groups.ofRow(row));
    const entry = pending.entry(row);
    const isThere = logs.isStill(entry, stream, pending.sequence(row));
    pending.free(row);
    if (!isThere) return;
    logs.need(entry, -1);
    this.#letGoOf(entry);
  }

  /** A delivery has nothing to do with its row any more. */
  #letGo(row: number, delivery: number): void {
    const context = this.#context;
    if (this.groups.pending.answer(row) !== 0) context.forget(delivery);
    else context.mark(delivery, context.deliveryMark(delivery) | staleBit);
  }

  #trim(stream: number): void {
    const { rule } = this.#settings.streams[stream]!;
    const { logs } = this.streams;
    const maxLength = this.#maxLength[stream]!;
    const nowMs = Math.floor(this.#context.now() / 1e6);
    let left = this.streams.surplus(stream, rule, { maxLength, nowMs });
    for (; left > 0; left--) {
      const first = logs.first(stream);
      if (rule.references === "ACKED" && logs.needs(first) > 0) return;
      this.#remove(first, { reason: `trimmed by ${rule.by}`, by: rule.references });
    }
  }

  /** Takes an entry out, from the front by trimming or from the back by a loss. */
  #remove(
    entry: number,
    about: { reason: string; by: "loss" | "KEEPREF" | "DELREF" | "ACKED" },
  ): void {
    const { groups, streams } = this;
    const stream = streams.logs.log(entry);
    const message = this.messageOf(entry);
    const isLoss = about.by === "loss";
    for (let group = groups.first(stream); group !== NONE; group = groups.following(group)) {
      if (!groups.hasRead(group, entry)) {
        this.books.dropped(groups.account(group), message, about.reason);
        groups.skip(group, entry);
        continue;
      }
      const row = groups.pendingOf(group, entry, isLoss ? "back" : "front");
      if (row !== NONE) this.#loseEntry(row, { ...about, isLoss });
      if (isLoss) groups.forgetBehind(group, streams.logs.sequence(entry) - 1);
    }
    if (isLoss) streams.delete(entry, "lost");
    else streams.trimFirst(stream);
    if (message !== NONE) this.#context.release(message);
  }

  #loseEntry(row: number, about: { reason: string; by: string; isLoss: boolean }): void {
    const { pending } = this.groups;
    const context = this.#context;
    const delivery = pending.delivery(row);
    if (delivery !== NONE && about.isLoss) {
      context.discarded(delivery, about.reason);
      this.#letGo(row, delivery);
    }
    if (delivery === NONE) {
      const account = this.groups.account(this.groups.ofRow(row));
      const reason = about.isLoss ? about.reason : `${about.reason} while pending`;
      this.books.dropped(account, this.messageOf(pending.entry(row)), reason);
    }
    const staysPending = !about.isLoss && (about.by === "KEEPREF" || delivery !== NONE);
    if (staysPending) pending.loseBody(row);
    else this.forgetGhost(row);
  }

  /** Of an entry that nobody needs the message goes; where nothing trims, the first such entries only count on. */
  #letGoOf(entry: number): void {
    const { logs } = this.streams;
    if (logs.needs(entry) > 0) return;
    const stream = logs.log(entry);
    const message = this.messageOf(entry);
    if (message !== NONE) {
      logs.forgetMessage(entry);
      this.#context.release(message);
    }
    if (this.#settings.streams[stream]!.rule.by !== "none") return;
    for (let first = logs.first(stream); first !== NONE; first = logs.first(stream)) {
      if (logs.needs(first) > 0) return;
      logs.archiveFirst(stream);
    }
  }
}
