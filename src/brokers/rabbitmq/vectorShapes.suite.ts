// How the shared vectors of RabbitMQ are told apart: by what is given and expected, never by their ids, so that a
// vector that nobody here has seen is checked as well. What the checks of all shapes have in common.

import type { Parameters } from "../../base/fields.ts";
import type { Sketch } from "../brokerSketch.suite.ts";
import type { FakeRun } from "../fakeContext.suite.ts";

/** One vector: a situation, and what was observed in it. */
// oxlint-disable-next-line typescript/no-explicit-any -- every vector has its own shape
export type Vector = Readonly<Record<"id" | "system", string> & Record<"given" | "expect", any>>;

/** A shape of vectors, and what to do with one of it. */
export interface Shape {
  readonly fits: (vector: Vector) => boolean;
  readonly check: (vector: Vector) => void;
}

/** Whether an object has all of these members. */
export function has(object: object, ...names: readonly string[]): boolean {
  return names.every((name) => Object.hasOwn(object, name));
}

/** The version that a vector names, as the model calls it. */
export function versionOf({ given }: Vector): Parameters {
  const text: string = String(given.version ?? /\((\d\.\d+)/u.exec(String(given.queue))?.[1] ?? "");
  return text.startsWith("4.3")
    ? { version: "4.3" }
    : text.startsWith("3.")
      ? { version: "3.13" }
      : {};
}

/** The arguments of a queue that a vector gives under their own names, and its type ("classic x-max-priority 5"). */
export function queueIn({ given }: Vector): Parameters {
  const text = typeof given.queue === "string" ? given.queue : "";
  const type = /quorum/u.test(text) ? "quorum" : "classic";
  const inText = [...text.matchAll(/(x-[a-z-]+) (-?\d+)/gu)].map(([, name, value]) => [
    name,
    Number(value),
  ]);
  const stated = Object.entries(given).filter(
    ([name, value]) => name.startsWith("x-") && value !== "default",
  );
  return { "x-queue-type": type, ...Object.fromEntries([...inText, ...stated]) };
}

/** A consumer with acknowledgements. */
export function manual(prefetch: number, more: Parameters = {}): Parameters {
  return { prefetch_count: prefetch, latency: 0.01, ...more };
}

/** A queue "q" with a publisher straight to it and a dead-letter queue "dlq". */
export function oneQueue(
  queue: Parameters,
  consumers: readonly Parameters[] = [],
  more: Parameters = {},
): Sketch {
  return {
    channels: [
      { id: "q", kind: "queue", parameters: { "x-dead-letter-exchange": "dlq", ...queue } },
      { id: "dlq", kind: "queue" },
    ],
    publishers: [{ to: "q", parameters: { latency: 0.01, delivery_mode: "2", ...more } }],
    subscriptions: consumers.map((parameters) => ({ from: "q", parameters })),
  };
}

/** The same with one more consumer, without limit, for `readAll`. */
export function withReader(sketch: Sketch): Sketch {
  const reader = { from: "q", parameters: { latency: 0.01, ack: "automatic" } as Parameters };
  return { ...sketch, subscriptions: [...(sketch.subscriptions ?? []), reader] };
}

/** Lets the last subscription read what is ready and returns the labels. */
export function readAll(run: FakeRun, subscription: number): string[] {
  run.join(subscription, 0);
  run.runUntil(run.nowMs() + 100);
  return run.labels("deliver", { subscription });
}

/** Labels as texts. */
export function texts(list: readonly unknown[]): string[] {
  return list.map(String);
}

/** What publishers have learned: "ack", "nack", or nothing yet. */
export function answers(run: FakeRun, labels: readonly unknown[]): (string | null)[] {
  return labels.map((label) => {
    const outcome = run.outcomes.get(String(label));
    return outcome === undefined ? null : outcome === "confirmed" ? "ack" : "nack";
  });
}

/** What a consumer got, with the mark of what came again: "2 redelivered". */
export function marked(run: FakeRun, subscription: number): string[] {
  return run
    .find("deliver", { subscription })
    .map((one) => `${one.label}${one.attempt > 1 ? " redelivered" : ""}`);
}
