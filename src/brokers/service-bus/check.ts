// What Service Bus would refuse, and what surprises people. The order here is the order on screen.

import { valuesOf } from "../../base/fields.ts";
import { parseFacts } from "../mechanisms/routing/messageFacts.ts";
import type { BrokerConfig, ChannelConfig, Finding } from "../technology.ts";
import { clusterFields, consumeFields, publishFields } from "./fields.ts";
import { findChannel, ruleOf } from "./settings.ts";

/** All findings about a namespace. */
export function checkServiceBus(config: BrokerConfig): readonly Finding[] {
  return [
    ...config.channels.flatMap((channel) => [
      ...checkTier(config, channel),
      ...checkNames(config, channel),
      ...checkTraffic(config, channel),
    ]),
    ...checkRules(config),
    ...checkConsumers(config),
  ];
}

function finding(
  code: string,
  severity: Finding["severity"],
  at: { readonly element: string; readonly parameter?: string },
  message: string,
): Finding {
  return { code: `service-bus/${code}`, severity, ...at, message };
}

function checkTier(config: BrokerConfig, channel: ChannelConfig): readonly Finding[] {
  if (valuesOf(clusterFields, config.parameters).tier !== "Basic") return [];
  const element = channel.id;
  const findings: Finding[] = [];
  if (channel.kind === "topic" || channel.kind === "subscription")
    findings.push(
      finding(
        "basic-tier",
        "error",
        { element },
        "The Basic tier has queues only. Choose Standard or Premium for topics.",
      ),
    );
  for (const parameter of ["RequiresSession", "RequiresDuplicateDetection"])
    if (channel.parameters[parameter] === true)
      findings.push(
        finding(
          "basic-tier",
          "error",
          { element, parameter },
          `The Basic tier does not know ${parameter}. Choose Standard or Premium.`,
        ),
      );
  if ((channel.parameters["ForwardTo"] ?? "") !== "")
    findings.push(
      finding(
        "basic-tier",
        "error",
        { element, parameter: "ForwardTo" },
        "The Basic tier does not forward. Choose Standard or Premium.",
      ),
    );
  return findings;
}

function textOf(channel: ChannelConfig, parameter: string): string {
  const value = channel.parameters[parameter];
  return typeof value === "string" ? value : "";
}

function checkNames(config: BrokerConfig, channel: ChannelConfig): readonly Finding[] {
  const element = channel.id;
  const findings: Finding[] = [];
  const forward = textOf(channel, "ForwardTo");
  const dead = textOf(channel, "dead_letter_queue");
  const target = findChannel(config, forward);
  const at = { element, parameter: "ForwardTo" };
  if (forward !== "" && (target === undefined || !["queue", "topic"].includes(target.kind)))
    findings.push(
      finding(
        "forward-missing",
        "error",
        at,
        `There is no queue or topic "${forward}" to forward to. Name one of this namespace.`,
      ),
    );
  if (target === channel)
    findings.push(
      finding("forward-itself", "error", at, "An entity cannot forward to itself. Name another."),
    );
  if (forward !== "" && channel.parameters["RequiresSession"] === true)
    findings.push(
      finding(
        "forward-session",
        "error",
        at,
        "Service Bus does not forward from an entity that requires sessions. Switch one of them off.",
      ),
    );
  if (dead !== "" && findChannel(config, dead)?.kind !== "dead-letter")
    findings.push(
      finding(
        "dead-letter-missing",
        "error",
        { element, parameter: "dead_letter_queue" },
        `There is no dead-letter queue "${dead}". Draw one, or leave it empty.`,
      ),
    );
  return findings;
}

function checkTraffic(config: BrokerConfig, channel: ChannelConfig): readonly Finding[] {
  const element = channel.id;
  if (channel.kind === "topic" && !config.bindings.some(({ from }) => from === channel.index))
    return [
      finding(
        "topic-without-subscription",
        "warning",
        { element },
        `Topic ${channel.name} has no subscription: every message is gone, and the sender does not learn of it. Add one.`,
      ),
    ];
  const isRead = config.subscriptions.some((one) => one.channel === channel.index);
  const isForwarded = (channel.parameters["ForwardTo"] ?? "") !== "";
  if (isRead && isForwarded)
    return [
      finding(
        "receive-forwarded",
        "error",
        { element, parameter: "ForwardTo" },
        `${channel.name} forwards everything, so Service Bus refuses to receive from it. Receive from the target.`,
      ),
    ];
  if (channel.kind === "topic" || channel.kind === "dead-letter" || isRead || isForwarded)
    return [];
  return [
    finding(
      "entity-without-receiver",
      "warning",
      { element },
      `Nobody receives from ${channel.name}: it only grows, and full it refuses messages. Connect a service.`,
    ),
  ];
}

function checkRules(config: BrokerConfig): readonly Finding[] {
  const rules = config.bindings.flatMap(({ id, parameters }) => {
    const rule = ruleOf(parameters);
    if (rule.ok) return [];
    const parameter = parameters["filter"] === "SqlFilter" ? "sqlExpression" : "correlation";
    return [finding("rule", "error", { element: id, parameter }, `Rule: ${rule.failure}`)];
  });
  const properties = config.publishers.flatMap(({ id, parameters }) => {
    const facts = parseFacts(valuesOf(publishFields, parameters).ApplicationProperties);
    if (facts.ok) return [];
    const at = { element: id, parameter: "ApplicationProperties" };
    return [finding("properties", "error", at, `Application properties: ${facts.failure}`)];
  });
  return [...rules, ...properties];
}

function checkConsumers(config: BrokerConfig): readonly Finding[] {
  return config.subscriptions.flatMap(({ id, parameters }) => {
    const values = valuesOf(consumeFields, parameters);
    if (values.ReceiveMode !== "ReceiveAndDelete") return [];
    return [
      finding(
        "receive-and-delete",
        "warning",
        { element: id, parameter: "ReceiveMode" },
        "Messages are gone as soon as they are sent to a receiver: a crash loses them. Use PeekLock where that matters.",
      ),
    ];
  });
}
