// Records that a leader took which was cut off while another was elected. Publishers that did not wait for the replicas
// believe they are written; when the old leader is back, it cuts its log to the new one's, and they are gone.

import { msToNs } from "../../base/units.ts";
import { Ring } from "../../kernel/ring.ts";
import { isPromised, messageOf, toEntry } from "./entries.ts";
import type { KafkaPlan, Publisher } from "./plan.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import type { Replication } from "../mechanisms/replication.ts";
import type { BrokerContext } from "../technology.ts";

const NONE = -1;

/** Why these records are lost, in the books. */
const reason = "lost-on-isolated-leader";

/** Records on old leaders of all partitions. */
export class SplitWrites {
  readonly #plan: KafkaPlan;
  readonly #context: BrokerContext;
  /** Partition and message, in turn. */
  readonly #kept: Ring;

  readonly #replication: Replication;

  constructor(
    base: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    replication: Replication,
  ) {
    this.#replication = replication;
    this.#plan = base.plan;
    this.#context = base.context;
    this.#kept = new Ring(base.context.arena, `${base.plan.id}.splitWrites`);
  }

  /** Whether an old leader that is cut off still believes it leads a partition. */
  isSplit(partition: number): boolean {
    return this.#replication.stale[partition]! !== NONE;
  }

  /** Whether a publisher still writes to that old leader: it does not wait for replicas, and has not asked for the
   *  leaders since. Publishers ask at multiples of metadata.max.age.ms. */
  isMisled({ values }: Publisher, partition: number): boolean {
    if (!this.isSplit(partition) || values.acks === "all") return false;
    const ageNs = msToNs(values["metadata.max.age.ms"]);
    const splitNs = this.#replication.splitNs[partition]!;
    return Math.floor(this.#context.now() / ageNs) === Math.floor(splitNs / ageNs);
  }

  /** Another leader has been elected: what the old one has beyond `end`, promised and not yet readable, is no longer
   *  in the log. */
  take(logs: PartitionLogs, partition: number, end: number): void {
    const from = Math.max(logs.highWatermark[partition]!, end);
    for (let offset = from; offset < logs.end[partition]!; offset++) {
      const entry = logs.at(partition, offset);
      if (!isPromised(entry)) continue;
      this.write(partition, messageOf(entry));
      logs.replace(partition, offset, toEntry(messageOf(entry), "all"));
    }
  }

  /** The old leader takes one more. */
  write(partition: number, message: number): void {
    this.#context.retain(message);
    this.#kept.pushBack(partition);
    this.#kept.pushBack(message);
  }

  /** The old leader of a partition is back and cuts its log. Returns how many records are lost by that. */
  lose(partition: number): number {
    const { channel, first, accounts } = this.#plan.topics[this.#plan.topicOf[partition]!]!;
    let lost = 0;
    for (let left = this.#kept.size() / 2; left > 0; left--) {
      const other = this.#kept.popFront();
      const message = this.#kept.popFront();
      if (other !== partition) {
        this.#kept.pushBack(other);
        this.#kept.pushBack(message);
        continue;
      }
      lost++;
      this.#context.stored(channel, message, partition - first, -1);
      for (const account of accounts) {
        this.#context.routed(account, message);
        this.#context.dropped(account, message, reason);
      }
      this.#context.release(message);
    }
    return lost;
  }
}
