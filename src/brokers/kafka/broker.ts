// A running Kafka cluster: wires logs, replication, publishers and consumers together, and hands each call and
// each timer to the part that it concerns.

import type { FieldValue } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import { KafkaConsumers } from "./consume.ts";
import { Compaction } from "./compaction.ts";
import { hole, messageOf } from "./entries.ts";
import { KafkaFace } from "./face.ts";
import { isCompacted, type KafkaPlan, planKafka } from "./plan.ts";
import { KafkaProducers, produceWakes } from "./produce.ts";
import { ShareGroups, shareWakes } from "./shareGroups.ts";
import { SplitWrites } from "./splitWrites.ts";
import { StableOffsets } from "./stableOffsets.ts";
import { type TransactionOwner, Transactions, transactionWakes } from "./transactions.ts";
import { groupWakes } from "../mechanisms/group.ts";
import { PartitionLogs } from "../mechanisms/log.ts";
import { Replication, type ReplicationOwner, replicationWakes } from "../mechanisms/replication.ts";
import type { Broker, BrokerConfig, BrokerContext, Departure, Verdict } from "../technology.ts";

const RETENTION = 8;
const CLEANING = 13;
const NONE = -1;

/** Size of a control record with its batch: 61 bytes of header, and a record of 17. */
const MARKER_BYTES = 78;

/** Makes the running broker. */
export function openKafka(config: BrokerConfig, context: BrokerContext): Broker {
  return new KafkaBroker(config, context);
}

class KafkaBroker implements Broker {
  #config: BrokerConfig;
  #context: BrokerContext;
  #plan: KafkaPlan;
  #logs: PartitionLogs;
  #replication: Replication;
  #splitWrites: SplitWrites;
  #producers: KafkaProducers;
  #consumers: KafkaConsumers;
  #shares: ShareGroups;
  #face: KafkaFace;
  /** Where something is published in transactions; where a topic is compacted. */
  #transactions: Transactions | undefined;
  #stable: StableOffsets | undefined;
  #compaction: Compaction | undefined;
  /** What may change during the run: per topic, per topic [ns], and per client. */
  #inSyncMin: Int32Array;
  #retentionNs: Float64Array;
  #pollMax: Int32Array;

  constructor(config: BrokerConfig, context: BrokerContext) {
    const { arena } = context;
    const plan = planKafka(config, context);
    const base = { plan, context };
    const { cluster, id } = plan;
    this.#config = config;
    this.#context = context;
    this.#plan = plan;
    this.#inSyncMin = arena.int32(`${id}.inSyncMin`, plan.topics.length).data;
    this.#retentionNs = arena.float64(`${id}.retentionNs`, plan.topics.length).data;
    this.#pollMax = arena.int32(`${id}.pollMax`, plan.clients.length).data;
    plan.topics.forEach(({ values }, topic) => {
      this.#inSyncMin[topic] = values["min.insync.replicas"];
      this.#retentionNs[topic] = toRetentionNs(values["retention.ms"]);
    });
    plan.clients.forEach(({ values }, client) => {
      this.#pollMax[client] = values["max.poll.records"];
    });
    const segments = plan.topicOf.map((topic) => plan.topics[topic]!.segments);
    this.#logs = new PartitionLogs(arena, `${id}.log`, segments);
    const isCombined = cluster["process.roles"] === "broker,controller";
    const replicationPlan = {
      nodes: cluster.nodes,
      voters: isCombined ? cluster["controller.quorum.voters"] : 0,
      replicas: plan.replicas,
      unclean: plan.topicOf.map(
        (topic) => plan.topics[topic]!.values["unclean.leader.election.enable"],
      ),
      sessionNs: msToNs(cluster["broker.session.timeout.ms"]),
      heartbeatNs: msToNs(cluster["broker.heartbeat.interval.ms"]),
      fetchNs: msToNs(cluster["replica.fetch.latency.ms"]),
      lagNs: msToNs(cluster["replica.lag.time.max.ms"]),
    };
    this.#replication = new Replication(
      { arena, name: `${id}.replication`, plan: replicationPlan },
      this.#logs,
      this.#replicationOwner(),
    );
    this.#splitWrites = new SplitWrites(base, this.#replication);
    const { replicas } = this.#replication;
    const hasTransactions = plan.transactional.length > 0;
    const stable = hasTransactions ? new StableOffsets(arena, plan, this.#logs) : undefined;
    const transactions =
      stable === undefined ? undefined : new Transactions(base, stable, this.#transactionOwner());
    const parts = { logs: this.#logs, stable, replicas, transactions };
    this.#stable = stable;
    this.#transactions = transactions;
    const owner = {
      remove: (partition: number, offset: number) =>
        this.#consumers.cursors.skips?.remove(partition, offset),
      onCleaned: (partition: number) => this.#consumers.cursors.trim(partition),
    };
    this.#compaction = plan.topics.some(isCompacted)
      ? new Compaction(base, this.#logs, { owner, stable })
      : undefined;
    const written = { ...parts, splitWrites: this.#splitWrites, compaction: this.#compaction };
    this.#producers = new KafkaProducers(base, written, this.#inSyncMin);
    this.#consumers = new KafkaConsumers(base, parts, this.#pollMax);
    this.#shares = new ShareGroups(base, replicas);
    this.#face = new KafkaFace(base, this.#logs, replicas, {
      consumers: this.#consumers,
      compaction: this.#compaction,
    });
  }

  start(): void {
    this.#consumers.groups.start();
    this.#scheduleRetention();
    this.#scheduleCleaning();
  }

  publish(publisher: number, message: number): void {
    this.#producers.publish(this.#plan.publisherOf[publisher]!, message);
  }

  settle(delivery: number, verdict: Verdict): void {
    if (this.#isShared(this.#context.deliverySubscription(delivery)))
      this.#shares.settle(delivery, verdict);
    else this.#consumers.settle(delivery, verdict);
  }

  join(subscription: number, worker: number): void {
    if (this.#isShared(subscription)) {
      this.#shares.join(subscription, worker);
      return;
    }
    const client = this.#plan.clientOfSubscription.get(subscription);
    if (client !== undefined) this.#consumers.join(client, worker);
  }

  leave(subscription: number, worker: number, how: Departure): void {
    if (this.#isShared(subscription)) {
      this.#shares.leave(subscription, worker, how);
      return;
    }
    const client = this.#plan.clientOfSubscription.get(subscription);
    if (client !== undefined) this.#consumers.leave(client, worker, how);
  }

  wake(code: number, a: number, b: number): void {
    if (code <= produceWakes.deadline) this.#producers.wake(code, a, b);
    else if (code === RETENTION) this.#enforceRetention();
    else if (code === CLEANING) this.#clean();
    else if (code <= transactionWakes.mark) this.#transactions?.wake(code, a, b);
    else if (code < shareWakes.lock) this.#consumers.wake(code, a, b);
    else if (code <= shareWakes.fetch) this.#shares.wake(code, a, b);
    else if (code < groupWakes.heartbeat && code >= replicationWakes.fence)
      this.#replication.wake(code, a, b);
    else this.#consumers.groups.wake(code, a, b);
  }

  crashNode(node: number): void {
    if (node < this.#plan.cluster.nodes) this.#replication.crash(node);
  }

  restartNode(node: number): void {
    if (node < this.#plan.cluster.nodes) this.#replication.restart(node);
  }

  isolateNode(node: number, isolated: boolean): void {
    if (node < this.#plan.cluster.nodes) this.#replication.isolate(node, isolated);
  }

  slowNode(node: number, factor: number): void {
    if (node < this.#plan.cluster.nodes) this.#replication.slow(node, factor);
  }

  publisherCrashed(publisher: number): void {
    this.#transactions?.onCrash(this.#plan.publisherOf[publisher]!);
  }

  publisherRestarts(publisher: number): void {
    this.#transactions?.onRestart(this.#plan.publisherOf[publisher]!);
  }

  set(element: string, parameter: string, value: FieldValue): void {
    if (typeof value !== "number" && value !== null) return;
    const topic = this.#plan.topics.findIndex(({ id }) => id === element);
    if (topic >= 0) {
      if (parameter === "min.insync.replicas") this.#inSyncMin[topic] = value ?? 1;
      if (parameter === "retention.ms") this.#retentionNs[topic] = toRetentionNs(value);
      return;
    }
    const subscription = this.#config.subscriptions.find(({ id }) => id === element);
    const client = this.#plan.clientOfSubscription.get(subscription?.index ?? NONE);
    if (client !== undefined && parameter === "max.poll.records")
      this.#pollMax[client] = value ?? 1;
  }

  waiting(subscription: number): number {
    if (this.#isShared(subscription)) return this.#shares.waiting(subscription);
    return this.#face.waiting(subscription);
  }

  unreadNs(subscription: number): number {
    return this.#isShared(subscription) ? 0 : this.#face.unreadNs(subscription);
  }

  oldestNs(subscription: number): number {
    if (this.#isShared(subscription)) return this.#shares.oldestNs(subscription);
    return this.#face.oldestNs(subscription);
  }

  blocked(subscription: number): string {
    if (this.#isShared(subscription)) return this.#shares.blocked(subscription);
    return this.#face.blocked(subscription);
  }

  depths(channel: number): readonly number[] {
    const topic = this.#plan.topics[this.#plan.topicOfChannel.get(channel) ?? NONE];
    const isShared = topic !== undefined && this.#plan.shares.length > 0;
    return this.#face.depths(channel).map((depth, i) => {
      const partition = (topic?.first ?? 0) + i;
      const isOnlyShared = isShared && this.#plan.cursorsOf[partition]!.length === 0;
      const shared = isShared ? this.#shares.depth(partition) : 0;
      return isOnlyShared && topic.accounts.length > 0 ? shared : Math.max(depth, shared);
    });
  }

  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    return Array.from({ length: this.#plan.cluster.nodes }, (_, node) => ({
      up: this.#replication.isRunning(node),
      leads: this.#replication.leads(node),
    }));
  }

  #replicationOwner(): ReplicationOwner {
    return {
      now: () => this.#context.now(),
      schedule: (delayNs, code, a, b) => this.#context.schedule(delayNs, code, a, b),
      onReadable: (partition, from, to) => {
        // Taken before the log lets go of what no consumer group reads.
        if (this.#plan.shares.length > 0) this.#shares.take(this.#logs, partition, { from, to });
        this.#consumers.cursors.onReadable(partition, from, to);
        if (this.#plan.shares.length > 0) this.#shares.onReadable(partition);
        this.#producers.onReadable(partition);
        this.#endTransactions(partition);
        this.#wakeOwners(partition);
      },
      onLeaderGone: (partition) => this.#producers.onLeaderGone(partition),
      onLeader: (partition) => {
        this.#wakeOwners(partition);
        this.#shares.onReadable(partition);
      },
      onSplit: (partition) => this.#producers.onSplit(partition),
      onSplitOver: (partition) => {
        const lost = this.#splitWrites.lose(partition);
        if (lost > 0)
          this.#note(
            partition,
            `${lost} records are lost that were written to the old leader while it was cut off`,
          );
      },
      onTruncate: (partition, end) => this.#truncate(partition, end),
      note: (partition, sentence) => this.#note(partition, sentence),
      noteCluster: (sentence) => this.#context.note(this.#plan.id, sentence),
    };
  }

  #wakeOwners(partition: number): void {
    for (const cursor of this.#plan.cursorsOf[partition]!) this.#consumers.wakeOwner(cursor);
  }

  #truncate(partition: number, end: number): void {
    if (this.#splitWrites.isSplit(partition)) this.#splitWrites.take(this.#logs, partition, end);
    this.#producers.onTruncate(partition, end);
    this.#stable?.onTruncate(partition, end);
    const lost = this.#consumers.cursors.onTruncate(partition, end);
    for (;;) {
      const entry = this.#logs.cutLast(partition, end);
      if (entry === NONE) break;
      if (entry !== hole) this.#context.release(messageOf(entry));
    }
    this.#logs.dropSegmentsBehindEnd(partition);
    this.#compaction?.fit(partition);
    this.#consumers.cursors.trim(partition);
    if (lost > 0) this.#note(partition, `${lost} records were lost with the old leader`);
  }

  #transactionOwner(): TransactionOwner {
    return {
      isIdle: (clients) => clients.every((client) => this.#consumers.isIdle(client)),
      endOffsets: (clients, how) => this.#consumers.commits.endTransaction(clients, how),
      goOn: (clients) => this.#consumers.goOn(clients),
      flush: (producer) => this.#producers.flush(producer),
      giveUp: (producer, reason) => this.#producers.giveUp(producer, reason),
      release: (producer) => this.#producers.release(producer),
      writeMarker: (partition) => this.#writeMarker(partition),
      onMarker: (partition) => this.#replication.replicas.appended(partition),
      abortRecords: (producer, partition, range) => this.#abort(producer, partition, range),
      note: (sentence) => this.#context.note(this.#plan.id, sentence),
    };
  }

  /** Markers have become readable: what stood behind them can be read now, and forgotten where it was read. */
  #endTransactions(partition: number): void {
    if (this.#transactions?.onReadable(partition) === true) this.#consumers.cursors.trim(partition);
  }

  #writeMarker(partition: number): number {
    if (!this.#replication.replicas.isAvailable(partition)) return NONE;
    const offset = this.#logs.end[partition]!;
    this.#logs.append(partition, hole, MARKER_BYTES, this.#context.now());
    this.#compaction?.follow(partition);
    return offset;
  }

  /** Records that one producer wrote in a range of offsets are void. */
  #abort(producer: number, partition: number, range: { from: number; to: number }): void {
    const { publishers } = this.#plan.transactional[producer]!;
    for (let offset = range.from; offset < range.to; offset++) {
      const message = messageOf(this.#logs.at(partition, offset));
      if (message < 0) continue;
      const publisher = this.#plan.publisherOf[this.#context.publisherOf(message)]!;
      if (!publishers.includes(publisher)) continue;
      this.#consumers.cursors.skips?.abort(partition, offset);
      this.#compaction?.abort(partition, offset);
    }
  }

  #isShared(subscription: number): boolean {
    return this.#plan.shares.length > 0 && this.#shares.has(subscription);
  }

  #scheduleRetention(): void {
    const checkNs = msToNs(this.#plan.cluster["log.retention.check.interval.ms"]);
    this.#context.schedule(checkNs, RETENTION, 0, 0);
  }

  #enforceRetention(): void {
    const now = this.#context.now();
    for (let partition = 0; partition < this.#plan.topicOf.length; partition++) {
      const topic = this.#plan.topicOf[partition]!;
      if (this.#plan.topics[topic]!.values["cleanup.policy"] === "compact") continue;
      const before = this.#logs.start[partition]!;
      const start = this.#logs.expire(partition, {
        beforeNs: now - this.#retentionNs[topic]!,
        bytes: this.#plan.topics[topic]!.values["retention.bytes"] ?? Infinity,
      });
      if (start <= before) continue;
      this.#compaction?.fit(partition);
      this.#consumers.cursors.onRetention(partition, start);
      this.#shares.onRetention(partition, start);
    }
    this.#scheduleRetention();
  }

  #scheduleCleaning(): void {
    if (this.#compaction === undefined) return;
    const everyNs = msToNs(this.#plan.cluster["log.cleaner.backoff.ms"]);
    this.#context.schedule(everyNs, CLEANING, 0, 0);
  }

  #clean(): void {
    this.#compaction?.clean();
    this.#scheduleCleaning();
  }

  #note(partition: number, sentence: string): void {
    const topic = this.#plan.topics[this.#plan.topicOf[partition]!]!;
    const place = `${topic.name}, partition ${partition - topic.first}`;
    this.#context.note(topic.id, `${place}: ${sentence}`);
  }
}

function toRetentionNs(retentionMs: number | null): number {
  return retentionMs === null ? Infinity : msToNs(retentionMs);
}
