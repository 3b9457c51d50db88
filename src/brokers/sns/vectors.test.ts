// Every vector of SNS in ../shared/broker-vectors.json, checked by its shape. A vector whose shape is not known fails.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { type RetryPhase, retryDelayNs, totalDelayNs } from "../mechanisms/retry.ts";
import type { Json, JsonObject } from "../mechanisms/routing/messageFacts.ts";
import { phasesOf } from "./deliveryPolicy.ts";
import { accepts, compilePolicy, complexityOf } from "./filterPolicy.ts";
import { simulatedSns } from "./simulated.ts";

interface Vector {
  readonly id: string;
  readonly system: string;
  readonly given: JsonObject;
  readonly expect: JsonObject;
}

const NS_PER_S = 1e9;
const all = JSON.parse(readFileSync("../shared/broker-vectors.json", "utf8")) as Vector[];
const vectors = all.filter(({ system }) => system === "sns");

describe("vectors of SNS", () => {
  test.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (_id, vector) => {
    const { given, expect: expected } = vector;
    if ("filterPolicy" in given) checkFilter(vector);
    else if ("combinations" in expected) checkCombinations(vector);
    else if ("total" in expected) checkManagedSchedule(vector);
    else if ("attempts_at" in expected || "backoff_phase_retries" in expected) checkHttp(vector);
    else if ("retries" in expected) checkGone(vector);
    else if ("first_filter" in given) checkTwo(vector);
    else if ("subscribed_later" in given) checkLater(vector);
    else if ("dedup_id" in given) checkDeduplication(vector);
    else if ("subscribe" in given) checkSubscribe(vector);
    else throw new Error(`No check knows ${JSON.stringify(given)}.`);
  });
});

function checkFilter({ given, expect: expected }: Vector): void {
  const policy = given["filterPolicy"] ?? null;
  const scope = given["scope"] === "MessageBody" ? "MessageBody" : "MessageAttributes";
  const compiled =
    policy === null ? { ok: true as const, value: undefined } : compilePolicy(policy, scope);
  if ("valid" in expected) expect(compiled.ok).toBe(expected["valid"]);
  // Messages of vectors are objects.
  const message = given["message"] as JsonObject;
  if ("delivered" in expected) expect(accepts(compiled, message)).toBe(expected["delivered"]);
}

/** Numbers of values by key; nested keys are objects. */
function checkCombinations({ given, expect: expected }: Vector): void {
  const listed = (value: Json): Json =>
    typeof value === "number"
      ? Array.from({ length: value }, (_, i) => i)
      : Object.fromEntries(
          Object.entries(value as JsonObject).map(([name, one]) => [name, listed(one)]),
        );
  const stated = given["filterPolicy_values"] ?? given["filterPolicy_nested_values"] ?? {};
  expect(complexityOf(listed(stated)).combinations).toBe(expected["combinations"]);
  const limit = Number(expected["limit"]);
  const tooMany = { a: listed(limit + 1) };
  expect(compilePolicy(tooMany, "MessageAttributes").ok).toBe(false);
}

function phasesFor(parameters: Parameters): readonly RetryPhase[] {
  const config = describeBroker(simulatedSns, sketch({ subscriptions: [parameters] }));
  return phasesOf(config.subscriptions[0]!);
}

/** Phases as vectors write them: number of retries and seconds. */
function checkManagedSchedule({ given, expect: expected }: Vector): void {
  const endpoint = textOf(given["endpoint"]);
  const isCustomers = /smtp|sms|email|push/u.test(endpoint);
  const phases = phasesFor({ Protocol: isCustomers ? "email" : "sqs" });
  const seconds = (phase: RetryPhase) => {
    const { retries, firstNs, lastNs } = phase;
    const delays = firstNs === lastNs ? [firstNs] : [firstNs, lastNs];
    return delays[0] === 0 ? retries : [retries, ...delays.map((ns) => ns / NS_PER_S)];
  };
  const stated = ["immediate", "pre_backoff", "backoff", "post_backoff"]
    .map((name) => expected[name])
    .filter((one) => one !== undefined && one !== 0);
  expect(phases.map(seconds)).toEqual(stated);
  expect(phases.reduce((sum, { retries }) => sum + retries, 0)).toBe(expected["total"]);
  const totalS = totalDelayNs(phases) / NS_PER_S;
  if ("days" in expected) expect(Math.floor(totalS / 86_400)).toBe(expected["days"]);
  if ("hours" in expected) expect(Math.floor(totalS / 3600)).toBe(expected["hours"]);
}

function checkHttp({ given, expect: expected }: Vector): void {
  const names = ["numRetries", "numNoDelayRetries", "numMinDelayRetries", "numMaxDelayRetries"];
  const counts = names.filter((name) => name in given).map((name) => [name, Number(given[name])]);
  const phases = phasesFor({ Protocol: "https", ...Object.fromEntries(counts) });
  if ("backoff_phase_retries" in expected)
    expect(phases[2]?.retries).toBe(expected["backoff_phase_retries"]);
  if (!("attempts_at" in expected)) return;
  const times = [0];
  for (let failures = 1; retryDelayNs(phases, failures) < Infinity; failures++)
    times.push((times.at(-1) ?? 0) + retryDelayNs(phases, failures) / NS_PER_S);
  expect(times).toEqual(expected["attempts_at"]);
}

function sketch(about: {
  readonly topic?: Parameters;
  readonly publisher?: Parameters;
  readonly subscriptions?: readonly Parameters[];
}): Sketch {
  return {
    channels: [
      { id: "topic", kind: "topic", parameters: about.topic ?? {} },
      { id: "dead", kind: "dlq" },
    ],
    publishers: [{ to: "topic", parameters: about.publisher ?? {} }],
    subscriptions: (about.subscriptions ?? []).map((parameters) => ({ from: "topic", parameters })),
  };
}

function ran(about: About, times: readonly number[] = [0]): FakeRun {
  const run = new FakeRun(simulatedSns, sketch(about), { plans: [{ serviceMs: 1 }] });
  times.forEach((seconds, i) => run.publish(seconds * 1000, 0, `m${i}`));
  run.runUntil(3_600_000);
  return run;
}

type About = globalThis.Parameters<typeof sketch>[0];

function checkGone({ given, expect: expected }: Vector): void {
  const queue = given["dlq"] === true ? { RedrivePolicy: "dead" } : {};
  const run = ran({ subscriptions: [{ Protocol: "sqs", endpoint: "gone", ...queue }] });
  expect(run.find("deliver")).toHaveLength(Number(expected["retries"]));
  const isDead = run.find("stored", { channel: 1 }).length === 1;
  expect(isDead ? "dlq" : "lost").toBe(expected["outcome"]);
}

function checkTwo({ given, expect: expected }: Vector): void {
  const queue = given["dlq_on_first"] === true ? { RedrivePolicy: "dead" } : {};
  const run = ran({ subscriptions: [{ FilterPolicy: '{"a":["never"]}', ...queue }, {}] });
  const names = ["first", "second"];
  expect(run.find("deliver").map(({ subscription }) => names[subscription])).toEqual(
    expected["delivered_to"],
  );
  expect(run.find("stored", { channel: 1 })).toHaveLength(Number(expected["first_dlq"]));
}

function checkLater({ given, expect: expected }: Vector): void {
  expect(given["subscriptions_at_publish"]).toBe(0);
  const run = ran({ subscriptions: [] });
  expect(run.labels("unroutable")).toEqual(["m0"]);
  expect(run.liveMessages()).toBe(expected["later_receives"]);
}

function checkDeduplication({ given, expect: expected }: Vector): void {
  const times = (given["published_at"] as readonly number[]).map(Number);
  const about = {
    topic: { FifoTopic: given["fifo"] === true },
    publisher: { MessageDeduplicationId: textOf(given["dedup_id"]) },
    subscriptions: [{ Protocol: "sqs" }],
  };
  const delivered = ran(about, times).labels("deliver");
  expect(times.map((_, i) => delivered.includes(`m${i}`))).toEqual(expected["delivered"]);
}

function checkSubscribe({ given, expect: expected }: Vector): void {
  const protocol = /sqs|lambda|email|https/u.exec(textOf(given["subscribe"]))?.[0] ?? "https";
  const about = {
    topic: { FifoTopic: given["topic"] === "fifo" },
    subscriptions: [{ Protocol: protocol }],
  };
  const findings = simulatedSns.check(describeBroker(simulatedSns, sketch(about)));
  expect(findings.every(({ severity }) => severity !== "error")).toBe(expected["valid"]);
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
