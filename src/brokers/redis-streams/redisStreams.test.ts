// Redis Streams: the contract of all technologies, and what is peculiar to it, among it each statement of its fact sheet
// under "never simplify".

import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import type { Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulatedRedisStreams as redis } from "./simulated.ts";
import { describeTechnology } from "../technology.suite.ts";

describeTechnology(redis, {
  sketch: {
    parameters: { replicas: 1, appendonly: true, "down-after-milliseconds": 3000, failover: 500 },
    channels: [
      { id: "s", kind: "stream" },
      { id: "t", kind: "stream", parameters: { trim: "MAXLEN", maxlen: 100_000, trimming: "~" } },
    ],
    publishers: [{ to: "s" }, { to: "t", parameters: { wait_replicas: 1, wait_timeout: 50 } }],
    subscriptions: [
      {
        from: "s",
        workers: 3,
        parameters: {
          count: 5,
          consumer: "new",
          start: ">",
          claim: "XAUTOCLAIM",
          claim_every: 1000,
          "min-idle-time": 2000,
        },
      },
      // What a failover makes pending again belongs to workers that may never restart: somebody has to claim it.
      { from: "s", workers: 2, parameters: { count: 1, claim: "XAUTOCLAIM", claim_every: 9000 } },
      { from: "t", workers: 1, parameters: { command: "XREAD" } },
      {
        from: "t",
        workers: 2,
        parameters: { group: "shared", block: null, claim: "XAUTOCLAIM", claim_every: 9000 },
      },
    ],
  },
  order: "none",
  losesConfirmed: "possible",
  nodes: 2,
  drainsWithinMs: 60_000,
  idleWakesPerHour: 0,
});

interface Given {
  readonly cluster?: Parameters;
  readonly stream?: Parameters;
  readonly publish?: Parameters;
  readonly readers?: readonly Parameters[];
  readonly workers?: number;
}

/** A stream "s" with one publisher and readers, and a stream "dlq". Everything takes the least latency there is. */
function sketch({ cluster, stream, publish, readers = [{}], workers = 1 }: Given): Sketch {
  const fast = { latency: 0.01 };
  return {
    parameters: { replicas: 0, ...cluster },
    channels: [
      { id: "s", kind: "stream", ...(stream && { parameters: stream }) },
      { id: "dlq", kind: "stream" },
    ],
    publishers: [{ to: "s", parameters: { ...fast, ...publish } }],
    subscriptions: readers.map((parameters) => ({
      from: "s",
      workers,
      parameters: { ...fast, ...parameters },
    })),
  };
}

const start = (given: Given, serviceMs?: number) =>
  new FakeRun(redis, sketch(given), {
    plans: serviceMs === undefined ? [{}] : [{ serviceMs }],
  });

describe("never: automatic redelivery", () => {
  it("leaves what a crashed worker held pending for ever, when nobody claims", () => {
    const run = start({ readers: [{ start: ">" }], workers: 2 });
    run.publish(0, 0, "a");
    run.at(10, () => run.leave(0, 0, "crash"));
    run.at(20, () => run.join(0, 0));
    run.runUntil(86_400_000);
    expect(run.find("deliver")).toHaveLength(1);
    expect(run.broker.waiting(0)).toBe(1);
    expect(run.broker.blocked(0)).toContain("nobody claims");
  });

  it("gives it to a worker of the same name that reads its own pending entries first", () => {
    const run = start({ readers: [{ start: "0" }] });
    run.publish(0, 0, "a");
    run.at(10, () => run.leave(0, 0, "crash"));
    run.at(20, () => run.join(0, 0));
    run.runUntil(1000);
    expect(run.find("deliver").map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it("does not give it to a worker that comes back under a new name", () => {
    const run = start({ readers: [{ start: "0", consumer: "new" }] });
    run.publish(0, 0, "a");
    run.at(10, () => run.leave(0, 0, "crash"));
    run.at(20, () => run.join(0, 0));
    run.runUntil(1_000_000);
    expect(run.find("deliver")).toHaveLength(1);
  });
});

describe("never: visibility timeout", () => {
  const claiming = {
    start: ">",
    claim: "XAUTOCLAIM",
    claim_every: 5000,
    "min-idle-time": 30_000,
  };

  it("lets a worker keep an entry for hours while nobody asks for idle ones", () => {
    const run = start({ readers: [{}], workers: 2 });
    run.publish(0, 0, "a");
    run.runUntil(10 * 3_600_000);
    expect(run.heldLabels(0)).toEqual(["a"]);
    expect(run.find("deliver")).toHaveLength(1);
  });

  it("lets a free worker claim it at the first tick after the idle time, and counts", () => {
    const run = start({ readers: [claiming], workers: 2 });
    run.publish(0, 0, "a");
    run.runUntil(60_000);
    const [, second] = run.find("deliver");
    expect(second).toMatchObject({ attempt: 2, worker: 1 });
    expect(second?.ms).toBeCloseTo(35_000, 0);
    expect(run.find("returned").map(({ reason }) => reason)).toEqual([
      "claimed by another consumer",
    ]);
  });

  it("ends the entry for both when the first worker acknowledges late", () => {
    const run = start({ readers: [claiming], workers: 2 });
    run.publish(0, 0, "a");
    run.at(40_000, () => {
      const [first] = run.held(0, 0);
      expect(first?.label).toBe("a");
      first!.held = false;
      run.broker.settle(first!.handle, "done");
    });
    run.runUntil(41_000);
    expect(run.find("acknowledged")).toHaveLength(1);
    run.at(50_000, () => run.settle("a"));
    run.runUntil(200_000);
    expect(run.find("deliver")).toHaveLength(2);
    expect(run.books("s")).toMatchObject({ acknowledged: 1, waiting: 0, inFlight: 0 });
    expect(run.liveDeliveries()).toBe(0);
  });
});

describe("never: acknowledging deletes", () => {
  it("keeps acknowledged entries in the stream", () => {
    const run = start({}, 1);
    run.publishAll(0, 0, [1, 2, 3]);
    run.runUntil(1000);
    expect(run.books("s").acknowledged).toBe(3);
    expect(run.broker.depths(0)).toEqual([3]);
  });
});

describe("never: an exact length with ~", () => {
  const lengths = (stream: Parameters, nodeEntries: number, count: number) => {
    const run = start({
      stream: { trim: "MAXLEN", ...stream },
      cluster: { "stream-node-max-entries": nodeEntries, "stream-node-max-bytes": 0 },
      readers: [],
    });
    const seen: number[] = [];
    for (let i = 0; i < count; i++) {
      run.publish(i, 0, i);
      run.at(i + 0.5, () => seen.push(run.broker.depths(0)[0]!));
    }
    run.runUntil(count);
    return seen;
  };

  it.each([
    [10, 100, 10, 109],
    [1000, 100, 1000, 1099],
    [120, 50, 120, 169],
  ])("runs from %i up with nodes of %i", (maxlen, node, least, most) => {
    const seen = lengths({ maxlen, trimming: "~" }, node, 2000).slice(1500);
    expect(Math.min(...seen)).toBe(least);
    expect(Math.max(...seen)).toBe(most);
  });

  it("is exact with =", () => {
    expect(Math.max(...lengths({ maxlen: 7, trimming: "=" }, 100, 300))).toBe(7);
  });

  it("closes nodes by size too", () => {
    const run = start({
      stream: { trim: "MAXLEN", maxlen: 10, trimming: "~" },
      readers: [],
    });
    for (let i = 0; i < 1000; i++) run.publish(i, 0, i, { sizeBytes: 1000 });
    run.runUntil(1000);
    // Four entries of 1,000 bytes fill a node of 4,096.
    expect(run.broker.depths(0)[0]).toBeLessThanOrEqual(14);
  });
});

describe("never: the crash of a process loses data with everysec", () => {
  const published = (cluster: Parameters) => {
    const run = start({ cluster, readers: [{}], publish: { command_timeout: 60_000 } });
    run.at(0, () => run.leave(0, 0, "close"));
    for (let i = 0; i < 500; i++) run.publish(10 * i + 1, 0, i);
    run.at(4555, () => run.broker.crashNode(0));
    run.at(4900, () => run.broker.restartNode(0));
    run.runUntil(6000);
    return run;
  };
  const lost = (cluster: Parameters) => published(cluster).books("s").dropped;
  const power = { appendonly: true, crash: "power" };

  it("loses nothing when the process is killed, whatever appendfsync is", () => {
    for (const appendfsync of ["always", "everysec", "no"])
      expect(lost({ appendonly: true, appendfsync })).toBe(0);
  });

  it("loses up to a second with everysec when the machine is without power", () => {
    // From 4.000 to 4.555 s.
    expect(lost({ ...power, appendfsync: "everysec" })).toBe(56);
  });

  it("loses nothing with always, and everything since the system wrote with no", () => {
    expect(lost({ ...power, appendfsync: "always" })).toBe(0);
    expect(lost({ ...power, appendfsync: "no" })).toBe(456);
  });

  it("loses everything without persistence, and everything since the last snapshot with RDB", () => {
    expect(lost({ save: "" })).toBe(456);
    // Every second with a change; the crash is at 4.555 s.
    const since = lost({ save: "1 1" });
    expect(since).toBeGreaterThan(0);
    expect(since).toBeLessThan(110);
  });

  it("says why, and goes on with what clients have kept", () => {
    const run = published({ save: "" });
    expect(run.find("dropped")[0]?.reason).toBe("lost with node 0: not yet on disk");
    expect([...run.outcomes.values()].filter((one) => one === "confirmed")).toHaveLength(500);
  });
});

describe("never: replicas as synchronous", () => {
  const cluster = {
    replicas: 2,
    appendonly: true,
    replication_delay: 100,
    "down-after-milliseconds": 5000,
    failover: 1000,
  };

  it("loses what was confirmed and not replicated at a failover, which takes its time", () => {
    const run = start({ cluster, publish: { command_timeout: 60_000 } });
    for (let i = 0; i < 100; i++) run.publish(10 * i, 0, i);
    run.at(555, () => run.broker.crashNode(0));
    run.runUntil(20_000);
    // Confirmed between 455 and 555 ms; what came to nobody's worker is dropped, the one in hand as well.
    expect(run.find("dropped").length + run.find("discarded").length).toBe(10);
    const late = run.find("confirmed").filter(({ ms }) => ms > 600);
    expect(late[0]?.ms).toBeCloseTo(6555, 0);
    expect(run.broker.nodes().map(({ leads }) => leads > 0)).toEqual([false, true, false]);
  });

  it("redelivers what was acknowledged within the lost tail", () => {
    const run = start({ cluster: { ...cluster, replication_delay: 1000 } }, 1);
    run.publish(0, 0, "early");
    run.publish(5000, 0, "a");
    run.at(5990, () => run.leave(0, 0, "close"));
    run.at(5991, () => run.join(0, 0));
    run.at(4500, () => run.broker.slowNode?.(1, 3));
    run.at(4500, () => run.broker.slowNode?.(2, 3));
    run.at(6500, () => run.broker.crashNode(0));
    run.runUntil(60_000);
    expect(run.labels("deliver")).toEqual(["early", "a"]);
    const again = start({ cluster: { ...cluster, replication_delay: 1000 } }, 500);
    again.publish(0, 0, "a");
    again.at(1200, () => again.broker.crashNode(0));
    again.runUntil(60_000);
    // Added at 0, read at 0, acknowledged at 500: the replica had the state of 200 ms.
    expect(again.labels("acknowledged")).toEqual(["a"]);
    expect(again.books("s")).toMatchObject({ routed: 2, waiting: 1 });
  });

  it("waits with WAIT for replicas, and does not take back what too few have", () => {
    const run = start({
      cluster: { ...cluster, replication_delay: 1 },
      publish: { wait_replicas: 2, wait_timeout: 500 },
    });
    run.publish(0, 0, "both");
    run.at(100, () => run.broker.slowNode?.(2, 1_000_000));
    run.publish(200, 0, "one");
    run.runUntil(2000);
    expect(run.outcomes.get("both")).toBe("confirmed");
    expect(run.outcomes.get("one")).toBe("refused: WAIT: too few replicas in time");
    expect(run.labels("stored")).toEqual(["both", "one"]);
    expect(run.find("refused")[0]?.ms).toBeCloseTo(700, 0);
  });

  it("refuses writes with NOREPLICAS when too few are in touch, a cut off one only after max-lag", () => {
    const run = start({
      cluster: { ...cluster, "min-replicas-to-write": 2, "min-replicas-max-lag": 10_000 },
    });
    run.at(1000, () => run.broker.isolateNode?.(2, true));
    for (const ms of [500, 5000, 12_000, 14_000]) run.publish(ms, 0, ms);
    run.at(13_000, () => run.broker.isolateNode?.(2, false));
    run.runUntil(20_000);
    expect([...run.outcomes.values()]).toEqual([
      "confirmed",
      "confirmed",
      "refused: NOREPLICAS",
      "confirmed",
    ]);
  });

  it("empties the replicas when a primary without persistence starts again before a failover", () => {
    const run = start({ cluster: { ...cluster, appendonly: false, save: "" } });
    run.at(0, () => run.leave(0, 0, "close"));
    run.publishAll(10, 0, [1, 2, 3]);
    run.at(1000, () => run.broker.crashNode(0));
    run.at(2000, () => run.broker.restartNode(0));
    run.at(3000, () => run.broker.crashNode(0));
    run.runUntil(60_000);
    expect(run.broker.depths(0)).toEqual([0]);
    expect(run.find("note").map(({ reason }) => reason)[0]).toContain("starts empty");
  });

  it("loses nothing when a cut off primary is back before Sentinel calls it down", () => {
    const run = start({ cluster });
    run.publish(0, 0, "a");
    run.at(1, () => run.broker.isolateNode?.(0, true));
    run.at(4000, () => run.broker.isolateNode?.(0, false));
    run.publish(2000, 0, "b");
    run.runUntil(30_000);
    expect(run.broker.nodes()[0]).toMatchObject({ up: true, leads: 2 });
    expect(run.broker.depths(0)).toEqual([2]);
  });

  it("promotes nobody without Sentinel, and gives up commands after their time-out", () => {
    const run = start({ cluster: { ...cluster, sentinel: false } });
    run.at(0, () => run.broker.crashNode(0));
    run.publish(10, 0, "a");
    run.runUntil(600_000);
    expect(run.outcomes.get("a")).toBe("refused: no primary");
    expect(run.find("refused")[0]?.ms).toBeCloseTo(10_010, 0);
  });
});

describe("never: consumer groups that partition by key", () => {
  it("gives entries of one key to whoever is free", () => {
    const run = start({ readers: [{ count: 1 }], workers: 2 });
    for (let i = 0; i < 4; i++) run.publish(i, 0, i, { key: "same" });
    run.runUntil(100);
    expect(run.find("deliver").map(({ worker }) => worker)).toEqual([0, 1]);
  });

  it("serves blocked consumers in the order in which they blocked", () => {
    const run = start({ readers: [{ count: 1 }], workers: 3 }, 0.2);
    for (let i = 0; i < 9; i++) run.publish(i, 0, i);
    run.runUntil(100);
    expect(run.find("deliver").map(({ worker }) => worker)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
  });

  it("lets one worker take the whole backlog without COUNT", () => {
    const run = start({ workers: 2 });
    run.at(0, () => run.leave(0, 0, "close"));
    run.at(0, () => run.leave(0, 1, "close"));
    for (let i = 0; i < 20; i++) run.publish(1, 0, i);
    run.at(10, () => run.join(0, 0));
    run.at(10, () => run.join(0, 1));
    run.runUntil(100);
    expect(run.held(0, 0)).toHaveLength(20);
  });
});

describe("never: trimming that respects groups", () => {
  const trimmed = (stream: Parameters, cluster: Parameters = {}) => {
    const run = start({ stream: { trim: "MAXLEN", maxlen: 4, ...stream }, cluster });
    run.publishAll(0, 0, [1, 2, 3]);
    run.publishAll(10, 0, [4, 5, 6, 7, 8, 9, 10]);
    run.runUntil(20);
    return run;
  };

  it("takes entries away unread", () => {
    const run = trimmed({});
    expect(run.labels("dropped")).toEqual(["2", "3", "4", "5", "6"]);
    expect(run.find("dropped")[0]?.reason).toBe("trimmed by MAXLEN");
    run.settle(1);
    run.runUntil(30);
    expect(run.books("s")).toMatchObject({ acknowledged: 1, dropped: 5 });
  });

  it("respects them with ACKED (8.2): nothing goes that is not acknowledged", () => {
    const run = trimmed({ references: "ACKED" }, { version: "8.2" });
    expect(run.labels("dropped")).toEqual([]);
    expect(run.broker.depths(0)).toEqual([10]);
  });

  it("keeps the id of a trimmed entry pending, without a body to deliver", () => {
    const run = trimmed({});
    run.at(25, () => run.leave(0, 0, "crash"));
    run.at(26, () => run.join(0, 0));
    run.runUntil(100);
    expect(run.labels("deliver", { attempt: 2 })).toEqual([]);
    const reasons = run.find("dropped").map(({ reason }) => reason);
    expect(reasons.filter((one) => one === "trimmed while pending")).not.toEqual([]);
  });

  it("trims by the age of ids with MINID", () => {
    const run = start({ stream: { trim: "MINID", minid_age: 1000 }, readers: [] });
    for (let i = 0; i < 50; i++) run.publish(i * 100, 0, i);
    run.runUntil(5000);
    expect(run.broker.depths(0)).toEqual([11]);
  });
});

describe("what else is peculiar to Redis", () => {
  it("never makes entries pending with NOACK: a crash loses what was sent", () => {
    const run = start({ readers: [{ noack: true }] });
    run.publishAll(0, 0, [1, 2]);
    run.at(10, () => run.leave(0, 0, "crash"));
    run.at(20, () => run.join(0, 0));
    run.runUntil(100_000);
    expect(run.labels("discarded")).toEqual(["1"]);
    expect(run.find("deliver", { attempt: 2 })).toEqual([]);
    expect(run.labels("deliver")).toEqual(["1", "2"]);
  });

  it("moves poison to another stream only because the application looks at the counter", () => {
    const run = start({
      readers: [
        {
          claim: "XAUTOCLAIM",
          claim_every: 30_000,
          "min-idle-time": 30_000,
          dead_letter_after: 4,
          dead_letter_stream: "dlq",
        },
      ],
    });
    const failing = new FakeRun(
      redis,
      sketch({
        readers: [
          {
            claim: "XAUTOCLAIM",
            claim_every: 30_000,
            "min-idle-time": 29_999,
            dead_letter_after: 4,
            dead_letter_stream: "dlq",
          },
        ],
      }),
      { plans: [{ serviceMs: 0.01, verdict: () => "failed" }] },
    );
    failing.publish(0, 0, "poison");
    failing.runUntil(500_000);
    expect(failing.find("deliver").map(({ ms }) => Math.round(ms / 1000))).toEqual([0, 30, 60, 90]);
    expect(failing.find("deadLettered").map(({ ms }) => ms / 1000)).toEqual([120]);
    expect(failing.find("stored", { channel: 1 })).toHaveLength(1);
    expect(run.find("deadLettered")).toEqual([]);
  });

  it("forgets what is pending with XGROUP DELCONSUMER, without delivering it again", () => {
    const run = start({ readers: [{ on_close: "delete" }] });
    run.publish(0, 0, "a");
    run.at(10, () => run.leave(0, 0, "close"));
    run.at(20, () => run.join(0, 0));
    run.runUntil(1000);
    expect(run.labels("deliver")).toEqual(["a"]);
    expect(run.find("dropped")[0]?.reason).toBe("consumer deleted with pending entries");
  });

  it("gives every XREAD worker everything, and a group of two services each entry once", () => {
    const run = start({ readers: [{ command: "XREAD" }], workers: 3 }, 1);
    run.publish(0, 0, "a");
    run.runUntil(100);
    expect(run.find("deliver").map(({ worker }) => worker)).toEqual([0, 1, 2]);
    const shared = start({ readers: [{ group: "g" }, { group: "g" }] }, 1);
    shared.publishAll(0, 0, [1, 2, 3, 4]);
    shared.runUntil(100);
    expect(shared.find("deliver")).toHaveLength(4);
  });

  it("misses with XREAD from $ what came while it was away", () => {
    const missed = (resume: string) => {
      const run = start({ readers: [{ command: "XREAD", resume }] }, 1);
      run.at(10, () => run.leave(0, 0, "crash"));
      run.publish(20, 0, "a");
      run.at(30, () => run.join(0, 0));
      run.publish(40, 0, "b");
      run.runUntil(100);
      return run.labels("deliver");
    };
    expect(missed("$")).toEqual(["b"]);
    expect(missed("stored")).toEqual(["a", "b"]);
  });

  it("keeps the places of XREAD readers apart from what a primary loses", () => {
    for (const resume of ["$", "stored"]) {
      const run = start({ readers: [{ command: "XREAD", resume }, {}] }, 1);
      for (let i = 0; i < 50; i++) run.publish(i * 10, 0, i);
      run.at(105, () => run.leave(0, 0, "crash"));
      run.at(205, () => run.broker.crashNode(0));
      run.at(305, () => run.join(0, 0));
      run.at(405, () => run.broker.restartNode(0));
      run.runUntil(5000);
      expect(run.books("s", 0)).toMatchObject({ waiting: 0, inFlight: 0 });
      expect(new Set(run.labels("acknowledged", { subscription: 0 })).size).toBeGreaterThan(20);
    }
  });

  it("adds an entry twice when a producer tries again, but once with IDMP (8.6)", () => {
    const entries = (idmp: string) => {
      const run = start({ cluster: { version: "8.6" }, publish: { idmp }, readers: [] });
      run.publish(0, 0, "a", { key: "m1" });
      run.publish(50_000, 0, "b", { key: "m1" });
      run.publish(150_000, 0, "c", { key: "m1" });
      run.runUntil(200_000);
      return run.labels("stored");
    };
    expect(entries("off")).toEqual(["a", "b", "c"]);
    expect(entries("IDMP")).toEqual(["a", "c"]);
  });

  it("makes a failed entry claimable at once with XNACK (8.8)", () => {
    const run = new FakeRun(
      redis,
      sketch({
        cluster: { version: "8.8" },
        readers: [{ on_failure: "XNACK", claim: "CLAIM", "min-idle-time": 600_000 }],
      }),
      { plans: [{ serviceMs: 1, verdict: (_, attempt) => (attempt < 3 ? "failed" : "done") }] },
    );
    run.publish(0, 0, "a");
    run.publish(10, 0, "b");
    run.publish(20, 0, "c");
    run.runUntil(1000);
    expect(run.books("s")).toMatchObject({ acknowledged: 3 });
  });

  it("asks again after its pause without BLOCK", () => {
    const run = start({ readers: [{ block: null, poll_pause: 100 }] });
    run.publish(250, 0, "a");
    run.runUntil(1000);
    expect(run.find("deliver")[0]?.ms).toBeCloseTo(300, 0);
  });

  it("loses with pub/sub what nobody is connected for, and sends one copy per matching pattern", () => {
    const run = new FakeRun(
      redis,
      {
        channels: [{ id: "news", kind: "pubsub" }],
        publishers: [{ to: "news", parameters: { channel: "{key}" } }],
        subscriptions: [
          { from: "news", parameters: { patterns: "n?ws.* n*" } },
          { from: "news", workers: 2, parameters: { patterns: "nws.x" } },
        ],
      },
      { plans: [{ serviceMs: 1 }] },
    );
    run.publish(0, 0, "art", { key: "news.art" });
    run.publish(1, 0, "x", { key: "nws.x" });
    run.publish(2, 0, "none", { key: "other" });
    run.at(100, () => run.leave(0, 0, "crash"));
    run.publish(101, 0, "late", { key: "news.art" });
    run.runUntil(1000);
    expect(run.labels("deliver", { subscription: 0 })).toEqual(["art", "art", "x"]);
    expect(run.labels("deliver", { subscription: 1 })).toEqual(["x", "x"]);
    expect(run.labels("unroutable")).toEqual(["none", "late"]);
    expect(run.outcomes.get("none")).toBe("confirmed");
  });

  it("disconnects a slow subscriber whose buffer is too large", () => {
    const run = new FakeRun(redis, {
      parameters: { "client-output-buffer-limit": 1000 },
      channels: [{ id: "news", kind: "pubsub" }],
      publishers: [{ to: "news" }],
      subscriptions: [{ from: "news" }],
    });
    for (let i = 0; i < 13; i++) run.publish(i, 0, i, { sizeBytes: 100 });
    run.runUntil(100);
    // One in hand, ten in the buffer, the next one is too much: all eleven are lost. Then it goes on.
    expect(run.labels("dropped")).toHaveLength(11);
    expect(run.find("note")[0]?.reason).toContain("slow subscriber");
    expect(run.broker.waiting(0)).toBe(1);
  });
});
