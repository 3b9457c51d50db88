// What we advise on Kafka's settings: allowed ones that lose records, stop writes or leave consumers idle. Sources are those
// of the manual. Codes that the check has too are the same.

import { valuesOf } from "../../base/fields.ts";
import { formatDurationMs, formatNumber } from "../../base/units.ts";
import { type BrokerAdvice, type BrokerFacts, channelAt, freeName } from "../advice.ts";
import type {
  BrokerConfig,
  ChannelConfig,
  PublisherConfig,
  SubscriptionConfig,
} from "../technology.ts";
import { consumeFields, publishFields } from "./clientFields.ts";
import { clusterFields, topicFields } from "./fields.ts";
import { groupIdOf } from "./plan.ts";

/** All advice on a broker. */
export function adviseKafka(config: BrokerConfig, facts: BrokerFacts): readonly BrokerAdvice[] {
  return [
    ...config.channels.flatMap((topic) => [
      ...oneNodeStopsWrites(config, topic),
      ...singleCopy(config, topic),
      ...shortRetention(config, facts, topic),
      ...uncleanElection(topic),
    ]),
    ...config.publishers.flatMap((publisher) => [
      ...weakAcks(config, publisher),
      ...hotKey(config, facts, publisher),
    ]),
    ...config.subscriptions.flatMap((subscription) => [
      ...earlyCommit(subscription),
      ...slowPolls(facts, subscription),
      ...idleConsumers(config, subscription),
      ...blockedPartition(config, facts, subscription),
      ...skipped(config, facts, subscription),
    ]),
  ];
}

function topicValues(topic: ChannelConfig | undefined) {
  return valuesOf(topicFields, topic?.parameters ?? {});
}

function isPublishedTo(config: BrokerConfig, topic: ChannelConfig, acks?: string): boolean {
  return config.publishers.some(
    ({ channel, parameters }) =>
      channel === topic.index &&
      (acks === undefined || valuesOf(publishFields, parameters).acks === acks),
  );
}

function oneNodeStopsWrites(config: BrokerConfig, topic: ChannelConfig): readonly BrokerAdvice[] {
  const { "replication.factor": factor, "min.insync.replicas": inSync } = topicValues(topic);
  if (factor < 2 || inSync !== factor || !isPublishedTo(config, topic, "all")) return [];
  return [
    {
      code: "kafka/one-node-stops-writes",
      element: topic.id,
      risk: `min.insync.replicas of ${topic.name} equals its replication.factor (${factor}).`,
      why: "With one node down no write with acks=all succeeds, although the other copies are there.",
      remedy: `Set min.insync.replicas to ${factor - 1}`,
      settings: [{ id: topic.id, parameter: "min.insync.replicas", value: factor - 1 }],
    },
  ];
}

function singleCopy(config: BrokerConfig, topic: ChannelConfig): readonly BrokerAdvice[] {
  const { nodes } = valuesOf(clusterFields, config.parameters);
  const { "replication.factor": factor } = topicValues(topic);
  if (factor > 1 || !isPublishedTo(config, topic)) return [];
  const wanted = Math.max(3, nodes);
  const more = nodes < 3 ? [{ id: config.id, parameter: "nodes", value: wanted }] : [];
  return [
    {
      code: "kafka/single-copy",
      element: topic.id,
      risk: `${topic.name} is kept in one copy.`,
      why: "While its node is down nobody writes or reads it, and what only its disk had may be gone.",
      remedy: nodes < 3 ? "Use three nodes and three copies" : "Keep three copies",
      settings: [...more, { id: topic.id, parameter: "replication.factor", value: 3 }],
    },
  ];
}

function shortRetention(
  config: BrokerConfig,
  facts: BrokerFacts,
  topic: ChannelConfig,
): readonly BrokerAdvice[] {
  const { "retention.ms": retention } = topicValues(topic);
  const readers = config.subscriptions.filter(({ channel }) => channel === topic.index);
  const down = Math.max(0, ...readers.map(({ id }) => facts.consumer(id).downMs));
  if (down === 0 || retention === null || retention > down) return [];
  return [
    {
      code: "kafka/retention-below-outage",
      element: topic.id,
      risk: `${topic.name} keeps records for ${formatDurationMs(retention)}, and a consumer is down for ${formatDurationMs(down)}.`,
      why: "What was written at the start of the outage may be deleted before its consumer is back.",
      remedy: `Set retention.ms to ${formatDurationMs(2 * down)}`,
      settings: [{ id: topic.id, parameter: "retention.ms", value: 2 * down }],
    },
  ];
}

function uncleanElection(topic: ChannelConfig): readonly BrokerAdvice[] {
  const values = topicValues(topic);
  if (!values["unclean.leader.election.enable"] || values["replication.factor"] < 2) return [];
  return [
    {
      code: "kafka/unclean-election",
      element: topic.id,
      risk: `A replica of ${topic.name} may become leader that has not all of its records.`,
      why: "What it lacks is cut off everywhere, confirmed or not, in return for writes that go on.",
      remedy: "Elect only replicas that are in sync",
      settings: [{ id: topic.id, parameter: "unclean.leader.election.enable", value: false }],
    },
  ];
}

function weakAcks(config: BrokerConfig, publisher: PublisherConfig): readonly BrokerAdvice[] {
  const { acks } = valuesOf(publishFields, publisher.parameters);
  const { "replication.factor": factor } = topicValues(channelAt(config, publisher));
  if (acks === "all" || factor < 2) return [];
  return [
    {
      code: "kafka/acks-may-lose",
      element: publisher.id,
      risk: `${publisher.contract} is published with acks=${acks}.`,
      why:
        acks === "0"
          ? "The publisher never learns of a loss."
          : "Confirmed records are lost when the leader dies before its followers have them.",
      remedy: "Set acks to all",
      settings: [{ id: publisher.id, parameter: "acks", value: "all" }],
    },
  ];
}

/** A partition is hot when one key brings it more than twice its share. */
const hotShare = 2;

function hotKey(
  config: BrokerConfig,
  facts: BrokerFacts,
  publisher: PublisherConfig,
): readonly BrokerAdvice[] {
  const values = valuesOf(publishFields, publisher.parameters);
  const { partitions } = topicValues(channelAt(config, publisher));
  const share = facts.publisher(publisher.id).topKeyShare;
  if (partitions < 2 || values["partitioner.ignore.keys"] || share * partitions <= hotShare)
    return [];
  return [
    {
      code: "kafka/hot-key",
      element: publisher.id,
      risk: `One key has ${formatNumber(share * 100)} % of ${publisher.contract}, and one of ${partitions} partitions gets it all.`,
      why: "One consumer has most of the work while the others idle: more workers do not help. Records of a key lose their order by this; where that matters, split the key.",
      remedy: "Spread records over all partitions",
      settings: [{ id: publisher.id, parameter: "partitioner.ignore.keys", value: true }],
    },
  ];
}

function earlyCommit(subscription: SubscriptionConfig): readonly BrokerAdvice[] {
  const { commit, "group.type": type } = valuesOf(consumeFields, subscription.parameters);
  const isEarly = commit === "before-processing" || commit === "auto-handed-off";
  if (!isEarly || type === "share") return [];
  return [
    {
      code: "kafka/commit-before-work",
      element: subscription.id,
      risk: `${subscription.node} commits records before it has dealt with them.`,
      why: "What it was working on, or had still in hand, is skipped when it crashes.",
      remedy: "Commit after the work",
      settings: [{ id: subscription.id, parameter: "commit", value: "after-processing" }],
    },
  ];
}

function slowPolls(facts: BrokerFacts, subscription: SubscriptionConfig): readonly BrokerAdvice[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const { workMs } = facts.consumer(subscription.id);
  const most = values["max.poll.interval.ms"] / 2 / Math.max(workMs, 1e-3);
  if (values["max.poll.records"] <= 2 * most || most < 1) return [];
  const value = Math.floor(most);
  return [
    {
      code: "kafka/poll-outlives-interval",
      element: subscription.id,
      risk: `${values["max.poll.records"]} records of ${formatDurationMs(workMs)} each take longer than max.poll.interval.ms.`,
      why: "A consumer that does not poll in time is thrown out of its group: others get its partitions, and do the work again.",
      remedy: `Set max.poll.records to ${value}`,
      settings: [{ id: subscription.id, parameter: "max.poll.records", value }],
    },
  ];
}

function idleConsumers(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly BrokerAdvice[] {
  const topic = channelAt(config, subscription);
  const { partitions } = topicValues(topic);
  const group = groupIdOf(subscription);
  const rivals = config.subscriptions.filter(
    (other) => other.channel === subscription.channel && groupIdOf(other) === group,
  );
  const workers = rivals.reduce((sum, one) => sum + one.workers, 0);
  const { "group.type": type } = valuesOf(consumeFields, subscription.parameters);
  if (topic === undefined || type === "share" || rivals[0] !== subscription) return [];
  if (workers <= partitions) return [];
  return [
    {
      code: "kafka/idle-consumers",
      element: subscription.id,
      risk: `Group ${group} has ${workers} consumers for ${partitions} partitions of ${topic.name}.`,
      why: "A partition has one consumer of a group at a time: the spare ones idle, however much is waiting.",
      remedy: `Set partitions of ${topic.name} to ${workers}`,
      settings: [{ id: topic.id, parameter: "partitions", value: workers }],
    },
  ];
}

function blockedPartition(
  config: BrokerConfig,
  facts: BrokerFacts,
  subscription: SubscriptionConfig,
): readonly BrokerAdvice[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const topic = channelAt(config, subscription);
  const { mayFail } = facts.consumer(subscription.id);
  if (values["on.failure"] === "skip" || values["group.type"] === "share") return [];
  if (!mayFail || topic === undefined) return [];
  return [
    {
      code: "kafka/blocked-partition",
      element: subscription.id,
      risk: `A record of ${topic.name} that fails at ${subscription.node} holds up its partition.`,
      why: "One that always fails (a poison message) stops everything behind it for good.",
      remedy: "Set failures aside in a topic of their own and go on",
      ...aside(config, subscription, topic),
    },
  ];
}

function skipped(
  config: BrokerConfig,
  facts: BrokerFacts,
  subscription: SubscriptionConfig,
): readonly BrokerAdvice[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const topic = channelAt(config, subscription);
  const { mayFail, setsAside } = facts.consumer(subscription.id);
  if (values["on.failure"] !== "skip" || values["group.type"] === "share") return [];
  if (!mayFail || setsAside || topic === undefined) return [];
  return [
    {
      code: "kafka/no-dead-letter-topic",
      element: subscription.id,
      risk: `What finally fails at ${subscription.node} is skipped, and nothing keeps it.`,
      why: "Kafka has no dead letters of its own: who does not publish a failure into a topic has lost it.",
      remedy: "Publish failures into a topic of their own",
      ...aside(config, subscription, topic),
    },
  ];
}

function aside(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
  topic: ChannelConfig,
): Pick<BrokerAdvice, "settings" | "channels" | "setAside"> {
  const name = freeName(config, `${topic.name}-dead-letters`);
  const { "replication.factor": factor } = topicValues(topic);
  return {
    settings: [{ id: subscription.id, parameter: "on.failure", value: "skip" }],
    channels: [{ kind: "topic", name, parameters: { "replication.factor": factor } }],
    setAside: { subscription: subscription.id, into: name },
  };
}
