// The model against what a real RabbitMQ 3.10.8 did in the scenarios of conformance.suite.ts.

import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { type ConformanceScenario, observed, scenarios, type Step } from "./conformance.suite.ts";
import { simulatedRabbitmq as rabbitmq } from "./simulated.ts";

const latency = 0.01;

/** Time between two steps [ms]. */
const stepMs = 20;

/** A queue's arguments in the model's words: the default exchange with a key is the queue of that name. */
function queueOf(args: Readonly<Record<string, string | number>>): Parameters {
  const { "x-dead-letter-routing-key": key, "x-dead-letter-exchange": exchange, ...rest } = args;
  return key === undefined
    ? args
    : { ...rest, "x-dead-letter-exchange": exchange === "" ? key : exchange! };
}

/** Runs a scenario; every publish step has a publisher, every consume step a subscription, every queue a last reader. */
function play({ queues, exchanges = {}, bindings = [], steps }: ConformanceScenario) {
  const publishing = steps.filter((step) => "publish" in step);
  const consuming = steps.filter((step) => "consume" in step);
  const names = Object.keys(queues);
  const run = new FakeRun(
    rabbitmq,
    {
      parameters: { version: observed.version },
      channels: [
        ...Object.entries(exchanges).map(([id, { type, alternate = "" }]) => ({
          id,
          kind: "exchange",
          parameters: { type, "alternate-exchange": alternate },
        })),
        ...names.map((id) => ({ id, kind: "queue", parameters: queueOf(queues[id]!) })),
      ],
      bindings: bindings.map(({ from, to, key = "#", headers }) => ({
        from,
        to,
        parameters: {
          routing_key: key,
          arguments: headers === undefined ? "" : JSON.stringify(headers),
        },
      })),
      publishers: publishing.map((step) => ({ to: step.to, parameters: publisherOf(step) })),
      subscriptions: [
        ...consuming.map(({ queue, prefetch, priority = 0 }) => ({
          from: queue,
          parameters: { latency, prefetch_count: prefetch, "x-priority": priority },
        })),
        ...names.map((from) => ({ from, parameters: { latency, ack: "automatic" } })),
      ],
    },
    { joins: "none" },
  );
  let ms = 0;
  for (const step of steps) {
    act(run, step, {
      publisher: publishing.indexOf(step as never),
      consumer: consuming.map(({ consume }) => consume),
    });
    ms += "wait" in step ? step.wait : stepMs;
    run.runUntil(ms);
  }
  return {
    confirms: publishing.flatMap(({ publish }) =>
      publish.map((label) => told(run.outcomes.get(label))),
    ),
    got: (consumer: string) =>
      marked(
        run,
        consuming.findIndex(({ consume }) => consume === consumer),
      ),
    left: (queue: string) => {
      const reader = consuming.length + names.indexOf(queue);
      run.join(reader, 0);
      run.runUntil(run.nowMs() + 5);
      return marked(run, reader);
    },
  };
}

function publisherOf(step: Extract<Step, { publish: unknown }>): Parameters {
  return {
    latency,
    delivery_mode: "2",
    routing_key: step.key ?? "key",
    headers: step.headers === undefined ? "" : JSON.stringify(step.headers),
    priority: step.priority ?? null,
    expiration: step.expiration ?? null,
    mandatory: step.mandatory ?? false,
  };
}

function act(
  run: FakeRun,
  step: Step,
  of: { readonly publisher: number; readonly consumer: readonly string[] },
): void {
  if ("publish" in step) run.publishAll(run.nowMs(), of.publisher, step.publish);
  else if ("consume" in step) run.join(of.consumer.indexOf(step.consume), 0);
  else if ("ack" in step) run.settle(step.ack);
  else if ("nack" in step) run.settle(step.nack, "failed");
  else if ("close" in step) run.leave(of.consumer.indexOf(step.close), 0, "close");
}

function told(outcome: string | undefined): string {
  if (outcome === "confirmed") return "ack";
  return outcome === "refused: unroutable" ? "returned" : "nack";
}

function marked(run: FakeRun, subscription: number): string[] {
  return run
    .find("deliver", { subscription })
    .map(({ label, attempt }) => (attempt > 1 ? `${label} again` : label));
}

describe(`what a real RabbitMQ ${observed.server} did`, () => {
  it.each(scenarios.map((scenario) => [scenario.title, scenario] as const))("%s", (_, scenario) => {
    const { seen } = scenario;
    const played = play(scenario);
    if (seen.confirms !== undefined) expect(played.confirms).toEqual(seen.confirms);
    for (const [consumer, wanted] of Object.entries(seen.got ?? {}))
      expect(played.got(consumer), consumer).toEqual(wanted);
    for (const [queue, wanted] of Object.entries(seen.left))
      expect(played.left(queue), queue).toEqual(wanted);
  });
});
