// What is modelled of EventBridge and what is not, its place in AsyncAPI documents, what reaches its channels, and what it
// finds wrong.

import { eventbridgeCounterparts } from "./counterparts.ts";
import { eventbridgeFieldSources } from "./fieldSources.ts";
import { valuesOf } from "../../base/fields.ts";
import { parseJson } from "../mechanisms/routing/messageFacts.ts";
import type { TechnologyBindings, TechnologyManual } from "../technology.ts";
import { checkEventbridge } from "./check.ts";
import { consumeFields, publishFields, ruleFields } from "./fields.ts";
import { deadLetterTarget, reachOfEventbridge } from "./reach.ts";
import { targetUnlikeQueue } from "./unlikeQueue.ts";

const asyncapi: TechnologyBindings = {
  protocol: "eventbridge",
  host: "events.eu-central-1.amazonaws.com",
  // There is no binding of EventBridge; extensions may stand where bindings do.
  key: "x-eventbridge",
  channel: (_config, { kind, name, parameters }) => {
    if (kind === "dlq") return { deadLetterQueue: name };
    if (kind === "bus") return { bus: name };
    const { EventPattern, State } = valuesOf(ruleFields, parameters);
    const parsed = parseJson(EventPattern);
    return { rule: name, state: State, ...(parsed.ok && { eventPattern: parsed.value }) };
  },
  publish: (_config, { parameters }) => {
    const { Source, DetailType } = valuesOf(publishFields, parameters);
    return { source: Source, detailType: DetailType };
  },
  consume: (_config, { parameters }) => {
    const values = valuesOf(consumeFields, parameters);
    const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: ageMs } = values;
    const retryPolicy = {
      ...(attempts !== null && { maximumRetryAttempts: attempts }),
      ...(ageMs !== null && { maximumEventAgeInSeconds: Math.round(ageMs / 1000) }),
    };
    const queue = values.DeadLetterConfig;
    return {
      target: values.Target,
      retryPolicy,
      ...(queue !== "" && { deadLetterQueue: queue }),
    };
  },
  parametersIn: (level, content) => {
    const { eventPattern, state, source, detailType, target, retryPolicy, deadLetterQueue } =
      content;
    if (level === "channel")
      return {
        ...(eventPattern !== undefined && { EventPattern: JSON.stringify(eventPattern) }),
        ...(state !== undefined && { State: state }),
      };
    if (level === "publish")
      return {
        ...(source !== undefined && { Source: source }),
        ...(detailType !== undefined && { DetailType: detailType }),
      };
    const policy = isMembers(retryPolicy) ? retryPolicy : {};
    const { maximumRetryAttempts: attempts, maximumEventAgeInSeconds: ageS } = policy;
    return {
      ...(target !== undefined && { Target: target }),
      ...(attempts !== undefined && { MaximumRetryAttempts: attempts }),
      ...(typeof ageS === "number" && { MaximumEventAgeInSeconds: ageS * 1000 }),
      ...(deadLetterQueue !== undefined && { DeadLetterConfig: deadLetterQueue }),
    };
  },
};

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The manual of EventBridge. */
export const eventbridgeManual: TechnologyManual = {
  guarantees: {
    order:
      "None on a classic bus. FIFO subscribers of a Custom Event Bus keep the order within an event group.",
    delivery:
      "At least once to each target of each rule that matches, until the retry policy ends; then the dead-letter queue, or lost.",
    retention:
      "None on a classic bus: what no rule takes is gone, and a rule made later gets nothing.",
  },
  modelled: [
    "Event patterns to every rule of AWS's matcher: exact values, prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, exists, cidr, $or, and values from one element of an array; patterns that it refuses are refused.",
    "Each target of a rule is a delivery of its own, with its retry policy (MaximumRetryAttempts, MaximumEventAgeInSeconds; the first limit wins) and its dead-letter queue.",
    "Targets that are gone or may not be called: no retry. API destinations: 5 s to answer, calls per second.",
    "Lambda targets: EventBridge is done when Lambda has accepted; errors of the function are Lambda's own retries after 1 and 2 minutes.",
    "Throttled and failing PutEvents calls with the retries of the AWS SDK; zones that fail without losing anything.",
    "The Custom Event Bus of 2026 by a switch: 5 retries within 300 s by default, one target per subscriber, FIFO subscribers that block their group.",
  ],
  simplified: [
    "The curve of retries is not published: from 1 s, doubled up to 480 s, each between half and one and a half of it.",
    "An event is one PutEvents call. Its source, detail-type and detail are what the publisher states; account, region and time are not there.",
    "Patterns and events that need more than 50,000 steps to compare do not match; texts have at most 4,000 characters.",
    "A request that times out at a busy endpoint before any worker took it is not worked on.",
    "Dead-letter queues deliver one message at a time to each reader, at once; what is kept is the event, not the record about it.",
    "Zones concern calls of publishers only; deliveries go on.",
  ],
  notModelled: [
    "Archives and replay: a replay is started by hand and goes to chosen rules, in slices of a minute and without order; nothing in a scenario starts one. Draw the replay as a producer with recorded arrivals.",
    "Retention, replay and pausing on a Custom Event Bus; its deduplication and batches.",
    "A bus as the target of a rule: draw a bridge from the rule to the other bus.",
    "Input transformers, schedules, Pipes, schema discovery, global endpoints, quotas of invocations.",
    "The time until a changed rule takes effect everywhere.",
  ],
  sources: [
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html",
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html",
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html",
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html",
    "https://docs.amazonaws.cn/en_us/eventbridge/latest/userguide/eb-custom-bus-retry.md (5 attempts, 300 s)",
    "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html",
    "https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html (max_attempts)",
    "aws/event-ruler 2.0.1, source",
  ],
  counterparts: eventbridgeCounterparts,
  fieldSources: eventbridgeFieldSources,
  asyncapi,
  unlikeQueue: targetUnlikeQueue,
  check: checkEventbridge,
  reach: reachOfEventbridge,
  deadLetterTarget,
};
