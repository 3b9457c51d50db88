// The lanes of all publishers of a broker: a lane is what one publisher has open towards one partition.

import type { KafkaPlan, Publisher } from "./plan.ts";
import { isTransactional } from "./transactionPlan.ts";

const NONE = -1;

/** Whose lane is whose, counted through once. */
export interface KafkaLanes {
  readonly publisherOf: readonly Publisher[];
  readonly partitionOf: readonly number[];
  /** Lanes to each partition. */
  readonly lanesOf: readonly (readonly number[])[];
  /** The transactional producer of each lane, -1 without; and the lanes of each. */
  readonly transactionOf: readonly number[];
  readonly lanesOfTransaction: readonly (readonly number[])[];
}

/** Counts the lanes through: for each publisher in turn, one for each partition of its topic. */
export function lanesOf(plan: KafkaPlan): KafkaLanes {
  const publisherOf = plan.publishers.flatMap((publisher) =>
    Array<Publisher>(plan.topics[publisher.topic]!.partitions).fill(publisher),
  );
  const partitionOf = publisherOf.map(
    (publisher, lane) => plan.topics[publisher.topic]!.first + lane - publisher.firstLane,
  );
  const byPartition = plan.topicOf.map((): number[] => []);
  partitionOf.forEach((partition, lane) => byPartition[partition]!.push(lane));
  const transactionOf = publisherOf.map((publisher) =>
    isTransactional(publisher)
      ? plan.transactional.findIndex(({ node }) => node === publisher.node)
      : NONE,
  );
  const lanesOfTransaction = plan.transactional.map((_, producer) =>
    transactionOf.flatMap((other, lane) => (other === producer ? [lane] : [])),
  );
  return { publisherOf, partitionOf, lanesOf: byPartition, transactionOf, lanesOfTransaction };
}
