// Plays the scenarios of conformance.suite.ts in the model.

import type { Parameters } from "../../base/fields.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import type { ConformanceScenario, QueueArguments, Step } from "./conformance.suite.ts";
import { simulatedRabbitmq as rabbitmq } from "./simulated.ts";

const latency = 0.01;

/** Time between two steps [ms]. */
const stepMs = 20;

/** A queue's arguments in the model's words: the default exchange with a key is the queue of that name. */
function queueOf(args: QueueArguments): Parameters {
  const { "x-dead-letter-routing-key": key, "x-dead-letter-exchange": exchange, ...rest } = args;
  return key === undefined
    ? args
    : { ...rest, "x-dead-letter-exchange": exchange === "" ? key : exchange! };
}

/** What was seen in a scenario: of the consumers and queues that it names. */
export interface Played {
  readonly confirms: readonly string[];
  readonly got: Readonly<Record<string, readonly string[]>>;
  readonly left: Readonly<Record<string, readonly string[]>>;
}

/** Runs a scenario in the model of a version; every publish step has a publisher, every consume step a subscription, every
 *  queue a last reader. */
export function play(scenario: ConformanceScenario, version: string): Played {
  const { queues, exchanges = {}, bindings = [], steps, seen } = scenario;
  const publishing = steps.filter((step) => "publish" in step);
  const consuming = steps.filter((step) => "consume" in step);
  const names = Object.keys(queues);
  const run = new FakeRun(
    rabbitmq,
    {
      parameters: { version, nodes: 1 },
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
        ...consuming.map((step) => ({ from: step.queue, parameters: consumerOf(step) })),
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
  const got = Object.keys(seen.got ?? {}).map((consumer) => {
    const subscription = consuming.findIndex(({ consume }) => consume === consumer);
    return [consumer, marked(run, subscription)] as const;
  });
  const left = Object.keys(seen.left).map((queue) => {
    const reader = consuming.length + names.indexOf(queue);
    run.join(reader, 0);
    run.runUntil(run.nowMs() + 5);
    return [queue, marked(run, reader)] as const;
  });
  return {
    confirms: publishing.flatMap(({ publish }) =>
      publish.map((label) => told(run.outcomes.get(label))),
    ),
    got: Object.fromEntries(got),
    left: Object.fromEntries(left),
  };
}

function consumerOf(step: Extract<Step, { consume: unknown }>): Parameters {
  return {
    latency,
    prefetch_count: step.prefetch,
    "x-priority": step.priority ?? 0,
    ack: step.automatic === true ? "automatic" : "manual",
    on_failure: step.rejects === true ? "reject" : "requeue",
    ...(step.offset !== undefined && { "x-stream-offset": String(step.offset) }),
  };
}

function publisherOf(step: Extract<Step, { publish: unknown }>): Parameters {
  return {
    latency,
    delivery_mode: "2",
    // Through the message's key, because a routing key that is empty here stands for the name of the event.
    routing_key: "{key}",
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
  if ("publish" in step)
    for (const label of step.publish)
      run.publish(run.nowMs(), of.publisher, label, {
        key: step.key ?? "key",
        sizeBytes: label.length,
      });
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
