// The reading side: each worker sends one read at a time, works through what comes, acknowledges, and reads again. What it
// leaves pending is handed out again only when it reads its own history or when somebody claims.

import type { Int32Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import { Answers } from "./answers.ts";
import { Claims } from "./claims.ts";
import type { RedisNodes } from "./cluster.ts";
import { type Keeper, staleBit } from "./keeper.ts";
import { ReaderRows, readerStates } from "./readerRows.ts";
import { readWakes } from "./readWakes.ts";
import { Replies } from "./replies.ts";
import type { Settings, SubscriptionSettings } from "./settings.ts";
import type { BrokerContext, Departure, Verdict } from "../technology.ts";

const NONE = -1;

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
  readonly #answers: Answers;
  readonly claims: Claims;
  /** Per subscription: COUNT; 0: none. */
  readonly #counts: Int32Column;

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
      return parts.keeper.groups.create(stream, 0, { account, isReader: false });
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
    this.#counts = arena.int32(`${id}.counts`, subscriptions.length);
    subscriptions.forEach((one, index) => {
      this.#counts.data[index] = one?.values.count ?? 0;
    });
    const base = { settings, context, ...parts };
    this.claims = new Claims(base, {
      groupRow: (group) => this.#groupRows[group]!,
      hand: (row, reader) => this.#hand(row, reader),
      added: (stream) => this.added(stream),
      serveWaiting: (one) => this.#serveForClaim(one),
    });
    this.#answers = new Answers(base, (subscription) => this.claims.start(this.#of(subscription)));
  }

  setCount(subscription: number, count: number): void {
    this.#counts.data[subscription] = count;
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
    if (this.rows.group(reader) === NONE) {
      const about = { account: this.accountOf(subscription), isReader: true };
      this.rows.setGroup(reader, groups.create(settings.stream, "$", about));
    }
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
    const deletes = how === "close" && settings.values.on_close === "delete" && settings.group >= 0;
    const missesRest = settings.group < 0 && settings.values.resume === "$";
    for (const delivery of this.#keeper.books.heldBy(subscription, worker)) this.#abandon(delivery);
    if (deletes || missesRest) this.#forgetPending(reader);
    if (missesRest) {
      this.#keeper.forgetReader(this.rows.group(reader));
      this.rows.setGroup(reader, NONE);
    }
    this.claims.start(settings);
  }

  settle(delivery: number, verdict: Verdict): void {
    const context = this.#context;
    const subscription = context.deliverySubscription(delivery);
    const settings = this.#of(subscription);
    const reader = this.rows.of(subscription, context.deliveryWorker(delivery));
    const row = context.deliveryTag(delivery);
    if (row === NONE) this.#answers.settleAtOnce(delivery, verdict);
    else this.#answers.settle(delivery, row, { verdict, settings });
    if (this.rows.hold(reader, -1) === 0) this.#ask(reader, settings.latencyNs);
  }

  /** A timer of the reading side has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === readWakes.ack) this.#answers.arrive(a, b);
    else if (code === readWakes.tick) this.claims.tick(a);
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
    this.#answers.resume();
    for (let stream = 0; stream < this.#settings.streams.length; stream++) this.added(stream);
    for (const one of this.#settings.subscriptions)
      if (one !== undefined && one.stream >= 0) this.claims.start(one);
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
    this.#context.schedule(
      Math.round(delayNs * this.#nodes.slowness()),
      readWakes.ask,
      reader,
      step,
    );
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
    const delayNs = Math.round(settings.latencyNs * this.#nodes.slowness());
    this.#context.schedule(delayNs, readWakes.reply, reader, step);
    this.claims.start(settings);
  }

  #fill(reader: number, settings: SubscriptionSettings, atMost: number): void {
    if (this.rows.readsHistory(reader) && this.#readHistory(reader, atMost) > 0) return;
    const group = this.rows.group(reader);
    if (this.claims.claimWhenDue(reader, group, settings) > 0) return;
    const claims = settings.group >= 0 && settings.values.claim === "CLAIM" && !settings.noack;
    this.#readNew(
      reader,
      atMost - (claims ? this.claims.claim({ reader, group }, settings, atMost) : 0),
    );
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
      const row = this.#replies.row(item);
      const place = this.#replies.place(item);
      const to = { place, subscription, worker };
      if (row === NONE) {
        const message = this.#replies.message(item);
        this.rows.hold(reader, 1);
        this.#keeper.books.deliver(account, message, { ...to, attempt: 1, tag: NONE, mark: 0 });
        this.#context.release(message);
      } else if (this.#isStillHanded(item)) {
        // What the worker acknowledged before it restarted may still be on the wire.
        this.#keeper.takeBack(row, "read again before its acknowledgement came");
        const entry = pending.entry(row);
        const mark = pending.generation(row) << 1;
        const message = this.#keeper.messageOf(entry);
        this.rows.hold(reader, 1);
        const about = { ...to, attempt: pending.counter(row), tag: row, mark };
        pending.setDelivery(row, this.#keeper.books.deliver(account, message, about));
      }
      item = this.#replies.free(item);
    }
    if (this.rows.hold(reader, -1) === 0) this.#ask(reader, this.#of(subscription).latencyNs);
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

  #abandon(delivery: number): void {
    const context = this.#context;
    const row = context.deliveryTag(delivery);
    const mark = context.deliveryMark(delivery);
    const { pending } = this.#keeper.groups;
    if (row === NONE) context.discarded(delivery, "lost with its worker: NOACK");
    else if ((mark & staleBit) === 0) {
      // What the worker has settled is on its way to Redis and not the worker's any more.
      if (pending.answer(row) !== 0) return;
      pending.setAnswer(row, 1);
      this.#keeper.takeBack(row, "consumer-gone");
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

  /** Lets the first waiting worker of a subscription read, so that it claims; none may wait. */
  #serveForClaim(settings: SubscriptionSettings): void {
    const ring = this.#ringOf(settings);
    for (let at = 0; at < ring.size(); at++) {
      const reader = ring.at(at);
      if (this.rows.subscription(reader) !== settings.index) continue;
      ring.removeAt(at);
      this.#serve(reader);
      return;
    }
  }

  #ringOf({ group, index }: SubscriptionSettings): Ring {
    return this.#waiting[group >= 0 ? group : this.#settings.groups.length + index]!;
  }

  #of(subscription: number): SubscriptionSettings {
    return this.#settings.subscriptions[subscription]!;
  }
}
