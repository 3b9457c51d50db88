// The naive engine's world: who is there, what has been counted, and the verbs by which brokers report what becomes
// of messages. Written from the meaning of the terms, not from the engine's tables.

import { assert } from "../../base/assert.ts";
import { valuesOf } from "../../base/fields.ts";
import { Arena } from "../../kernel/arena.ts";
import { createSampler } from "../../kernel/distributions.ts";
import { type RandomStream, RandomStreams } from "../../kernel/random.ts";
import type { Readability } from "../../model/readability.ts";
import type { MessageEvent, MessageHappening } from "../../model/events.ts";
import type {
  CallConnection,
  ConsumeConnection,
  Node,
  PublishConnection,
  ReadConnection,
  Scenario,
  WriteConnection,
} from "../../model/scenario.ts";
import { publishFields } from "../../nodes/connections.ts";
import { limits } from "../limits.ts";
import type { NaiveCalls } from "./calls.suite.ts";
import { NaiveData } from "./data.suite.ts";
import { EventArray } from "./eventArray.suite.ts";
import { ExactLevel, Samples, Tally } from "./exact.suite.ts";
import { NaiveAtStore } from "./atStore.suite.ts";
import type { NaiveLogReader } from "./logReader.suite.ts";
import { NaiveVersions } from "./versions.suite.ts";
import {
  type Account,
  type Delivery,
  type Key,
  type Message,
  type NaiveBroker,
  type NaiveProducer,
  type NaiveStation,
  rootOf,
} from "./things.suite.ts";

/** What is known of a node over time. */
export interface NodeHistory {
  readonly busy: ExactLevel;
  readonly workers: ExactLevel;
  readonly inside: ExactLevel;
  /** From arrival at the service to the end of handling [ns]. */
  readonly latency: Samples;
}

/** A copy that is handed to a worker. */
export type Handover = Omit<Delivery, "deliveredNs">;

/** Everything of one naive run. */
export class NaiveWorld {
  readonly scenario: Scenario;
  readonly events = new EventArray();
  readonly tally = new Tally();
  readonly log: MessageEvent[] = [];
  readonly notes: { readonly t: number; readonly element: string }[] = [];
  readonly accounts: Account[] = [];
  readonly producers = new Map<string, NaiveProducer>();
  /** Services, then the other kinds that handle messages or requests. */
  readonly services = new Map<string, NaiveStation>();
  readonly brokers = new Map<string, NaiveBroker>();
  /** Subscriptions to events of stores, by connection. */
  readonly readers = new Map<string, NaiveLogReader>();
  /** Keys written, per store. */
  readonly entities = new Map<string, Set<string>>();
  readonly histories = new Map<string, NodeHistory>();
  /** From the entry of a chain to the end of handling [ns], by "entry→end". */
  readonly flows = new Map<string, Samples>();
  calls!: NaiveCalls;
  readonly versions: NaiveVersions;
  readonly data: NaiveData;
  readonly atStore: NaiveAtStore;
  /** Which limit has ended the run. */
  ending: string | undefined;
  /** When the report begins to measure [ns]. */
  measuredFromNs = 0;
  aliveMessages = 0;
  aliveDeliveries = 0;
  readonly #streams: RandomStreams;
  #messages = 0;

  constructor(scenario: Scenario, readability: Readability) {
    this.scenario = scenario;
    this.#streams = new RandomStreams(new Arena(), scenario.seed);
    this.versions = new NaiveVersions(this, readability);
    this.data = new NaiveData(scenario, () => this.now());
    this.atStore = new NaiveAtStore(this);
    this.data.onAdvanced = () => this.atStore.advanced();
    for (const { id } of scenario.nodes)
      this.histories.set(id, {
        busy: new ExactLevel(),
        workers: new ExactLevel(),
        inside: new ExactLevel(),
        latency: new Samples(),
      });
  }

  /** Simulated time [ns]. */
  now(): number {
    return this.events.nowNs;
  }

  /** The random stream of an element for one purpose. */
  random(element: string, purpose: string): RandomStream {
    return this.#streams.stream(`${element}/${purpose}`);
  }

  /** The broker that keeps a channel. */
  brokerOf(channel: string): NaiveBroker {
    const owner = this.scenario.channels.find(({ id }) => id === channel)?.broker ?? "";
    const broker = this.brokers.get(owner);
    assert(broker !== undefined, `channel ${channel} has a broker.`);
    return broker;
  }

  /** The node of an id. */
  node(id: string): Node {
    const node = this.scenario.nodes.find((one) => one.id === id);
    assert(node !== undefined, `there is a node ${id}.`);
    return node;
  }

  /** Adds a line to the event log. */
  write(event: MessageHappening, message: Message, about: Partial<MessageEvent> = {}): void {
    this.log.push({
      t: this.now() / 1e9,
      event,
      message: message.number,
      contract: message.link.contract,
      ...(message.key === undefined ? {} : { key: message.key.text }),
      ...(message.cause === undefined ? {} : { cause: message.cause.number }),
      ...(message.written === undefined ? {} : { version: message.written.version }),
      ...about,
    });
  }

  /** Puts on record what concerns no single message. */
  note(element: string): void {
    if (this.notes.length < limits.notes) this.notes.push({ t: this.now() / 1e9, element });
  }

  /** A new event or request, held by whoever makes it. */
  createMessage(
    link: PublishConnection | CallConnection,
    key: Key | undefined,
    cause: Message | undefined,
  ): Message {
    const depth = cause === undefined ? 0 : cause.depth + 1;
    const number = ++this.#messages;
    if (depth > limits.chain) this.ending ??= "chain";
    this.aliveMessages++;
    const bornNs = this.now();
    const size = this.#sizeOf(link);
    const written = this.versions.write(link, cause);
    const message = { number, link, key, cause, bornNs, written, size, depth };
    return { ...message, told: cause?.told, references: 1, onOutcome: undefined };
  }

  /** Size of a new event [bytes]; a drawn one is a whole number from 1 to 1 GiB. */
  #sizeOf(link: PublishConnection | CallConnection): number {
    const { size } = valuesOf(publishFields, link.parameters ?? {});
    if (typeof size === "number") return size;
    const drawn = createSampler(size, this.random(link.id, "size")).sample();
    return Math.min(2 ** 30, Math.max(1, Math.ceil(drawn)));
  }

  /** Ends the warm-up: what was until now counts neither for latencies nor for rates and means. */
  endWarmUp(): void {
    const levels = this.accounts.flatMap(({ waiting, inSystem }) => [waiting, inSystem]);
    const histories = [...this.histories.values()];
    const latencies = [...this.accounts, ...histories].map(({ latency }) => latency);
    for (const { busy, workers, inside } of histories) levels.push(busy, workers, inside);
    this.measuredFromNs = this.now();
    this.tally.forget();
    for (const level of levels) level.forget(this.now());
    for (const samples of [...latencies, ...this.flows.values()]) samples.forget();
    this.calls.forget();
  }

  /** Holds on to a message. */
  retain(message: Message): void {
    assert(message.references > 0, `message ${message.number} is alive.`);
    message.references++;
  }

  /** Lets go of a message. */
  release(message: Message): void {
    assert(message.references > 0, `message ${message.number} is alive.`);
    if (--message.references === 0) this.aliveMessages--;
  }

  /** Hands a message to the broker that keeps the channel. */
  publish(link: PublishConnection, message: Message): void {
    this.tally.add("published", link.id);
    this.tally.add("publishing", link.id);
    this.write("published", message, { channel: link.to });
    const refusal = this.versions.publish(link, message);
    if (refusal === "") this.brokerOf(link.to).publish(link, message);
    else this.refused(message, refusal);
  }

  /** Books an event that is lost before it left its service. */
  neverLeft(message: Message): void {
    this.tally.add("published", message.link.id);
    this.tally.add("publishing", message.link.id);
    this.refused(message, "crash");
  }

  /** Books a write of a message's entity. */
  storeWrite(link: WriteConnection, message: Message): void {
    const { key } = message;
    const known = this.entities.get(link.to) ?? new Set();
    this.entities.set(link.to, known);
    if (key !== undefined) known.add(`${key.producer}/${key.number}`);
    this.tally.add("written", link.id);
    this.tally.add("handled", link.to);
    this.write("written", message, { consumer: link.to });
  }

  /** Books a read of a message's entity. */
  storeRead(link: ReadConnection, message: Message): void {
    this.tally.add("read", link.id);
    this.write("read", message, { consumer: link.to });
  }

  /** Books the end of handling a message or request that came at a time [ns]; failure "" is success. */
  bookHandled(id: string, message: Message, sinceNs: number, failure: string): void {
    this.histories.get(id)!.latency.add(this.now() - sinceNs);
    if (failure === "") {
      this.tally.add("handled", id);
      this.completeFlow(message, id);
      this.write("handled", message, { consumer: id });
    } else {
      this.tally.add("failed", id, failure);
      this.write("failed", message, { consumer: id, reason: failure });
    }
  }

  /** Books what a service has given up before it worked on it. */
  bookShed(id: string, message: Message): void {
    this.tally.add("failed", id, "shed");
    this.write("failed", message, { consumer: id, reason: "shed" });
  }

  /** Books the end of a flow. */
  completeFlow(message: Message, end: string): void {
    const root = rootOf(message);
    const isFromProducer = this.node(root.link.from).kind === "producer";
    if (!isFromProducer) return;
    const name = `${root.link.id}→${end}`;
    const samples = this.flows.get(name) ?? new Samples();
    this.flows.set(name, samples);
    samples.add(this.now() - root.bornNs);
  }

  // What becomes of a publication.

  confirmed(message: Message): void {
    this.#settlePublication(message, "");
  }

  refused(message: Message, reason: string): void {
    this.#settlePublication(message, reason);
  }

  unroutable(channel: string, message: Message): void {
    this.tally.add("unroutable", channel);
    this.write("unroutable", message, { channel });
  }

  lost(channel: string, message: Message, reason: string): void {
    this.tally.add("lost", channel, reason);
    this.write("lost", message, { channel, reason });
  }

  stored(channel: string, message: Message, partition: number, offset: number): void {
    this.tally.add("stored", channel);
    this.write("stored", message, { channel, ...(partition < 0 ? {} : { partition, offset }) });
  }

  #settlePublication(message: Message, reason: string): void {
    const { link } = message;
    assert(link.kind === "publish", "only what was published is confirmed or refused.");
    this.tally.add("publishing", link.id, "", -1);
    const about = { channel: link.to };
    if (reason === "") {
      this.tally.add("confirmed", link.id);
      this.write("confirmed", message, about);
    } else {
      this.tally.add("refused", link.id, reason);
      this.write("refused", message, { ...about, reason });
    }
    this.release(message);
    if (message.onOutcome !== undefined) message.onOutcome(reason);
    else if (reason !== "") this.tally.add("failed", link.from, reason);
  }

  // What becomes of a copy.

  openAccount(channel: string, subscription: string | undefined): Account {
    const account: Account = {
      id: `account ${this.accounts.length}`,
      channel,
      subscription,
      waiting: new ExactLevel(),
      inSystem: new ExactLevel(),
      inFlight: 0,
      latency: new Samples(),
    };
    this.accounts.push(account);
    return account;
  }

  routed(account: Account, message: Message): void {
    this.tally.add("routed", account.id);
    account.waiting.add(this.now(), 1);
    account.inSystem.add(this.now(), 1);
    this.write("routed", message, placeOf(account));
  }

  /** A waiting copy leaves its account for good. */
  gone(
    account: Account,
    message: Message,
    event: "expired" | "dead-lettered" | "dropped",
    reason: string,
  ): void {
    this.tally.add(event, account.id, reason);
    account.waiting.add(this.now(), -1);
    account.inSystem.add(this.now(), -1);
    this.write(event, message, { ...placeOf(account), reason });
  }

  /** Hands a waiting copy to a worker; the broker is told first, because the worker may leave at once. */
  deliver(handover: Handover, tell: (delivery: Delivery) => void = () => undefined): Delivery {
    const delivery = { ...handover, deliveredNs: this.now() };
    const { account, link, message, attempt } = delivery;
    this.retain(message);
    this.aliveDeliveries++;
    account.waiting.add(this.now(), -1);
    account.inFlight++;
    this.tally.add("in-flight", link.id);
    for (const place of [account.id, link.id]) {
      this.tally.add("delivered", place);
      if (attempt > 1) this.tally.add("redelivered", place);
    }
    this.#writeDelivery("delivered", delivery, "");
    tell(delivery);
    this.#serviceOf(link).deliver?.(delivery);
    return delivery;
  }

  /** The copy is back where it was. */
  returned(delivery: Delivery, reason: string): void {
    this.#land(delivery);
    delivery.account.waiting.add(this.now(), 1);
    delivery.account.inSystem.add(this.now(), 1);
    this.tally.add("returned", delivery.account.id);
    this.#writeDelivery("returned", delivery, reason);
  }

  acknowledged(delivery: Delivery): void {
    this.#land(delivery);
    this.tally.add("acknowledged", delivery.account.id);
    this.tally.add("acknowledged", delivery.link.id);
    delivery.account.latency.add(this.now() - delivery.message.bornNs);
    this.#writeDelivery("acknowledged", delivery, "");
  }

  rejected(delivery: Delivery, reason: string): void {
    this.#land(delivery);
    this.tally.add("dead-lettered", delivery.account.id);
    this.tally.add("dead-lettered", delivery.link.id);
    this.#writeDelivery("rejected", delivery, reason);
  }

  discarded(delivery: Delivery, reason: string): void {
    this.#land(delivery);
    this.tally.add("dropped", delivery.account.id, reason);
    this.#writeDelivery("dropped", delivery, reason);
  }

  /** Nobody has to do with a delivery any more. */
  forget(delivery: Delivery): void {
    this.aliveDeliveries--;
    this.release(delivery.message);
  }

  #land(delivery: Delivery): void {
    delivery.account.inFlight--;
    delivery.account.inSystem.add(this.now(), -1);
    this.tally.add("in-flight", delivery.link.id, "", -1);
  }

  #writeDelivery(event: MessageHappening, delivery: Delivery, reason: string): void {
    const { account, link, attempt, partition, offset } = delivery;
    this.write(event, delivery.message, {
      channel: account.channel,
      subscription: link.id,
      consumer: link.to,
      attempt,
      ...(partition < 0 ? {} : { partition, offset }),
      ...(reason === "" ? {} : { reason }),
    });
  }

  #serviceOf(link: ConsumeConnection): NaiveStation {
    const service = this.services.get(link.to);
    assert(service !== undefined, `only services consume, not ${link.to}.`);
    return service;
  }
}

function placeOf(account: Account): Partial<MessageEvent> {
  const { channel, subscription } = account;
  return { channel, ...(subscription === undefined ? {} : { subscription }) };
}
