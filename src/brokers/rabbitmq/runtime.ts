// The running RabbitMQ broker: turns what clients and nodes do into acts of its parts, and says what it sees. All
// state is in the arena, in the columns of the parts.

import type { FieldValue } from "../../base/fields.ts";
import type { Int32Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import { Cluster, ELECT, PARTED, SUSPECT } from "./cluster.ts";
import { Deliveries } from "./deliveries.ts";
import { Publications, PUBLISH } from "./publications.ts";
import { DELIVER, EXPIRE, type Parts, Queues, RETRY } from "./queues.ts";
import { Router } from "./routing.ts";
import { type Settings, settingsOf, toNs, toWindow } from "./settings.ts";
import { STREAM_ARRIVE, STREAM_SETTLED, Streams } from "./streams.ts";
import type { ComingBack } from "./version.ts";
import { RabbitmqView } from "./view.ts";
import type { Broker, BrokerConfig, BrokerContext, Departure, Verdict } from "../technology.ts";

/** Timer codes: a worker's answer arrives (held row, generation and verdict); its connection is seen to be closed
 *  (consumer); the channels are looked at. */
const SETTLE = 5;
const GONE = 6;
const TICK = 9;

const verdicts: readonly Verdict[] = ["done", "failed", "set-aside"];

/** One RabbitMQ cluster in a run. */
export class RabbitmqBroker implements Broker {
  #context: BrokerContext;
  #settings: Settings;
  #cluster: Cluster;
  #streams: Streams;
  #queues: Queues;
  #deliveries: Deliveries;
  #publications: Publications;
  #view: RabbitmqView;
  /** Per subscription and worker: one more than the handle of its consumer, 0 without. */
  #consumerOf: readonly (Int32Column | undefined)[];
  /** Per subscription: what each worker may hold. */
  #windows: Int32Column;
  /** Per queue with a single active consumer: all consumers in order of joining; the first one is active. */
  #members: readonly (Ring | undefined)[];
  /** Cell 0: a look at the channels is scheduled. */
  #ticking: Int32Column;

  constructor(config: BrokerConfig, context: BrokerContext) {
    const settings = settingsOf(config);
    const { arena } = context;
    const { id } = settings;
    this.#context = context;
    this.#settings = settings;
    this.#cluster = new Cluster(settings, context);
    const router = new Router(config);
    this.#streams = new Streams(context, settings, this.#cluster);
    const parts: Parts = {
      context,
      settings,
      cluster: this.#cluster,
      router,
      streams: this.#streams,
    };
    this.#queues = new Queues(parts);
    this.#deliveries = new Deliveries(parts, this.#queues);
    this.#publications = new Publications(parts, this.#queues);
    this.#consumerOf = settings.subscriptions.map((subscription, index) =>
      subscription === undefined ? undefined : arena.int32(`${id}.workers${index}`),
    );
    this.#windows = arena.int32(`${id}.windows`, settings.subscriptions.length);
    settings.subscriptions.forEach((subscription, index) => {
      this.#windows.data[index] = subscription?.window ?? 0;
    });
    this.#members = settings.queues.map((queue, at) =>
      queue.single ? new Ring(arena, `${id}.members${at}`) : undefined,
    );
    this.#ticking = arena.int32(`${id}.ticking`, 1);
    this.#view = new RabbitmqView(parts, {
      queues: this.#queues,
      windows: this.#windows,
      members: this.#members,
    });
  }

  start(): void {
    // Workers have joined and queues are declared; nothing is left to do.
  }

  publish(publisher: number, message: number): void {
    this.#publications.send(publisher, message);
  }

  settle(delivery: number, verdict: Verdict): void {
    if (this.#streams.reads(this.#context.deliverySubscription(delivery))) {
      this.#streams.settle(delivery, verdict);
      return;
    }
    const held = this.#deliveries.heldOf(delivery);
    if (held < 0) {
      this.#deliveries.forgetStale(delivery);
      return;
    }
    const index = this.#context.deliverySubscription(delivery);
    const { automatic, latencyNs } = this.#settings.subscriptions[index]!;
    if (automatic) {
      // The broker has forgotten it long ago; only the books wait for the worker.
      const how = verdict === "failed" ? "acknowledged-unread" : "acknowledged";
      this.#deliveries.finish(held, verdict === "set-aside" ? verdict : how);
      return;
    }
    const table = this.#queues.consumers.held;
    table.answered(held);
    const word = table.generation(held) * 4 + verdicts.indexOf(verdict);
    this.#context.schedule(latencyNs, SETTLE, held, word);
  }

  join(subscription: number, worker: number): void {
    if (this.#streams.reads(subscription)) {
      this.#streams.join(subscription, worker);
      return;
    }
    const settings = this.#settings.subscriptions[subscription]!;
    const { consumers } = this.#queues;
    const consumer = consumers.add({
      subscription,
      worker,
      lane: settings.lane,
      window: this.#windows.data[subscription]!,
    });
    const column = this.#consumerOf[subscription]!;
    if (worker >= column.length) column.resize(worker + 1);
    column.data[worker] = consumer + 1;
    const members = this.#members[settings.queue];
    members?.pushBack(consumer);
    if (settings.global) consumers.share(consumer);
    if (members === undefined || members.at(0) === consumer) consumers.enable(consumer);
    this.#queues.work(settings.queue, "room");
    this.#startTicking();
  }

  leave(subscription: number, worker: number, _how: Departure): void {
    if (this.#streams.reads(subscription)) {
      this.#streams.leave(subscription, worker);
      return;
    }
    const { latencyNs } = this.#settings.subscriptions[subscription]!;
    const column = this.#consumerOf[subscription]!;
    const consumer = column.data[worker]! - 1;
    column.data[worker] = 0;
    this.#queues.consumers.close(consumer);
    this.#deliveries.forgetStaleOf(subscription, worker);
    this.#context.schedule(latencyNs, GONE, consumer, 0);
  }

  wake(code: number, a: number, b: number): void {
    switch (code) {
      case PUBLISH:
        this.#publications.receive(a, b);
        break;
      case DELIVER:
        this.#deliveries.arrive(a, b);
        this.#startTicking();
        break;
      case SETTLE:
        this.#settled(a, b);
        break;
      case GONE:
        this.#gone(a);
        break;
      case EXPIRE:
        this.#queues.timerFired(a, b);
        break;
      case ELECT:
        if (this.#cluster.elect(a, b)) this.#resume(a);
        break;
      case STREAM_ARRIVE:
        this.#streams.arrive(a, b);
        break;
      case STREAM_SETTLED:
        this.#streams.settled(a, b);
        break;
      case SUSPECT:
        this.#cluster.suspect(a, b);
        break;
      case PARTED:
        this.#parted(a, b);
        break;
      case RETRY:
        this.#queues.delayIsOver(a, b);
        break;
      case TICK:
        this.#tick();
        break;
      default:
        this.#publications.answer(code, a, b);
    }
  }

  crashNode(node: number): void {
    if (!this.#cluster.isUp(node)) return;
    this.#cluster.crash(node);
    this.#loseNode(node);
    if (this.#cluster.anyInTouch()) return;
    // No node is left to be connected to: every channel is closed.
    for (let queue = 0; queue < this.#settings.queues.length; queue++)
      this.#takeBackAll(queue, "consumer-gone");
  }

  restartNode(node: number): void {
    if (this.#cluster.isUp(node)) return;
    this.#cluster.restart(node);
    this.#resumeAll();
  }

  isolateNode(node: number, isolated: boolean): void {
    if (this.#cluster.isIsolated(node) === isolated) return;
    if (isolated) {
      this.#cluster.isolate(node);
      return;
    }
    const wasParted = this.#cluster.rejoin(node);
    if (wasParted && this.#settings.partitionHandling === "autoheal") this.#loseNode(node);
    this.#resumeAll();
  }

  slowNode(node: number, factor: number): void {
    this.#cluster.slow(node, factor);
  }

  set(element: string, parameter: string, value: FieldValue): void {
    const queue = this.#settings.queues.findIndex((one) => one.id === element);
    const number = typeof value === "number" ? value : null;
    if (parameter === "x-message-ttl") this.#queues.ttlNs.data[queue] = toNs(number);
    if (parameter === "x-max-length") {
      this.#queues.maxLength.data[queue] = number ?? -1;
      this.#queues.work(queue, "return");
    }
    if (parameter === "prefetch_count") this.#setPrefetch(element, number ?? 0);
  }

  waiting(subscription: number): number {
    return this.#view.waiting(subscription);
  }

  oldestNs(subscription: number): number {
    return this.#view.oldestNs(subscription);
  }

  blocked(subscription: number): string {
    return this.#view.blocked(subscription);
  }

  depths(channel: number): readonly number[] {
    return this.#view.depths(channel);
  }

  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    return this.#view.nodes();
  }

  /** What a node had in memory is gone: transient messages, and who holds what of its classic queues. */
  #loseNode(node: number): void {
    this.#settings.queues.forEach((queue, at) => {
      if (queue.quorum || queue.members[0] !== node) return;
      this.#takeBackAll(at, "queue-node-down");
      this.#queues.loseTransient(at);
    });
  }

  /** The cluster takes a node for dead: what consumers held of its classic queues is back, publishers get their nacks,
   *  and nodes that pause lose what they had in memory. */
  #parted(node: number, cut: number): void {
    const paused = this.#cluster.part(node, cut);
    if (paused === undefined) return;
    this.#context.note(this.#settings.id, `node ${node} counts as down: net_ticktime is over`);
    for (const other of paused) this.#loseNode(other);
    this.#settings.queues.forEach((queue, at) => {
      if (queue.quorum || this.#cluster.works(at)) return;
      if (!paused.includes(node) && queue.members[0] === node)
        this.#takeBackAll(at, "consumer-gone");
      if (this.#cluster.standstill(at) === "node-down") this.#resume(at);
    });
  }

  #resumeAll(): void {
    this.#settings.queues.forEach((_, at) => {
      if (this.#cluster.works(at)) this.#resume(at);
    });
  }

  /** A worker's answer has come to the broker. */
  #settled(held: number, word: number): void {
    const { consumers } = this.#queues;
    const table = consumers.held;
    if (!table.isStill(held, word >> 2)) return;
    const subscription = consumers.subscription(table.consumer(held));
    const { queue, onFailure } = this.#settings.subscriptions[subscription]!;
    const verdict = verdicts[word & 3]!;
    if (verdict === "failed" && onFailure !== undefined) {
      this.#deliveries.giveBack(held, onFailure);
      this.#queues.work(queue, "return");
      return;
    }
    if (verdict === "failed") this.#deliveries.reject(held);
    else this.#deliveries.finish(held, verdict === "done" ? "acknowledged" : "set-aside");
    this.#queues.work(queue, "room");
  }

  /** The broker sees that a consumer's connection is closed. */
  #gone(consumer: number): void {
    const { consumers } = this.#queues;
    const index = consumers.subscription(consumer);
    const { queue } = this.#settings.subscriptions[index]!;
    consumers.disable(consumer);
    this.#takeBack(consumer, "consumer-gone");
    consumers.remove(consumer);
    const members = this.#members[queue];
    if (members !== undefined) {
      const wasActive = members.at(0) === consumer;
      members.removeValue(consumer);
      if (wasActive && members.size() > 0) consumers.enable(members.at(0));
    }
    this.#queues.work(queue, "return");
  }

  /** Takes back everything that a consumer holds or that is on its way there, in order of sending. */
  #takeBack(consumer: number, why: ComingBack): void {
    const { consumers, copies } = this.#queues;
    const index = consumers.subscription(consumer);
    const { automatic } = this.#settings.subscriptions[index]!;
    let held = consumers.first(consumer);
    while (held >= 0) {
      const next = consumers.held.next(held);
      const copy = consumers.held.copy(held);
      const isTransient = why === "queue-node-down" && !copies.isPersistent(copy);
      if (automatic) this.#deliveries.lose(held, "acknowledged-on-delivery");
      else if (isTransient) this.#deliveries.lose(held, "transient-lost");
      else this.#deliveries.giveBack(held, why);
      held = next;
    }
  }

  /** Takes back everything that consumers of a queue owe it an answer for. */
  #takeBackAll(queue: number, why: ComingBack): void {
    const { consumers } = this.#queues;
    for (let consumer = 0; consumer < consumers.capacity(); consumer++) {
      if (!consumers.isLive(consumer)) continue;
      const settings = this.#settings.subscriptions[consumers.subscription(consumer)]!;
      if (settings.queue === queue && !settings.automatic) this.#takeBack(consumer, why);
    }
  }

  #resume(queue: number): void {
    this.#queues.resume(queue, (publication, offer) =>
      this.#publications.queueAnswered(publication, queue, offer),
    );
  }

  #setPrefetch(element: string, prefetch: number): void {
    const { consumers } = this.#queues;
    const index = this.#settings.subscriptions.findIndex((one) => one?.id === element);
    const settings = this.#settings.subscriptions[index];
    if (settings === undefined || settings.automatic) return;
    const window = toWindow(prefetch, this.#settings.queues[settings.queue]!);
    this.#windows.data[index] = window;
    for (let consumer = 0; consumer < consumers.capacity(); consumer++)
      if (consumers.isLive(consumer) && consumers.subscription(consumer) === index)
        consumers.setWindow(consumer, window);
    this.#queues.work(settings.queue, "room");
  }

  /** Looks at the channels at multiples of the interval while anything is held. */
  #startTicking(): void {
    const { consumerTimeoutNs, tickNs } = this.#settings;
    if (this.#ticking.data[0] === 1 || consumerTimeoutNs === Infinity) return;
    if (this.#queues.consumers.held.size() === 0) return;
    this.#ticking.data[0] = 1;
    this.#context.schedule(tickNs - (this.#context.now() % tickNs), TICK, 0, 0);
  }

  #tick(): void {
    const { consumers } = this.#queues;
    const beforeNs = this.#context.now() - this.#settings.consumerTimeoutNs;
    this.#ticking.data[0] = 0;
    for (let consumer = 0; consumer < consumers.capacity(); consumer++) {
      if (!consumers.isLive(consumer) || !consumers.isOpen(consumer)) continue;
      const first = consumers.first(consumer);
      if (first < 0 || consumers.held.sinceNs(first) >= beforeNs) continue;
      const settings = this.#settings.subscriptions[consumers.subscription(consumer)]!;
      if (settings.automatic) continue;
      this.#context.note(settings.id, "consumer_timeout: the channel was closed and opened again");
      // Subscribed anew, it is the last in turn.
      consumers.disable(consumer);
      this.#takeBack(consumer, "consumer-timeout");
      consumers.enable(consumer);
      this.#queues.work(settings.queue, "return");
    }
    this.#startTicking();
  }
}
