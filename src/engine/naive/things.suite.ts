// What moves through the naive engine, as plain objects that know each other.

import type { Departure, Verdict } from "../../brokers/technology.ts";
import type { FieldValue } from "../../base/fields.ts";
import type { CallConnection, ConsumeConnection, PublishConnection } from "../../model/scenario.ts";
import type { Request } from "./calls.suite.ts";
import type { Told } from "./data.suite.ts";
import type { ExactLevel, Samples } from "./exact.suite.ts";
import type { Written } from "./versions.suite.ts";

/** What an event is about. Keys of different producers are different even where they read the same. */
export interface Key {
  readonly producer: string;
  readonly number: number;
  readonly text: string;
}

/** An event or a request. */
export interface Message {
  /** From 1, in the order of creation. */
  readonly number: number;
  /** The connection over which it left. */
  readonly link: PublishConnection | CallConnection;
  readonly key: Key | undefined;
  readonly cause: Message | undefined;
  /** When it is published; what is delayed is made before. */
  bornNs: number;
  /** Undefined where its contract has one version. */
  readonly written: Written | undefined;
  /** Payload [bytes]. */
  readonly size: number;
  /** Number of causes before it. */
  readonly depth: number;
  /** How many hold on to it; it is alive while somebody does. */
  references: number;
  /** What it tells of a store with versions. */
  told: Told | undefined;
  /** The publishing service is told of the outcome, "" for success. */
  onOutcome: ((failure: string) => void) | undefined;
}

/** The first of a message's chain of causes. */
export function rootOf(message: Message): Message {
  let root = message;
  while (root.cause !== undefined) root = root.cause;
  return root;
}

/** The place where copies of messages are booked: a queue, or one group's view of a topic. */
export interface Account {
  /** Unique in the run. */
  readonly id: string;
  readonly channel: string;
  /** Undefined where several subscriptions share it. */
  readonly subscription: string | undefined;
  readonly waiting: ExactLevel;
  /** Waiting and in flight. */
  readonly inSystem: ExactLevel;
  inFlight: number;
  /** From publication to acknowledgement [ns]. */
  readonly latency: Samples;
}

/** A copy in the hands of a worker. */
export interface Delivery {
  readonly account: Account;
  readonly link: ConsumeConnection;
  readonly worker: number;
  readonly message: Message;
  readonly attempt: number;
  readonly partition: number;
  readonly offset: number;
  readonly deliveredNs: number;
}

/** A producer of the naive engine. */
export interface NaiveProducer {
  start(): void;
  /** Changes a live parameter. */
  set(parameter: string, value: FieldValue): void;
}

/** Whoever handles requests or messages in the naive engine; what one never takes it does not have. */
export interface NaiveStation {
  start(): void;
  busy(): number;
  /** Requests and deliveries inside, at work or waiting. */
  inside(): number;
  /** A broker hands a copy to a worker. */
  deliver?(delivery: Delivery): void;
  /** A request arrives; "" when it was taken, else why not. */
  accept?(request: Request): string;
  crash(): void;
  restart(): void;
  /** Changes a live parameter. */
  set(parameter: string, value: FieldValue): void;
  /** What its own mechanisms did so far. */
  counts?(): Readonly<Record<string, number>>;
}

/** A broker of the naive engine; the words are those of `Broker`, on objects and ids. */
export interface NaiveBroker {
  start(): void;
  publish(link: PublishConnection, message: Message): void;
  settle(delivery: Delivery, verdict: Verdict): void;
  join(link: ConsumeConnection, worker: number): void;
  leave(link: ConsumeConnection, worker: number, how: Departure): void;
  publisherCrashed?(link: PublishConnection): void;
  publisherRestarts?(link: PublishConnection): void;
  crashNode(node: number): void;
  restartNode(node: number): void;
  set(element: string, parameter: string, value: FieldValue): void;
  /** Messages waiting for a subscription. */
  waiting(link: ConsumeConnection): number;
  /** Publication time of the oldest message not dealt with [ns], −1 without one. */
  oldestNs(link: ConsumeConnection): number;
}
