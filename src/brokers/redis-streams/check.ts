// What Redis would refuse, and what surprises people: findings about one broker of a document.

import { valuesOf } from "../../base/fields.ts";
import { clusterFields, consumeFields, publishFields, streamFields } from "./fields.ts";
import { findStream, groupName, parseSave } from "./settings.ts";
import type { BrokerConfig, Finding, SubscriptionConfig } from "../technology.ts";

type About = Omit<Finding, "code" | "severity">;

const refused = (code: string, about: About): Finding => ({
  code: `redis-streams/${code}`,
  severity: "error",
  ...about,
});

const doubtful = (code: string, about: About): Finding => ({
  code: `redis-streams/${code}`,
  severity: "warning",
  ...about,
});

/** All findings about a broker. */
export function checkRedis(config: BrokerConfig): readonly Finding[] {
  return [
    ...checkCluster(config),
    ...checkStreams(config),
    ...checkPublishers(config),
    ...config.subscriptions.flatMap((subscription) => checkReader(config, subscription)),
    ...checkGroups(config),
  ];
}

function checkCluster(config: BrokerConfig): readonly Finding[] {
  const values = valuesOf(clusterFields, config.parameters);
  const findings: Finding[] = [];
  const at = (parameter: string, message: string): About => ({
    element: config.id,
    parameter,
    message,
  });
  if (!values.appendonly && parseSave(values.save) === undefined)
    findings.push(
      refused(
        "save",
        at(
          "save",
          `Invalid save parameters: "${values.save}" is not pairs of seconds and changes.`,
        ),
      ),
    );
  if (values["min-replicas-to-write"] > values.replicas)
    findings.push(
      refused(
        "min-replicas",
        at(
          "min-replicas-to-write",
          `Every XADD fails with NOREPLICAS: there are ${values.replicas} replicas. Add replicas or ask for fewer.`,
        ),
      ),
    );
  const isForgetful = !values.appendonly && parseSave(values.save)?.length === 0;
  if (isForgetful && values.replicas > 0)
    findings.push(
      doubtful(
        "empty-primary",
        at(
          "save",
          "The primary keeps nothing on disk: when it restarts before a failover, its replicas copy the empty data. Turn appendonly or save on.",
        ),
      ),
    );
  return findings;
}

function checkStreams(config: BrokerConfig): readonly Finding[] {
  const { version } = valuesOf(clusterFields, config.parameters);
  return config.channels.flatMap((channel) => {
    if (channel.kind !== "stream") return [];
    const { trim, references } = valuesOf(streamFields, channel.parameters);
    const isNew = trim !== "none" && references !== "KEEPREF" && Number(version) < 8.2;
    return isNew
      ? refused("version-references", {
          element: channel.id,
          parameter: "references",
          message: `${references} needs Redis 8.2; this one is ${version} and answers with a syntax error.`,
        })
      : [];
  });
}

function checkPublishers(config: BrokerConfig): readonly Finding[] {
  const { version, replicas } = valuesOf(clusterFields, config.parameters);
  return config.publishers.flatMap((publisher) => {
    const values = valuesOf(publishFields, publisher.parameters);
    const findings: Finding[] = [];
    if (values.idmp === "IDMP" && Number(version) < 8.6)
      findings.push(
        refused("version-idmp", {
          element: publisher.id,
          parameter: "idmp",
          message: `XADD IDMP needs Redis 8.6; this one is ${version} and answers with a syntax error.`,
        }),
      );
    if (values.wait_replicas > replicas)
      findings.push(
        doubtful("wait", {
          element: publisher.id,
          parameter: "wait_replicas",
          message: `WAIT ${values.wait_replicas} can never be fulfilled with ${replicas} replicas: every publication takes the time-out and counts as failed.`,
        }),
      );
    return findings;
  });
}

function checkReader(config: BrokerConfig, subscription: SubscriptionConfig): readonly Finding[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const channel = config.channels.find(({ index }) => index === subscription.channel);
  const { id: element, workers } = subscription;
  if (channel?.kind !== "stream") return checkCopies(element, workers, "subscribes by itself");
  if (values.command === "XREAD") return checkCopies(element, workers, "reads with XREAD");
  if (values.noack) return [];
  return [...checkVersions(config, subscription), ...checkClaims(config, subscription)];
}

function checkCopies(element: string, workers: number, how: string): readonly Finding[] {
  if (workers < 2) return [];
  const message = `Each of the ${workers} workers ${how} and gets every message: the work is done ${workers} times. Use one worker, or a stream with a group.`;
  return [doubtful("every-worker", { element, message })];
}

function checkVersions(
  config: BrokerConfig,
  { id: element, parameters }: SubscriptionConfig,
): readonly Finding[] {
  const { version } = valuesOf(clusterFields, config.parameters);
  const values = valuesOf(consumeFields, parameters);
  const findings: Finding[] = [];
  if (values.claim === "CLAIM" && Number(version) < 8.4)
    findings.push(
      refused("version-claim", {
        element,
        parameter: "claim",
        message: `XREADGROUP CLAIM needs Redis 8.4; this one is ${version} and answers with a syntax error. Use XAUTOCLAIM.`,
      }),
    );
  if (values.on_failure === "XNACK" && Number(version) < 8.8)
    findings.push(
      refused("version-xnack", {
        element,
        parameter: "on_failure",
        message: `XNACK needs Redis 8.8; this one is ${version} and does not know the command.`,
      }),
    );
  return findings;
}

function checkClaims(
  config: BrokerConfig,
  { id: element, parameters }: SubscriptionConfig,
): readonly Finding[] {
  const values = valuesOf(consumeFields, parameters);
  const isStranded =
    values.claim === "nobody" && (values.start === ">" || values.consumer === "new");
  if (isStranded)
    return [
      doubtful("nobody-claims", {
        element,
        parameter: "claim",
        message:
          "What a worker has not acknowledged when it crashes stays pending for ever: Redis redelivers nothing by itself. Let somebody claim, or read the own pending entries first.",
      }),
    ];
  const called = values.dead_letter_stream;
  if (values.claim !== "nobody" && called !== "" && findStream(config, called) === undefined)
    return [
      refused("dead-letter-stream", {
        element,
        parameter: "dead_letter_stream",
        message: `There is no stream "${called}" in this Redis. Name one of its streams or leave it empty.`,
      }),
    ];
  return [];
}

/** Subscriptions that share a group share its rules. */
function checkGroups(config: BrokerConfig): readonly Finding[] {
  const first = new Map<string, SubscriptionConfig>();
  const findings: Finding[] = [];
  for (const subscription of config.subscriptions) {
    const { command, noack } = valuesOf(consumeFields, subscription.parameters);
    if (command === "XREAD") continue;
    const key = JSON.stringify([subscription.channel, groupName(subscription)]);
    const other = first.get(key);
    if (other === undefined) first.set(key, subscription);
    else if (valuesOf(consumeFields, other.parameters).noack !== noack)
      findings.push(
        doubtful("mixed-noack", {
          element: subscription.id,
          parameter: "noack",
          message: `Another service of group ${groupName(subscription)} reads ${noack ? "without" : "with"} NOACK: which entries become pending depends on who happens to read them.`,
        }),
      );
  }
  return findings;
}
