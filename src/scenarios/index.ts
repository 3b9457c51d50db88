// The register of ready-made scenarios: examples, demonstrations and tests at once; the order is that on screen and in the
// terminal. To add one: write `yours.ts` (workQueue.ts is the shortest) and one entry here, in its group; then run
// `npx vitest run src/scenarios`. What it shows switched off is asserted in a test beside it (runBoth.suite.ts).

import type { Scenario } from "../model/scenario.ts";
import { foodDelivery } from "./foodDelivery.ts";

/** Groups in the order of the gallery. */
export const groups = [
  "Start here",
  "Failure handling",
  "Overload",
  "Inside a service",
  "Data and consistency",
  "Sagas",
  "Serverless",
  "Edge",
  "Brokers",
  "Contracts",
] as const;

/** A ready-made scenario as the gallery lists it. */
export interface Shelved {
  /** Id and title of the document. */
  readonly id: string;
  readonly title: string;
  readonly group: (typeof groups)[number];
  /** One sentence for those who choose: what it shows. */
  readonly shows: string;
  readonly load: () => Promise<Scenario>;
}

/** Every ready-made scenario, group by group. */
export const shelf: readonly Shelved[] = [
  {
    id: "food-delivery",
    title: "Food delivery: events and their synchronous twin",
    group: "Start here",
    shows: "The same orders over Kafka and as a chain of calls, while the payment service is down.",
    load: () => Promise.resolve(foodDelivery),
  },
  {
    id: "payment-outage",
    title: "Payment outage: synchronous versus event-driven",
    group: "Start here",
    shows: "Payment is down for 20 s: with events orders are late, with calls they fail.",
    load: async () => (await import("./paymentOutage.ts")).paymentOutage,
  },
  {
    id: "analytics-subscriber",
    title: "One more subscriber: analytics",
    group: "Start here",
    shows: "A further group reads the same events; for all others nothing changes, to the bit.",
    load: async () => (await import("./analyticsSubscriber.ts")).analyticsSubscriber,
  },
  {
    id: "purchase",
    title: "E-commerce purchase: nothing reserved for nobody",
    group: "Start here",
    shows:
      "A checkout reserves, charges and books; when the card is declined it takes its reservation back.",
    load: async () => (await import("./purchase.ts")).purchase,
  },
  {
    id: "work-queue",
    title: "Work queue with retries by dead letter",
    group: "Failure handling",
    shows: "Failed work waits in a queue without a consumer and comes back when it expires.",
    load: async () => (await import("./workQueue.ts")).workQueue,
  },
  {
    id: "charged-once",
    title: "Delivered twice, charged once",
    group: "Failure handling",
    shows:
      "At-least-once delivery repeats orders after a crash; an inbox keeps them from counting twice.",
    load: async () => (await import("./chargedOnce.ts")).chargedOnce,
  },
  {
    id: "redrive",
    title: "Poison messages, dead letters and redrive",
    group: "Failure handling",
    shows: "A bad release puts orders aside; mended, they go back to where they came from.",
    load: async () => (await import("./redrive.ts")).redrive,
  },
  {
    id: "retry-jitter",
    title: "Retries with and without jitter",
    group: "Failure handling",
    shows: "What fails together comes back together, unless its waits are random.",
    load: async () => (await import("./retryJitter.ts")).retryJitter,
  },
  {
    id: "bulkhead",
    title: "Bulkhead: a slow dependency gets so many workers",
    group: "Failure handling",
    shows: "A slow review service may hold five workers of a shop, not all twenty.",
    load: async () => (await import("./bulkhead.ts")).bulkhead,
  },
  {
    id: "retry-storm",
    title: "Retry storm: a failure that outlasts its cause",
    group: "Failure handling",
    shows: "Ten slow seconds become a lasting failure by retries; a retry budget ends it.",
    load: async () => (await import("./retryStorm.ts")).retryStorm,
  },
  {
    id: "circuit-breaker",
    title: "Circuit breaker: one dependency must not take all down",
    group: "Failure handling",
    shows: "Payment stands still; the breaker and a fallback keep the rest of the shop open.",
    load: async () => (await import("./circuitBreaker.ts")).circuitBreaker,
  },
  {
    id: "health-checks",
    title: "Health checks: what a probe should ask",
    group: "Failure handling",
    shows: "Checks leave a dead instance out; checks of a shared database restart the fleet.",
    load: async () => (await import("./healthChecks.ts")).healthChecks,
  },
  {
    id: "hedged-calls",
    title: "Hedged calls: asking twice cuts the tail",
    group: "Failure handling",
    shows: "A second request after 50 ms takes the slow answers away for a little more load.",
    load: async () => (await import("./hedgedCalls.ts")).hedgedCalls,
  },
  {
    id: "cloud-autoscaling",
    title: "Cloud auto-scaling: instances follow the load",
    group: "Overload",
    shows: "Ten times as many visitors come; instances are added, late, and taken away again.",
    load: async () => (await import("./cloudAutoscaling.ts")).cloudAutoscaling,
  },
  {
    id: "load-shedding",
    title: "Load shedding: who serves all serves nobody",
    group: "Overload",
    shows:
      "In overload CoDel gives up some requests at once, so that the others are answered in time.",
    load: async () => (await import("./loadShedding.ts")).loadShedding,
  },
  {
    id: "rate-limit",
    title: "Rate limit: a greedy job beside its neighbours",
    group: "Overload",
    shows: "A token bucket on one caller leaves the service to the others.",
    load: async () => (await import("./rateLimit.ts")).rateLimit,
  },
  {
    id: "fair-priorities",
    title: "Priorities without starvation",
    group: "Overload",
    shows: "What waits rises by a priority every second, so that the lowest get their turn.",
    load: async () => (await import("./fairPriorities.ts")).fairPriorities,
  },
  {
    id: "priorities",
    title: "Priorities: who is served when not all can be",
    group: "Overload",
    shows: "Three classes ask for more than there is; the most important get all they ask for.",
    load: async () => (await import("./priorities.ts")).prioritiesInOverload,
  },
  {
    id: "last-item",
    title: "The last item in stock",
    group: "Data and consistency",
    shows: "More buyers than items: with the version checked nothing is sold twice, without it is.",
    load: async () => (await import("./lastItem.ts")).lastItem,
  },
  {
    id: "idempotent-consumer",
    title: "Idempotent consumer: a deposit that comes twice",
    group: "Data and consistency",
    shows: "Crashes between effect and acknowledgement: only the inbox keeps the totals right.",
    load: async () => (await import("./idempotentConsumer.ts")).idempotentConsumer,
  },
  {
    id: "money-transfer",
    title: "Money transfer: the sum stays what it is",
    group: "Data and consistency",
    shows:
      "What leaves one store comes to the other once; without an inbox money is made of nothing.",
    load: async () => (await import("./moneyTransfer.ts")).moneyTransfer,
  },
  {
    id: "outbox",
    title: "Outbox: no event is lost while the broker is down",
    group: "Data and consistency",
    shows: "Orders are stored while nothing can be published; the outbox tells of them afterwards.",
    load: async () => (await import("./outbox.ts")).outbox,
  },
  {
    id: "late-projection",
    title: "Event sourcing with a late projection",
    group: "Data and consistency",
    shows:
      "All deposits are kept as events: a projection that is added late learns every one of them.",
    load: async () => (await import("./lateProjection.ts")).lateProjection,
  },
  {
    id: "read-model",
    title: "CQRS read model: seeing one's own writes",
    group: "Data and consistency",
    shows:
      "Whoever has just ordered waits until the read model knows it, or does not find his order.",
    load: async () => (await import("./readModel.ts")).readModel,
  },
  {
    id: "state-transfer",
    title: "Notification or state transfer: who calls back?",
    group: "Data and consistency",
    shows: "One consumer is told that something changed and asks; the other gets the state itself.",
    load: async () => (await import("./stateTransfer.ts")).stateTransfer,
  },
  {
    id: "saga-orchestration",
    title: "Saga by orchestration: one service conducts",
    group: "Sagas",
    shows:
      "Commands and replies; refused orders are taken back step by step, also when services crash.",
    load: async () => (await import("./sagaOrchestration.ts")).sagaOrchestration,
  },
  {
    id: "saga-choreography",
    title: "Saga by choreography: everybody reacts to events",
    group: "Sagas",
    shows:
      "The same purchase without a conductor: half the messages, and nobody who knows the whole.",
    load: async () => (await import("./sagaChoreography.ts")).sagaChoreography,
  },
  {
    id: "cold-starts",
    title: "Cold starts and provisioned concurrency",
    group: "Serverless",
    shows: "Calls come in bursts; new environments take a second, provisioned ones none.",
    load: async () => (await import("./coldStarts.ts")).coldStarts,
  },
  {
    id: "throttled-burst",
    title: "A burst against reserved concurrency",
    group: "Serverless",
    shows: "Throttled messages count as received, and end as dead letters that no code ever saw.",
    load: async () => (await import("./throttledBurst.ts")).throttledBurst,
  },
  {
    id: "partial-batches",
    title: "Partial batch failure",
    group: "Serverless",
    shows: "One bad message brings back its whole batch, unless the function reports which it was.",
    load: async () => (await import("./partialBatches.ts")).partialBatches,
  },
  {
    id: "on-failure-destination",
    title: "Asynchronous retries and an on-failure destination",
    group: "Serverless",
    shows:
      "Lambda tries events from SNS three times; what still fails is told to a queue, or lost.",
    load: async () => (await import("./onFailureDestination.ts")).onFailureDestination,
  },
  {
    id: "gateway-limit",
    title: "API gateway: one greedy client",
    group: "Edge",
    shows:
      "A rate limit for each client refuses a scraper and lets a hundred apps get their answers.",
    load: async () => (await import("./gatewayLimit.ts")).gatewayLimit,
  },
  {
    id: "external-outage",
    title: "An external API falls silent: circuit breaker",
    group: "Edge",
    shows: "A bank stops answering; a circuit breaker keeps that away from what does not need it.",
    load: async () => (await import("./externalOutage.ts")).externalOutage,
  },
  {
    id: "smart-home",
    title: "Smart home: alerts from windows over MQTT",
    group: "Edge",
    shows:
      "A stream processor makes a few alerts of thousands of readings: windows with a threshold.",
    load: async () => (await import("./smartHome.ts")).smartHome,
  },
  {
    id: "ride-matching",
    title: "Ride matching: a join of two streams",
    group: "Edge",
    shows: "Riders and drivers of a zone find each other within 15 s, each of them once.",
    load: async () => (await import("./rideMatching.ts")).rideMatching,
  },
  {
    id: "late-events",
    title: "Late events: watermark and allowed lateness",
    group: "Edge",
    shows: "What comes out of order is taken in as a correction, or lost behind the watermark.",
    load: async () => (await import("./lateEvents.ts")).lateEvents,
  },
  {
    id: "schema-change",
    title: "Change a schema: who can read version 2?",
    group: "Contracts",
    shows: "A new version of an event is rolled out; exactly those who cannot read it fail.",
    load: async () => (await import("./schemaChange.ts")).schemaChange,
  },
];
