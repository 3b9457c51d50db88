// Redis with maxmemory: a full server refuses what is added, and reading frees nothing.

import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { redisStreamsDeployment } from "./deploy.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { simulatedRedisStreams as redis } from "./simulated.ts";

/** 1 MB for the server and 1 MB for data: nine entries of 100 kB are below it, ten are above. */
const cluster = { maxmemory: 2e6 };

function sketch(stream: Parameters = {}): Sketch {
  return {
    parameters: cluster,
    channels: [
      { id: "s", kind: "stream", parameters: stream },
      { id: "c", kind: "pubsub" },
    ],
    publishers: [
      { to: "s", parameters: { latency: 0.01 } },
      { to: "c", parameters: { latency: 0.01 } },
    ],
    subscriptions: [{ from: "s", parameters: { latency: 0.01 } }],
  };
}

/** Twenty entries of 100 kB, one each millisecond, read and acknowledged at once. */
function filled(stream: Parameters = {}): FakeRun {
  const run = new FakeRun(redis, sketch(stream), { plans: [{ serviceMs: 0.01 }] });
  for (let i = 0; i < 20; i++) run.publish(i, 0, i, { sizeBytes: 100_000 });
  run.runUntil(1000);
  return run;
}

describe("maxmemory", () => {
  it("refuses every XADD above it although all is read and acknowledged", () => {
    const run = filled();
    expect(run.books("s").acknowledged).toBe(10);
    expect(run.broker.depths(0)).toEqual([10]);
    expect(run.outcomes.get("10")).toBe("refused: OOM: maxmemory is reached");
    run.publish(60_000, 0, "much later", { sizeBytes: 1 });
    run.runUntil(61_000);
    expect(run.outcomes.get("much later")).toBe("refused: OOM: maxmemory is reached");
    expect(run.broker.publisherBlocked?.(0)).toBe("maxmemory is reached: every XADD is refused");
  });

  it("is not reached by a stream that is trimmed", () => {
    const run = filled({ trim: "MAXLEN", maxlen: 5, trimming: "=" });
    expect(run.labels("confirmed")).toHaveLength(20);
    expect(run.broker.publisherBlocked?.(0)).toBe("");
  });

  it("does not keep pub/sub from sending", () => {
    const run = filled();
    expect(run.broker.publisherBlocked?.(1)).toBe("");
  });

  it("stands in the configuration", () => {
    const config = describeBroker(redis, sketch());
    const { files } = redisStreamsDeployment.compose({ config, host: "redis" }, (wish) => wish);
    expect(JSON.stringify(files)).toContain("maxmemory 2000000\\nmaxmemory-policy noeviction");
  });
});
