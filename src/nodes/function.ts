// A serverless function: code that a cloud runs in environments of its own making, one more for each invocation at the same
// time. Parameters stand under the names of the platforms; facts of AWS Lambda and Azure Functions as of November 2025
// (../shared/brokers/lambda.md, azure-functions.md). How its sources feed it is in functionTriggers.ts.

import { choice, count, duration, durations, type Fields, ratio } from "../base/fields.ts";
import type { NodeKind } from "./kind.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const onLambda = { field: "platform", is: ["lambda"] };
const onAzure = { field: "platform", is: ["azure"] };

/** The platforms, by their ids. */
export const functionPlatforms = { lambda: "AWS Lambda", azure: "Azure Functions" } as const;

/** A platform that runs functions. */
export type FunctionPlatform = keyof typeof functionPlatforms;

/** Fields of a function. */
export const functionFields = {
  platform: choice({
    label: "Platform",
    options: [
      { value: "lambda", label: functionPlatforms.lambda },
      { value: "azure", label: functionPlatforms.azure },
    ],
    default: "lambda",
    help: "Whose rules of concurrency, triggers and retries hold.",
  }),
  serviceTime: durations({
    label: "Time per message",
    default: { distribution: "exponential", mean: 20 },
    help: "How long the code works on one message or request, without calls and writes; a batch is worked off one after the other.",
    live: true,
  }),
  errorRate: ratio({
    label: "Error rate",
    default: 0,
    help: "Share of the messages at which the code throws, at the end of the work.",
    live: true,
  }),
  Timeout: duration({
    label: "Timeout",
    min: SECOND,
    max: 15 * MINUTE,
    default: 3 * SECOND,
    help: "A longer invocation is stopped and counts as failed, with its whole batch.",
    onlyIf: onLambda,
  }),
  functionTimeout: duration({
    label: "functionTimeout",
    min: SECOND,
    max: HOUR,
    default: 5 * MINUTE,
    help: "A longer invocation is stopped and counts as failed. Consumption: 5 minutes, 10 at most; Premium: 30 by default.",
    onlyIf: onAzure,
  }),
  coldStart: durations({
    label: "Cold start",
    default: { distribution: "constant", value: 300 },
    help: "How long a new environment takes before it runs code; neither platform promises a time. Lambda: 0.1 to over 1 s; Azure: seconds.",
  }),
  keepWarm: duration({
    label: "Stays warm",
    default: 5 * MINUTE,
    help: "How long an environment without work is kept [Spillway's own: the platforms promise nothing].",
  }),
  ReservedConcurrentExecutions: count({
    label: "ReservedConcurrentExecutions",
    max: 100_000,
    none: "no share of its own",
    default: null,
    help: "Most invocations at the same time. 0: none runs, and asynchronous events fail at once.",
    live: true,
    onlyIf: onLambda,
  }),
  AccountConcurrency: count({
    label: "Account concurrency",
    min: 1,
    max: 100_000,
    default: 1000,
    help: "What the account leaves for this function where nothing is reserved; more at the same time is throttled (429).",
    onlyIf: onLambda,
  }),
  ScalingRate: count({
    label: "New environments per 10 s",
    min: 1,
    max: 100_000,
    default: 1000,
    help: "Concurrency may grow by so much in 10 s (since November 2023); what needs more is throttled.",
    onlyIf: onLambda,
  }),
  ProvisionedConcurrentExecutions: count({
    label: "ProvisionedConcurrentExecutions",
    max: 100_000,
    default: 0,
    help: "Environments that are always there and need no cold start; more invocations start cold.",
    onlyIf: onLambda,
  }),
  MaximumRetryAttempts: count({
    label: "MaximumRetryAttempts (asynchronous)",
    max: 2,
    default: 2,
    help: "How often an asynchronous event that failed is tried again: after 1 minute, then after 2.",
    onlyIf: onLambda,
  }),
  MaximumEventAgeInSeconds: duration({
    label: "MaximumEventAgeInSeconds",
    min: MINUTE,
    max: 6 * HOUR,
    default: 6 * HOUR,
    help: "An asynchronous event that is older is not tried again.",
    onlyIf: onLambda,
  }),
  plan: choice({
    label: "Plan",
    options: [
      { value: "consumption", label: "Consumption" },
      { value: "premium", label: "Premium" },
    ],
    default: "consumption",
    help: "Consumption goes down to no instance at all; Premium keeps some ready.",
    onlyIf: onAzure,
  }),
  alwaysReady: count({
    label: "Always ready instances",
    min: 1,
    max: 100,
    default: 1,
    help: "Instances that are there without load and need no cold start.",
    onlyIf: [onAzure, { field: "plan", is: ["premium"] }],
  }),
  functionAppScaleLimit: count({
    label: "functionAppScaleLimit",
    min: 1,
    max: 200,
    none: "the plan's: 200 Consumption, 100 Premium",
    default: null,
    help: "Most instances.",
    onlyIf: onAzure,
  }),
  ScaleInterval: duration({
    label: "Scale controller looks every",
    min: SECOND,
    max: 10 * MINUTE,
    default: 10 * SECOND,
    help: "How often it compares backlog and target, and adds up to four instances [the interval is Spillway's own].",
    onlyIf: onAzure,
  }),
  maxConcurrentRequests: count({
    label: "http.maxConcurrentRequests",
    min: 1,
    max: 10_000,
    default: 100,
    help: "Requests that one instance runs at the same time; further ones wait.",
    onlyIf: onAzure,
  }),
  maxOutstandingRequests: count({
    label: "http.maxOutstandingRequests",
    min: 1,
    max: 100_000,
    default: 200,
    help: "Requests that one instance has, running or waiting; further ones are refused (429).",
    onlyIf: onAzure,
  }),
} as const satisfies Fields;

/** The kind "function". */
export const functionKind: NodeKind & { readonly fields: typeof functionFields } = {
  id: "function",
  label: "Function",
  summary: "Serverless code: the cloud runs as many at once as there is work, within limits.",
  icon: "square-function",
  key: "l",
  accent: "service",
  fields: functionFields,
  publishes: true,
  consumes: true,
  calls: true,
  isCalled: true,
  writes: true,
  works: true,
  isWritten: false,
};
