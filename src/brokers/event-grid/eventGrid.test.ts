// Event Grid: what sets it apart from other brokers and from naive simulators. Its contract is in contract.test.ts.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { eventGridDeployment } from "./deploy.ts";
import { simulatedEventGrid as grid } from "./simulated.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const near = { latency: 0.01 };

function sketchOf(
  subscription: Parameters = {},
  more: {
    readonly endpoint?: Parameters;
    readonly publisher?: Parameters;
    readonly topic?: Parameters;
  } = {},
): Sketch {
  return {
    channels: [
      { id: "topic", kind: "topic", parameters: more.topic ?? {} },
      { id: "s", kind: "subscription", parameters: subscription },
      { id: "dead", kind: "container", name: "dead-letters" },
    ],
    bindings: [{ from: "topic", to: "s" }],
    publishers: [{ to: "topic", parameters: { ...near, ...more.publisher } }],
    subscriptions: [{ from: "s", parameters: { ...near, ...more.endpoint } }],
  };
}

const fails: WorkerPlan = { serviceMs: 0.01, verdict: () => "failed" };

/** Runs one event for a time and returns what happened. */
function after(ms: number, sketch: Sketch, plan: WorkerPlan = fails): FakeRun {
  const run = new FakeRun(grid, sketch, { plans: [plan] });
  run.publish(0, 0, "e", { key: "orders/1.JPG" });
  run.runUntil(ms);
  return run;
}

const attempts = (run: FakeRun) => run.find("deliver").length;

describe("what a naive simulator gets wrong", () => {
  test("there is no order: an event that failed comes behind later ones", () => {
    const run = new FakeRun(grid, sketchOf(), {
      plans: [
        { serviceMs: 1, verdict: (label, n) => (label === "1" && n === 1 ? "failed" : "done") },
      ],
    });
    for (const label of [1, 2]) run.publish(0, 0, label);
    run.runUntil(MINUTE_MS);
    expect(run.labels("deliver")).toEqual(["1", "2", "1"]);
  });

  test("30 attempts are not the limit that binds: a day has time for 11", () => {
    const run = after(2 * DAY_MS, sketchOf());
    expect(attempts(run)).toBe(11);
    expect(run.find("dropped").map(({ reason }) => reason)).toEqual(["age"]);
    expect(Math.round(run.find("dropped")[0]!.ms / MINUTE_MS)).toBe(1440);
  });

  test("400, 401, 403 and 413 are never tried again", () => {
    const count = (failure_status: number) =>
      attempts(after(MINUTE_MS, sketchOf({}, { endpoint: { failure_status } })));
    expect([400, 401, 403, 413].map(count)).toEqual([1, 1, 1, 1]);
    expect([409, 429, 500].map(count)).toEqual([3, 3, 3]);
  });

  test("texts are compared without case, in filters of the subject unless asked for", () => {
    const arrives = (parameters: Parameters) =>
      attempts(after(1000, sketchOf(parameters), { serviceMs: 1 })) === 1;
    expect(arrives({ subjectEndsWith: ".jpg" })).toBe(true);
    expect(arrives({ subjectEndsWith: ".jpg", isSubjectCaseSensitive: true })).toBe(false);
    expect(arrives({ subjectBeginsWith: "ORDERS/" })).toBe(true);
  });

  test("a key that is missing does not pass StringNotContains, but StringNotIn", () => {
    const arrives = (operatorType: string, value: string | number = "red") => {
      const filter = { operatorType, key: "data.color", values: [value] };
      const run = after(1000, sketchOf({ advancedFilters: JSON.stringify([filter]) }), {
        serviceMs: 1,
      });
      return attempts(run) === 1;
    };
    expect([arrives("StringNotIn"), arrives("NumberNotIn", 1)]).toEqual([true, true]);
    for (const name of ["StringNotContains", "StringNotBeginsWith", "StringNotEndsWith"])
      expect(arrives(name), name).toBe(false);
  });

  test("nothing is stored for subscribers that come later: a topic without subscription loses", () => {
    const run = after(1000, { ...sketchOf(), bindings: [], subscriptions: [] });
    expect(run.outcomes.get("e")).toBe("confirmed");
    expect(run.labels("unroutable")).toEqual(["e"]);
    expect(run.liveMessages()).toBe(0);
  });

  test("not every 2xx is success: 205 and above are failures", () => {
    const isTaken = (success_status: number) => {
      const run = after(1000, sketchOf({}, { endpoint: { success_status } }), { serviceMs: 1 });
      return run.find("acknowledged").length === 1;
    };
    expect([200, 201, 202, 203, 204].map(isTaken)).toEqual([true, true, true, true, true]);
    expect([205, 206, 302].map(isTaken)).toEqual([false, false, false]);
  });

  test("an answer after 30 s is a failure, and the event comes again", () => {
    const run = after(35 * MINUTE_MS, sketchOf(), { serviceMs: 40_000 });
    expect(attempts(run)).toBeGreaterThan(1);
    expect(run.find("returned")[0]?.reason).toBe("timeout");
  });
});

describe("the schedule", () => {
  const secondAttempt = (failure_status: number) =>
    Math.round(
      after(10 * MINUTE_MS, sketchOf({}, { endpoint: { failure_status } })).find("deliver")[1]!.ms /
        1000,
    );

  test("waits longer after 404, 408 and 503", () => {
    expect([500, 503, 408, 404].map(secondAttempt)).toEqual([10, 30, 120, 300]);
  });

  test("ends with whichever limit is reached first", () => {
    const count = (maxDeliveryAttempts: number) =>
      attempts(
        after(
          60 * MINUTE_MS,
          sketchOf({ maxDeliveryAttempts, eventTimeToLiveInMinutes: 30 * MINUTE_MS }),
        ),
      );
    expect([5, 10].map(count)).toEqual([5, 6]);
  });

  test("dead letters are written five minutes after the last attempt", () => {
    const sketch = sketchOf({ maxDeliveryAttempts: 1, deadLetterDestination: "dead-letters" });
    const run = after(4 * MINUTE_MS, sketch);
    expect(run.find("rejected")).toHaveLength(1);
    expect(run.broker.depths(2)).toEqual([0]);
    run.runUntil(6 * MINUTE_MS);
    expect(run.broker.depths(2)).toEqual([1]);
  });

  test("an endpoint that is down for a while gets its events when it is back", () => {
    const run = new FakeRun(grid, sketchOf(), { plans: [{ serviceMs: 1 }], joins: "none" });
    run.publish(0, 0, "e");
    run.at(MINUTE_MS, () => run.join(0, 0));
    run.runUntil(5 * MINUTE_MS);
    expect(run.find("deliver").map(({ ms }) => Math.round(ms / 1000))).toEqual([100]);
  });
});

describe("filters", () => {
  const arrives = (parameters: Parameters, publisher: Parameters = {}, topic: Parameters = {}) =>
    attempts(after(1000, sketchOf(parameters, { publisher, topic }), { serviceMs: 1 })) === 1;
  const filter = (key: string, value: string) => ({
    advancedFilters: JSON.stringify([{ operatorType: "StringIn", key, values: [value] }]),
  });

  test("types are listed, and all pass without a list", () => {
    expect(arrives({ includedEventTypes: "Other, OrderPlaced" })).toBe(true);
    expect(arrives({ includedEventTypes: "Other" })).toBe(false);
  });

  test("keys are those of the schema of the topic", () => {
    const cloud = { inputSchema: "CloudEventSchemaV1_0" };
    expect(arrives(filter("eventType", "orderplaced"))).toBe(true);
    expect(arrives(filter("type", "orderplaced"))).toBe(false);
    expect(arrives(filter("type", "orderplaced"), {}, cloud)).toBe(true);
  });

  test("data is seen with the key of the message in it", () => {
    const data = '{"path":["x"],"image":{"name":"{key}"}}';
    expect(arrives(filter("data.image.name", "orders/1.jpg"), { data })).toBe(true);
    expect(arrives(filter("data.path", "x"), { data })).toBe(false);
    const arrays = { enableAdvancedFilteringOnArrays: true };
    expect(arrives({ ...filter("data.path", "x"), ...arrays }, { data })).toBe(true);
  });

  test.each([
    ["no list", "{}"],
    ["an operator that does not exist", '[{"operatorType":"StringIs","key":"a","values":["b"]}]'],
    ["values of another type", '[{"operatorType":"NumberIn","key":"a","values":["b"]}]'],
    ["no values", '[{"operatorType":"StringIn","key":"a"}]'],
    [
      "too many values",
      JSON.stringify([
        { operatorType: "NumberIn", key: "a", values: Array.from({ length: 26 }, (_, i) => i) },
      ]),
    ],
  ])("are refused: %s", (_, advancedFilters) => {
    const config = describeBroker(
      grid,
      sketchOf({ advancedFilters, deadLetterDestination: "dead" }),
    );
    expect(grid.check(config).map(({ code }) => code)).toEqual(["event-grid/advanced-filters"]);
  });
});

describe("ingress", () => {
  test("beyond the quota events are refused for the moment, and for good after three retries", () => {
    const run = new FakeRun(grid, sketchOf({}, { topic: { ingress: 10 } }), {
      plans: [{ serviceMs: 0.1 }],
    });
    run.publishAll(
      0,
      0,
      Array.from({ length: 100 }, (_, i) => i),
    );
    run.runUntil(MINUTE_MS);
    expect(run.find("confirmed").length).toBeGreaterThan(10);
    expect(new Set(run.find("refused").map(({ reason }) => reason))).toEqual(
      new Set(["throttled"]),
    );
  });

  test("an event of more than 1 MB is refused", () => {
    const run = new FakeRun(grid, sketchOf());
    run.publish(0, 0, "e", { sizeBytes: 1_048_577 });
    run.runUntil(1);
    expect(run.outcomes.get("e")).toBe("refused: event-too-large");
  });
});

test("the template has the subscription with its filters, its limits and its container", () => {
  const sketch = sketchOf({ deadLetterDestination: "dead", includedEventTypes: "A, B" });
  const config = describeBroker(grid, sketch);
  const [file] = eventGridDeployment.setUps[0]!.files({ config, host: "grid" }, "").files;
  expect(file !== undefined && "json" in file ? file.json : {}).toMatchObject({
    resources: [
      { name: "topic" },
      {
        name: "topic/s",
        properties: {
          filter: { includedEventTypes: ["A", "B"], advancedFilters: [] },
          retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
          deadLetterDestination: { properties: { blobContainerName: "dead-letters" } },
        },
      },
    ],
  });
});

describe("delivery to an endpoint that keeps failing", () => {
  /** Eleven events at once and one at 2 min, to an endpoint that fails up to a time. */
  function failing(untilMs: number, subscription: Parameters) {
    const verdict = () => (run.nowMs() < untilMs ? "failed" : "done");
    const plans = [{ serviceMs: 0.01, verdict }] as const;
    const run: FakeRun = new FakeRun(grid, sketchOf(subscription), { plans });
    for (let label = 1; label <= 11; label++) run.publish(0, 0, label);
    run.publish(2 * MINUTE_MS, 0, "new");
    run.runUntil(DAY_MS);
    return run.find("deliver");
  }
  const times = (
    entries: readonly { readonly ms: number; readonly label: string }[],
    label: string,
  ) => entries.filter((one) => one.label === label).map(({ ms }) => Math.round(ms / 1000));

  test("is delayed after ten failures in a row, new events included, and resumes late", () => {
    const entries = failing(5000, { delayed_delivery: 10 * MINUTE_MS });
    expect(times(entries, "1")).toEqual([0, 600]);
    expect(times(entries, "new")).toEqual([600]);
  });

  test("is delayed twice as long when it still fails", () => {
    const entries = failing(15 * MINUTE_MS, { delayed_delivery: 10 * MINUTE_MS });
    expect(times(entries, "1")).toEqual([0, 600, 1800]);
    expect(times(entries, "new")).toEqual([600, 1800]);
  });

  test("is as each event's own schedule has it where nobody looks", () => {
    const entries = failing(5000, {});
    expect(times(entries, "1")).toEqual([0, 10]);
    expect(times(entries, "new")).toEqual([120]);
  });

  test("is not delayed by nine failures in a row", () => {
    const verdict = (label: string, n: number) => (n === 1 && label !== "10" ? "failed" : "done");
    const run = new FakeRun(grid, sketchOf({ delayed_delivery: MINUTE_MS }), {
      plans: [{ serviceMs: 0.01, verdict }],
    });
    for (let label = 1; label <= 15; label++) run.publish(label, 0, label);
    run.runUntil(MINUTE_MS);
    expect(run.labels("acknowledged")).toHaveLength(15);
  });
});
