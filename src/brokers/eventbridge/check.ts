// What EventBridge would refuse, and what surprises people: findings about one broker of a document.

import { valuesOf } from "../../base/fields.ts";
import { missingQueue } from "../mechanisms/awsService.ts";
import { parseFacts } from "../mechanisms/routing/messageFacts.ts";
import type { BrokerConfig, ChannelConfig, Finding, SubscriptionConfig } from "../technology.ts";
import { patternOf } from "./events.ts";
import { clusterFields, publishFields, ruleFields } from "./fields.ts";

const TARGETS_MAX = 5;
const RULES_MAX = 300;
const PATTERN_LENGTH_MAX = 2048;

/** All findings about a broker. */
export function checkEventbridge(config: BrokerConfig): readonly Finding[] {
  return [
    ...config.channels.flatMap((channel) => {
      if (channel.kind === "bus") return checkBus(config, channel);
      return channel.kind === "rule" ? checkRule(config, channel) : [];
    }),
    ...config.publishers.flatMap((publisher) => {
      const facts = parseFacts(valuesOf(publishFields, publisher.parameters).Detail);
      if (facts.ok) return [];
      const message = `Detail: ${facts.failure}`;
      return [problem("detail", { element: publisher.id, parameter: "Detail", message })];
    }),
    ...config.subscriptions.flatMap((target) => checkTarget(config, target)),
  ];
}

function problem(code: string, about: Omit<Finding, "code" | "severity">): Finding {
  return { code: `eventbridge/${code}`, severity: "error", ...about };
}

function doubt(code: string, about: Omit<Finding, "code" | "severity">): Finding {
  return { code: `eventbridge/${code}`, severity: "warning", ...about };
}

function checkBus(config: BrokerConfig, bus: ChannelConfig): readonly Finding[] {
  const rules = config.bindings.filter(({ from }) => from === bus.index).length;
  const element = bus.id;
  if (rules === 0)
    return [
      doubt("no-rule", {
        element,
        message: `No rule is bound to bus ${bus.name}: every event is accepted and dropped silently. Bind a rule to it.`,
      }),
    ];
  if (rules <= RULES_MAX) return [];
  const message = `Bus ${bus.name} has ${rules} rules; the quota is ${RULES_MAX} unless AWS raises it.`;
  return [doubt("many-rules", { element, message })];
}

function checkRule(config: BrokerConfig, rule: ChannelConfig): readonly Finding[] {
  const { EventPattern, Type, State } = valuesOf(ruleFields, rule.parameters);
  const isCustom = valuesOf(clusterFields, config.parameters).version === "custom-2026";
  const findings: Finding[] = [];
  const add = (isProblem: boolean, code: string, parameter: string | undefined, message: string) =>
    void findings.push(
      (isProblem ? problem : doubt)(code, {
        element: rule.id,
        ...(parameter !== undefined && { parameter }),
        message,
      }),
    );
  const pattern = patternOf(rule);
  if (!pattern.ok)
    add(true, "pattern", "EventPattern", `Event pattern is not valid: ${pattern.failure}`);
  else if (EventPattern.length > PATTERN_LENGTH_MAX)
    add(
      false,
      "long-pattern",
      "EventPattern",
      `The pattern has ${EventPattern.length} characters; the quota is ${PATTERN_LENGTH_MAX} unless AWS raises it.`,
    );
  const buses = config.bindings.filter(({ to }) => to === rule.index).length;
  if (buses === 0)
    add(
      false,
      "no-bus",
      undefined,
      `Rule ${rule.name} belongs to no bus and never gets an event. Bind a bus to it.`,
    );
  if (buses > 1)
    add(
      false,
      "two-buses",
      undefined,
      `Rule ${rule.name} is bound to ${buses} buses. In EventBridge a rule belongs to one: it stands for one rule on each.`,
    );
  if (Type === "FIFO" && !isCustom)
    add(
      true,
      "fifo",
      "Type",
      "A classic bus keeps no order: FIFO subscribers exist on a Custom Event Bus only.",
    );
  if (State === "DISABLED" && isCustom)
    add(
      false,
      "paused",
      "State",
      "A paused subscriber of a Custom Event Bus catches up later; here it misses what comes meanwhile.",
    );
  const targets = config.subscriptions.filter(({ channel }) => channel === rule.index).length;
  const most = isCustom ? 1 : TARGETS_MAX;
  if (isCustom && targets > most)
    add(
      true,
      "targets",
      undefined,
      `Subscriber ${rule.name} has ${targets} targets and may have one. Make a subscriber for each.`,
    );
  else if (targets > most)
    add(
      false,
      "targets",
      undefined,
      `Rule ${rule.name} has ${targets} targets; EventBridge takes ${TARGETS_MAX}. Make another rule with the same pattern: the events are the same.`,
    );
  return findings;
}

function checkTarget(config: BrokerConfig, target: SubscriptionConfig): readonly Finding[] {
  const isLambda = target.parameters["Target"] === "lambda";
  const names = ["DeadLetterConfig", ...(isLambda ? ["lambda.DeadLetterConfig"] : [])];
  const missing = missingQueue(config, target.parameters, names);
  if (missing === undefined) return [];
  const message = `There is no dead-letter queue "${missing.called}". Name one of this broker, or leave it empty.`;
  return [
    problem("dead-letter-missing", { element: target.id, parameter: missing.parameter, message }),
  ];
}
