// A small stand-in for the engine, so that a technology can be tested alone: a clock, a message table, books
// that must balance after every verb, and workers that settle by plan or by hand. Knows no technology.

import { assert } from "../base/assert.ts";
import type { FieldValue } from "../base/fields.ts";
import { Arena } from "../kernel/arena.ts";
import { type RandomStream, RandomStreams } from "../kernel/random.ts";
import type { Ring } from "../kernel/ring.ts";
import { describeBroker, type Sketch } from "./brokerSketch.suite.ts";
import type {
  Broker,
  BrokerConfig,
  BrokerContext,
  Departure,
  SimulatedTechnology,
  Stretch,
  Verdict,
} from "./technology.ts";

const NS_PER_MS = 1e6;

/** The engine tells so many codes of one component apart. */
const CODES = 64;

/** How the workers of a subscription behave. Without a service time they hold what they get until
 *  `settle` is called by the test. */
export interface WorkerPlan {
  /** Time to deal with one delivery; one at a time, in order of arrival [ms]. */
  readonly serviceMs?: number;
  /** The verdict on a delivery; "done" without it. */
  readonly verdict?: (label: string, attempt: number) => Verdict;
}

/** One verb that the broker called, as data. Numbers that do not apply are -1. */
export interface Entry {
  readonly ms: number;
  readonly verb: string;
  /** Label of the message, "" when none is concerned. */
  readonly label: string;
  readonly account: number;
  readonly channel: number;
  readonly publisher: number;
  readonly subscription: number;
  readonly worker: number;
  readonly attempt: number;
  readonly partition: number;
  readonly offset: number;
  readonly reason: string;
}

/** The books of one account [messages]. */
export interface Books {
  readonly channel: number;
  readonly subscription: number;
  routed: number;
  waiting: number;
  inFlight: number;
  acknowledged: number;
  deadLettered: number;
  expired: number;
  dropped: number;
}

/** A delivery as the fake knows it. */
export interface FakeDelivery {
  readonly handle: number;
  readonly account: number;
  readonly message: number;
  readonly label: string;
  readonly attempt: number;
  readonly tag: number;
  mark: number;
  /** -1 until it is handed to a worker, and placed in a log. */
  subscription: number;
  worker: number;
  partition: number;
  offset: number;
  /** The copy is still in flight in the books. */
  inFlight: boolean;
  /** The worker has not settled it yet and is alive. */
  held: boolean;
  forgotten: boolean;
}

interface FakeMessage {
  readonly label: string;
  readonly key: number;
  readonly sizeBytes: number;
  readonly publisher: number;
  readonly publishedNs: number;
  references: number;
  linked: number;
}

interface FakeWorker {
  readonly subscription: number;
  readonly worker: number;
  up: boolean;
  /** Rises with every departure, so that planned completions of before are void. */
  session: number;
  busy: boolean;
  readonly queue: FakeDelivery[];
}

interface FakeEvent {
  readonly ns: number;
  readonly run: () => void;
}

/** Runs one broker against a fake engine. Times in its methods are [ms] of simulated time. */
export class FakeRun {
  readonly arena = new Arena();
  readonly broker: Broker;
  readonly entries: Entry[] = [];
  readonly accounts: Books[] = [];
  readonly deliveries: FakeDelivery[] = [];
  /** What the publishing application has learned, by label: "confirmed", "refused: reason"; nothing yet: absent. */
  readonly outcomes = new Map<string, string>();
  #nowNs = 0;
  #events: FakeEvent[] = [];
  #messages: FakeMessage[] = [];
  #openPublications = new Set<number>();
  #keys: string[] = [];
  #workers: FakeWorker[] = [];
  #streams: RandomStreams;
  #config: BrokerConfig;
  #plans: readonly WorkerPlan[];

  /** `plans`: one per subscription; the last one holds for the rest. Every worker has joined and `start`
   *  was called when the constructor returns, unless `joins` is "none". */
  constructor(
    technology: SimulatedTechnology,
    sketch: Sketch | BrokerConfig,
    options: {
      readonly plans?: readonly WorkerPlan[];
      readonly joins?: "all" | "none";
      readonly seed?: number;
    } = {},
  ) {
    this.#plans = options.plans ?? [];
    this.#streams = new RandomStreams(this.arena, options.seed ?? 1);
    this.#config = isConfig(sketch) ? sketch : describeBroker(technology, sketch);
    this.broker = technology.open(this.#config, this.#context());
    if (options.joins !== "none") {
      for (const subscription of this.#config.subscriptions)
        for (let worker = 0; worker < subscription.workers; worker++)
          this.join(subscription.index, worker);
    }
    this.broker.start();
  }

  nowMs(): number {
    return this.#nowNs / NS_PER_MS;
  }

  /** Runs `act` at a time; acts of the same time in order of insertion. */
  at(ms: number, act: () => void): void {
    this.#schedule(Math.round(ms * NS_PER_MS), act);
  }

  /** Publishes through a publisher's connection at a time. Labels must differ. */
  publish(
    ms: number,
    publisher: number,
    label: string | number,
    about: { readonly key?: string; readonly sizeBytes?: number } = {},
  ): void {
    this.at(ms, () => {
      const key = about.key === undefined ? -1 : this.#internKey(about.key);
      const sizeBytes = about.sizeBytes ?? 100;
      const publishedNs = this.#nowNs;
      this.#messages.push({
        label: String(label),
        key,
        sizeBytes,
        publisher,
        publishedNs,
        references: 1,
        linked: -1,
      });
      const message = this.#messages.length - 1;
      this.#openPublications.add(message);
      this.broker.publish(publisher, message);
    });
  }

  /** Publishes several messages at the same time, in order. */
  publishAll(ms: number, publisher: number, labels: readonly (string | number)[]): void {
    for (const label of labels) this.publish(ms, publisher, label);
  }

  /** Handles all events up to and including a time. */
  runUntil(ms: number): void {
    const untilNs = Math.round(ms * NS_PER_MS);
    while (this.#runNext(untilNs));
    this.#nowNs = Math.max(this.#nowNs, untilNs);
  }

  /** Runs until nothing is scheduled any more; at most `events` events. */
  drain(events = 1_000_000): void {
    let count = 0;
    while (this.#runNext(Number.MAX_SAFE_INTEGER))
      assert(++count < events, `the broker still schedules after ${events} events.`);
  }

  #runNext(untilNs: number): boolean {
    const next = this.#events.at(0);
    if (next === undefined || next.ns > untilNs) return false;
    this.#events.shift();
    this.#nowNs = next.ns;
    next.run();
    return true;
  }

  join(subscription: number, worker: number): void {
    const known = this.#worker(subscription, worker);
    if (known === undefined) {
      this.#workers.push({ subscription, worker, up: true, session: 0, busy: false, queue: [] });
    } else known.up = true;
    this.broker.join(subscription, worker);
  }

  leave(subscription: number, worker: number, how: Departure): void {
    const known = this.#worker(subscription, worker);
    assert(known?.up === true, "a worker that leaves is up.");
    known.up = false;
    known.session++;
    known.busy = false;
    known.queue.length = 0;
    for (const delivery of this.held(subscription, worker)) delivery.held = false;
    this.broker.leave(subscription, worker, how);
  }

  /** What a worker (or, without one, a whole subscription) holds, oldest delivery first. */
  held(subscription: number, worker?: number): FakeDelivery[] {
    return this.deliveries.filter(
      (delivery) =>
        delivery.held &&
        delivery.subscription === subscription &&
        (worker === undefined || delivery.worker === worker),
    );
  }

  /** Labels of what is held, oldest delivery first. */
  heldLabels(subscription: number, worker?: number): string[] {
    return this.held(subscription, worker).map((delivery) => delivery.label);
  }

  /** Settles the latest held delivery of a message, now. */
  settle(label: string | number, verdict: Verdict = "done"): void {
    const delivery = this.deliveries.findLast((one) => one.held && one.label === String(label));
    assert(delivery !== undefined, `nobody holds message ${label}.`);
    this.#settle(delivery, verdict);
  }

  /** Labels of the entries of one verb, in order; optionally of one account, channel or subscription only. */
  labels(verb: string, of: Partial<Entry> = {}): string[] {
    return this.find(verb, of).map((entry) => entry.label);
  }

  /** The entries of one verb, in order. */
  find(verb: string, of: Partial<Entry> = {}): Entry[] {
    const wanted = Object.entries(of);
    return this.entries.filter(
      (entry) =>
        entry.verb === verb &&
        wanted.every(([name, value]) => entry[name as keyof Entry] === value),
    );
  }

  /** The books of a channel's account (of one subscription, where each has its own). */
  books(channel: string, subscription?: number): Books {
    const index = this.#config.channels.find((one) => one.id === channel)?.index ?? -1;
    const found = this.accounts.find(
      (one) =>
        one.channel === index && (subscription === undefined || one.subscription === subscription),
    );
    assert(found !== undefined, `no account was opened for channel "${channel}".`);
    return found;
  }

  set(element: string, parameter: string, value: FieldValue): void {
    this.broker.set(element, parameter, value);
  }

  /** Number of messages that somebody still refers to. */
  liveMessages(): number {
    return this.#messages.filter((message) => message.references > 0).length;
  }

  /** Number of delivery handles that were never freed. */
  liveDeliveries(): number {
    return this.deliveries.filter((delivery) => !delivery.forgotten).length;
  }

  #worker(subscription: number, worker: number): FakeWorker | undefined {
    return this.#workers.find((one) => one.subscription === subscription && one.worker === worker);
  }

  #internKey(key: string): number {
    const known = this.#keys.indexOf(key);
    return known >= 0 ? known : this.#keys.push(key) - 1;
  }

  #schedule(ns: number, run: () => void): void {
    assert(Number.isSafeInteger(ns) && ns >= this.#nowNs, `time ${ns} ns cannot be scheduled.`);
    const event = { ns, run };
    let [from, to] = [0, this.#events.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#events[middle]!.ns <= ns) from = middle + 1;
      else to = middle;
    }
    this.#events.splice(from, 0, event);
  }

  #settle(delivery: FakeDelivery, verdict: Verdict): void {
    delivery.held = false;
    this.broker.settle(delivery.handle, verdict);
  }

  #work(worker: FakeWorker): void {
    const plan = this.#plans[worker.subscription] ?? this.#plans.at(-1);
    if (plan?.serviceMs === undefined || worker.busy) return;
    const delivery = worker.queue.shift();
    if (delivery === undefined) return;
    const session = worker.session;
    worker.busy = true;
    this.#schedule(this.#nowNs + Math.round(plan.serviceMs * NS_PER_MS), () => {
      if (worker.session !== session) return;
      worker.busy = false;
      const verdict = plan.verdict?.(delivery.label, delivery.attempt) ?? "done";
      this.#settle(delivery, verdict);
      this.#work(worker);
    });
  }

  #message(message: number): FakeMessage {
    const found = this.#messages[message];
    assert(found !== undefined && found.references > 0, `message ${message} is not alive.`);
    return found;
  }

  #delivery(handle: number): FakeDelivery {
    const found = this.deliveries[handle];
    assert(found !== undefined && !found.forgotten, `delivery ${handle} is not alive.`);
    return found;
  }

  #account(account: number): Books {
    const found = this.accounts[account];
    assert(found !== undefined, `account ${account} was not opened.`);
    return found;
  }

  #record(verb: string, about: Partial<Omit<Entry, "ms" | "verb">>): void {
    this.entries.push({
      ms: this.nowMs(),
      verb,
      label: "",
      account: -1,
      channel: -1,
      publisher: -1,
      subscription: -1,
      worker: -1,
      attempt: -1,
      partition: -1,
      offset: -1,
      reason: "",
      ...about,
    });
    for (const books of this.accounts) requireBalance(books);
  }

  #release(message: number): void {
    this.#message(message).references--;
  }

  #closePublication(publisher: number, message: number, outcome: string): void {
    const { label } = this.#message(message);
    assert(this.#openPublications.delete(message), `publication ${label} was answered twice.`);
    this.outcomes.set(label, outcome);
    const verb = outcome === "confirmed" ? "confirmed" : "refused";
    this.#record(verb, { publisher, label, reason: outcome.replace(/^\w+(: )?/u, "") });
    this.#release(message);
  }

  #fromFlight(handle: number, verb: string, term: keyof Books, reason: string): void {
    const delivery = this.#delivery(handle);
    assert(delivery.inFlight, `delivery ${handle} is no longer in flight.`);
    delivery.inFlight = false;
    const books = this.#account(delivery.account) as Record<keyof Books, number>;
    books.inFlight--;
    books[term]++;
    const { label, account, subscription, worker, attempt, partition, offset } = delivery;
    const where = { label, account, subscription, worker, attempt, partition, offset };
    this.#record(verb, { ...where, reason });
  }

  #fromWaiting(about: {
    account: number;
    message: number;
    verb: "expired" | "deadLettered" | "dropped";
    reason: string;
  }): void {
    const books = this.#account(about.account);
    books.waiting--;
    books[about.verb]++;
    const { label } = this.#message(about.message);
    this.#record(about.verb, { account: about.account, label, reason: about.reason });
  }

  /** The handle of a copy that goes to a worker; nothing is booked yet. */
  #takeOut(account: number, message: number, attempt: number, tag: number): number {
    const { label } = this.#message(message);
    this.#message(message).references++;
    const handle = this.deliveries.length;
    const order = { handle, account, message, label, attempt, tag, mark: 0 };
    const nowhere = { subscription: -1, worker: -1, partition: -1, offset: -1 };
    this.deliveries.push({ ...order, ...nowhere, inFlight: false, held: false, forgotten: false });
    return handle;
  }

  #deliver(handle: number, subscription: number, number: number): void {
    const worker = this.#worker(subscription, number);
    assert(worker?.up === true, "a delivery goes to a worker that is up.");
    const delivery = this.#delivery(handle);
    assert(delivery.worker < 0, `delivery ${handle} has a worker already.`);
    Object.assign(delivery, { subscription, worker: number, inFlight: true, held: true });
    const books = this.#account(delivery.account);
    books.waiting--;
    books.inFlight++;
    const { account, attempt, partition, offset, label } = delivery;
    const where = { account, attempt, partition, offset, label };
    this.#record("deliver", { ...where, subscription, worker: number });
    worker.queue.push(delivery);
    this.#work(worker);
  }

  #forget(handle: number): void {
    const found = this.#delivery(handle);
    assert(!found.inFlight, `delivery ${handle} is forgotten while in flight.`);
    assert(!found.held, `delivery ${handle} is forgotten while a worker holds it.`);
    found.forgotten = true;
    this.#release(found.message);
  }

  #store(channel: number, message: number, partition: number, offset: number): void {
    this.#record("stored", { channel, label: this.#message(message).label, partition, offset });
  }

  #route(account: number, message: number): void {
    this.#account(account).routed++;
    this.#account(account).waiting++;
    this.#record("routed", { account, label: this.#message(message).label });
  }

  /** The verbs that do several things at once, one by one. */
  #verbsForMany() {
    return {
      confirmedAll: (publisher: number, first: number, count: number) => {
        let message = first;
        for (let left = count; left > 0; left--) {
          this.#closePublication(publisher, message, "confirmed");
          message = this.#messages[message]!.linked;
        }
      },
      readable: (stretch: Stretch) => {
        const { channel, partition, accounts } = stretch;
        for (let offset = stretch.from; offset < stretch.to; offset++) {
          const message = stretch.messageAt(offset);
          this.#store(channel, message, partition, offset);
          for (const account of accounts) this.#route(account, message);
        }
      },
      deliverLast: (count: number, deliveries: Ring, subscription: number, worker: number) => {
        for (let left = count; left > 0; left--)
          this.#deliver(deliveries.at(deliveries.size() - left), subscription, worker);
      },
      acknowledgedFirst: (count: number, deliveries: Ring) => {
        for (let left = count; left > 0; left--) {
          const delivery = deliveries.popFront();
          this.#fromFlight(delivery, "acknowledged", "acknowledged", "");
          this.#forget(delivery);
        }
      },
    };
  }

  #context(): BrokerContext {
    const label = (message: number) => this.#message(message).label;
    const streams = this.#streams;
    const brokerId = this.#config.id;
    return {
      arena: this.arena,
      now: () => this.#nowNs,
      schedule: (delayNs, code, a, b) => {
        assert(code >= 0 && code < CODES, `timer code ${code} is outside of 0 to ${CODES - 1}.`);
        this.#schedule(this.#nowNs + delayNs, () => this.broker.wake(code, a, b));
      },
      random: (purpose): RandomStream => streams.stream(`${brokerId}:${purpose}`),
      openAccount: (channel, subscription) =>
        this.accounts.push({
          channel,
          subscription,
          routed: 0,
          waiting: 0,
          inFlight: 0,
          acknowledged: 0,
          deadLettered: 0,
          expired: 0,
          dropped: 0,
        }) - 1,
      retain: (message) => void this.#message(message).references++,
      release: (message) => this.#release(message),
      keyOf: (message) => this.#message(message).key,
      keyText: (key) => this.#keys[key] ?? "",
      sizeOf: (message) => this.#message(message).sizeBytes,
      publisherOf: (message) => this.#message(message).publisher,
      publishedNs: (message) => this.#message(message).publishedNs,
      linked: (message) => this.#message(message).linked,
      link: (message, value) => {
        this.#message(message).linked = value;
      },
      ...this.#verbsForMany(),
      confirmed: (publisher, message) => this.#closePublication(publisher, message, "confirmed"),
      refused: (publisher, message, reason) =>
        this.#closePublication(publisher, message, `refused: ${reason}`),
      unroutable: (channel, message) =>
        this.#record("unroutable", { channel, label: label(message) }),
      lost: (channel, message, reason) =>
        this.#record("lost", { channel, label: label(message), reason }),
      stored: (channel, message, partition, offset) =>
        this.#store(channel, message, partition, offset),
      routed: (account, message) => this.#route(account, message),
      takeOut: (account, message, attempt, tag) => this.#takeOut(account, message, attempt, tag),
      placed: (delivery, partition, offset) =>
        void Object.assign(this.#delivery(delivery), { partition, offset }),
      deliver: (delivery, subscription, worker) => this.#deliver(delivery, subscription, worker),
      returned: (delivery, reason) => this.#fromFlight(delivery, "returned", "waiting", reason),
      acknowledged: (delivery) => this.#fromFlight(delivery, "acknowledged", "acknowledged", ""),
      rejected: (delivery, reason) =>
        this.#fromFlight(delivery, "rejected", "deadLettered", reason),
      discarded: (delivery, reason) => this.#fromFlight(delivery, "discarded", "dropped", reason),
      forget: (delivery) => this.#forget(delivery),
      expired: (account, message, reason) =>
        this.#fromWaiting({ account, message, verb: "expired", reason }),
      deadLettered: (account, message, reason) =>
        this.#fromWaiting({ account, message, verb: "deadLettered", reason }),
      dropped: (account, message, reason) =>
        this.#fromWaiting({ account, message, verb: "dropped", reason }),
      deliveryTag: (delivery) => this.#delivery(delivery).tag,
      deliveryMessage: (delivery) => this.#delivery(delivery).message,
      deliveryWorker: (delivery) => this.#delivery(delivery).worker,
      deliverySubscription: (delivery) => this.#delivery(delivery).subscription,
      deliveryAttempt: (delivery) => this.#delivery(delivery).attempt,
      deliveryOffset: (delivery) => this.#delivery(delivery).offset,
      deliveryMark: (delivery) => this.#delivery(delivery).mark,
      mark: (delivery, mark) => {
        this.#delivery(delivery).mark = mark;
      },
      deliveriesOf: (subscription, worker) =>
        this.deliveries
          .filter((one) => !one.forgotten && one.subscription === subscription)
          .filter((one) => one.worker === worker)
          .map(({ handle }) => handle),
      note: (element, sentence) => this.#record("note", { reason: `${element}: ${sentence}` }),
    };
  }
}

function isConfig(sketch: Sketch | BrokerConfig): sketch is BrokerConfig {
  return sketch.channels.every((channel) => "index" in channel);
}

/** Looked at after every verb of every run: plain sums, and a sentence only where something is wrong. */
function requireBalance(books: Books): void {
  const { routed, waiting, inFlight, acknowledged, deadLettered, expired, dropped } = books;
  const sum = waiting + inFlight + acknowledged + deadLettered + expired + dropped;
  const least = Math.min(waiting, inFlight, acknowledged, deadLettered, expired, dropped);
  if (sum === routed && least >= 0) return;
  throw new Error(
    `the account is out of balance: ${JSON.stringify(books)}, whose terms add up to ${sum}.`,
  );
}
