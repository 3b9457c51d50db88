// Pub/Sub against the shared vectors, where they are at hand. Which check a vector gets follows from what is given and
// expected, so that further vectors of the same shapes are checked too; one of an unknown shape fails.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Parameters, parseValue } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { subscriptionFields, topicFields } from "./fields.ts";
import { simulatedGooglePubsub as pubsub } from "./simulated.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- every vector has its own shape
type Vector = Readonly<Record<"id" | "system" | "kind", string> & Record<"given" | "expect", any>>;

const file = new URL("../../../../shared/broker-vectors.json", import.meta.url);
const vectors: readonly Vector[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]).filter(
      ({ system }) => system === "google-pubsub",
    )
  : [];

const DAY_MS = 86_400_000;
const near = { latency: 0.01 };

interface Around {
  readonly subscription?: Parameters;
  readonly consumer?: Parameters;
  readonly publisher?: Parameters;
  readonly topic?: Parameters;
  /** The dead-letter topic has a subscription. */
  readonly hasDeadLetters?: boolean;
}

/** A topic with one subscription and one client, and a dead-letter topic beside it. */
function oneSubscription(about: Around): Sketch {
  const { subscription = {}, consumer = {}, publisher = {}, topic = {} } = about;
  return {
    channels: [
      { id: "topic", kind: "topic", parameters: topic },
      { id: "subscription", kind: "subscription", parameters: subscription },
      { id: "dead", kind: "topic" },
      ...(about.hasDeadLetters === true ? [{ id: "graveyard", kind: "subscription" }] : []),
    ],
    bindings: [
      { from: "topic", to: "subscription" },
      ...(about.hasDeadLetters === true ? [{ from: "dead", to: "graveyard" }] : []),
    ],
    publishers: [{ to: "topic", parameters: { ...near, max_latency: 0, ...publisher } }],
    subscriptions: [{ from: "subscription", parameters: { ...near, ...consumer } }],
  };
}

function open(about: Around, plan: WorkerPlan = {}): FakeRun {
  return new FakeRun(pubsub, oneSubscription(about), { plans: [plan] });
}

/** A client that fails at once, by a negative acknowledgement or by no answer at all. */
const failing: WorkerPlan = { serviceMs: 0.01, verdict: () => "failed" };
const silent = { on_failure: "expire", max_extension: 0 };

/** Parameters of a retry policy as vectors write it [s]. */
function retryPolicy(policy: { min?: number; max?: number } | null | undefined): Parameters {
  if (policy === null || policy === undefined) return {};
  return {
    retry_policy: "backoff",
    ...(policy.min !== undefined && { minimum_backoff: policy.min * 1000 }),
    ...(policy.max !== undefined && { maximum_backoff: policy.max * 1000 }),
  };
}

function policiesOf(given: Vector["given"]): Parameters {
  const attempts = given.max_delivery_attempts;
  return {
    ...retryPolicy(given.retry_policy),
    ...(given.ack_deadline !== undefined && { ack_deadline_seconds: given.ack_deadline * 1000 }),
    ...(attempts !== undefined && { dead_letter_topic: "dead", max_delivery_attempts: attempts }),
    ...(given.push === true && { delivery_type: "push" }),
  };
}

/** Whether the client of a vector answers with a negative acknowledgement; else it never answers. */
const nacks = (given: Vector["given"]): boolean => String(given.client).startsWith("nack");

function publishOne(about: Around, plan: WorkerPlan, untilS: number): FakeRun {
  const run = open(about, plan);
  run.publish(0, 0, "m");
  run.runUntil(untilS * 1000);
  return run;
}

/** Checks by the names that a vector has: first those that are given, then those that are expected. The first one that has
 *  all its names counts. */
const checks: readonly {
  readonly given: readonly string[];
  readonly expect: readonly string[];
  readonly check: (vector: Vector) => void;
}[] = [
  {
    given: ["filter", "attributes"],
    expect: ["delivered"],
    check: ({ given, expect: wanted }) => {
      const attributes = JSON.stringify(given.attributes);
      const about = { subscription: { filter: given.filter }, publisher: { attributes } };
      const config = describeBroker(pubsub, oneSubscription(about));
      expect(pubsub.check(config).filter(({ parameter }) => parameter === "filter")).toEqual([]);
      const run = publishOne(about, { serviceMs: 1 }, 10);
      expect(run.find("deliver").length === 1).toBe(wanted.delivered);
    },
  },
  {
    given: ["filter"],
    expect: ["valid"],
    check: ({ given, expect: wanted }) => {
      const about = { subscription: { filter: given.filter } };
      const found = pubsub
        .check(describeBroker(pubsub, oneSubscription(about)))
        .filter(({ parameter }) => parameter === "filter");
      const fits = parseValue(subscriptionFields.filter, given.filter).ok;
      expect(fits && found.length === 0).toBe(wanted.valid);
    },
  },
  {
    given: ["subscriptions", "published", "subscribed_later"],
    expect: ["later_receives"],
    check: ({ given, expect: wanted }) => {
      const kept = given.topic_retention;
      const topic = kept === null ? {} : { message_retention_duration: 7 * DAY_MS };
      const later = { created_after: 60_000 };
      const run = open({ topic, subscription: later }, { serviceMs: 1 });
      for (let label = 0; label < given.published; label++) run.publish(label, 0, label);
      run.runUntil(600_000);
      expect(run.find("deliver")).toHaveLength(wanted.later_receives);
    },
  },
  {
    given: ["client"],
    expect: ["deliveries_at"],
    check: ({ given, expect: wanted }) => {
      const subscription = policiesOf(given);
      const consumer = nacks(given) ? {} : silent;
      const until = wanted.deliveries_at.at(-1) + 1;
      const run = publishOne({ subscription, consumer }, failing, until);
      const times = run.find("deliver").map(({ ms }) => Math.round(ms / 1000));
      expect(times).toEqual(wanted.deliveries_at);
    },
  },
  {
    given: ["client", "max_delivery_attempts"],
    expect: ["deliveries", "then"],
    check: ({ given, expect: wanted }) => {
      const subscription = policiesOf(given);
      const consumer = nacks(given) ? {} : silent;
      const about = { subscription, consumer, hasDeadLetters: true };
      const run = publishOne(about, failing, 1_000_000);
      expect(run.find("deliver")).toHaveLength(wanted.deliveries);
      expect(wanted.then).toContain("dead-letter");
      expect(run.books("graveyard").routed).toBe(1);
    },
  },
  {
    given: ["max_delivery_attempts"],
    expect: ["valid"],
    check: ({ given, expect: wanted }) => {
      const field = subscriptionFields.max_delivery_attempts;
      expect(parseValue(field, given.max_delivery_attempts).ok).toBe(wanted.valid);
      if (wanted.range !== undefined) expect([field.min, field.max]).toEqual(wanted.range);
    },
  },
  {
    given: ["ack_deadline"],
    expect: ["valid"],
    check: ({ given, expect: wanted }) => {
      const field = subscriptionFields.ack_deadline_seconds;
      expect(parseValue(field, given.ack_deadline * 1000).ok).toBe(wanted.valid);
    },
  },
  {
    given: ["dead_letter_topic_subscriptions"],
    expect: ["dead_letters"],
    check: ({ given, expect: wanted }) => {
      const subscription = { dead_letter_topic: "dead" };
      const hasDeadLetters = given.dead_letter_topic_subscriptions > 0;
      const run = publishOne({ subscription, hasDeadLetters }, failing, 100);
      const isLost = run.find("discarded").length === 1 && run.liveMessages() === 0;
      expect(isLost).toBe(wanted.dead_letters === "lost");
    },
  },
  {
    given: ["exactly_once", "ack"],
    expect: ["redelivered"],
    check: ({ given, expect: wanted }) => {
      const subscription = { enable_exactly_once_delivery: given.exactly_once };
      // An acknowledgement that comes too late is not confirmed.
      const isConfirmed = given.ack === "confirmed";
      const consumer = isConfirmed ? {} : { max_extension: 0 };
      const run = publishOne(
        { subscription, consumer },
        { serviceMs: isConfirmed ? 9000 : 15_000 },
        100,
      );
      expect(run.find("deliver").length > 1).toBe(wanted.redelivered);
    },
  },
  {
    given: ["delivery_attempt"],
    expect: ["delivery_attempt"],
    check: ({ given, expect: wanted }) => {
      const { nacks: nacked = 0, deadline_exceeded: exceeded = 0 } = given.delivery_attempt;
      const run = open({ consumer: { max_extension: 0 } });
      run.publish(0, 0, "m");
      run.runUntil(1);
      for (let nack = 0; nack < nacked; nack++) {
        run.settle(run.held(0).at(-1)!.label, "failed");
        run.runUntil(run.nowMs() + 1);
      }
      run.runUntil(run.nowMs() + exceeded * 10_001);
      expect(run.find("deliver").at(-1)?.attempt).toBe(wanted.delivery_attempt);
    },
  },
  {
    given: ["expiration_policy", "idle_days"],
    expect: ["subscription"],
    check: ({ given, expect: wanted }) => {
      const ttl = given.expiration_policy;
      const stated =
        ttl === "default" ? {} : { "expiration_policy.ttl": ttl === "never" ? null : ttl * DAY_MS };
      const run = new FakeRun(pubsub, oneSubscription({ subscription: stated }), { joins: "none" });
      run.runUntil(given.idle_days * DAY_MS);
      const isDeleted = run.broker.blocked(0).includes("deleted");
      expect(isDeleted ? "deleted" : "kept").toBe(wanted.subscription);
    },
  },
  {
    given: ["unacked_age_days", "retention"],
    expect: ["present"],
    check: ({ given, expect: wanted }) => {
      const days = given.retention;
      const subscription =
        days === "default" ? {} : { message_retention_duration: Number.parseFloat(days) * DAY_MS };
      const run = new FakeRun(pubsub, oneSubscription({ subscription }), { joins: "none" });
      run.publish(0, 0, "m");
      run.runUntil(given.unacked_age_days * DAY_MS);
      expect(run.broker.waiting(0) === 1).toBe(wanted.present);
    },
  },
  {
    given: ["ordering_key", "redelivered"],
    expect: ["also_redelivered"],
    check: ({ given, expect: wanted }) => {
      const run = open({ subscription: { enable_message_ordering: true } });
      for (const label of given.messages) run.publish(0, 0, label, { key: given.ordering_key });
      run.runUntil(1);
      run.settle(String(given.redelivered), "failed");
      run.runUntil(2);
      const again = run.find("deliver").slice(given.messages.length);
      expect(again.slice(1).map(({ label }) => label)).toEqual(wanted.also_redelivered.map(String));
    },
  },
  {
    given: ["push_status"],
    expect: ["acknowledged"],
    check: ({ given, expect: wanted }) => {
      const about = {
        subscription: { delivery_type: "push" },
        consumer: { success_status: given.push_status },
      };
      const run = publishOne(about, { serviceMs: 1 }, 1);
      expect(run.find("acknowledged").length === 1).toBe(wanted.acknowledged);
    },
  },
];

/** The check of a vector: the one that asks for most of its names. */
function checkOf({ given, expect: wanted }: Vector) {
  return checks
    .filter(
      (one) =>
        one.given.every((name) => Object.hasOwn(given, name)) &&
        one.expect.every((name) => Object.hasOwn(wanted, name)),
    )
    .toSorted((a, b) => b.given.length + b.expect.length - a.given.length - a.expect.length)
    .at(0);
}

describe.skipIf(vectors.length === 0)("vectors", () => {
  test.each(vectors.map((vector) => [`${vector.id} (${vector.kind})`, vector] as const))(
    "%s",
    (_, vector) => {
      const found = checkOf(vector);
      expect(found, "a vector of a shape that is known").toBeDefined();
      found?.check(vector);
    },
  );
});

// Statements of the fact sheet that the file at hand has no vector for.
describe("the fact sheet", () => {
  test.each([
    ['attributes.type = "order"', { type: "Order" }, false],
    ['attributes.type != "order"', { type: "refund" }, true],
    ['attributes.type != "order"', {}, true],
    ['hasPrefix(attributes.region, "eu-")', { region: "us-eu-" }, false],
    ["NOT attributes:debug", {}, true],
    ["-attributes:debug", { debug: "" }, false],
    ['attributes."iana.org/tag" = "en"', { "iana.org/tag": "en" }, true],
    ['attributes:a AND (attributes.b = "1" OR attributes.b = "2")', { a: "", b: "2" }, true],
    ["NOT attributes:a AND attributes:b", { b: "" }, true],
    [String.raw`attributes:"\u307F\x41\101\""`, { 'みAA"': "" }, true],
    ["attributes:__proto__", {}, false],
  ])("%s with %j: %s", (filter, attributes, delivered) => {
    checks[0]?.check({
      id: "",
      system: "",
      kind: "",
      given: { filter, attributes },
      expect: { delivered },
    });
  });

  test.each([
    'attributes.name = "com" AND ("net" OR "org")',
    '"com" = attributes.name',
    "attributes.name = attributes.website",
    String.raw`attributes:\u307F`,
    "attributes:a AND attributes:b OR attributes:c",
    "attributes:a and attributes:b",
    'attributes.a > "1"',
    "attributes:a AND",
    "(".repeat(250),
    `attributes:${"a".repeat(250)}`,
    'attributes.a = "open',
    "()",
  ])("refuses %s", (filter) => {
    const check = checks.find(({ given }) => given.length === 1 && given[0] === "filter");
    check?.check({ id: "", system: "", kind: "", given: { filter }, expect: { valid: false } });
  });

  test("a topic keeps 31 days at most", () => {
    const field = topicFields.message_retention_duration;
    expect([600_000, 31 * DAY_MS, 32 * DAY_MS].map((value) => parseValue(field, value).ok)).toEqual(
      [true, true, false],
    );
  });
});
