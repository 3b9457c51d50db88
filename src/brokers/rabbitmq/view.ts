// What a RabbitMQ broker says about itself while it runs: backlog, age, why nothing moves, who leads. Reads only.

import type { Int32Column } from "../../kernel/arena.ts";
import type { Ring } from "../../kernel/ring.ts";
import { NO_WINDOW } from "../mechanisms/consumers.ts";
import type { Cluster } from "./cluster.ts";
import type { Parts, Queues } from "./queues.ts";
import type { Settings } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

/** How many held copies of a consumer are looked at for the oldest one. They are nearly in order of age. */
const LOOKED_AT_MAX = 256;

/** The face of one broker. */
export class RabbitmqView {
  #context: BrokerContext;
  #settings: Settings;
  #cluster: Cluster;
  #queues: Queues;
  #windows: Int32Column;
  #members: readonly (Ring | undefined)[];

  constructor(
    parts: Parts,
    state: { queues: Queues; windows: Int32Column; members: readonly (Ring | undefined)[] },
  ) {
    this.#context = parts.context;
    this.#settings = parts.settings;
    this.#cluster = parts.cluster;
    this.#queues = state.queues;
    this.#windows = state.windows;
    this.#members = state.members;
  }

  /** Ready, or on the wire to a consumer [messages]. */
  waiting(subscription: number): number {
    const { streams } = this.#queues;
    if (streams.reads(subscription)) return streams.waiting(subscription);
    return this.#backlog(this.#settings.subscriptions[subscription]!.queue);
  }

  depths(channel: number): readonly number[] {
    const queue = this.#settings.queues.findIndex((one) => one.channel === channel);
    if (queue < 0) return [];
    const isStream = this.#settings.queues[queue]!.stream;
    return [isStream ? this.#queues.streams.length(queue) : this.#backlog(queue)];
  }

  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    return Array.from({ length: this.#settings.nodes }, (_, node) => ({
      up: this.#cluster.isUp(node),
      leads: this.#cluster.leads(node),
    }));
  }

  oldestNs(subscription: number): number {
    const { streams } = this.#queues;
    if (streams.reads(subscription)) return streams.oldestNs(subscription);
    const { queue } = this.#settings.subscriptions[subscription]!;
    const { consumers, copies, contents, delayed } = this.#queues;
    let oldestNs = Infinity;
    const look = (copy: number) => {
      const publishedNs = this.#context.publishedNs(copies.message(copy));
      oldestNs = Math.min(oldestNs, publishedNs);
    };
    const head = contents[queue]!.head();
    if (head >= 0) look(head);
    if (delayed[queue]!.size() > 0) look(delayed[queue]!.at(0));
    this.#forEachConsumer(queue, (consumer) => {
      let held = consumers.first(consumer);
      for (let left = LOOKED_AT_MAX; held >= 0 && left > 0; left--) {
        look(consumers.held.copy(held));
        held = consumers.held.next(held);
      }
    });
    return oldestNs === Infinity ? -1 : oldestNs;
  }

  blocked(subscription: number): string {
    const { queue } = this.#settings.subscriptions[subscription]!;
    const { streams } = this.#queues;
    if (streams.reads(subscription)) return this.#whyNotRead(subscription, queue);
    const ready = this.#queues.contents[queue]!.size();
    const down = this.#whyDown(queue);
    if (down !== "") return ready > 0 || this.#queues.pendingCount(queue) > 0 ? down : "";
    const waits = this.#queues.delayed[queue]!.size();
    if (ready === 0) return waits > 0 ? `${waits} wait for their next attempt (delayed retry)` : "";
    return this.#whyNobodyTakes(queue, subscription);
  }

  #whyNotRead(subscription: number, queue: number): string {
    const { streams } = this.#queues;
    if (streams.waiting(subscription) === 0) return "";
    const down = this.#whyDown(queue);
    if (down !== "") return down;
    return streams.isFull(subscription) ? "prefetch reached: the reader owes answers" : "";
  }

  #whyDown(queue: number): string {
    const { members } = this.#settings.queues[queue]!;
    const standstill = this.#cluster.standstill(queue);
    if (standstill === "") return "";
    if (!this.#cluster.anyInTouch()) return "no node of the cluster can be reached";
    if (standstill === "node-down") return `queue's node ${members[0]!} is down`;
    if (standstill === "unreachable") return "the queue's node is cut off: nobody answers for it";
    if (standstill === "electing") return "the queue has no leader: an election is going on";
    return `quorum lost: ${this.#cluster.membersInTouch(queue)} of ${members.length} nodes up`;
  }

  #whyNobodyTakes(queue: number, subscription: number): string {
    const { consumers } = this.#queues;
    let connected = 0;
    let unacknowledged = 0;
    this.#forEachConsumer(queue, (consumer) => {
      if (consumers.subscription(consumer) !== subscription) return;
      if (!consumers.isOpen(consumer)) return;
      connected++;
      unacknowledged += consumers.unacknowledged(consumer);
    });
    if (connected === 0) return "no consumer is connected";
    const members = this.#members[queue];
    if (members !== undefined) {
      connected = 1;
      const active = members.at(0);
      if (consumers.subscription(active) !== subscription)
        return "another consumer is the single active one";
    }
    const window = this.#windows.data[subscription]!;
    if (window === NO_WINDOW) return "";
    const most = connected * window;
    if (unacknowledged >= most)
      return `prefetch reached: ${unacknowledged} of ${most} unacknowledged`;
    return "other consumers of the queue come first";
  }

  #backlog(queue: number): number {
    const { contents, onTheWire, delayed } = this.#queues;
    return contents[queue]!.size() + onTheWire.data[queue]! + delayed[queue]!.size();
  }

  #forEachConsumer(queue: number, act: (consumer: number) => void): void {
    const { consumers } = this.#queues;
    for (let consumer = 0; consumer < consumers.capacity(); consumer++) {
      if (!consumers.isLive(consumer)) continue;
      const subscription = consumers.subscription(consumer);
      if (this.#settings.subscriptions[subscription]!.queue === queue) act(consumer);
    }
  }
}
