// Which partition a record goes to: by its key, or, without one, to a partition that stays the same until it
// has got a batch's worth of bytes (KIP-794). Round robin per record would be wrong.

import type { RandomStream } from "../../kernel/random.ts";
import type { KafkaPlan } from "./plan.ts";
import { positiveKeyHash } from "../mechanisms/routing/murmur2.ts";
import type { BrokerContext } from "../technology.ts";

const NONE = -1;

/** The partitioners of all publishers of a broker. */
export class KafkaPartitioners {
  #plan: KafkaPlan;
  #context: BrokerContext;
  #leader: Int32Array;
  #random: RandomStream;
  /** Hashes of keys, by key; a cache of a pure function, hence not in the arena. */
  #keyHashes: number[] = [];
  /** Per publisher: the partition for records without key (-1: none yet), and what it got [bytes]. */
  #sticky: Int32Array;
  #stickyBytes: Float64Array;

  /** `leader`: the node that leads each partition, -1 without. */
  constructor(plan: KafkaPlan, context: BrokerContext, leader: Int32Array) {
    this.#plan = plan;
    this.#context = context;
    this.#leader = leader;
    this.#random = context.random("sticky partition");
    const publishers = plan.publishers.length;
    this.#sticky = context.arena.int32(`${plan.id}.sticky`, publishers).data;
    this.#sticky.fill(NONE, 0, publishers);
    this.#stickyBytes = context.arena.float64(`${plan.id}.stickyBytes`, publishers).data;
  }

  /** Number of the partition within its topic. */
  choose(number: number, message: number, size: number): number {
    const { topic, values } = this.#plan.publishers[number]!;
    const { partitions } = this.#plan.topics[topic]!;
    const key = this.#context.keyOf(message);
    if (key >= 0 && !values["partitioner.ignore.keys"]) {
      const hash = (this.#keyHashes[key] ??= positiveKeyHash(this.#context.keyText(key)));
      return hash % partitions;
    }
    const isUsedUp = this.#stickyBytes[number]! >= Math.max(1, values["batch.size"]);
    if (this.#sticky[number] === NONE || isUsedUp) this.#switch(number);
    this.#stickyBytes[number]! += size;
    return this.#sticky[number]!;
  }

  /** Another partition, at random among those that have a leader. */
  #switch(number: number): void {
    const topic = this.#plan.topics[this.#plan.publishers[number]!.topic]!;
    const leader = this.#leader;
    let led = 0;
    for (let i = 0; i < topic.partitions; i++) if (leader[topic.first + i]! >= 0) led++;
    let skip = this.#random.below(led === 0 ? topic.partitions : led);
    let partition = 0;
    for (; partition < topic.partitions; partition++) {
      const counts = led === 0 || leader[topic.first + partition]! >= 0;
      if (counts && skip-- === 0) break;
    }
    this.#sticky[number] = partition;
    this.#stickyBytes[number] = 0;
  }
}
