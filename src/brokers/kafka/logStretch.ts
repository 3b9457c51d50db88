// Records of one partition that become readable together, as the context is told of them.

import { messageOf } from "./entries.ts";
import type { KafkaPlan } from "./plan.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import type { Account, Stretch } from "../technology.ts";

/** What is told of records of one partition that have become readable. */
export class LogStretch implements Stretch {
  readonly channel: number;
  readonly partition: number;
  readonly accounts: readonly Account[];
  from = 0;
  to = 0;
  readonly #logs: PartitionLogs;
  /** Its number among all partitions of the broker. */
  readonly #number: number;

  constructor(plan: KafkaPlan, logs: PartitionLogs, number: number) {
    const { channel, accounts, first } = plan.topics[plan.topicOf[number]!]!;
    this.channel = channel;
    this.partition = number - first;
    this.accounts = accounts;
    this.#logs = logs;
    this.#number = number;
  }

  messageAt(offset: number): number {
    return messageOf(this.#logs.at(this.#number, offset));
  }
}
