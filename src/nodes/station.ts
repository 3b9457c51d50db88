// What the engine asks of a running node that takes requests or messages and is no service: gateways, external APIs,
// caches, stream processors. A new kind of this sort needs no word in the engine beyond its line in `engine/stations`.

import type { FieldValue } from "../base/fields.ts";
import type { RunningNode } from "./context.ts";

/** A running node that people crash, restart and set. What it never takes it need not know. */
export interface Station extends RunningNode {
  /** Sets out at time 0, before anything is published. */
  start(): void;
  isUp(): boolean;
  /** Places for requests or messages, and how many of them are taken. */
  workers(): number;
  busy(): number;
  /** Requests and messages inside, waiting or at work. */
  inside(): number;
  crash(): void;
  restart(): void;
  /** Changes a live parameter. */
  set(parameter: string, value: FieldValue): void;
  /** A request arrives; "" when it was taken, else why it was refused. */
  accept(request: number): string;
  /** The outcome of a call that it made for a slot of its own, in the slot's life. */
  answered(slot: number, life: number, failure: string): void;
  /** A broker hands a delivery to a worker. */
  deliver(worker: number, delivery: number): void;
  /** The outcome of a publication that it made for a slot of its own, in the slot's life. */
  published(slot: number, life: number, failure: string): void;
  /** What its own mechanisms did so far, by a short name in the words of the screen. */
  counts(): Readonly<Record<string, number>>;
}
