// How SNS tries again, by the protocol of a subscription: the phases of its delivery policy.
// Source: docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html.

import { valuesOf } from "../../base/fields.ts";
import { lambdaPolicies, nsOf } from "../mechanisms/awsService.ts";
import { evenPhase, type Growth, type RetryPhase, type RetryPolicy } from "../mechanisms/retry.ts";
import type { SubscriptionConfig } from "../technology.ts";
import { consumeFields } from "./fields.ts";

const NS_PER_S = 1e9;

/** Endpoints that AWS manages: SQS, Lambda, Firehose. 100,015 attempts over 23 days. */
const managedByAws: readonly RetryPhase[] = [
  evenPhase(3, 0),
  evenPhase(2, NS_PER_S),
  { retries: 10, firstNs: NS_PER_S, lastNs: 20 * NS_PER_S, growth: "geometric" },
  evenPhase(100_000, 20 * NS_PER_S),
];

/** SMTP, SMS and mobile push: 50 attempts over 6 hours. */
const managedByCustomers: readonly RetryPhase[] = [
  evenPhase(2, 10 * NS_PER_S),
  { retries: 10, firstNs: 10 * NS_PER_S, lastNs: 600 * NS_PER_S, growth: "geometric" },
  evenPhase(38, 600 * NS_PER_S),
];

const growths: Readonly<Record<string, Growth>> = {
  linear: "linear",
  arithmetic: "arithmetic",
  geometric: "geometric",
  exponential: "doubling",
};

/** The phases of a subscription's deliveries. */
export function phasesOf(subscription: SubscriptionConfig): readonly RetryPhase[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  if (values.Protocol === "email") return managedByCustomers;
  if (values.Protocol !== "https") return managedByAws;
  const minNs = nsOf(values.minDelayTarget);
  const maxNs = nsOf(values.maxDelayTarget);
  return [
    evenPhase(values.numNoDelayRetries, 0),
    evenPhase(values.numMinDelayRetries, minNs),
    {
      retries: Math.max(0, backoffRetries(subscription)),
      firstNs: minNs,
      lastNs: maxNs,
      growth: growths[values.backoffFunction] ?? "linear",
    },
    evenPhase(values.numMaxDelayRetries, maxNs),
  ];
}

/** Retries of an HTTP endpoint that are left for the phase between: negative when the others are too many. */
export function backoffRetries(subscription: SubscriptionConfig): number {
  const values = valuesOf(consumeFields, subscription.parameters);
  const { numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries } = values;
  return values.numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries;
}

/** What is done after errors, and when nobody is there. Errors of a Lambda function are Lambda's own affair. */
export function policiesOf(subscription: SubscriptionConfig): {
  readonly onError: RetryPolicy;
  readonly onUnavailable: RetryPolicy;
} {
  const values = valuesOf(consumeFields, subscription.parameters);
  const phases = phasesOf(subscription);
  const policy = { phases, ageNsMax: Infinity, jitterFrom: 0.9, jitterTo: 1.1 };
  if (values.Protocol !== "lambda") return { onError: policy, onUnavailable: policy };
  const { onError } = lambdaPolicies(values["lambda.MaximumRetryAttempts"]);
  return { onError: { ...onError, ageNsMax: Infinity }, onUnavailable: policy };
}
