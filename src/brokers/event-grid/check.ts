// What Event Grid would refuse, and what surprises people: findings about one service of a document.

import { valuesOf } from "../../base/fields.ts";
import { parseFacts } from "../mechanisms/routing/messageFacts.ts";
import { consumeFields, publishFields, subscriptionFields } from "./fields.ts";
import { parseAdvancedFilters } from "./filters.ts";
import { findContainer, subscriptionsOf } from "./routing.ts";
import { isSuccess } from "./schedule.ts";
import type { BrokerConfig, ChannelConfig, Finding } from "../technology.ts";

/** Minutes after which the default schedule has its last attempt within a day. */
const ATTEMPTS_IN_A_DAY = 11;

/** All findings about a service. */
export function checkEventGrid(config: BrokerConfig): readonly Finding[] {
  return [
    ...config.channels.flatMap((channel) => {
      if (channel.kind === "subscription") return checkSubscription(config, channel);
      return channel.kind === "topic" ? checkTopic(config, channel) : [];
    }),
    ...config.publishers.flatMap(({ id, parameters }): readonly Finding[] => {
      const parsed = parseFacts(valuesOf(publishFields, parameters).data);
      if (parsed.ok) return [];
      const message = `Data: ${parsed.failure}`;
      const parameter = "data";
      return [{ code: "event-grid/data", severity: "error", element: id, parameter, message }];
    }),
    ...config.subscriptions.flatMap(({ id, parameters }): readonly Finding[] => {
      const { success_status: status } = valuesOf(consumeFields, parameters);
      if (isSuccess(status)) return [];
      return [
        {
          code: "event-grid/status-no-success",
          severity: "warning",
          element: id,
          parameter: "success_status",
          message: `Status ${status} is a failure: Event Grid takes only 200 to 204 as success and delivers every event again.`,
        },
      ];
    }),
  ];
}

function checkTopic(config: BrokerConfig, topic: ChannelConfig): readonly Finding[] {
  if (subscriptionsOf(config, topic.index).length > 0) return [];
  return [
    {
      code: "event-grid/topic-without-subscription",
      severity: "warning",
      element: topic.id,
      message: `Topic ${topic.name} has no event subscription: every event is accepted and gone. Connect the topic to one.`,
    },
  ];
}

function checkSubscription(config: BrokerConfig, channel: ChannelConfig): readonly Finding[] {
  const values = valuesOf(subscriptionFields, channel.parameters);
  const findings: Finding[] = [];
  const add = (
    code: string,
    severity: Finding["severity"],
    parameter: string,
    message: string,
  ): void => {
    findings.push({
      code: `event-grid/${code}`,
      severity,
      element: channel.id,
      parameter,
      message,
    });
  };
  const filters = parseAdvancedFilters(values.advancedFilters);
  if (!filters.ok)
    add("advanced-filters", "error", "advancedFilters", `Advanced filters: ${filters.failure}`);
  const called = values.deadLetterDestination;
  if (called !== "" && findContainer(config, called) === undefined)
    add(
      "container-missing",
      "error",
      "deadLetterDestination",
      `There is no container "${called}". Name a dead-letter container of this service or leave it empty.`,
    );
  if (called === "")
    add(
      "no-dead-letters",
      "warning",
      "deadLetterDestination",
      `Events that ${channel.name} cannot deliver are dropped without a trace, after at most ${ATTEMPTS_IN_A_DAY} attempts in a day. Name a container for dead letters.`,
    );
  if (!config.bindings.some(({ to }) => to === channel.index))
    findings.push({
      code: "event-grid/subscription-without-topic",
      severity: "warning",
      element: channel.id,
      message: `Event subscription ${channel.name} belongs to no topic, so nothing comes into it. Connect a topic to it.`,
    });
  if (!config.subscriptions.some((one) => one.channel === channel.index))
    findings.push({
      code: "event-grid/subscription-without-endpoint",
      severity: "warning",
      element: channel.id,
      message: `Event subscription ${channel.name} has no endpoint, without which Event Grid does not create it. Connect a service.`,
    });
  return findings;
}
