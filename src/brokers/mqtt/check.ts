// What an MQTT broker would refuse, and what surprises people: findings about one broker of a document.

import { valuesOf } from "../../base/fields.ts";
import { mqttTopics, topicFault } from "../mechanisms/routing/topicPattern.ts";
import { consumeFields, publishFields } from "./fields.ts";
import { filterOf, mayFit, topicTemplate } from "./topics.ts";
import type { BrokerConfig, Finding, PublisherConfig, SubscriptionConfig } from "../technology.ts";

/** Settings of a client that its connections share. */
const ofClient = [
  "protocol",
  "clean_session",
  "session_expiry_interval",
  "receive_maximum",
  "keep_alive",
  "crash",
  "latency",
] as const;

/** All findings about a broker. */
export function checkMqtt(config: BrokerConfig): readonly Finding[] {
  return [
    ...config.publishers.flatMap((publisher) => checkPublisher(config, publisher)),
    ...config.subscriptions.flatMap((subscription) => [
      ...checkFilter(config, subscription),
      ...checkSession(config, subscription),
    ]),
  ];
}

function checkPublisher(config: BrokerConfig, publisher: PublisherConfig): readonly Finding[] {
  const findings: Finding[] = [];
  const topic = topicTemplate(config, publisher);
  const fault = topicFault(mqttTopics, topic, "forbidden");
  const values = valuesOf(publishFields, publisher.parameters);
  const { id: element } = publisher;
  if (fault !== undefined)
    findings.push({
      code: "mqtt/topic",
      severity: "error",
      element,
      parameter: "topic",
      message: `The topic "${topic}" ${fault}. Write levels between slashes, such as home/kitchen.`,
    });
  else if (!values.will && !values.retain && nobodyGets(config, publisher, topic))
    findings.push({
      code: "mqtt/no-subscriber",
      severity: "warning",
      element,
      parameter: "topic",
      message: `No filter matches the topic "${topic}": the broker drops every message, and acknowledges it all the same.`,
    });
  if (values.will && !config.subscriptions.some(({ node }) => node === publisher.node))
    findings.push({
      code: "mqtt/will-without-client",
      severity: "warning",
      element,
      parameter: "will",
      message:
        "This client subscribes to nothing here and never loses its connection, so its will is never published.",
    });
  return findings;
}

function nobodyGets(config: BrokerConfig, publisher: PublisherConfig, topic: string): boolean {
  return !config.subscriptions.some((subscription) =>
    mayFit(filterOf(config, subscription), topic, publisher.contract),
  );
}

function checkFilter(config: BrokerConfig, subscription: SubscriptionConfig): readonly Finding[] {
  const findings: Finding[] = [];
  const filter = filterOf(config, subscription);
  const values = valuesOf(consumeFields, subscription.parameters);
  const add = (code: string, severity: Finding["severity"], parameter: string, message: string) =>
    findings.push({ code: `mqtt/${code}`, severity, element: subscription.id, parameter, message });
  const fault = topicFault(mqttTopics, filter, "allowed");
  if (fault !== undefined)
    add("filter", "error", "filter", `The topic filter "${filter}" ${fault}.`);
  if (/[+#/]/u.test(values.share))
    add(
      "share-name",
      "error",
      "share",
      'The name of a shared subscription has no "/", "+" or "#" (MQTT 5, section 4.8.2).',
    );
  if (values.share !== "" && values.protocol === "5.0" && values.no_local)
    add(
      "shared-no-local",
      "error",
      "no_local",
      "No Local on a shared subscription is a protocol error (MQTT 5, section 3.8.3.1): the broker closes the connection.",
    );
  return findings;
}

function checkSession(config: BrokerConfig, subscription: SubscriptionConfig): readonly Finding[] {
  const findings: Finding[] = [];
  const values = valuesOf(consumeFields, subscription.parameters);
  const add = (code: string, severity: Finding["severity"], parameter: string, message: string) =>
    findings.push({ code: `mqtt/${code}`, severity, element: subscription.id, parameter, message });
  const outlives =
    values.protocol === "5.0" ? values.session_expiry_interval !== 0 : !values.clean_session;
  if (outlives && values.qos === "0")
    add(
      "session-without-qos",
      "warning",
      "qos",
      "The session outlives the connection, but QoS 0 is not queued for a client that is gone. Subscribe with QoS 1.",
    );
  if (outlives && values.clean_session)
    add(
      "session-thrown-away",
      "warning",
      "clean_session",
      "The broker queues for this client while it is gone, and the clean start throws all of it away. Switch it off.",
    );
  const first = config.subscriptions.find(({ node }) => node === subscription.node);
  const others = valuesOf(consumeFields, first?.parameters ?? {});
  for (const name of ofClient)
    if (others[name] !== values[name])
      add(
        "one-client",
        "error",
        name,
        `All subscriptions of a service are one client: ${name} is the same for all of them. Set it as in ${first?.id ?? ""}.`,
      );
  return findings;
}
