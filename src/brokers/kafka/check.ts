// What Kafka refuses, and what surprises people, in the settings of one broker. Codes are stable.

import { valuesOf, type ValuesOf } from "../../base/fields.ts";
import { consumeFields, publishFields } from "./clientFields.ts";
import { clusterFields, topicFields } from "./fields.ts";
import { protocolOf } from "./groupShares.ts";
import { groupIdOf } from "./plan.ts";
import type {
  BrokerConfig,
  ChannelConfig,
  Finding,
  PublisherConfig,
  SubscriptionConfig,
} from "../technology.ts";

/** All findings about a broker. */
export function checkKafka(config: BrokerConfig): readonly Finding[] {
  const groups = groupsOf(config);
  return [
    ...checkCluster(config),
    ...config.channels.flatMap((channel) => checkTopic(config, channel)),
    ...config.publishers.flatMap((publisher) => checkPublisher(config, publisher)),
    ...config.subscriptions.flatMap((subscription) => checkConsumer(config, groups, subscription)),
  ];
}

type Groups = ReadonlyMap<string, readonly SubscriptionConfig[]>;

function groupsOf({ subscriptions }: BrokerConfig): Groups {
  const groups = new Map<string, SubscriptionConfig[]>();
  for (const subscription of subscriptions) {
    const id = groupIdOf(subscription);
    const members = groups.get(id);
    if (members === undefined) groups.set(id, [subscription]);
    else members.push(subscription);
  }
  return groups;
}

function find(
  severity: Finding["severity"],
  code: string,
  at: { readonly id: string },
  about: { readonly parameter: string; readonly message: string },
): Finding {
  return { code: `kafka/${code}`, severity, element: at.id, ...about };
}

function checkCluster(config: BrokerConfig): readonly Finding[] {
  const values = valuesOf(clusterFields, config.parameters);
  const findings: Finding[] = [];
  if (values["broker.session.timeout.ms"] <= values["broker.heartbeat.interval.ms"])
    findings.push(
      find("error", "broker-session-too-short", config, {
        parameter: "broker.session.timeout.ms",
        message:
          "broker.session.timeout.ms is not longer than broker.heartbeat.interval.ms, so every node would be fenced. Make the session longer.",
      }),
    );
  const voters = values["controller.quorum.voters"];
  if (values["process.roles"] !== "broker,controller") return findings;
  if (voters > values.nodes)
    findings.push(
      find("error", "too-many-voters", config, {
        parameter: "controller.quorum.voters",
        message: `controller.quorum.voters names ${voters} controllers, but there are ${values.nodes} nodes. Add nodes, or lower it.`,
      }),
    );
  else if (voters % 2 === 0)
    findings.push(
      find("warning", "even-voters", config, {
        parameter: "controller.quorum.voters",
        message: `${voters} controllers need ${voters / 2 + 1} for a majority, so they survive no more failures than ${voters - 1}. Use an odd number.`,
      }),
    );
  return findings;
}

function checkTopic(config: BrokerConfig, channel: ChannelConfig): readonly Finding[] {
  const { nodes } = valuesOf(clusterFields, config.parameters);
  const values = valuesOf(topicFields, channel.parameters);
  const { "replication.factor": factor, "min.insync.replicas": inSyncMin } = values;
  const findings: Finding[] = [];
  if (factor > nodes)
    findings.push(
      find("error", "replication-factor-too-large", channel, {
        parameter: "replication.factor",
        message: `Kafka refuses a replication.factor of ${factor} with ${nodes} nodes. Add nodes, or lower it to ${nodes}.`,
      }),
    );
  const publishers = config.publishers.filter((publisher) => publisher.channel === channel.index);
  const waitForAll = publishers.some(
    (publisher) => valuesOf(publishFields, publisher.parameters).acks === "all",
  );
  if (inSyncMin > factor)
    findings.push(
      find("error", "min-insync-too-large", channel, {
        parameter: "min.insync.replicas",
        message: `min.insync.replicas (${inSyncMin}) is above replication.factor (${factor}): no write with acks=all can succeed. Lower it.`,
      }),
    );
  else if (waitForAll && factor > 1 && inSyncMin === factor)
    findings.push(
      find("warning", "one-node-stops-writes", channel, {
        parameter: "min.insync.replicas",
        message: `min.insync.replicas equals replication.factor (${factor}): one node down stops all writes with acks=all. Use ${factor - 1}.`,
      }),
    );
  return findings;
}

function checkPublisher(config: BrokerConfig, publisher: PublisherConfig): readonly Finding[] {
  const values = valuesOf(publishFields, publisher.parameters);
  const findings: Finding[] = [];
  const inFlight = values["max.in.flight.requests.per.connection"];
  if (values.acks === "all" && values["enable.idempotence"] && inFlight > 5)
    findings.push(
      find("error", "too-many-in-flight", publisher, {
        parameter: "max.in.flight.requests.per.connection",
        message: `With enable.idempotence Kafka refuses ${inFlight} requests in flight. Use 5 or fewer.`,
      }),
    );
  if (values["delivery.timeout.ms"] < values["linger.ms"])
    findings.push(
      find("error", "delivery-timeout-too-short", publisher, {
        parameter: "delivery.timeout.ms",
        message:
          "delivery.timeout.ms is shorter than linger.ms, so every batch would fail before it is sent. Make it longer.",
      }),
    );
  findings.push(...checkTransactions(publisher, values));
  const channel = config.channels.find(({ index }) => index === publisher.channel);
  const factor = valuesOf(topicFields, channel?.parameters ?? {})["replication.factor"];
  if (values.acks !== "all" && factor > 1)
    findings.push(
      find("warning", "acks-may-lose", publisher, {
        parameter: "acks",
        message:
          values.acks === "0"
            ? "With acks=0 the publisher never learns of a loss. Use acks=all where records matter."
            : "With acks=1 confirmed records are lost when the leader dies before its followers have them. Use acks=all where records matter.",
      }),
    );
  return findings;
}

function checkTransactions(
  publisher: PublisherConfig,
  values: ValuesOf<typeof publishFields>,
): readonly Finding[] {
  if (!values["transactional.id"]) return [];
  const findings: Finding[] = [];
  if (values.acks !== "all" || !values["enable.idempotence"])
    findings.push(
      find("error", "transactions-need-idempotence", publisher, {
        parameter: "transactional.id",
        message:
          "Kafka refuses a transactional.id without enable.idempotence and acks=all. Set both, or publish without transactions.",
      }),
    );
  if (values["transaction.timeout.ms"] < values["commit.interval.ms"])
    findings.push(
      find("error", "transaction-times-out", publisher, {
        parameter: "transaction.timeout.ms",
        message:
          "transaction.timeout.ms is shorter than commit.interval.ms: transactions are aborted before they are committed. Make it longer.",
      }),
    );
  return findings;
}

/** Members of a group must agree on how it rebalances; the coordinator refuses who does not. */
function checkProtocol(
  others: readonly SubscriptionConfig[],
  subscription: SubscriptionConfig,
): readonly Finding[] {
  const first = others[0];
  if (first === undefined || first === subscription) return [];
  const [mine, theirs] = [subscription, first].map(({ parameters }) =>
    protocolOf(valuesOf(consumeFields, parameters)),
  );
  if (mine === theirs) return [];
  return [
    find("error", "protocols-differ", subscription, {
      parameter: "group.protocol",
      message: `Kafka refuses this consumer (INCONSISTENT_GROUP_PROTOCOL): it rebalances otherwise than connection ${first.id} of group ${groupIdOf(subscription)}. Give both the same group.protocol, and both or neither cooperative sticky.`,
    }),
  ];
}

/** Offsets that are to go with a transaction need one; and a reader of transactions should not see what is void. */
function checkCommits(
  config: BrokerConfig,
  others: readonly SubscriptionConfig[],
  subscription: SubscriptionConfig,
): readonly Finding[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  if (values["group.type"] !== "consumer") return [];
  const findings: Finding[] = [];
  const isTransacted = (publisher: PublisherConfig): boolean =>
    valuesOf(publishFields, publisher.parameters)["transactional.id"];
  const own = config.publishers.filter(({ node }) => node === subscription.node);
  if (values.commit === "transaction" && !own.some(isTransacted))
    findings.push(
      find("error", "no-transaction-to-commit-in", subscription, {
        parameter: "commit",
        message:
          "The service publishes nothing into this broker in transactions, so its offsets cannot be committed with one. Set transactional.id on what it publishes, or commit after processing.",
      }),
    );
  const differs = others.some(
    ({ parameters }) =>
      valuesOf(consumeFields, parameters)["isolation.level"] !== values["isolation.level"],
  );
  if (differs && others[0] === subscription)
    findings.push(
      find("warning", "isolation-differs", subscription, {
        parameter: "isolation.level",
        message: `The consumers of group ${groupIdOf(subscription)} differ in isolation.level; that of this one counts for all. Make them alike.`,
      }),
    );
  const feeders = config.publishers.filter(({ channel }) => channel === subscription.channel);
  if (values["isolation.level"] === "read_uncommitted" && feeders.some(isTransacted))
    findings.push(
      find("warning", "reads-uncommitted", subscription, {
        parameter: "isolation.level",
        message:
          "What comes here is written in transactions, but read_uncommitted shows records of aborted ones too. Use read_committed where that matters.",
      }),
    );
  return findings;
}

function checkConsumer(
  config: BrokerConfig,
  groups: Groups,
  subscription: SubscriptionConfig,
): readonly Finding[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const findings: Finding[] = [];
  if (values["session.timeout.ms"] <= values["heartbeat.interval.ms"])
    findings.push(
      find("error", "session-too-short", subscription, {
        parameter: "session.timeout.ms",
        message:
          "session.timeout.ms is not longer than heartbeat.interval.ms; Kafka refuses that. Three heartbeats should fit in.",
      }),
    );
  if (values["max.poll.interval.ms"] <= values["heartbeat.interval.ms"])
    findings.push(
      find("warning", "poll-interval-too-short", subscription, {
        parameter: "max.poll.interval.ms",
        message:
          "max.poll.interval.ms is not longer than heartbeat.interval.ms: a rebalance is over before every consumer has heard of it, and the group does not settle. Make it longer.",
      }),
    );
  const { version } = valuesOf(clusterFields, config.parameters);
  if (values["group.type"] === "share" && version !== "4.2")
    findings.push(
      find("error", "no-share-groups", subscription, {
        parameter: "group.type",
        message: `Kafka ${version} has share groups only as ${version === "4.0" ? "early access" : "a preview"}, switched off. Set the broker's version to 4.2, or use a consumer group.`,
      }),
    );
  const group = groupIdOf(subscription);
  const others = groups.get(group) ?? [];
  findings.push(
    ...checkCommits(config, others, subscription),
    ...checkProtocol(others, subscription),
  );
  const rivals = others.filter(({ channel }) => channel === subscription.channel);
  const workers = rivals.reduce((sum, rival) => sum + rival.workers, 0);
  const channel = config.channels.find(({ index }) => index === subscription.channel);
  const { partitions } = valuesOf(topicFields, channel?.parameters ?? {});
  if (workers > partitions && rivals[0] === subscription)
    findings.push(
      find("warning", "idle-consumers", subscription, {
        parameter: "group.id",
        message: `Group ${group} has ${workers} consumers for ${partitions} partitions: ${workers - partitions} stay idle. Add partitions, or use fewer workers.`,
      }),
    );
  const first = others.find(({ node }) => node === subscription.node);
  if (first !== undefined && first !== subscription && !haveSameValues(first, subscription))
    findings.push(
      find("warning", "consumer-settings-differ", subscription, {
        parameter: "group.id",
        message: `A consumer has one set of settings for all its topics: those of connection ${first.id} count. Make both alike, or give one another group.id.`,
      }),
    );
  return findings;
}

function haveSameValues(one: SubscriptionConfig, other: SubscriptionConfig): boolean {
  const left = valuesOf(consumeFields, one.parameters);
  const right = valuesOf(consumeFields, other.parameters);
  return JSON.stringify(left) === JSON.stringify(right);
}
