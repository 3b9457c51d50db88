// The network between the parts of a drawing, as one seam that every hop asks: publication and confirmation, delivery and
// acknowledgement, request and answer, what a store is asked. Everything goes over TCP: what is lost comes later, what is
// cut off waits and is tried again, and who waits too long for an answer closes the connection.

import { publishMannersOf } from "../../brokers/networkManners.ts";
import type { PublishManners } from "../../brokers/networkManners.ts";
import type { Departure, Verdict } from "../../brokers/technology.ts";
import type { EventList } from "../../kernel/eventList.ts";
import { parametersOf } from "../../model/elements.ts";
import type { NetworkFault } from "../../model/networkFault.ts";
import type { RunningNode } from "../../nodes/context.ts";
import type { Passage } from "../callPlan.ts";
import { codeBits } from "../timerCodes.ts";
import type { World } from "../world.ts";
import type { Absences } from "./absences.ts";
import { ActiveFaults } from "./activeFaults.ts";
import { CallPassages } from "./callPassages.ts";
import { brokerBehind } from "./conditions.ts";
import { type Held, HeldItems, itemKinds } from "./heldItems.ts";
import { Marks } from "./marks.ts";
import { SilentConsumers } from "./silentConsumers.ts";
import { Ways } from "./ways.ts";

// Timers: of an item that is under way; of a stalled way, with the number of the timer; of an item of a call that is tried
// again; of the consumers of a connection, with the number of the timer.
const CARRY = 0;
const STALLED = 1;
const TRY_CALL = 2;
const NOTICE = 3;
const REJOIN = 4;

/** How long the client of a store waits for an answer [ns]: the socket timeout that drivers of databases are commonly given. */
const STORE_ANSWER_NS = 5e9;

const verdicts: readonly Verdict[] = ["done", "failed", "set-aside"];

/** The network of one run. */
export class Network implements RunningNode {
  /** Whether a hop has to ask: a fault lasts, or something is still held up by one. Follows from the state. */
  isBusy = false;
  readonly #world: World;
  readonly #events: EventList;
  readonly #firstCode: number;
  readonly #faults: ActiveFaults;
  readonly #ways: Ways;
  readonly #items: HeldItems;
  readonly #consumers: SilentConsumers;
  readonly #callPassages: CallPassages;
  /** Which workers have joined and what they have settled: told of by every hop, also while nothing is the matter. */
  readonly absences: Absences;
  /** By row of the connection. */
  readonly #manners: readonly (PublishManners | undefined)[];
  /** By message: 1 for what a client has sent a second time. */
  readonly #copies: Marks;

  constructor(world: World, component: number) {
    const { arena, plan, events } = world;
    const { scenario } = plan;
    this.#world = world;
    this.#events = events;
    this.#firstCode = component << codeBits;
    this.#faults = new ActiveFaults(arena);
    this.#ways = new Ways(arena, scenario);
    this.#items = new HeldItems(arena, 2 * scenario.connections.length);
    this.#consumers = new SilentConsumers(world, this.#ways, {
      notice: (row, number, delayNs) => this.#schedule(delayNs, NOTICE, row, number),
      rejoin: (row, number, delayNs) => this.#schedule(delayNs, REJOIN, row, number),
      dropItems: (row, worker, how) => this.#dropItems(row, worker, how),
    });
    this.#callPassages = new CallPassages(world, this.#ways, this.#items, (item, rtoMs, afterNs) =>
      this.#schedule(afterNs, TRY_CALL, item, rtoMs),
    );
    this.absences = this.#consumers.absences;
    this.#copies = new Marks(arena, "network/copies");
    this.#manners = scenario.connections.map((link) => {
      if (link.kind !== "publish") return undefined;
      const broker = brokerBehind(scenario, link.to);
      if (broker === undefined) return undefined;
      return publishMannersOf({
        technology: broker.technology,
        broker: parametersOf(scenario, broker.id),
        channel: parametersOf(scenario, link.to),
        connection: parametersOf(scenario, link.id),
      });
    });
    arena.onRestore(() => {
      this.#faults.readAgain();
      this.#ways.change(this.#faults.all());
      this.#look();
    });
  }

  /** What it has done so far, by name. */
  counts(): Readonly<Record<string, number>> {
    return this.#ways.counts();
  }

  // What the timeline says.

  /** A fault begins. */
  begin(fault: NetworkFault): void {
    this.#change(() => this.#faults.begin(fault));
  }

  /** A fault ends, or without one all that befall an element first. */
  end(target: string, fault?: NetworkFault): void {
    this.#change(() => this.#faults.end(target, fault));
  }

  #change(act: () => void): void {
    const silent = this.#consumers.silentRows();
    act();
    this.#ways.change(this.#faults.all());
    this.#consumers.changed(silent);
    this.#look();
  }

  #look(): void {
    const hasFault = this.#faults.all().length > 0;
    const isHolding = this.#items.size() > 0 || this.#copies.size() > 0;
    this.isBusy = hasFault || isHolding || !this.#consumers.isQuiet();
  }

  // What hops ask. Each returns whether the network has taken it over.

  /** A client sends a message to its broker. */
  publishes(row: number, message: number): boolean {
    const way = 2 * row;
    if (!this.#ways.isTouched(way)) return false;
    const isTwice = !this.#isCopy(message) && this.#ways.drawTwice(way);
    const held = { kind: itemKinds.publication, way, subject: message, detail: 0 };
    const isHeld = this.#send(held, this.#world.messages.size(message));
    if (!isHeld && isTwice) this.#world.brokerOf(row).publish(row, message);
    if (isTwice) this.#sendAgain(row, message, "sent twice");
    return isHeld || isTwice;
  }

  /** A broker reports success to a client. */
  confirms(row: number, message: number): boolean {
    const way = 2 * row + 1;
    if (this.#isCopy(message)) {
      // The client waits for one answer only.
      this.#copies.set(message, 0);
      return false;
    }
    if (!this.#ways.isTouched(way) || this.#manners[row]?.isAnswered === false) return false;
    return this.#send({ kind: itemKinds.confirmation, way, subject: message, detail: 0 }, 0);
  }

  /** A publication has failed for good: whether it was only the second copy, for which nobody waits. */
  isExtra(message: number): boolean {
    if (!this.#isCopy(message)) return false;
    this.#copies.set(message, 0);
    return true;
  }

  /** A broker hands a delivery over. */
  delivers(row: number, delivery: number): boolean {
    const way = 2 * row + 1;
    if (!this.#ways.isTouched(way)) return false;
    const { messages, deliveries } = this.#world;
    const bytes = messages.size(deliveries.message(delivery));
    return this.#send({ kind: itemKinds.delivery, way, subject: delivery, detail: 0 }, bytes);
  }

  /** A worker settles a delivery. */
  settles(row: number, delivery: number, verdict: Verdict): boolean {
    if (this.#consumers.settles(delivery)) {
      this.#look();
      return true;
    }
    const way = 2 * row;
    if (!this.#ways.isTouched(way)) return false;
    const detail = verdicts.indexOf(verdict);
    return this.#send({ kind: itemKinds.settlement, way, subject: delivery, detail }, 0);
  }

  /** A worker wants to be a consumer. */
  joins(row: number, worker: number): boolean {
    this.absences.join(row, worker);
    return this.isBusy && this.#consumers.joins(row, worker);
  }

  /** A worker is a consumer no more. */
  leaves(row: number, worker: number, how: Departure): boolean {
    this.absences.leave(row, worker);
    if (!this.isBusy) return false;
    const isDone = this.#consumers.leaves(row, worker, how);
    this.#look();
    return isDone;
  }

  /** A broker frees a delivery: whether a worker still holds it, so that its row stays. */
  forgets(delivery: number): boolean {
    return this.#consumers.forgets(delivery);
  }

  /** A request or an answer sets out. */
  calls(passage: Passage): void {
    this.#callPassages.setOut(passage);
  }

  /** How much longer a store takes to answer [ns]. While nobody answers, its client waits for its timeout. */
  storeNs(row: number, message: number): number {
    if (this.#ways.isSilent(row)) return STORE_ANSWER_NS;
    const bytes = message < 0 ? 0 : this.#world.messages.size(message);
    const nowNs = this.#now();
    return (
      this.#ways.extraNs(2 * row, bytes, nowNs) + this.#ways.extraNs(2 * row + 1, bytes, nowNs)
    );
  }

  /** Whether what a store was asked does not arrive there. */
  isCutTo(row: number): boolean {
    return this.#ways.isCut(2 * row);
  }

  /** Whether it gets no answer to its client, be it that it does not hear the question. */
  isSilent(row: number): boolean {
    return this.#ways.isSilent(row);
  }

  // Underway.

  /** Sends something over an ordered connection; whether the network has taken it over. */
  #send(held: Held, bytes: number): boolean {
    const { way } = held;
    const ways = this.#ways;
    if (ways.isCut(way) || this.#items.isWaiting(way)) {
      if (!this.#items.isWaiting(way)) this.#setStalled(way, ways.stall(way, this.#now()));
      this.#items.queue(way, this.#take(held));
      return true;
    }
    const extraNs = ways.inOrderNs(way, bytes, this.#now());
    if (extraNs === 0) return false;
    this.#setOut(this.#take(held), extraNs);
    return true;
  }

  #take(held: Held): number {
    return this.#items.take(held, this.#now());
  }

  #setOut(row: number, extraNs: number): void {
    this.#ways.countPending(this.#items.way(row), 1);
    this.#schedule(extraNs, CARRY, row, 0);
  }

  #setStalled(way: number, delayNs: number): void {
    this.#schedule(delayNs, STALLED, way, this.#ways.renewTimer(way, "stall"));
  }

  wake(code: number, a: number, b: number): void {
    if (code === CARRY) this.#carry(a);
    else if (code === STALLED) this.#tryWay(a, b);
    else if (code === TRY_CALL) this.#callPassages.tryAgain(a, b);
    else if (code === NOTICE) this.#consumers.notice(a, b);
    else this.#consumers.rejoin(a, b);
    this.#look();
  }

  /** Something arrives. */
  #carry(item: number): void {
    const items = this.#items;
    this.#ways.countPending(items.way(item), -1);
    this.#arrive(item);
  }

  #arrive(item: number): void {
    const items = this.#items;
    const [kind, subject, detail] = [items.kind(item), items.subject(item), items.detail(item)];
    const row = items.way(item) >> 1;
    items.give(item);
    this.#look();
    if (kind === itemKinds.publication) this.#world.brokerOf(row).publish(row, subject);
    else if (kind === itemKinds.confirmation) this.#world.confirmed(row, subject);
    else if (kind === itemKinds.delivery) {
      const worker = this.#world.deliveries.worker(subject);
      this.#world.consumerOf(row).deliver(worker, subject);
    } else if (kind === itemKinds.settlement)
      this.#world.brokerOf(row).settle(subject, verdicts[detail]!);
  }

  /** A stalled connection is tried again: what waited goes on, or is sent again, or given up. */
  #tryWay(way: number, timer: number): void {
    const ways = this.#ways;
    if (!ways.isTimer(way, "stall", timer)) return;
    const rows = this.#items.takeQueue(way);
    if (!ways.isCut(way)) return this.#letGo(way, rows);
    const kept = rows.filter((item) => this.#staysFor(item));
    for (const item of kept) this.#items.queue(way, item);
    if (kept.length === 0) return;
    const manners = this.#manners[way >> 1];
    const answerNs = manners?.answerNs ?? Infinity;
    this.#setStalled(way, ways.againNs(way, this.#now(), answerNs));
  }

  #letGo(way: number, rows: readonly number[]): void {
    for (const item of rows) {
      if (this.#items.kind(item) === itemKinds.dropped) {
        this.#items.give(item);
        continue;
      }
      const bytes = this.#bytesOf(item);
      const extraNs = this.#ways.inOrderNs(way, bytes, this.#now());
      if (extraNs > 0) this.#setOut(item, extraNs);
      else this.#arrive(item);
    }
  }

  #bytesOf(item: number): number {
    const { messages, deliveries } = this.#world;
    const subject = this.#items.subject(item);
    const kind = this.#items.kind(item);
    if (kind === itemKinds.publication) return messages.size(subject);
    return kind === itemKinds.delivery ? messages.size(deliveries.message(subject)) : 0;
  }

  /** Whether something that is cut off goes on waiting: publications and their answers only as long as the client does. */
  #staysFor(item: number): boolean {
    const items = this.#items;
    const kind = items.kind(item);
    if (kind === itemKinds.dropped) {
      items.give(item);
      return false;
    }
    const row = items.way(item) >> 1;
    const manners = this.#manners[row];
    if (manners === undefined) return true;
    const message = items.subject(item);
    const ageNs = this.#now() - items.sentNs(item);
    if (ageNs >= manners.giveUpNs) {
      items.give(item);
      this.#ways.count("given up without an answer");
      this.#world.refused(row, message, "network-timeout");
      return false;
    }
    const isUnanswered = kind === itemKinds.confirmation && !this.#ways.isCut(2 * row);
    if (isUnanswered && ageNs >= manners.answerNs * (items.tries(item) + 1)) {
      items.countTry(item);
      if (!manners.isIdempotent) this.#sendAgain(row, message, "sent again without an answer");
    }
    return true;
  }

  /** The same message once more over the same connection, as a message of its own, because brokers keep cells in the row of
   *  one. A broker that recognises it takes it once. */
  #sendAgain(row: number, message: number, why: Parameters<Ways["count"]>[0]): void {
    this.#ways.count(why);
    if (this.#manners[row]?.isIdempotent === true) return;
    const { messages } = this.#world;
    const copy = this.#world.createMessage(row, messages.key(message), message);
    messages.setSize(copy, messages.size(message));
    this.#copies.set(copy, 1);
    this.#world.publish(row, copy);
  }

  #isCopy(message: number): boolean {
    return this.#copies.of(message) === 1;
  }

  /** A worker is gone. What is on its way to it the broker takes back; what it has sent arrives if it closes in good order. */
  #dropItems(row: number, worker: number, how: Departure): void {
    const isOf = (item: number): boolean =>
      this.#world.deliveries.worker(this.#items.subject(item)) === worker;
    for (const item of this.#items.rowsOf(2 * row + 1, isOf)) {
      // Its worker never had it.
      this.absences.settle(this.#items.subject(item));
      this.#items.drop(item);
    }
    for (const item of this.#items.rowsOf(2 * row, isOf)) {
      const [subject, detail] = [this.#items.subject(item), this.#items.detail(item)];
      this.#items.drop(item);
      if (how === "close") this.#world.brokerOf(row).settle(subject, verdicts[detail]!);
    }
  }

  #now(): number {
    return this.#world.clock[0]!;
  }

  #schedule(delayNs: number, code: number, a: number, b: number): void {
    this.#events.after(delayNs, this.#firstCode + code, a, b);
  }
}
