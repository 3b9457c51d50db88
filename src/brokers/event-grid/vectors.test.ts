// Event Grid against the shared vectors, where they are at hand. Which check a vector gets follows from what is given and
// expected; one of an unknown shape fails.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { simulatedEventGrid as grid } from "./simulated.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- every vector has its own shape
type Vector = Readonly<Record<"id" | "system" | "kind", string> & Record<"given" | "expect", any>>;

const file = new URL("../../../../shared/broker-vectors.json", import.meta.url);
const vectors: readonly Vector[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]).filter(
      ({ system }) => system === "event-grid",
    )
  : [];

const DAY_MS = 86_400_000;

interface Around {
  readonly subscription?: Parameters;
  readonly endpoint?: Parameters;
  readonly publisher?: Parameters;
}

/** Publishes one event and lets a time pass. */
function runOne(about: Around, plan: WorkerPlan, untilMs: number): FakeRun {
  const run = new FakeRun(
    grid,
    {
      channels: [
        { id: "topic", kind: "topic" },
        { id: "s", kind: "subscription", parameters: about.subscription ?? {} },
        { id: "dead", kind: "container" },
      ],
      bindings: [{ from: "topic", to: "s" }],
      publishers: [{ to: "topic", parameters: { latency: 0.01, ...about.publisher } }],
      subscriptions: [{ from: "s", parameters: { latency: 0.01, ...about.endpoint } }],
    },
    { plans: [plan] },
  );
  run.publish(0, 0, "e");
  run.runUntil(untilMs);
  return run;
}

const fails: WorkerPlan = { serviceMs: 0.01, verdict: () => "failed" };
const works: WorkerPlan = { serviceMs: 0.01 };

/** Filters under the names of the resource manager, which are those of the fields. */
function filtersOf(given: Vector["given"]): Parameters {
  const { advancedFilters, includedEventTypes } = given;
  const named = [
    "subjectBeginsWith",
    "subjectEndsWith",
    "isSubjectCaseSensitive",
    "enableAdvancedFilteringOnArrays",
  ].filter((name) => name in given);
  const parameters: Parameters = Object.fromEntries(named.map((name) => [name, given[name]]));
  return {
    ...parameters,
    ...(advancedFilters !== undefined && { advancedFilters: JSON.stringify(advancedFilters) }),
    ...(includedEventTypes !== undefined && { includedEventTypes: includedEventTypes.join(",") }),
  };
}

function limitsOf(given: Vector["given"]): Parameters {
  const { maxDeliveryAttempts: attempts, eventTimeToLiveInMinutes: minutes } = given;
  return {
    ...(attempts !== undefined && { maxDeliveryAttempts: attempts }),
    ...(minutes !== undefined && { eventTimeToLiveInMinutes: minutes * 60_000 }),
  };
}

/** The status in words such as "500" or "fails at once with 500". */
const statusIn = (words: unknown): number => Number(/\d{3}/u.exec(String(words))?.[0] ?? 500);

const checks: readonly {
  readonly fits: (vector: Vector) => boolean;
  readonly check: (vector: Vector) => void;
}[] = [
  {
    fits: ({ expect: wanted }) => "delivered" in wanted,
    check: ({ given, expect: wanted }) => {
      const publisher = {
        ...(given.data !== undefined && { data: JSON.stringify(given.data) }),
        ...(given.subject !== undefined && { subject: given.subject }),
        ...(given.eventType !== undefined && { eventType: given.eventType }),
      };
      const run = runOne({ subscription: filtersOf(given), publisher }, works, 1000);
      expect(run.find("deliver").length === 1).toBe(wanted.delivered);
    },
  },
  {
    fits: ({ given, expect: wanted }) => "endpoint" in given && "attempts_at_s" in wanted,
    check: ({ given, expect: wanted }) => {
      const endpoint = { failure_status: statusIn(given.endpoint) };
      const subscription = { ...limitsOf(given), deadLetterDestination: "dead" };
      const run = runOne({ subscription, endpoint }, fails, 2 * DAY_MS);
      const times = run.find("deliver").map(({ ms }) => Math.round(ms / 1000));
      expect(times).toEqual(wanted.attempts_at_s);
      if (wanted.attempts_before_ttl !== undefined)
        expect(times).toHaveLength(wanted.attempts_before_ttl);
      if (String(wanted.then).startsWith("dead-letter at 24 h"))
        expect(run.find("deadLettered").map(({ ms }) => Math.round(ms / 1000))).toEqual([86_400]);
    },
  },
  {
    fits: ({ given, expect: wanted }) => "endpoint" in given && "ended_by" in wanted,
    check: ({ given, expect: wanted }) => {
      const endpoint = { failure_status: statusIn(given.endpoint) };
      const run = runOne({ subscription: limitsOf(given), endpoint }, fails, 2 * DAY_MS);
      expect(run.find("deliver")).toHaveLength(wanted.attempts);
      const [end] = [...run.find("dropped"), ...run.find("discarded")];
      expect(end?.reason === "age" ? "ttl" : "attempts").toBe(wanted.ended_by);
    },
  },
  {
    fits: ({ given, expect: wanted }) => "webhook_status" in given && "outcome" in wanted,
    check: ({ given, expect: wanted }) => {
      const subscription = given.dead_letter === true ? { deadLetterDestination: "dead" } : {};
      const endpoint = { failure_status: given.webhook_status };
      const run = runOne({ subscription, endpoint }, fails, 2 * DAY_MS);
      expect(run.find("deliver")).toHaveLength(wanted.attempts);
      const isDead = run.broker.depths(2)[0] === 1;
      expect(isDead ? "dead-letter" : "dropped").toBe(wanted.outcome);
    },
  },
  {
    fits: ({ given, expect: wanted }) => "webhook_status" in given && "acknowledged" in wanted,
    check: ({ given, expect: wanted }) => {
      const run = runOne({ endpoint: { success_status: given.webhook_status } }, works, 1000);
      expect(run.find("acknowledged").length === 1).toBe(wanted.acknowledged);
    },
  },
  {
    fits: ({ given, expect: wanted }) => "webhook_status" in given && "retried" in wanted,
    check: ({ given, expect: wanted }) => {
      const run = runOne({ endpoint: { failure_status: given.webhook_status } }, fails, 3_600_000);
      expect(run.find("deliver").length > 1).toBe(wanted.retried);
    },
  },
  {
    fits: ({ given }) => "webhook_response_after_s" in given,
    check: ({ given, expect: wanted }) => {
      const serviceMs = given.webhook_response_after_s * 1000;
      const run = runOne({}, { serviceMs }, serviceMs + 90_000);
      const isInTime = run.find("returned").length === 0;
      expect(isInTime).toBe(wanted.acknowledged_in_time);
      expect(run.find("deliver").length > 1).toBe(wanted.duplicate_possible);
    },
  },
];

/** What this version does not model, with the reason. */
const notYet = ({ given }: Vector): string =>
  "maxEventsPerBatch" in given ? "output batching is not modelled" : "";

describe.skipIf(vectors.length === 0)("vectors", () => {
  test.each(vectors.map((vector) => [`${vector.id} (${vector.kind})`, vector] as const))(
    "%s",
    (_, vector) => {
      const reason = notYet(vector);
      if (reason !== "") {
        expect(grid.notModelled.join(" ").toLowerCase()).toContain("output batching");
        return;
      }
      const found = checks.find(({ fits }) => fits(vector));
      expect(found, "a vector of a shape that is known").toBeDefined();
      found?.check(vector);
    },
  );
});
