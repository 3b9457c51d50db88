// The interfaces behind which every broker technology stands: what it says about itself (Technology, and more of it in
// its TechnologyManual), and what it does in a run (SimulatedTechnology, Broker).
// A technology never sees the engine; it acts through a BrokerContext, whose verbs keep the books.

import type { Fields, FieldValue, Parameters } from "../base/fields.ts";
import type { FieldSource } from "./fieldSources.ts";
import type { Arena } from "../kernel/arena.ts";
import type { FunctionTrigger } from "./functionTrigger.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { Ring } from "../kernel/ring.ts";

/** A kind of channel of a technology: Kafka's topic, RabbitMQ's exchange and queue. */
export interface ChannelKind {
  readonly label: string;
  readonly help: string;
  readonly fields: Fields;
  /** May a producer or service publish into it? */
  readonly publishable: boolean;
  /** May a service consume from it? */
  readonly consumable: boolean;
  /** Ids of the channel kinds of the same broker that it can feed by a binding. */
  readonly bindsTo: readonly string[];
  /** The parameter that bounds how many workers of one service get messages at the same time; absent: nothing does. */
  readonly parallelismField?: string;
  /** How functions are triggered by it; absent: no platform has a trigger for it. */
  readonly functions?: FunctionTrigger;
  /** Of what a channel of this kind has one at most, with what to do instead of adding a second one. */
  readonly onlyOne?: { readonly source?: string; readonly consumer?: string };
  /** Whether messages leave a channel with these parameters although nobody consumes, as from a retry
   *  queue whose messages expire into an exchange; absent: never. */
  leavesByItself?(parameters: Parameters): boolean;
}

/** Something a technology finds wrong or doubtful in its own part of a document. */
export interface Finding {
  readonly code: string;
  readonly severity: "error" | "warning";
  /** Id of the channel, connection or broker that it concerns. */
  readonly element: string;
  /** Name of the parameter that it concerns, if it is one. */
  readonly parameter?: string;
  readonly message: string;
}

/** What a technology says of itself on the drawing and in forms. */
export interface Technology {
  readonly id: string;
  readonly label: string;
  /** The version whose behaviour is modelled, such as "4.0". */
  readonly version: string;
  /** The technology's own words, shown on screen. */
  readonly words: {
    readonly message: string;
    readonly subscription: string;
    readonly node: string;
  };
  /** One sentence for the palette. */
  readonly summary: string;
  readonly clusterFields: Fields;
  /** The fields of the cluster that say how many nodes it has, in the order in which nodes are counted, where several
   *  kinds of nodes work together; absent: "nodes". */
  readonly nodeFields?: readonly string[];
  readonly publishFields: Fields;
  readonly consumeFields: Fields;
  readonly bindFields: Fields;
  readonly channelKinds: Readonly<Record<string, ChannelKind>>;
  /** Channel kinds that are made when a producer or a consumer is connected to the broker itself:
   *  `publish` receives the event, `consume` is consumed from; they may be the same channel. */
  readonly quickConnect: { readonly publish: string; readonly consume: string };
}

/** What only those ask for who look closer: the guarantees and limits of the model, its place in AsyncAPI, and what it
 *  finds wrong. Apart from Technology, because a page that only draws does without. */
export interface TechnologyManual {
  readonly guarantees: {
    readonly order: string;
    readonly delivery: string;
    readonly retention: string;
  };
  readonly modelled: readonly string[];
  readonly simplified: readonly string[];
  readonly notModelled: readonly string[];
  /** Where the defaults and rules come from. */
  readonly sources: readonly string[];
  /** Where the default of every field comes from. */
  readonly fieldSources: readonly FieldSource[];
  /** What its parts correspond to elsewhere; absent: its channels by what they can do, and no parameter. */
  readonly counterparts?: Counterparts;
  readonly asyncapi: TechnologyBindings;
  /** Which publications can come to which channel; absent: whatever is published there or upstream of its bindings. */
  reach?(config: BrokerConfig): Reach;
  /** The channel into which the broker itself moves the dead letters of a channel. */
  deadLetterTarget?(config: BrokerConfig, channel: ChannelConfig): ChannelConfig | undefined;
  /** Where a subscription differs from a plain queue before workers, as queueing theory knows it. */
  unlikeQueue?(config: BrokerConfig, subscription: SubscriptionConfig): readonly QueueDifference[];
  /** Parameter combinations that the real broker refuses, or that surprise. */
  check(config: BrokerConfig): readonly Finding[];
}

/** What a kind of channel is for: a log that every subscription reads whole, a router that keeps nothing and feeds queues,
 *  a queue whose consumers compete. */
export type ChannelRole = "log" | "router" | "queue";

/** A parameter by what is meant by it, in the words that all technologies share. */
export interface Counterpart {
  readonly place: "broker" | "channel" | "publish" | "consume";
  readonly concept: string;
  readonly field: string;
  /** What has to be added to its value for that of the concept. */
  readonly offset?: number;
}

/** How a technology compares with others. */
export interface Counterparts {
  /** By channel kind. */
  readonly roles: Readonly<Record<string, ChannelRole>>;
  readonly parameters: readonly Counterpart[];
}

/** A technology with its behaviour. Only the engine needs it; what a page shows does without. */
export interface SimulatedTechnology extends Technology, TechnologyManual {
  /** Makes the running broker. All its mutable state must live in columns of `context.arena`. */
  open(config: BrokerConfig, context: BrokerContext): Broker;
}

/** A way in which a subscription is no plain queue. */
export interface QueueDifference {
  readonly code: string;
  readonly sentence: string;
  /** What it adds to the time of a message at most [ms], where that is known. */
  readonly addsMs?: number;
}

/** Channel id → ids of the publish connections whose messages can reach it. */
export type Reach = ReadonlyMap<string, ReadonlySet<string>>;

/** How a technology appears in AsyncAPI documents (binding contents per level; undefined: none). */
export interface TechnologyBindings {
  readonly protocol: string;
  readonly protocolVersion?: string;
  readonly host: string;
  /** Key under `bindings`. */
  readonly key: string;
  server?(config: BrokerConfig): object | undefined;
  channel(config: BrokerConfig, channel: ChannelConfig): object | undefined;
  publish(config: BrokerConfig, publisher: PublisherConfig): object | undefined;
  consume(config: BrokerConfig, subscription: SubscriptionConfig): object | undefined;
  message?(config: BrokerConfig, publisher: PublisherConfig): object | undefined;
  /** The way back: parameters that the content of a binding states, by their names. The content is foreign data, and so
   *  are the values; what it does not state is absent. */
  parametersIn(
    level: "channel" | "publish" | "consume",
    content: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>>;
}

/** A broker as the document describes it, with small integers instead of ids and complete parameters.
 *  `index` of channels, publishers and subscriptions counts over the whole run, not per broker. */
export interface BrokerConfig {
  readonly id: string;
  readonly parameters: Parameters;
  readonly channels: readonly ChannelConfig[];
  readonly publishers: readonly PublisherConfig[];
  readonly subscriptions: readonly SubscriptionConfig[];
  readonly bindings: readonly BindingConfig[];
}

/** A channel of a broker. */
export interface ChannelConfig {
  readonly index: number;
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly parameters: Parameters;
}

/** A connection through which a producer or a service publishes. */
export interface PublisherConfig {
  readonly index: number;
  readonly id: string;
  readonly channel: number;
  /** Id of the publishing node. */
  readonly node: string;
  /** Name of the event, such as "OrderPlaced". */
  readonly contract: string;
  readonly parameters: Parameters;
}

/** A connection through which the workers of one service consume. */
export interface SubscriptionConfig {
  readonly index: number;
  readonly id: string;
  readonly channel: number;
  /** Id of the consuming service. */
  readonly node: string;
  /** Number of workers (threads) of the service at the start; each is one consumer. */
  readonly workers: number;
  readonly parameters: Parameters;
}

/** A binding between two channels of the broker. */
export interface BindingConfig {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly parameters: Parameters;
}

/** What a consumer decides about a delivery when it has dealt with it. */
export type Verdict =
  /** Processed: acknowledge, or count towards the next commit. */
  | "done"
  /** Failed and given up: follow the subscription's own error handling (requeue, reject, skip, block). */
  | "failed"
  /** Failed, but the service has published it to a channel for failures: treat it as done, count it as dead-lettered. */
  | "set-aside";

/** How a worker leaves a subscription. Silent: the network has cut it off and its broker has just noticed, by means of its
 *  own; the worker is up and does not know. */
export type Departure = "crash" | "close" | "silent";

/** The running broker of one run. */
export interface Broker {
  /** Called once at time 0, after every service has joined its workers. */
  start(): void;
  /** A client hands over a message. Exactly one of the context's `confirmed`, `refused` follows, now or later. */
  publish(publisher: number, message: number): void;
  /** The consumer has dealt with a delivery. The handle is invalid afterwards. */
  settle(delivery: number, verdict: Verdict): void;
  /** A worker (0, 1, …) of the subscription's service is up and wants messages. */
  join(subscription: number, worker: number): void;
  /** A worker is gone; its unsettled deliveries have been taken from it. For each of them the broker calls
   *  `returned` or another verb when it learns of it, and frees the handle with `forget`. */
  leave(subscription: number, worker: number, how: Departure): void;
  /** The process is dead that publishes over a connection, or about to come back; for technologies that treat what it has
   *  left unfinished in a way of their own. */
  publisherCrashed?(publisher: number): void;
  publisherRestarts?(publisher: number): void;
  /** A timer set through `context.schedule` has fired. */
  wake(code: number, a: number, b: number): void;
  /** A node of the cluster (0-based) dies or comes back. */
  crashNode(node: number): void;
  restartNode(node: number): void;
  /** A node is cut off from all other nodes, or reachable again. It runs on and does not know. Whether clients still
   *  reach it the technology decides, and says in its manual. Holds on through a crash and a restart. */
  isolateNode(node: number, isolated: boolean): void;
  /** What a node does takes so many times as long as usual; 1: as usual. Holds on through a crash and a restart. */
  slowNode(node: number, factor: number): void;
  /** A parameter marked `live` has changed; `element` is the id of the broker, channel or connection. */
  set(element: string, parameter: string, value: FieldValue): void;
  /** Messages waiting for one subscription that no worker holds yet [messages]. */
  waiting(subscription: number): number;
  /** Publication time of the oldest message not yet dealt with for a subscription [ns], or -1. */
  oldestNs(subscription: number): number;
  /** For how long parts of the channel had nobody who reads them for a subscription, added up over parts [ns]; for
   *  technologies whose consumers own parts. */
  unreadNs?(subscription: number): number;
  /** Why nothing is delivered to a subscription right now, as a sentence; "" when it flows or is empty. */
  blocked(subscription: number): string;
  /** Why the broker takes nothing from a publisher right now, as a sentence; "" when it does. Absent: it always does,
   *  or refuses. */
  publisherBlocked?(publisher: number): string;
  /** Numbers for the channel's face: one per partition (Kafka) or one for the queue: messages stored or waiting. */
  depths(channel: number): readonly number[];
  /** What each node of the cluster is doing, such as { up: true, leads: 4 }. */
  nodes(): readonly { readonly up: boolean; readonly leads: number }[];
}

/** An account keeps the balance of the copies in one place: waiting + in flight + what has become of the rest.
 *  Kafka keeps one per subscription (group × topic), RabbitMQ one per queue. */
export type Account = number;

/** Entries of a log side by side, told of together. The broker keeps one object for this and fills it in anew. */
export interface Stretch {
  readonly channel: number;
  /** Within the channel. */
  readonly partition: number;
  /** All that a copy of each entry comes to wait in. */
  readonly accounts: readonly Account[];
  /** First offset, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  messageAt(offset: number): number;
}

/** What a broker may do in a run. Every verb that moves a message is recorded by the engine, so that no
 *  technology has to remember to report. Handles of messages and deliveries are small integers. */
export interface BrokerContext {
  readonly arena: Arena;
  /** Simulated time [ns]. */
  now(): number;
  /** Calls `wake(code, a, b)` of this broker after a delay [ns]. There is no cancelling: check on waking
   *  whether it still applies (a generation number in `b` does it). */
  schedule(delayNs: number, code: number, a: number, b: number): void;
  /** The random stream of this broker for one purpose. */
  random(purpose: string): RandomStream;

  /** Opens an account (call in `open`, in a fixed order). `subscription` is -1 when several may share it. */
  openAccount(channel: number, subscription: number): Account;

  // Messages. A message lives as long as somebody has retained it; publish() arrives with one reference
  // held by the engine until `confirmed` or `refused`; `takeOut` holds one until the handle is forgotten.
  retain(message: number): void;
  release(message: number): void;
  /** Key of a message as a small integer, -1 without a key. */
  keyOf(message: number): number;
  /** Text of a key, such as "order-17", as it would travel. */
  keyText(key: number): string;
  /** Payload size [bytes]. */
  sizeOf(message: number): number;
  /** The publisher over whose connection the message came to this broker. */
  publisherOf(message: number): number;
  /** When the message was handed to the broker's client [ns]. */
  publishedNs(message: number): number;
  /** A number that the broker may keep at a message from `publish` until it lets go of it, such as the message behind it
   *  in a list; -1 at first. */
  linked(message: number): number;
  link(message: number, value: number): void;

  // What becomes of a publication.
  /** The broker (or the client, without confirms) reports success to the publishing application. */
  confirmed(publisher: number, message: number): void;
  /** The same for so many messages, each linked to the next. */
  confirmedAll(publisher: number, first: number, count: number): void;
  /** The publication has failed for good, for a named reason such as "not-enough-replicas". */
  refused(publisher: number, message: number, reason: string): void;
  /** Nobody was bound: the message is gone although it may be confirmed. Counted once per publication. */
  unroutable(channel: number, message: number): void;
  /** A publication sent without confirmation was lost on its way, for a named reason. */
  lost(channel: number, message: number, reason: string): void;
  /** The channel has taken the message (a log entry, or one or more copies routed); for dead letters once more. */
  stored(channel: number, message: number, partition: number, offset: number): void;

  // What becomes of a copy. Each names the account in which the copy is booked.
  /** A copy has come to wait here. */
  routed(account: Account, message: number): void;
  /** Entries of a log can be read: each is `stored`, and a copy of it is `routed` to each account. */
  readable(stretch: Stretch): void;
  /** Makes the handle under which a copy goes to a worker. `attempt` counts from 1; `tag` is the technology's own
   *  (a copy handle, a row). Nothing is booked before `deliver`. */
  takeOut(account: Account, message: number, attempt: number, tag: number): number;
  /** Says where in a log the copy stands, for the record. */
  placed(delivery: number, partition: number, offset: number): void;
  /** Waiting → in flight: hands the copy to a worker, who will `settle` the handle. */
  deliver(delivery: number, subscription: number, worker: number): void;
  /** The same for the last so many deliveries of a ring, all of one account. */
  deliverLast(count: number, deliveries: Ring, subscription: number, worker: number): void;
  /** In flight → waiting: the copy is back (requeued, or to be read again). Frees nothing. */
  returned(delivery: number, reason: string): void;
  /** In flight → acknowledged. */
  acknowledged(delivery: number): void;
  /** The same for the first so many deliveries of a ring, all of one account and subscription: takes them off the ring
   *  and forgets them. */
  acknowledgedFirst(count: number, deliveries: Ring): void;
  /** In flight → dead-lettered (by a broker's rule or, "set-aside", by the application). */
  rejected(delivery: number, reason: string): void;
  /** In flight → dropped for a named reason. */
  discarded(delivery: number, reason: string): void;
  /** Frees a delivery's handle after one of the four verbs above. */
  forget(delivery: number): void;
  /** Waiting → expired, dead-lettered or dropped. */
  expired(account: Account, message: number, reason: string): void;
  deadLettered(account: Account, message: number, reason: string): void;
  dropped(account: Account, message: number, reason: string): void;

  // Deliveries.
  deliveryTag(delivery: number): number;
  deliveryMessage(delivery: number): number;
  deliveryWorker(delivery: number): number;
  deliverySubscription(delivery: number): number;
  deliveryAttempt(delivery: number): number;
  /** -1 unless it was `placed`. */
  deliveryOffset(delivery: number): number;
  /** A number of the technology's own that may change; 0 at first. */
  deliveryMark(delivery: number): number;
  mark(delivery: number, mark: number): void;
  /** Deliveries that a worker was handed over a subscription and that are not forgotten, in the order in which they were
   *  handed over; at the same instant, in the order of their messages. Looks at all deliveries of the run: for when a
   *  worker is gone. */
  deliveriesOf(subscription: number, worker: number): readonly number[];

  /** Puts something on record that concerns no single message ("partition 2: leader moved to node 1"). */
  note(element: string, sentence: string): void;
}
