// Which partition a message goes to: by the hash of its key, or as the routing mode says. Source: apache/pulsar
// RoundRobinPartitionMessageRouterImpl, SinglePartitionMessageRouterImpl, JavaStringHash.

import { msToNs } from "../../base/units.ts";
import type { RandomStream } from "../../kernel/random.ts";
import type { PulsarPlan } from "./plan.ts";
import type { BrokerContext } from "../technology.ts";

const NONE = -1;

/** With batches, messages without key stay with a partition for so many delays of a batch. */
const switchFrequency = 10;

/** Java's `String.hashCode` without its sign. */
export function javaStringHash(key: string): number {
  let hash = 0;
  // Java counts UTF-16 units as JavaScript does.
  for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) | 0;
  return hash & 0x7fffffff;
}

/** The routers of all producers. */
export class PulsarRouters {
  readonly #plan: PulsarPlan;
  readonly #context: BrokerContext;
  /** Hash by key, worked out once. */
  readonly #hashes: number[] = [];
  /** Where each producer begins, drawn at its first message; -1 before. And how many it has sent. */
  readonly #start: Int32Array;
  readonly #sent: Int32Array;
  readonly #random: RandomStream;

  constructor(plan: PulsarPlan, context: BrokerContext) {
    this.#plan = plan;
    this.#context = context;
    const { length } = plan.producers;
    this.#start = context.arena.int32(`${plan.id}.router.start`, length).data;
    this.#sent = context.arena.int32(`${plan.id}.router.sent`, length).data;
    this.#start.fill(NONE, 0, length);
    this.#random = context.random("first partition");
  }

  /** Number of the partition within its topic. */
  choose(number: number, message: number): number {
    const { topic, lingerNs, values } = this.#plan.producers[number]!;
    const { partitions } = this.#plan.topics[topic]!;
    if (partitions === 1) return 0;
    if (this.#context.keyOf(message) >= 0) return this.byKey(message, partitions);
    if (this.#start[number] === NONE) this.#start[number] = this.#random.below(partitions);
    const start = this.#start[number]!;
    if (values.messageRoutingMode === "SinglePartition") return start;
    if (lingerNs === 0) {
      const sent = this.#sent[number]!;
      this.#sent[number] = (sent + 1) % partitions;
      return (start + sent) % partitions;
    }
    const switchNs = Math.max(msToNs(1), lingerNs * switchFrequency);
    return (start + Math.floor(this.#context.now() / switchNs)) % partitions;
  }

  /** By the hash of the key; the first partition without one. */
  byKey(message: number, partitions: number): number {
    const key = this.#context.keyOf(message);
    if (key < 0) return 0;
    const hash = (this.#hashes[key] ??= javaStringHash(this.#context.keyText(key)));
    return hash % partitions;
  }
}
