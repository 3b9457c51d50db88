// What a NATS server would refuse, and what surprises people: findings about one broker of a document.

import { valuesOf } from "../../base/fields.ts";
import { topicFault, natsSubjects } from "../mechanisms/routing/topicPattern.ts";
import { clusterFields, consumeFields, publishFields, streamFields } from "./fields.ts";
import { consumerName, fits, overlap, parseBackoff, subjectsOf, tokens } from "./settings.ts";
import type { BrokerConfig, Finding, SubscriptionConfig } from "../technology.ts";

type About = Omit<Finding, "code" | "severity">;

const refused = (code: string, about: About): Finding => ({
  code: `nats/${code}`,
  severity: "error",
  ...about,
});

const doubtful = (code: string, about: About): Finding => ({
  code: `nats/${code}`,
  severity: "warning",
  ...about,
});

/** All findings about a broker. */
export function checkNats(config: BrokerConfig): readonly Finding[] {
  return [
    ...checkStreams(config),
    ...checkPublishers(config),
    ...config.subscriptions.flatMap((subscription) => checkConsumer(config, subscription)),
    ...checkWorkQueues(config),
  ];
}

const streamsOf = (config: BrokerConfig) =>
  config.channels.filter((channel) => channel.kind === "stream");

function checkStreams(config: BrokerConfig): readonly Finding[] {
  const { nodes } = valuesOf(clusterFields, config.parameters);
  const findings: Finding[] = [];
  const streams = streamsOf(config);
  streams.forEach((stream, at) => {
    const values = valuesOf(streamFields, stream.parameters);
    const element = stream.id;
    for (const subject of subjectsOf(stream)) {
      const fault = topicFault(natsSubjects, subject, "allowed");
      if (fault !== undefined)
        findings.push(
          refused("subject", {
            element,
            parameter: "subjects",
            message: `Invalid subject: "${subject}" ${fault}.`,
          }),
        );
    }
    const others = streams.slice(0, at);
    const clash = others.find((other) =>
      subjectsOf(other).some((a) => subjectsOf(stream).some((b) => overlap(tokens(a), tokens(b)))),
    );
    if (clash !== undefined)
      findings.push(
        refused("subjects-overlap", {
          element,
          parameter: "subjects",
          message: `Subjects overlap with an existing stream: ${clash.name}.`,
        }),
      );
    if (values.num_replicas > nodes)
      findings.push(
        refused("replicas", {
          element,
          parameter: "num_replicas",
          message: `insufficient resources: ${values.num_replicas} replicas need as many servers, and there are ${nodes}.`,
        }),
      );
    else if (values.num_replicas % 2 === 0)
      findings.push(
        doubtful("even-replicas", {
          element,
          parameter: "num_replicas",
          message: `${values.num_replicas} replicas survive no more than ${values.num_replicas - 1}: more than half must be up. Use 1, 3 or 5.`,
        }),
      );
    if (values.max_age !== null && values.duplicate_window > values.max_age)
      findings.push(
        refused("duplicate-window", {
          element,
          parameter: "duplicate_window",
          message: "duplicates window can not be larger than max age.",
        }),
      );
    if (
      values.discard_new_per_subject &&
      values.discard === "new" &&
      values.max_msgs_per_subject === null
    )
      findings.push(
        refused("discard-new-per-subject", {
          element,
          parameter: "discard_new_per_subject",
          message: "discard new per subject requires max msgs per subject > 0.",
        }),
      );
  });
  return findings;
}

function checkPublishers(config: BrokerConfig): readonly Finding[] {
  return config.publishers.flatMap((publisher) => {
    const channel = config.channels.find(({ index }) => index === publisher.channel);
    if (channel === undefined) return [];
    const { subject } = valuesOf(publishFields, publisher.parameters);
    const stated = subject === "" ? channel.name : subject;
    const sample = stated
      .replaceAll("{key}", () => "key")
      .replaceAll("{event}", () => publisher.contract);
    const fault = topicFault(natsSubjects, sample, "forbidden");
    const about = { element: publisher.id, parameter: "subject" };
    if (fault !== undefined)
      return refused("publish-subject", { ...about, message: `Subject "${stated}" ${fault}.` });
    const isCaptured =
      channel.kind !== "stream" ||
      subjectsOf(channel).some((pattern) => fits(tokens(pattern), tokens(sample)));
    return isCaptured
      ? []
      : doubtful("no-stream", {
          ...about,
          message: `No subject of stream ${channel.name} matches "${stated}": every publication fails with 503 no responders, and published with core NATS it is lost without a word.`,
        });
  });
}

function checkConsumer(
  config: BrokerConfig,
  { id: element, parameters, channel: index, workers }: SubscriptionConfig,
): readonly Finding[] {
  const values = valuesOf(consumeFields, parameters);
  const channel = config.channels.find((one) => one.index === index);
  const filter = values.filter_subject;
  const fault = filter === "" ? undefined : topicFault(natsSubjects, filter, "allowed");
  if (fault !== undefined)
    return [
      refused("filter", {
        element,
        parameter: "filter_subject",
        message: `Invalid subject: "${filter}" ${fault}.`,
      }),
    ];
  if (channel?.kind !== "stream") {
    if (workers < 2 || values.queue !== "") return [];
    const message = `Each of the ${workers} workers subscribes by itself and gets every message. Name a queue group to share them.`;
    return [doubtful("every-worker", { element, parameter: "queue", message })];
  }
  const backoff = parseBackoff(values.backoff);
  if (backoff === undefined)
    return [
      refused("backoff-list", {
        element,
        parameter: "backoff",
        message: `"${values.backoff}" is not a list of seconds, such as "1 5 30".`,
      }),
    ];
  if (values.max_deliver > 0 && backoff.length > values.max_deliver)
    return [
      refused("backoff", {
        element,
        parameter: "backoff",
        message: "max deliver is required to be > length of backoff values.",
      }),
    ];
  const { retention } = valuesOf(streamFields, channel.parameters);
  return retention === "workqueue" && values.ack_policy !== "explicit"
    ? [
        refused("workqueue-ack", {
          element,
          parameter: "ack_policy",
          message: "workqueue stream requires explicit ack.",
        }),
      ]
    : [];
}

/** In a work queue each message has one consumer: filters must not overlap. */
function checkWorkQueues(config: BrokerConfig): readonly Finding[] {
  return streamsOf(config).flatMap((stream) => {
    if (valuesOf(streamFields, stream.parameters).retention !== "workqueue") return [];
    const own = config.subscriptions.filter(({ channel }) => channel === stream.index);
    return own.flatMap((one, at) => {
      const filterOf = ({ parameters }: SubscriptionConfig) => {
        const { filter_subject: filter } = valuesOf(consumeFields, parameters);
        return tokens(filter === "" ? ">" : filter);
      };
      const clash = own
        .slice(0, at)
        .some(
          (other) =>
            consumerName(other) !== consumerName(one) && overlap(filterOf(other), filterOf(one)),
        );
      return clash
        ? refused("workqueue-filter", {
            element: one.id,
            parameter: "filter_subject",
            message:
              "filtered consumer not unique on workqueue stream: its subjects overlap with another consumer's.",
          })
        : [];
    });
  });
}
