// A running Pulsar cluster: wires logs, nodes, producers and consumers together, and hands each call and each timer to the
// part that it concerns.

import type { FieldValue } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import { Backlogs } from "./backlog.ts";
import { clusterWakes, PulsarCluster } from "./cluster.ts";
import { PulsarConsumers } from "./consume.ts";
import { Dispatch } from "./dispatch.ts";
import { PulsarFace } from "./face.ts";
import { Holdings } from "./holdings.ts";
import { planPulsar, type PulsarPlan } from "./plan.ts";
import { produceWakes, PulsarProducers } from "./produce.ts";
import { PartitionLogs } from "../mechanisms/log.ts";
import type { Broker, BrokerConfig, BrokerContext, Departure, Verdict } from "../technology.ts";

const EXPIRY = 24;
const QUOTA = 25;

/** Retention here goes by messages, not by segments: one segment holds everything. */
const oneSegment = { bytes: Infinity, ns: Infinity };

/** Makes the running broker. */
export function openPulsar(config: BrokerConfig, context: BrokerContext): Broker {
  return new PulsarBroker(config, context);
}

class PulsarBroker implements Broker {
  readonly #config: BrokerConfig;
  readonly #context: BrokerContext;
  readonly #plan: PulsarPlan;
  readonly #cluster: PulsarCluster;
  readonly #backlogs: Backlogs;
  readonly #producers: PulsarProducers;
  readonly #consumers: PulsarConsumers;
  readonly #dispatch: Dispatch;
  readonly #face: PulsarFace;

  constructor(config: BrokerConfig, context: BrokerContext) {
    const plan = planPulsar(config, context);
    const base = { plan, context };
    const logs = new PartitionLogs(
      context.arena,
      `${plan.id}.log`,
      plan.topicOf.map(() => oneSegment),
    );
    const cluster = new PulsarCluster(plan, context, {
      onGone: (partition) => this.#onGone(partition),
      onOpen: (partition) => this.#consumers.onOpen(partition),
      endOf: (partition) => logs.end[partition]!,
    });
    const holdings = new Holdings(plan, context);
    const backlogs = new Backlogs(base, logs, holdings);
    const dispatch = new Dispatch(base, logs, cluster, holdings);
    const producers = new PulsarProducers(base, logs, cluster, {
      admit: (partition) => backlogs.admit(partition),
      onWritten: (partition, from, to) => {
        backlogs.onWritten(partition, from, to);
        this.#consumers.onWritten(partition);
      },
    });
    const parts = { plan, context, logs, cluster, holdings, dispatch, backlogs, producers };
    this.#config = config;
    this.#context = context;
    this.#plan = plan;
    this.#cluster = cluster;
    this.#backlogs = backlogs;
    this.#dispatch = dispatch;
    this.#producers = producers;
    this.#consumers = new PulsarConsumers(parts);
    this.#face = new PulsarFace(parts);
  }

  start(): void {
    this.#scheduleExpiry();
    if (this.#backlogs.hasQuotas()) this.#scheduleQuotas();
  }

  publish(publisher: number, message: number): void {
    this.#producers.publish(this.#plan.producerOf.get(publisher)!, message);
  }

  settle(delivery: number, verdict: Verdict): void {
    this.#consumers.settle(delivery, verdict);
  }

  join(subscription: number, worker: number): void {
    const client = this.#plan.clientOf.get(subscription);
    if (client !== undefined) this.#consumers.join(client, worker);
  }

  leave(subscription: number, worker: number, how: Departure): void {
    const client = this.#plan.clientOf.get(subscription);
    if (client !== undefined) this.#consumers.leave(client, worker, how);
  }

  wake(code: number, a: number, b: number): void {
    if (code <= produceWakes.deadline) this.#producers.wake(code, a, b);
    else if (code === clusterWakes.session || code === clusterWakes.loaded)
      this.#cluster.wake(code, a, b);
    else if (code === EXPIRY) this.#expire();
    else if (code === QUOTA) this.#checkQuotas();
    else this.#consumers.wake(code, a, b);
  }

  crashNode(node: number): void {
    this.#cluster.crash(node);
  }

  restartNode(node: number): void {
    this.#cluster.restart(node);
  }

  isolateNode(node: number, isolated: boolean): void {
    this.#cluster.isolate(node, isolated);
  }

  slowNode(node: number, factor: number): void {
    this.#cluster.slow(node, factor);
  }

  set(element: string, parameter: string, value: FieldValue): void {
    const topic = this.#plan.topics.findIndex(({ id }) => id === element);
    const isTime = typeof value === "number";
    if (topic >= 0 && parameter === "messageTTL" && (isTime || value === null))
      this.#backlogs.ttlNs[topic] = isTime ? msToNs(value) : Infinity;
    const subscription = this.#config.subscriptions.find(({ id }) => id === element);
    const client = this.#plan.clientOf.get(subscription?.index ?? -1);
    if (client !== undefined && parameter === "negativeAckRedeliveryDelay" && isTime)
      this.#consumers.setNackDelay(client, msToNs(value));
  }

  waiting(subscription: number): number {
    return this.#face.waiting(subscription);
  }

  oldestNs(subscription: number): number {
    return this.#face.oldestNs(subscription);
  }

  blocked(subscription: number): string {
    return this.#face.blocked(subscription);
  }

  publisherBlocked(publisher: number): string {
    const config = this.#config.publishers.find(({ index }) => index === publisher);
    return config === undefined ? "" : this.#face.refuses(config.channel);
  }

  depths(channel: number): readonly number[] {
    return this.#face.depths(channel);
  }

  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    return this.#cluster.nodes();
  }

  #onGone(partition: number): void {
    const { first, id, name } = this.#plan.topics[this.#plan.topicOf[partition]!]!;
    this.#context.note(
      id,
      `${name}, partition ${partition - first}: its broker is gone; clients look for the new owner`,
    );
    this.#producers.onGone(partition);
    this.#consumers.onGone(partition);
  }

  #scheduleExpiry(): void {
    const everyNs = msToNs(this.#plan.cluster.messageExpiryCheckIntervalMs);
    this.#context.schedule(everyNs, EXPIRY, 0, 0);
  }

  #expire(): void {
    for (const cursor of this.#backlogs.expire()) this.#dispatch.run(cursor, "change");
    this.#scheduleExpiry();
  }

  #scheduleQuotas(): void {
    const everyNs = msToNs(this.#plan.cluster.backlogQuotaCheckIntervalMs);
    this.#context.schedule(everyNs, QUOTA, 0, 0);
  }

  #checkQuotas(): void {
    for (const cursor of this.#backlogs.checkQuotas()) this.#dispatch.run(cursor, "change");
    this.#scheduleQuotas();
  }
}
