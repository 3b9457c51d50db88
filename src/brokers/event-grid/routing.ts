// Which event subscriptions get an event of a publisher. Everything here is a pure function of the configuration.

import { valuesOf } from "../../base/fields.ts";
import {
  factsOf,
  filledText,
  type JsonObject,
  noFacts,
  parseFacts,
} from "../mechanisms/routing/messageFacts.ts";
import { publishFields, subscriptionFields, topicFields } from "./fields.ts";
import { parseAdvancedFilters, passesAdvanced, passesBasic } from "./filters.ts";
import type { BrokerConfig, ChannelConfig, PublisherConfig } from "../technology.ts";

/** A container for dead letters by id or, failing that, by name. */
export function findContainer(config: BrokerConfig, called: string): ChannelConfig | undefined {
  const all = config.channels.filter(({ kind }) => kind === "container");
  return all.find(({ id }) => id === called) ?? all.find(({ name }) => name === called);
}

/** The event subscriptions of a topic. */
export function subscriptionsOf(config: BrokerConfig, topic: number): readonly ChannelConfig[] {
  const bound = new Set(config.bindings.flatMap(({ from, to }) => (from === topic ? [to] : [])));
  return config.channels.filter(({ kind, index }) => kind === "subscription" && bound.has(index));
}

/** Whether events of a publisher differ by their key. */
export function usesKey({ parameters }: PublisherConfig): boolean {
  const { eventType, subject, data } = valuesOf(publishFields, parameters);
  return [eventType, subject, data].some((text) => text.includes("{key}"));
}

/** Decides for a publisher's events with a key ("" without) which subscriptions get them. */
export function matcherOf(
  config: BrokerConfig,
  publisher: PublisherConfig,
): (key: string) => readonly ChannelConfig[] {
  const values = valuesOf(publishFields, publisher.parameters);
  const parsed = parseFacts(values.data);
  const template = parsed.ok ? parsed.value : noFacts;
  const topic = config.channels.find(({ index }) => index === publisher.channel);
  const isCloud =
    valuesOf(topicFields, topic?.parameters ?? {}).inputSchema === "CloudEventSchemaV1_0";
  const filters = subscriptionsOf(config, publisher.channel).map(filterOf);
  return (key) => {
    const { contract } = publisher;
    const type = filledText(values.eventType, key, contract);
    const subject = filledText(values.subject, key, contract);
    const names: JsonObject = isCloud
      ? { specversion: "1.0", type, source: topic?.name ?? "" }
      : { eventType: type, topic: topic?.name ?? "", dataVersion: "1.0" };
    const event = { ...names, subject, data: factsOf(template, key, contract) };
    return filters.flatMap(({ channel, passes }) =>
      passes(event, subject, type) ? [channel] : [],
    );
  };
}

function filterOf(channel: ChannelConfig): {
  readonly channel: ChannelConfig;
  readonly passes: (event: JsonObject, subject: string, type: string) => boolean;
} {
  const values = valuesOf(subscriptionFields, channel.parameters);
  const parsed = parseAdvancedFilters(values.advancedFilters);
  const advanced = parsed.ok ? parsed.value : [];
  const arrays = values.enableAdvancedFilteringOnArrays ? "with arrays" : "without arrays";
  const basic = {
    begins: values.subjectBeginsWith,
    ends: values.subjectEndsWith,
    isCaseSensitive: values.isSubjectCaseSensitive,
    types: values.includedEventTypes
      .split(",")
      .map((type) => type.trim())
      .filter((type) => type !== ""),
  };
  return {
    channel,
    passes: (event, subject, type) =>
      passesBasic(basic, subject, type) && passesAdvanced(advanced, event, arrays),
  };
}
