// The reading side: each worker sends one read at a time, works through what comes, acknowledges, and reads again. What it
// leaves pending is handed out again only when it reads its own history or when somebody claims.

import type { Int32Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import type { RedisNodes } from "./cluster.ts";
import { type Keeper, staleBit } from "./keeper.ts";
import { ReaderRows, readerStates } from "./readerRows.ts";
import { Replies } from "./replies.ts";
import { type Settings, type SubscriptionSettings, toNs } from "./settings.ts";
import type { BrokerContext, Departure, Verdict } from "../technology.ts";

/** Codes of the timers of the reading side. */
export const readWakes = { ask: 16, reply: 17, ack: 18, tick: 19 } as const;

const NONE = -1;

// Answers on the wire.
const DONE = 1;
const SET_ASIDE = 2;
const GIVE_UP = 3;
const RELEASE = 4;

/** All workers that read streams. */
export class Readers {
  readonly rows: ReaderRows;
  readonly #settings: Settings;
  readonly #context: BrokerContext;
  readonly #keeper: Keeper;
  readonly #nodes: RedisNodes;
  readonly #replies: Replies;
  /** Row among the groups of each configured group. */
  readonly #groupRows: readonly number[];
  /** Account of each subscription that reads without a group. */
  readonly #accounts: readonly number[];
  /** Readers that wait, in the order in which they blocked: per group, then per subscription without one. */
  readonly #waiting: readonly Ring[];
  /** Acknowledgements that find no primary: row and generation. */
  readonly #unsent: Ring;
  /** Per subscription: COUNT (0: none), whether a claim is due, whether a tick is set. */
  readonly #counts: Int32Column;
  readonly #claimDue: Int32Column;
  readonly #ticking: Int32Column;
  /** Per subscription: min-idle-time [ms]. */
  readonly #minIdle: Float64Array;

  constructor(
    settings: Settings,
    context: BrokerContext,
    parts: { readonly keeper: Keeper; readonly nodes: RedisNodes },
  ) {
    const { arena } = context;
    const { id, groups, subscriptions } = settings;
    this.#settings = settings;
    this.#context = context;
    this.#keeper = parts.keeper;
    this.#nodes = parts.nodes;
    const { books } = parts.keeper;
    this.#groupRows = groups.map(({ stream, subscriptions: members }) => {
      const { channel } = settings.streams[stream]!;
      const account = books.open(channel, members.length === 1 ? members[0]! : NONE);
      return parts.keeper.groups.create(stream, 0, account);
    });
    this.#accounts = subscriptions.map((one) =>
      one !== undefined && one.stream >= 0 && one.group < 0
        ? books.open(one.channel, one.index)
        : NONE,
    );
    const reads = subscriptions.map((one) => one !== undefined && one.stream >= 0);
    this.rows = new ReaderRows(arena, `${id}.readers`, reads);
    this.#replies = new Replies(arena, `${id}.replies`);
    this.#waiting = Array.from(
      { length: groups.length + subscriptions.length },
      (_, at) => new Ring(arena, `${id}.waiting${at}`),
    );
    this.#unsent = new Ring(arena, `${id}.unsent`);
    this.#counts = arena.int32(`${id}.counts`, subscriptions.length);
    this.#claimDue = arena.int32(`${id}.claimDue`, subscriptions.length);
    this.#ticking = arena.int32(`${id}.ticking`, subscriptions.length);
    this.#minIdle = arena.float64(`${id}.minIdle`, subscriptions.length).data;
    subscriptions.forEach((one, index) => {
      this.#counts.data[index] = one?.values.count ?? 0;
      this.#minIdle[index] = one?.values["min-idle-time"] ?? 0;
    });
  }

  setCount(subscription: number, count: number): void {
    this.#counts.data[subscription] = count;
  }

  setMinIdle(subscription: number, ms: number): void {
    this.#minIdle[subscription] = ms;
  }

  /** The account in which the copies of a subscription are booked. */
  accountOf(subscription: number): number {
    const { group } = this.#of(subscription);
    return group >= 0
      ? this.#keeper.groups.account(this.#groupRows[group]!)
      : this.#accounts[subscription]!;
  }

  /** The rows of the groups through which a subscription reads. */
  groupsOf(subscription: number): readonly number[] {
    const { group } = this.#of(subscription);
    if (group >= 0) return [this.#groupRows[group]!];
    return Array.from({ length: this.rows.workers(subscription) }, (_, worker) => {
      const reader = this.rows.of(subscription, worker);
      return reader === NONE ? NONE : this.rows.group(reader);
    }).filter((row) => row !== NONE);
  }

  join(subscription: number, worker: number): void {
    const settings = this.#of(subscription);
    const { groups } = this.#keeper;
    let reader = this.rows.of(subscription, worker);
    if (reader === NONE || settings.isRenamed) {
      const group = settings.group >= 0 ? this.#groupRows[settings.group]! : NONE;
      reader = this.rows.add(subscription, worker, group);
    }
    if (this.rows.group(reader) === NONE)
      this.rows.setGroup(
        reader,
        groups.create(settings.stream, "$", this.#accounts[subscription]!),
      );
    this.rows.setHistory(reader, settings.readsHistory, 0);
    this.rows.setHeld(reader, 0);
    this.#ask(reader, 0);
  }

  leave(subscription: number, worker: number, how: Departure): void {
    const settings = this.#of(subscription);
    const reader = this.rows.of(subscription, worker);
    this.rows.enter(reader, readerStates.away);
    this.#ringOf(settings).removeValue(reader);
    this.#abandonReply(reader);
    const deletes = how === "close" && settings.values.on_close === "delete";
    const missesRest = settings.group < 0 && settings.values.resume === "$";
    for (const delivery of this.#context.deliveriesOf(subscription, worker))
      this.#abandon(delivery, settings);
    if ((deletes && settings.group >= 0) || missesRest) this.#forgetPending(reader);
    if (missesRest) {
      this.#keeper.forgetReader(this.rows.group(reader));
      this.rows.setGroup(reader, NONE);
    }
    this.#startTicking(settings);
  }

  settle(delivery: number, verdict: Verdict): void {
    const context = this.#context;
    const subscription = context.deliverySubscription(delivery);
    const settings = this.#of(subscription);
    const reader = this.rows.of(subscription, context.deliveryWorker(delivery));
    const row = context.deliveryTag(delivery);
    if (row === NONE) this.#settleAtOnce(delivery, verdict);
    else this.#settlePending(delivery, row, { verdict, settings });
    if (this.rows.hold(reader, -1) === 0) this.#ask(reader, settings.latencyNs);
  }

  /** A timer of the reading side has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === readWakes.ack) this.#acknowledge(a, b);
    else if (code === readWakes.tick) this.#tick(a);
    else if (this.rows.isStep(a, b)) {
      if (code === readWakes.ask) this.#serve(a);
      else this.#arrive(a);
    }
  }

  /** A stream has new entries: who waits for them is served, in the order of blocking. */
  added(stream: number): void {
    this.#settings.groups.forEach((group, at) => {
      if (group.stream !== stream) return;
      const row = this.#groupRows[at]!;
      this.#serveWaiting(this.#waiting[at]!, () => this.#keeper.groups.unread(row) > 0);
    });
    for (const one of this.#settings.subscriptions)
      if (one !== undefined && one.stream === stream && one.group < 0)
        this.#serveWaiting(this.#ringOf(one), () => true);
  }

  /** A primary is there again: what was not sent is sent, and who waits is served. */
  resume(): void {
    for (let left = this.#unsent.size(); left > 0; left -= 2)
      this.#acknowledge(this.#unsent.popFront(), this.#unsent.popFront());
    for (let stream = 0; stream < this.#settings.streams.length; stream++) this.added(stream);
    for (const one of this.#settings.subscriptions)
      if (one !== undefined && one.stream >= 0) this.#startTicking(one);
  }

  #serveWaiting(ring: Ring, hasMore: () => boolean): void {
    if (!this.#nodes.serves()) return;
    for (let left = ring.size(); left > 0 && hasMore(); left--) {
      const reader = ring.popFront();
      const { pollNs } = this.#of(this.rows.subscription(reader));
      if (pollNs === 0) this.#serve(reader);
      else {
        // It asks again at the next of its pauses.
        const sinceNs = this.#context.now() - this.rows.waitingSince(reader);
        this.#ask(reader, pollNs - (sinceNs % pollNs));
      }
    }
  }

  #ask(reader: number, delayNs: number): void {
    const step = this.rows.enter(reader, readerStates.asking);
    this.#context.schedule(this.#slowed(delayNs), readWakes.ask, reader, step);
  }

  /** The read of a worker has come to the primary. */
  #serve(reader: number): void {
    const settings = this.#of(this.rows.subscription(reader));
    if (this.#nodes.serves()) {
      const count = this.#counts.data[settings.index]!;
      this.#fill(reader, settings, count === 0 ? Infinity : count);
    }
    if (this.rows.replyFirst(reader) === NONE) {
      this.rows.enter(reader, readerStates.waiting);
      this.rows.setWaitingSince(reader, this.#context.now());
      this.#ringOf(settings).pushBack(reader);
      return;
    }
    const step = this.rows.enter(reader, readerStates.answered);
    const delayNs = this.#slowed(settings.latencyNs);
    this.#context.schedule(delayNs, readWakes.reply, reader, step);
    this.#startTicking(settings);
  }

  #fill(reader: number, settings: SubscriptionSettings, atMost: number): void {
    if (this.rows.readsHistory(reader) && this.#readHistory(reader, atMost) > 0) return;
    const isDue = this.#claimDue.data[settings.index] === 1;
    if (isDue) {
      this.#claimDue.data[settings.index] = 0;
      if (this.#claim(reader, settings, settings.values.claim_count) > 0) return;
    }
    const claims = settings.group >= 0 && settings.values.claim === "CLAIM" && !settings.noack;
    this.#readNew(reader, atMost - (claims ? this.#claim(reader, settings, atMost) : 0));
  }

  /** What is pending under the reader's own name; each counts as a delivery. */
  #readHistory(reader: number, atMost: number): number {
    const { groups } = this.#keeper;
    const { pending } = groups;
    const after = this.rows.historyAfter(reader);
    let row = groups.firstPending(this.rows.group(reader));
    let count = 0;
    while (row !== NONE && count < atMost) {
      const isOwn = pending.reader(row) === reader && pending.sequence(row) > after;
      if (isOwn && pending.entry(row) !== NONE) {
        this.#hand(row, reader);
        this.rows.setHistory(reader, true, pending.sequence(row));
        count++;
      }
      row = pending.next(row);
    }
    if (count === 0) this.rows.setHistory(reader, false, 0);
    return count;
  }

  #readNew(reader: number, atMost: number): void {
    const { groups, streams } = this.#keeper;
    const group = this.rows.group(reader);
    const { noack } = this.#of(this.rows.subscription(reader));
    for (let left = atMost; left > 0 && groups.next(group) !== NONE; left--) {
      const entry = groups.read(group);
      const place = streams.logs.sequence(entry);
      if (noack) {
        const message = this.#keeper.messageOf(entry);
        this.#context.retain(message);
        this.#reply(reader, { row: NONE, generation: 0, hands: 0, message, place });
        this.#keeper.readAtOnce(entry);
      } else {
        const row = groups.pend(group, entry, reader, this.#context.now());
        const generation = groups.pending.generation(row);
        this.#reply(reader, { row, generation, hands: 0, message: NONE, place });
      }
      this.#nodes.wrote();
    }
  }

  /** XAUTOCLAIM: entries that have been idle for long enough, in the order of their ids. */
  #claim(reader: number, settings: SubscriptionSettings, atMost: number): number {
    const { groups } = this.#keeper;
    const { pending } = groups;
    const limit = settings.values.dead_letter_after;
    let row = groups.firstPending(this.rows.group(reader));
    let count = 0;
    while (row !== NONE && count < atMost) {
      const next = pending.next(row);
      if (this.#isClaimable(row, settings)) {
        if (pending.entry(row) === NONE) this.#dropGhost(row);
        else if (limit !== null && pending.counter(row) >= limit) this.#setAside(row, settings);
        else {
          this.#keeper.takeBack(row, "claimed by another consumer");
          this.#hand(row, reader);
          count++;
        }
      }
      row = next;
    }
    return count;
  }

  #isClaimable(row: number, settings: SubscriptionSettings): boolean {
    const minIdleNs = toNs(this.#minIdle[settings.index]!);
    return this.#keeper.groups.pending.isIdle(row, this.#context.now(), minIdleNs);
  }

  #dropGhost(row: number): void {
    this.#keeper.takeBack(row, "claimed by another consumer");
    this.#keeper.forgetGhost(row);
  }

  /** The application moves an entry to its stream for dead letters, and acknowledges it. */
  #setAside(row: number, { deadLetterStream }: SubscriptionSettings): void {
    const message = this.#keeper.messageOf(this.#keeper.groups.pending.entry(row));
    this.#context.retain(message);
    this.#keeper.finish(row, "dead-letter");
    if (deadLetterStream >= 0) {
      this.#keeper.append(deadLetterStream, message);
      this.added(deadLetterStream);
    }
    this.#context.release(message);
  }

  #hand(row: number, reader: number): void {
    const { pending } = this.#keeper.groups;
    pending.hand(row, { reader, nowNs: this.#context.now(), counts: true });
    this.#nodes.wrote();
    this.#reply(reader, {
      row,
      generation: pending.generation(row),
      hands: pending.hands(row),
      message: NONE,
      place: pending.sequence(row),
    });
  }

  #reply(reader: number, about: Parameters<Replies["add"]>[1]): void {
    const first = this.rows.replyFirst(reader);
    const item = this.#replies.add(this.rows.replyLast(reader), about);
    this.rows.setReply(reader, first === NONE ? item : first, item);
  }

  /** A reply has come to its worker. */
  #arrive(reader: number): void {
    this.rows.enter(reader, readerStates.busy);
    const subscription = this.rows.subscription(reader);
    const worker = this.rows.worker(reader);
    const account = this.accountOf(subscription);
    const { pending } = this.#keeper.groups;
    let item = this.rows.replyFirst(reader);
    this.rows.setReply(reader, NONE, NONE);
    // A worker may settle while it is handed the next one: it is not to read on in between.
    this.rows.setHeld(reader, 1);
    while (item !== NONE) {
      const replies = this.#replies;
      const row = replies.row(item);
      const place = replies.place(item);
      const to = { place, subscription, worker };
      if (row === NONE) {
        const message = replies.message(item);
        this.rows.hold(reader, 1);
        this.#keeper.books.deliver(account, message, { ...to, attempt: 1, tag: NONE, mark: 0 });
        this.#context.release(message);
      } else if (this.#isStillHanded(item)) {
        const entry = pending.entry(row);
        const mark = pending.generation(row) << 1;
        const message = this.#keeper.messageOf(entry);
        this.rows.hold(reader, 1);
        const attempt = pending.counter(row);
        pending.setDelivery(
          row,
          this.#keeper.books.deliver(account, message, { ...to, attempt, tag: row, mark }),
        );
      }
      item = replies.free(item);
    }
    if (this.rows.hold(reader, -1) === 0)
      this.#ask(reader, this.#of(subscription).latencyNs);
  }

  #isStillHanded(item: number): boolean {
    const { pending } = this.#keeper.groups;
    const row = this.#replies.row(item);
    return (
      pending.isStill(row, this.#replies.generation(item)) &&
      !pending.isAcknowledged(row) &&
      pending.hands(row) === this.#replies.hands(item) &&
      pending.entry(row) !== NONE
    );
  }

  /** The connection to which a reply was on its way is closed. */
  #abandonReply(reader: number): void {
    const account = this.accountOf(this.rows.subscription(reader));
    let item = this.rows.replyFirst(reader);
    this.rows.setReply(reader, NONE, NONE);
    while (item !== NONE) {
      if (this.#replies.row(item) === NONE) {
        const message = this.#replies.message(item);
        this.#keeper.books.dropped(account, message, "sent with NOACK to a worker that is gone");
        this.#context.release(message);
      }
      item = this.#replies.free(item);
    }
  }

  #abandon(delivery: number, settings: SubscriptionSettings): void {
    const context = this.#context;
    const row = context.deliveryTag(delivery);
    const mark = context.deliveryMark(delivery);
    const { pending } = this.#keeper.groups;
    if (row === NONE) context.discarded(delivery, "lost with its worker: NOACK");
    else if ((mark & staleBit) === 0) {
      // What the worker has settled is on its way to Redis and not the worker's any more.
      if (pending.answer(row) !== 0) return;
      pending.setAnswer(row, DONE);
      this.#keeper.takeBack(row, "consumer-gone");
      if (settings.values.on_failure === "leave") this.#startTicking(settings);
      return;
    }
    context.forget(delivery);
  }

  /** XGROUP DELCONSUMER: nobody gets again what is pending under a name. */
  #forgetPending(reader: number): void {
    const { groups } = this.#keeper;
    const { pending } = groups;
    let row = groups.firstPending(this.rows.group(reader));
    while (row !== NONE) {
      const next = pending.next(row);
      if (pending.reader(row) === reader) this.#keeper.finish(row, "forgotten");
      row = next;
    }
  }

  #settleAtOnce(delivery: number, verdict: Verdict): void {
    const context = this.#context;
    if (verdict === "done") context.acknowledged(delivery);
    else if (verdict === "set-aside") context.rejected(delivery, verdict);
    else context.discarded(delivery, "failed, and not pending: NOACK");
    context.forget(delivery);
  }

  #settlePending(
    delivery: number,
    row: number,
    about: { readonly verdict: Verdict; readonly settings: SubscriptionSettings },
  ): void {
    const { pending } = this.#keeper.groups;
    const { verdict, settings } = about;
    const mark = this.#context.deliveryMark(delivery);
    const generation = mark >> 1;
    const isOwn = (mark & staleBit) === 0;
    if (!isOwn) this.#context.forget(delivery);
    const answer = this.#answerTo(verdict, settings);
    if (isOwn) pending.setAnswer(row, answer === 0 ? DONE : answer);
    if (answer === 0) {
      if (isOwn) this.#keeper.takeBack(row, "failed: stays pending");
      this.#startTicking(settings);
    } else if (!isOwn && answer === RELEASE) return;
    // Without a group it is the application itself that remembers how far it is.
    else if (settings.group < 0) this.#acknowledge(row, generation);
    else
      this.#context.schedule(this.#slowed(settings.latencyNs), readWakes.ack, row, generation);
  }

  /** What a worker sends about a delivery; 0: nothing. */
  #answerTo(verdict: Verdict, { group, values }: SubscriptionSettings): number {
    if (verdict === "done") return DONE;
    if (verdict === "set-aside") return SET_ASIDE;
    if (group < 0 || values.on_failure === "XACK") return GIVE_UP;
    return values.on_failure === "XNACK" ? RELEASE : 0;
  }

  /** An XACK or XNACK has come to the primary, whoever sent it. */
  #acknowledge(row: number, generation: number): void {
    const { pending } = this.#keeper.groups;
    if (!pending.isStill(row, generation) || pending.isAcknowledged(row)) return;
    if (!this.#nodes.serves()) {
      this.#unsent.pushBack(row);
      this.#unsent.pushBack(generation);
      return;
    }
    const answer = pending.answer(row);
    if (answer === RELEASE) {
      this.#keeper.takeBack(row, "XNACK");
      pending.release(row);
      this.#startTicking(this.#of(this.rows.subscription(pending.reader(row))));
    } else if (answer === SET_ASIDE) this.#keeper.finish(row, "set-aside");
    else this.#keeper.finish(row, answer === GIVE_UP ? "given-up" : "acknowledged");
  }

  /** Claims are looked at in multiples of their interval, while anything is pending. */
  #startTicking({ index, claimEveryNs, group }: SubscriptionSettings): void {
    if (claimEveryNs === Infinity || this.#ticking.data[index] === 1) return;
    if (this.#keeper.groups.pendingCount(this.#groupRows[group]!) === 0) return;
    this.#ticking.data[index] = 1;
    const delayNs = claimEveryNs - (this.#context.now() % claimEveryNs);
    this.#context.schedule(delayNs, readWakes.tick, index, 0);
  }

  #tick(index: number): void {
    const settings = this.#of(index);
    this.#ticking.data[index] = 0;
    this.#startTicking(settings);
    if (!this.#nodes.serves() || !this.#hasClaimable(settings)) return;
    this.#claimDue.data[index] = 1;
    const ring = this.#ringOf(settings);
    for (let at = 0; at < ring.size(); at++) {
      const reader = ring.at(at);
      if (this.rows.subscription(reader) !== index) continue;
      ring.removeAt(at);
      this.#serve(reader);
      return;
    }
  }

  #hasClaimable(settings: SubscriptionSettings): boolean {
    const { groups } = this.#keeper;
    let row = groups.firstPending(this.#groupRows[settings.group]!);
    while (row !== NONE && !this.#isClaimable(row, settings)) row = groups.pending.next(row);
    return row !== NONE;
  }

  #slowed(ns: number): number {
    return Math.round(ns * this.#nodes.slowness());
  }

  #ringOf({ group, index }: SubscriptionSettings): Ring {
    return this.#waiting[group >= 0 ? group : this.#settings.groups.length + index]!;
  }

  #of(subscription: number): SubscriptionSettings {
    return this.#settings.subscriptions[subscription]!;
  }
}
