// The running RabbitMQ broker: turns what clients and nodes do into acts of its parts, and says what it sees. All
// state is in the arena, in the columns of the parts.

import type { FieldValue } from "../../base/fields.ts";
import { Alarms, LOOK } from "./alarms.ts";
import { Cluster, ELECT, PARTED, SUSPECT } from "./cluster.ts";
import { Deliveries } from "./deliveries.ts";
import { Disuse, DISUSED } from "./disuse.ts";
import { Publications, PUBLISH } from "./publications.ts";
import { DELIVER, EXPIRE, type Parts, Queues, RETRY } from "./queues.ts";
import { Router } from "./routing.ts";
import { type Settings, settingsOf, toNs } from "./settings.ts";
import { STREAM_ARRIVE, STREAM_SETTLED, Streams } from "./streams.ts";
import { GONE, Subscribers, TICK } from "./subscribers.ts";
import { watermarkOf } from "./version.ts";
import { RabbitmqView } from "./view.ts";
import type { Broker, BrokerConfig, BrokerContext, Departure, Verdict } from "../technology.ts";

/** Timer code: a worker's answer arrives (held row, generation and verdict). */
const SETTLE = 5;

const verdicts: readonly Verdict[] = ["done", "failed", "set-aside"];

/** One RabbitMQ cluster in a run. */
export class RabbitmqBroker implements Broker {
  #context: BrokerContext;
  #settings: Settings;
  #cluster: Cluster;
  #alarms: Alarms;
  #disuse: Disuse;
  #streams: Streams;
  #queues: Queues;
  #deliveries: Deliveries;
  #publications: Publications;
  #view: RabbitmqView;
  #subscribers: Subscribers;

  constructor(config: BrokerConfig, context: BrokerContext) {
    const settings = settingsOf(config);
    this.#context = context;
    this.#settings = settings;
    this.#cluster = new Cluster(settings, context);
    const router = new Router(config);
    this.#alarms = new Alarms(context, settings, this.#cluster);
    this.#streams = new Streams(context, settings, {
      cluster: this.#cluster,
      alarms: this.#alarms,
    });
    this.#disuse = new Disuse(context, settings, this.#cluster);
    const parts: Parts = {
      context,
      settings,
      cluster: this.#cluster,
      router,
      streams: this.#streams,
      disuse: this.#disuse,
      alarms: this.#alarms,
    };
    this.#queues = new Queues(parts);
    this.#deliveries = new Deliveries(parts, this.#queues);
    this.#publications = new Publications(parts, this.#queues);
    this.#subscribers = new Subscribers(parts, this.#queues, this.#deliveries);
    this.#view = new RabbitmqView(parts, {
      queues: this.#queues,
      windows: this.#subscribers.windows,
      members: this.#subscribers.members,
    });
  }

  start(): void {
    this.#disuse.start();
    this.#alarms.look();
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
    if (this.#streams.reads(subscription)) this.#streams.join(subscription, worker);
    else this.#subscribers.join(subscription, worker);
  }

  leave(subscription: number, worker: number, _how: Departure): void {
    if (this.#streams.reads(subscription)) this.#streams.leave(subscription, worker);
    else this.#subscribers.leave(subscription, worker);
  }

  wake(code: number, a: number, b: number): void {
    switch (code) {
      case PUBLISH:
        this.#publications.receive(a, b);
        break;
      case DELIVER:
        this.#deliveries.arrive(a, b);
        this.#subscribers.startTicking();
        break;
      case SETTLE:
        this.#settled(a, b);
        break;
      case GONE:
        this.#subscribers.gone(a);
        break;
      case EXPIRE:
        this.#queues.timerFired(a, b);
        break;
      case LOOK:
        this.#look();
        break;
      case DISUSED:
        this.#queues.disused(a, b);
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
        this.#subscribers.tick();
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
    this.#look();
    // No node is left to be connected to: every channel is closed.
    for (let queue = 0; queue < this.#settings.queues.length; queue++)
      this.#subscribers.takeBackAll(queue, "consumer-gone");
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
      if (!this.#cluster.anyInTouch()) this.#look();
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
      this.#queues.limits.maxLength.data[queue] = number ?? -1;
      this.#queues.work(queue, "return");
    }
    if (parameter === "vm_memory_high_watermark" && number !== null)
      this.#alarms.setLimit(0, watermarkOf(this.#settings.version, number));
    if (parameter === "disk_free_limit" && number !== null) this.#alarms.setLimit(1, number);
    if (parameter === "prefetch_count") this.#subscribers.setPrefetch(element, number ?? 0);
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

  publisherBlocked(): string {
    return this.#alarms.why();
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
      this.#subscribers.takeBackAll(at, "queue-node-down");
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
        this.#subscribers.takeBackAll(at, "consumer-gone");
      if (this.#cluster.standstill(at) === "node-down") this.#resume(at);
    });
  }

  /** Nodes look at their memory and disk. */
  #look(): void {
    if (this.#alarms.look()) this.#publications.unblock();
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

  #resume(queue: number): void {
    this.#queues.resume(queue, (publication, offer) =>
      this.#publications.queueAnswered(publication, queue, offer),
    );
  }
}
