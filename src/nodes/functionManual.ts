// What is modelled of the platforms of functions, what only roughly, what not, and where the facts come from.

import type { FunctionPlatform } from "./function.ts";

/** What a platform's panel says. */
export interface PlatformManual {
  /** When the facts were true. */
  readonly version: string;
  readonly modelled: readonly string[];
  readonly simplified: readonly string[];
  readonly notModelled: readonly string[];
  readonly sources: readonly string[];
}

/** By platform. */
export const functionManuals: Readonly<Record<FunctionPlatform, PlatformManual>> = {
  lambda: {
    version: "2025-11",
    modelled: [
      "Environments run one invocation at a time; the one used last is used first, idle ones grow cold.",
      "Reserved, account and provisioned concurrency; growth by 1,000 environments per 10 s; throttling (429).",
      "SQS: 5 batches at first, 300 more per minute up to 1,250; MaximumConcurrency; batch size and window; a longer visibility timeout where window and timeout exceed it.",
      "An error brings back the whole batch; ReportBatchItemFailures only what failed; FIFO batches end at the first failure. Throttled messages count as received.",
      "Streams (Kafka): one batch per partition, ParallelizationFactor by key, retries until the record expires, MaximumRetryAttempts, MaximumRecordAge, halving, one report per batch to the destination.",
      "SNS and EventBridge: asynchronous, two retries after 1 and 2 minutes, throttled events for up to 6 hours, event age, on-failure destination.",
      "Timeouts stop the invocation and its environment.",
    ],
    simplified: [
      "Pollers grow by 5 each second while messages wait, and shrink by 5 otherwise or when throttled; never below 5.",
      "At most 20,000 consumers gather for one mapping, so batches of thousands may go out smaller.",
      "A stream has one poller per partition from the start; waits before a batch is tried again grow from 1 s to 60 s.",
      "Throttled asynchronous events wait 1 s, then twice as long each time, up to 5 minutes.",
      "Functions of one account do not share its concurrency: each says what is left for it.",
      "A destination's report has the size of its connection.",
    ],
    notModelled: [
      "Memory and its share of CPU, costs, payload limits, SnapStart, provisioned pollers, Kinesis and DynamoDB as brokers of their own, Amazon MQ, filters of mappings, tumbling windows.",
      "Duplicates of the asynchronous queue without an error; OnSuccess destinations.",
    ],
    sources: [
      "../shared/brokers/lambda.md",
      "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html",
      "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html",
      "https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html",
    ],
  },
  azure: {
    version: "2025-11",
    modelled: [
      "Instances come after a cold start, up to four at a time, by backlog per target; Consumption goes down to none, Premium keeps some ready.",
      "Event Hubs and Kafka: one batch per partition; after an exception the checkpoint moves on and events are lost, unless a retry policy repeats the whole batch.",
      "Service Bus: maxConcurrentCalls per instance; an exception abandons the message, the broker counts deliveries.",
      "Event Grid: requests; an exception is a 500, and Event Grid tries again by its schedule.",
      "HTTP: requests run up to maxConcurrentRequests per instance, wait up to maxOutstandingRequests, and are refused (429) beyond.",
      "functionTimeout stops an invocation.",
    ],
    simplified: [
      "The scale controller looks at fixed intervals; an instance goes when fewer would do for as long as it stays warm.",
      "Batches of a stream run as soon as one instance is up; instances do not share CPU.",
      "Every message of a Service Bus queue is an invocation of its own.",
    ],
    notModelled: [
      "Storage queues and their poison queue, timers, Durable Functions, dynamic concurrency, host keys, the Flex plan, sessions per instance.",
    ],
    sources: [
      "../shared/brokers/azure-functions.md",
      "https://learn.microsoft.com/azure/azure-functions/functions-reliable-event-processing",
      "https://learn.microsoft.com/azure/azure-functions/functions-target-based-scaling",
      "https://learn.microsoft.com/azure/azure-functions/functions-bindings-error-pages",
    ],
  },
};
