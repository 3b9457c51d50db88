// Every vector of EventBridge in ../shared/broker-vectors.json, checked by its shape. A vector whose shape is not known fails.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { compilePattern, matchesPattern } from "../mechanisms/routing/jsonPattern.ts";
import type { Json, JsonObject } from "../mechanisms/routing/messageFacts.ts";
import { eventDialect } from "./events.ts";
import { simulatedEventbridge } from "./simulated.ts";

interface Vector {
  readonly id: string;
  readonly system: string;
  readonly given: Readonly<Record<string, Json>>;
  readonly expect: Readonly<Record<string, Json>>;
}

const HOUR = 3_600_000;

// The file is ours; its shape is checked field by field below.
const all = JSON.parse(readFileSync("../shared/broker-vectors.json", "utf8")) as Vector[];
const vectors = all.filter(({ system }) => system === "eventbridge");

describe("vectors of EventBridge", () => {
  test.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (_id, vector) => {
    const { given } = vector;
    if ("pattern" in given) checkPattern(vector);
    else if (given["target"] === "lambda") checkLambda(vector);
    else if (given["subscriber"] === "FIFO") checkFifo(vector);
    else if (typeof given["target"] === "string") checkTarget(vector);
    else throw new Error(`No check knows ${JSON.stringify(given)}.`);
  });
});

function checkPattern({ given, expect: expected }: Vector): void {
  const compiled = compilePattern(given["pattern"] ?? null, eventDialect);
  if ("valid" in expected) expect(compiled.ok).toBe(expected["valid"]);
  if ("match" in expected) {
    expect(compiled.ok).toBe(true);
    // Events of vectors are objects.
    const event = given["event"] as JsonObject;
    expect(compiled.ok && matchesPattern(compiled.value, event)).toBe(expected["match"]);
  }
}

/** The part of a broker that all of the following share: a bus, a rule for everything, a target. */
function sketchOf(given: Vector["given"], target: Sketch["subscriptions"]): Sketch {
  const isCustom = textOf(given["bus"]).startsWith("custom");
  return {
    parameters: { version: isCustom ? "custom-2026" : "classic" },
    channels: [
      { id: "bus", kind: "bus" },
      {
        id: "rule",
        kind: "rule",
        parameters: { Type: given["subscriber"] === "FIFO" ? "FIFO" : "STANDARD" },
      },
      { id: "queue", kind: "dlq" },
    ],
    bindings: [{ from: "bus", to: "rule" }],
    publishers: [{ to: "bus" }],
    subscriptions: target ?? [],
  };
}

function checkTarget({ given, expect: expected }: Vector): void {
  const parameters = {
    endpoint: given["target"] === "always 503" ? "there" : "gone",
    ...(given["dlq"] === true && { DeadLetterConfig: "queue" }),
    ...(typeof given["MaximumRetryAttempts"] === "number" && {
      MaximumRetryAttempts: given["MaximumRetryAttempts"],
    }),
    ...(typeof given["MaximumEventAgeInSeconds"] === "number" && {
      MaximumEventAgeInSeconds: given["MaximumEventAgeInSeconds"] * 1000,
    }),
  };
  const run = new FakeRun(simulatedEventbridge, sketchOf(given, [{ from: "rule", parameters }]), {
    plans: [{ serviceMs: 1, verdict: () => (isFailing() ? "failed" : "done") }],
  });
  const outageMs = Number(given["outage_h"] ?? Infinity) * HOUR;
  const isFailing = () => run.nowMs() < outageMs;
  run.publish(0, 0, "first");
  run.runUntil(100 * HOUR);
  const lost = run.find("dropped").length + run.find("discarded").length;
  const dead = run.find("deadLettered").length + run.find("rejected").length;
  const outcome = lost > 0 ? "lost" : dead > 0 ? "dlq" : "delivered after recovery";
  for (const [name, value] of Object.entries(expected))
    switch (name) {
      case "outcome":
        expect(
          textOf(value)
            .split(/ or | \(/u)
            .map((one) => one.toLowerCase()),
        ).toContain(outcome);
        break;
      case "lost":
        expect(lost).toBe(value);
        break;
      case "attempts":
        expect(run.find("deliver")).toHaveLength(Number(value));
        break;
      case "max_retry_attempts":
        expect(run.find("deliver")).toHaveLength(Number(value) + 1);
        break;
      case "no_later_than_s":
        expect(run.find("stored", { channel: 2 })[0]?.ms).toBeLessThanOrEqual(Number(value) * 1000);
        break;
      case "retried":
        expect(run.find("deliver").length > 0).toBe(value);
        break;
      default:
        throw new Error(`No check knows the expectation "${name}".`);
    }
}

function checkLambda({ given, expect: expected }: Vector): void {
  expect(Object.keys(expected).toSorted()).toEqual([
    "eventbridge_retries",
    "lambda_async_attempts",
  ]);
  const parameters = { Target: "lambda", DeadLetterConfig: "queue" };
  const run = new FakeRun(simulatedEventbridge, sketchOf(given, [{ from: "rule", parameters }]), {
    plans: [{ serviceMs: 1, verdict: () => "failed" }],
  });
  run.publish(0, 0, "e");
  run.runUntil(100 * HOUR);
  expect(run.find("deliver")).toHaveLength(Number(expected["lambda_async_attempts"]));
  // What EventBridge gives up goes to its own queue; Lambda's failures do not.
  expect(run.find("stored", { channel: 2 })).toHaveLength(Number(expected["eventbridge_retries"]));
}

function checkFifo({ given, expect: expected }: Vector): void {
  const events = given["events"];
  if (!Array.isArray(events)) throw new Error("The vector names no events.");
  const run = new FakeRun(simulatedEventbridge, sketchOf(given, [{ from: "rule", workers: 3 }]), {
    plans: [{ serviceMs: 1, verdict: (label) => (label === "e1" ? "failed" : "done") }],
  });
  events.forEach((label, i) => run.publish(i, 0, String(label), { key: textOf(given["group"]) }));
  run.runUntil(HOUR);
  const labels = run.labels("deliver");
  expect(labels.indexOf("e2") < labels.lastIndexOf("e1")).toBe(
    expected["e2_delivered_before_e1_resolved"],
  );
  expect(labels).toContain("e2");
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
