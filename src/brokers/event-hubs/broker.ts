// A running namespace of Event Hubs: takes events in, stores them in partitions, hands them to processors, deletes them at
// their age. Hands each call and each timer to the part that it concerns.

import type { FieldValue } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import { Capture, captureWake } from "./capture.ts";
import { type HubsPlan, planHubs, type Sender } from "./plan.ts";
import { trimLog } from "./partitions.ts";
import { Processors, processorWakes } from "./processors.ts";
import { inflateWake, ThroughputUnits } from "./units.ts";
import { PartitionLogs } from "../mechanisms/log.ts";
import { ManagedSends, type SendAnswer } from "../mechanisms/managedSends.ts";
import { positiveKeyHash } from "../mechanisms/routing/murmur2.ts";
import { Zones } from "../mechanisms/zones.ts";
import type { Broker, BrokerConfig, BrokerContext, Departure, Verdict } from "../technology.ts";

const SENDS = 0;
const RETENTION = 22;
const NONE = -1;

/** How often events are looked for that are too old [ns]; they are deleted in pieces of a minute (Spillway's own). */
const retentionEveryNs = 60e9;

const tooLarge = 0;

/** Largest event of a tier [bytes]. */
export function eventBytesMax(tier: string): number {
  return tier === "Basic" ? 262_144 : 1_048_576;
}

/** Makes the running namespace. */
export function openEventHubs(config: BrokerConfig, context: BrokerContext): Broker {
  return new EventHubsBroker(config, context);
}

class EventHubsBroker implements Broker {
  readonly #context: BrokerContext;
  readonly #plan: HubsPlan;
  readonly #logs: PartitionLogs;
  readonly #zones: Zones;
  readonly #units: ThroughputUnits;
  readonly #capture: Capture;
  readonly #sends: ManagedSends;
  readonly #processors: Processors;
  /** Partition in turn, by hub. */
  readonly #turn: Int32Array;
  /** Hash by key, worked out once. */
  readonly #hashes: number[] = [];
  readonly #stretches;

  constructor(config: BrokerConfig, context: BrokerContext) {
    const plan = planHubs(config, context);
    const { zones, detectionMs } = plan.namespace;
    const limits = plan.hubOf.map(() => ({ bytes: Infinity, ns: retentionEveryNs }));
    const logs = new PartitionLogs(context.arena, `${plan.id}.log`, limits);
    this.#context = context;
    this.#plan = plan;
    this.#logs = logs;
    this.#zones = new Zones({ id: plan.id, zones, detectionNs: msToNs(detectionMs) }, context);
    this.#units = new ThroughputUnits(plan, context);
    this.#capture = new Capture(plan, context);
    this.#turn = context.arena.int32(`${plan.id}.turn`, plan.hubs.length).data;
    this.#sends = new ManagedSends(context, this.#zones, {
      firstCode: SENDS,
      owner: {
        rulesOf: (publisher) => this.#senderOf(publisher).rules,
        take: (publisher, message) => this.#take(publisher, message),
        reasons: ["event-too-large"],
        unavailable: "service-unavailable",
        throttled: "server-busy",
        unanswered: "timeout",
      },
    });
    this.#processors = new Processors({
      plan,
      context,
      logs,
      units: this.#units,
      zones: this.#zones,
    });
    this.#stretches = plan.hubOf.map((hub, partition) => {
      const { channel, first } = plan.hubs[hub]!;
      const accounts = plan.groups.flatMap((one) => (one.hub === hub ? [one.account] : []));
      const messageAt = (offset: number): number => logs.at(partition, offset);
      return { channel, partition: partition - first, accounts, from: 0, to: 0, messageAt };
    });
  }

  start(): void {
    this.#processors.start();
    this.#capture.start();
    this.#context.schedule(retentionEveryNs, RETENTION, 0, 0);
  }

  publish(publisher: number, message: number): void {
    this.#sends.send(publisher, message);
  }

  settle(delivery: number, verdict: Verdict): void {
    this.#processors.settle(delivery, verdict);
  }

  join(subscription: number, worker: number): void {
    const client = this.#plan.clientOf.get(subscription);
    if (client !== undefined) this.#processors.join(client, worker);
  }

  leave(subscription: number, worker: number, how: Departure): void {
    const client = this.#plan.clientOf.get(subscription);
    if (client !== undefined) this.#processors.leave(client, worker, how);
  }

  wake(code: number, a: number, b: number): void {
    if (code < processorWakes.cycle) this.#sends.wake(code, a, b);
    else if (code === captureWake) this.#capture.wake(a, b);
    else if (code === inflateWake) this.#units.wake();
    else if (code === RETENTION) this.#enforceRetention();
    else this.#processors.wake(code, a, b);
  }

  crashNode(node: number): void {
    if (node < this.#plan.namespace.zones) this.#zones.crash(node);
  }

  restartNode(node: number): void {
    if (node < this.#plan.namespace.zones) this.#zones.restart(node);
  }

  isolateNode(node: number, isolated: boolean): void {
    if (node < this.#plan.namespace.zones) this.#zones.isolate(node, isolated);
  }

  slowNode(node: number, factor: number): void {
    if (node < this.#plan.namespace.zones) this.#zones.slow(node, factor);
  }

  set(element: string, parameter: string, value: FieldValue): void {
    const isUnits = element === this.#plan.id && parameter === "throughputUnits";
    if (isUnits && typeof value === "number") this.#units.change(value);
  }

  waiting(subscription: number): number {
    let sum = 0;
    for (const cursor of this.#cursorsOf(subscription)) sum += this.#processors.waiting(cursor);
    return sum;
  }

  oldestNs(subscription: number): number {
    let oldestNs = Infinity;
    for (const cursor of this.#cursorsOf(subscription)) {
      const partition = this.#plan.cursorPartition[cursor]!;
      const offset = this.#processors.cursors.acknowledgedBelow[cursor]!;
      if (offset < this.#logs.highWatermark[partition]!)
        oldestNs = Math.min(oldestNs, this.#context.publishedNs(this.#logs.at(partition, offset)));
    }
    return oldestNs === Infinity ? NONE : oldestNs;
  }

  blocked(subscription: number): string {
    const client = this.#plan.clients[this.#plan.clientOf.get(subscription) ?? NONE];
    if (client === undefined) return "";
    if (this.#zones.areAllDown()) return "no availability zone can be reached";
    const { owner, ownedUntilNs } = this.#processors;
    for (const cursor of this.#cursorsOf(subscription)) {
      if (this.#processors.waiting(cursor) === 0) continue;
      const { hub } = this.#plan.groups[client.group]!;
      const name = `partition ${this.#plan.cursorPartition[cursor]! - this.#plan.hubs[hub]!.first}`;
      if (owner[cursor] === NONE) return `${name} is owned by no processor yet`;
      if (!this.#processors.isUp(owner[cursor]!))
        return `${name} belongs to ${this.#processors.nameOf(owner[cursor]!)}, which is gone; its ownership expires at ${(ownedUntilNs[cursor]! / 1e9).toFixed(1)} s`;
    }
    const { hub } = this.#plan.groups[client.group]!;
    const { partitions } = this.#plan.hubs[hub]!;
    const count = this.#processors.count(client.group);
    return count > partitions ? `idle: ${partitions} partitions for ${count} processors` : "";
  }

  depths(channel: number): readonly number[] {
    const hub = this.#plan.hubs.find((one) => one.channel === channel);
    if (hub === undefined) return [];
    return Array.from({ length: hub.partitions }, (_, i) => {
      const partition = hub.first + i;
      const low = this.#plan.cursorsOf[partition]!.map(
        (cursor) => this.#processors.cursors.acknowledgedBelow[cursor]!,
      );
      const end = this.#logs.highWatermark[partition]!;
      return end - (low.length === 0 ? this.#logs.start[partition]! : Math.min(...low));
    });
  }

  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    return Array.from({ length: this.#plan.namespace.zones }, (_, zone) => ({
      up: this.#zones.isUp(zone),
      leads: 0,
    }));
  }

  #senderOf(publisher: number): Sender {
    return this.#plan.senders.get(publisher)!;
  }

  /** The service takes an event, or is busy. */
  #take(publisher: number, message: number): SendAnswer {
    const size = this.#context.sizeOf(message);
    if (size > eventBytesMax(this.#plan.namespace.tier)) return tooLarge;
    if (!this.#units.takeIn(size)) return "throttled";
    const partition = this.#partitionFor(this.#senderOf(publisher), message);
    const offset = this.#logs.end[partition]!;
    this.#context.retain(message);
    this.#logs.append(partition, message, size, this.#context.now());
    this.#logs.highWatermark[partition] = offset + 1;
    const stretch = this.#stretches[partition]!;
    stretch.from = offset;
    stretch.to = offset + 1;
    this.#context.readable(stretch);
    this.#capture.add(partition, size);
    for (const cursor of this.#plan.cursorsOf[partition]!) this.#processors.read(cursor);
    if (stretch.accounts.length === 0) this.#trim(partition);
    return "taken";
  }

  #partitionFor({ hub, isByKey }: Sender, message: number): number {
    const { first, partitions } = this.#plan.hubs[hub]!;
    const key = this.#context.keyOf(message);
    if (isByKey && key >= 0) {
      const hash = (this.#hashes[key] ??= positiveKeyHash(this.#context.keyText(key)));
      return first + (hash % partitions);
    }
    const turn = this.#turn[hub]!;
    this.#turn[hub] = (turn + 1) % partitions;
    return first + turn;
  }

  #enforceRetention(): void {
    const now = this.#context.now();
    this.#plan.hubOf.forEach((hub, partition) => {
      const beforeNs = now - msToNs(this.#plan.hubs[hub]!.values.retention);
      const before = this.#logs.start[partition]!;
      const start = this.#logs.expire(partition, { beforeNs, bytes: Infinity });
      if (start === before) return;
      this.#processors.onRetention(partition, start);
      this.#trim(partition);
    });
    this.#context.schedule(retentionEveryNs, RETENTION, 0, 0);
  }

  #trim(partition: number): void {
    const parts = { plan: this.#plan, logs: this.#logs, context: this.#context };
    trimLog(parts, this.#processors.cursors, partition);
  }

  #cursorsOf(subscription: number): readonly number[] {
    const client = this.#plan.clients[this.#plan.clientOf.get(subscription) ?? NONE];
    if (client === undefined) return [];
    const { firstCursor, hub } = this.#plan.groups[client.group]!;
    return Array.from({ length: this.#plan.hubs[hub]!.partitions }, (_, i) => firstCursor + i);
  }
}
