// Which rules take an event: the event that a publisher sends as EventBridge sees it, and the patterns of the rules. Pure
// functions of the configuration.

import { valuesOf } from "../../base/fields.ts";
import type { Result } from "../../base/result.ts";
import {
  type JsonPattern,
  matchesPattern,
  parsePattern,
} from "../mechanisms/routing/jsonPattern.ts";
import {
  factsOf,
  filledText,
  type JsonObject,
  noFacts,
  parseFacts,
} from "../mechanisms/routing/messageFacts.ts";
import type { PatternDialect } from "../mechanisms/routing/valueTests.ts";
import type { BrokerConfig, ChannelConfig, PublisherConfig } from "../technology.ts";
import { publishFields, ruleFields } from "./fields.ts";

/** What aws/event-ruler 2.0.1 takes, the matcher of EventBridge. */
export const eventDialect: PatternDialect = {
  numberMax: 5e11,
  decimals: 6,
  operators: [
    "prefix",
    "suffix",
    "equals-ignore-case",
    "wildcard",
    "anything-but",
    "numeric",
    "exists",
    "cidr",
    "exactly",
  ],
  negatable: ["prefix", "suffix", "equals-ignore-case", "wildcard"],
  isNested: true,
};

/** The pattern of a rule; the failure is a sentence. */
export function patternOf(rule: ChannelConfig): Result<JsonPattern, string> {
  return parsePattern(valuesOf(ruleFields, rule.parameters).EventPattern, eventDialect);
}

/** The event of a message with this key, as patterns see it. Details that cannot be read are taken for none. */
export function eventOf(publisher: PublisherConfig, key: string): JsonObject {
  const { contract, parameters } = publisher;
  const values = valuesOf(publishFields, parameters);
  const detail = parseFacts(values.Detail);
  return {
    version: "0",
    source: filledText(values.Source, key, contract),
    "detail-type": filledText(values.DetailType, key, contract),
    resources: [],
    detail: factsOf(detail.ok ? detail.value : noFacts, key, contract),
  };
}

/** Whether events of one publisher can differ by the key. */
export function dependsOnKey(publisher: PublisherConfig): boolean {
  const { Source, DetailType, Detail } = valuesOf(publishFields, publisher.parameters);
  return [Source, DetailType, Detail].some((text) => text.includes("{key}"));
}

/** The rules of the bus that a publisher publishes to, with patterns that can be read. */
export function rulesFor(
  config: BrokerConfig,
  publisher: PublisherConfig,
): readonly { readonly rule: ChannelConfig; readonly pattern: JsonPattern }[] {
  return config.channels.flatMap((rule) => {
    const isBound = config.bindings.some(
      ({ from, to }) => from === publisher.channel && to === rule.index,
    );
    if (rule.kind !== "rule" || !isBound) return [];
    const pattern = patternOf(rule);
    return pattern.ok ? [{ rule, pattern: pattern.value }] : [];
  });
}

/** The rules that take the events of a publisher that carry a key. */
export function rulesThatTake(
  config: BrokerConfig,
  publisher: PublisherConfig,
  key: string,
): readonly ChannelConfig[] {
  const event = eventOf(publisher, key);
  return rulesFor(config, publisher)
    .filter(({ pattern }) => matchesPattern(pattern, event))
    .map(({ rule }) => rule);
}
