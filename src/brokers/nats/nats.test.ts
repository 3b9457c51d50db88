// NATS: the contract of all technologies, and what is peculiar to it, among it each statement of its fact sheet under
// "never simplify".

import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { checkNats } from "./check.ts";
import { natsDeployment } from "./deploy.ts";
import { simulatedNats as nats } from "./simulated.ts";
import { describeTechnology } from "../technology.suite.ts";

describeTechnology(nats, {
  sketch: {
    channels: [{ id: "s", kind: "stream", parameters: { num_replicas: 3, retention: "interest" } }],
    publishers: [
      { to: "s", parameters: { subject: "s.{key}.x" } },
      { to: "s", parameters: { timeout: 1000 } },
    ],
    subscriptions: [
      { from: "s", workers: 3, parameters: { ack_wait: 2000, batch: 4 } },
      { from: "s", workers: 2, parameters: { ack_wait: 2000, delivery: "push" } },
      { from: "s", workers: 2, parameters: { backoff: "1 2 3", in_progress: true } },
    ],
  },
  order: "none",
  losesConfirmed: "never",
  nodes: 3,
  drainsWithinMs: 60_000,
  idleWakesPerHour: 0,
});

interface Given {
  readonly cluster?: Parameters;
  readonly stream?: Parameters;
  readonly publish?: Parameters;
  readonly consumers?: readonly Parameters[];
  readonly workers?: number;
}

function sketch({ cluster, stream, publish, consumers = [{}], workers = 1 }: Given): Sketch {
  const fast = { latency: 0.01 };
  return {
    parameters: { nodes: 3, ...cluster },
    channels: [{ id: "s", kind: "stream", ...(stream && { parameters: stream }) }],
    publishers: [{ to: "s", parameters: { ...fast, ...publish } }],
    subscriptions: consumers.map((parameters) => ({
      from: "s",
      workers,
      parameters: { ...fast, ...parameters },
    })),
  };
}

const start = (given: Given, serviceMs?: number) =>
  new FakeRun(nats, sketch(given), { plans: serviceMs === undefined ? [{}] : [{ serviceMs }] });

const core = (subscriptions: Sketch["subscriptions"], publish: Parameters = {}): Sketch => ({
  channels: [{ id: "c", kind: "subject" }],
  publishers: [{ to: "c", parameters: publish }],
  subscriptions: subscriptions ?? [],
});

describe("never: core as a queue", () => {
  it("keeps nothing for who is not subscribed", () => {
    const run = new FakeRun(nats, core([{ from: "c" }]), { plans: [{ serviceMs: 1 }] });
    run.at(0, () => run.leave(0, 0, "close"));
    run.publish(10, 0, "a");
    run.at(20, () => run.join(0, 0));
    run.publish(30, 0, "b");
    run.runUntil(1000);
    expect(run.labels("deliver")).toEqual(["b"]);
    expect(run.labels("unroutable")).toEqual(["a"]);
    expect(run.outcomes.get("a")).toBe("confirmed");
  });

  it("gives every worker without a queue group everything, and disconnects a slow one", () => {
    const plain = new FakeRun(nats, core([{ from: "c", workers: 3 }]), {
      plans: [{ serviceMs: 1 }],
    });
    plain.publish(0, 0, "a");
    plain.runUntil(100);
    expect(plain.find("deliver")).toHaveLength(3);
    const slow = new FakeRun(nats, {
      ...core([{ from: "c" }]),
      parameters: { max_pending: 500 },
    });
    for (let i = 0; i < 7; i++) slow.publish(i, 0, i, { sizeBytes: 100 });
    slow.runUntil(100);
    expect(slow.find("dropped")).toHaveLength(6);
  });
});

describe("never: > matches zero tokens", () => {
  it("delivers a.b and not a to a.>", () => {
    const run = new FakeRun(
      nats,
      core([{ from: "c", parameters: { filter_subject: "a.>" } }], { subject: "{key}" }),
      { plans: [{ serviceMs: 0.1 }] },
    );
    ["a", "a.b", "a.b.c", "b"].forEach((key, at) => run.publish(at, 0, key, { key }));
    run.runUntil(100);
    expect(run.labels("deliver")).toEqual(["a.b", "a.b.c"]);
  });
});

describe("never: nak uses backoff", () => {
  it("delivers again at once, whatever the back-off is", () => {
    const run = start({ consumers: [{ backoff: "60 60" }], workers: 2 });
    run.publish(0, 0, "a");
    run.at(100, () => run.settle("a", "failed"));
    run.runUntil(200);
    expect(run.find("deliver").map(({ ms }) => Math.round(ms))).toEqual([0, 100]);
  });
});

describe("never: a dead-letter queue", () => {
  const run = start({ consumers: [{ ack_wait: 1000, max_deliver: 3 }], workers: 4 });
  run.publish(0, 0, "poison");
  run.publish(5000, 0, "next");
  run.runUntil(60_000);

  it("moves on after max_deliver with an advisory only", () => {
    expect(run.find("deliver").filter(({ label }) => label === "poison")).toHaveLength(3);
    expect(run.find("note").map(({ reason }) => reason.includes("MAX_DELIVERIES"))).toContain(true);
    expect(run.find("deadLettered")).toEqual([]);
  });

  it("never: max_deliver deletes: the message stays in the stream", () => {
    expect(run.broker.depths(0)).toEqual([2]);
  });

  it("leaves it in a work queue for ever", () => {
    const work = start({
      stream: { retention: "workqueue" },
      consumers: [{ ack_wait: 1000, max_deliver: 1 }],
      workers: 2,
    });
    work.publish(0, 0, "poison");
    work.publish(1, 0, "good");
    work.at(100, () => work.settle("good"));
    work.runUntil(60_000);
    expect(work.broker.depths(0)).toEqual([1]);
  });
});

describe("never: a JetStream acknowledgement on a core publication", () => {
  it("confirms a core publication that no stream has stored", () => {
    const lost = (publish: string) => {
      const run = start({ stream: { subjects: "other" }, publish: { publish } });
      run.publish(0, 0, "a");
      run.runUntil(100);
      return [run.outcomes.get("a"), run.labels("stored").length, run.labels("lost").length];
    };
    expect(lost("core")).toEqual(["confirmed", 0, 1]);
    expect(lost("jetstream")).toEqual([
      "refused: 503 no responders: no stream has this subject",
      0,
      0,
    ]);
  });
});

describe("never: R2 as useful", () => {
  it("stands still when one of two is down", () => {
    const run = start({ stream: { num_replicas: 2 } });
    run.at(0, () => run.broker.crashNode(1));
    run.publish(10, 0, "a");
    run.runUntil(20_000);
    expect(run.outcomes.get("a")).toContain("timeout");
  });
});

describe("never: an R1 file that survives power loss fully", () => {
  const lost = (cluster: Parameters, stream: Parameters = {}) => {
    const run = start({ cluster, stream });
    run.at(0, () => run.leave(0, 0, "close"));
    for (let i = 0; i < 100; i++) run.publish(100_000 + i * 1000, 0, i);
    run.at(199_900, () => run.broker.crashNode(0));
    run.at(205_000, () => run.broker.restartNode(0));
    run.runUntil(210_000);
    return run.find("dropped").length;
  };

  it("loses up to sync_interval with the power, nothing with the process", () => {
    expect(lost({ crash: "process" })).toBe(0);
    // Since 120 s.
    expect(lost({ crash: "power" })).toBe(80);
    expect(lost({ crash: "power", sync_interval: 0 })).toBe(0);
  });

  it("loses all of a stream in memory, and nothing of three replicas", () => {
    expect(lost({}, { storage: "memory" })).toBe(100);
    expect(lost({ crash: "power" }, { num_replicas: 3 })).toBe(0);
  });
});

describe("never: max_ack_pending per client", () => {
  it("counts over all workers of the consumer", () => {
    const run = start({ consumers: [{ max_ack_pending: 3, batch: 5 }], workers: 4 });
    for (let i = 0; i < 10; i++) run.publish(0, 0, i);
    run.runUntil(1000);
    expect(run.heldLabels(0)).toHaveLength(3);
    expect(run.broker.blocked(0)).toContain("max_ack_pending");
  });
});

describe("what else is peculiar to NATS", () => {
  it("acknowledges what came before with AckAll", () => {
    const run = start({ consumers: [{ ack_policy: "all" }], workers: 5 });
    for (let i = 1; i <= 5; i++) run.publish(i, 0, i);
    run.at(100, () => run.settle(4));
    run.runUntil(200);
    expect(run.labels("acknowledged")).toEqual(["1", "2", "3", "4"]);
  });

  it("counts as acknowledged when sent with AckNone", () => {
    const run = start({ consumers: [{ ack_policy: "none" }], stream: { retention: "interest" } });
    run.publish(0, 0, "a");
    run.at(100, () => run.leave(0, 0, "crash"));
    run.runUntil(100_000);
    expect(run.broker.depths(0)).toEqual([0]);
    expect(run.labels("discarded")).toEqual(["a"]);
  });

  it("drops at once what nobody is interested in, and keeps it until all have acknowledged", () => {
    const none = start({ stream: { retention: "interest" }, consumers: [] });
    none.publish(0, 0, "a");
    none.runUntil(10);
    expect(none.broker.depths(0)).toEqual([0]);
    const two = start({
      stream: { retention: "interest" },
      consumers: [{ durable_name: "a" }, { durable_name: "b" }],
    });
    two.publish(0, 0, "a");
    two.at(10, () => two.settle("a"));
    two.runUntil(20);
    expect(two.broker.depths(0)).toEqual([1]);
    two.settle("a");
    two.runUntil(30);
    expect(two.broker.depths(0)).toEqual([0]);
  });

  it("deletes unread messages by max_age, and consumers skip them", () => {
    const run = start({ stream: { max_age: 1000, duplicate_window: 1000 } });
    run.at(0, () => run.leave(0, 0, "close"));
    run.publish(10, 0, "old");
    run.publish(900, 0, "young");
    run.at(1500, () => run.join(0, 0));
    run.runUntil(1600);
    expect(run.labels("deliver")).toEqual(["young"]);
    expect(run.find("dropped").map(({ reason }) => reason)).toEqual(["max_age"]);
  });

  it("skips at redelivery what the stream has deleted meanwhile", () => {
    const run = start({ stream: { max_msgs: 1 }, consumers: [{ ack_wait: 1000 }] });
    run.publish(0, 0, "a");
    run.publish(100, 0, "b");
    run.runUntil(5000);
    expect(run.find("deliver").filter(({ label }) => label === "a")).toHaveLength(1);
    expect(run.find("dropped")[0]?.reason).toBe("deleted from the stream while pending");
  });

  it("takes an answer about what the stream has deleted meanwhile", () => {
    const run = start({ stream: { max_msgs: 1 }, consumers: [{ batch: 1 }] });
    run.publish(0, 0, "a");
    run.publish(100, 0, "b");
    run.at(200, () => run.settle("a", "failed"));
    run.at(300, () => run.settle("b"));
    run.runUntil(1000);
    expect(run.books("s")).toMatchObject({ dropped: 1, acknowledged: 1, waiting: 0, inFlight: 0 });
    expect(run.liveDeliveries()).toBe(0);
  });

  it("notices a crashed client only when ack_wait ends", () => {
    const run = start({ consumers: [{ ack_wait: 5000 }], workers: 2 });
    run.publish(0, 0, "a");
    run.at(1000, () => run.leave(0, 0, "crash"));
    run.runUntil(60_000);
    expect(
      run
        .find("deliver")
        .slice(0, 2)
        .map(({ ms }) => Math.round(ms / 1000)),
    ).toEqual([0, 5]);
  });

  it("waits for a worker that says it is still at work", () => {
    const run = start({ consumers: [{ ack_wait: 1000, in_progress: true }], workers: 2 });
    run.publish(0, 0, "a");
    run.runUntil(60_000);
    expect(run.find("deliver")).toHaveLength(1);
  });

  it("elects within 4 to 9 s when the leader is cut off, and loses nothing", () => {
    const run = start({ stream: { num_replicas: 3 } });
    run.at(1000, () => run.broker.isolateNode?.(0, true));
    run.at(60_000, () => run.broker.isolateNode?.(0, false));
    for (let i = 0; i < 200; i++) run.publish(i * 100, 0, i);
    run.runUntil(70_000);
    const gap = run.find("confirmed").find(({ ms }) => ms > 1100)!.ms - 1000;
    expect(gap).toBeGreaterThan(4000);
    expect(gap).toBeLessThan(9200);
    expect(run.find("dropped")).toEqual([]);
    expect(run.broker.nodes().map(({ leads }) => leads)).toEqual([0, 1, 0]);
  });
});

describe("what NATS refuses", () => {
  const codes = (given: Given) =>
    checkNats(describeBroker(nats, sketch(given))).map(({ code }) => code.replace("nats/", ""));

  it("says so with the server's reason", () => {
    expect(codes({})).toEqual([]);
    expect(codes({ stream: { subjects: "a.>.b s" } })).toEqual(["subject"]);
    expect(codes({ stream: { num_replicas: 5 } })).toEqual(["replicas"]);
    expect(codes({ stream: { num_replicas: 2 } })).toEqual(["even-replicas"]);
    expect(codes({ stream: { max_age: 1000 } })).toEqual(["duplicate-window"]);
    expect(codes({ stream: { discard: "new", discard_new_per_subject: true } })).toEqual([
      "discard-new-per-subject",
    ]);
    expect(codes({ publish: { subject: "s.*" } })).toEqual(["publish-subject"]);
    expect(codes({ publish: { subject: "t" } })).toEqual(["no-stream"]);
    expect(codes({ consumers: [{ backoff: "1 2 3", max_deliver: 2 }] })).toEqual(["backoff"]);
    expect(codes({ consumers: [{ backoff: "soon" }] })).toEqual(["backoff-list"]);
    expect(codes({ consumers: [{ filter_subject: "a..b" }] })).toEqual(["filter"]);
    const work = { retention: "workqueue" };
    expect(codes({ stream: work, consumers: [{ ack_policy: "none" }] })).toEqual(["workqueue-ack"]);
    expect(codes({ stream: work, consumers: [{}, {}] })).toEqual(["workqueue-filter"]);
    const apart = [{ filter_subject: "s.a" }, { filter_subject: "s.b" }];
    expect(codes({ stream: work, consumers: apart })).toEqual([]);
  });

  it("is set up with commands that quote what users wrote", () => {
    const config = describeBroker(nats, sketch({ consumers: [{ durable_name: "it's" }] }));
    const { files } = natsDeployment.setUps[0]!.files({ config, host: "nats" }, "");
    const [file] = files;
    const text = file !== undefined && "text" in file ? file.text : "";
    expect(text).toContain("nats stream add 's' --subjects 's,s.>'");
    expect(text).toContain("nats consumer add 's' 'it'\\''s' --pull");
  });
});
