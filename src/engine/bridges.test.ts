// Bridges in a run: what goes over arrives, nothing is lost or booked wrongly, and a crash repeats what was on its way.

import { describe, expect, it } from "vitest";
import type { Parameters } from "../base/fields.ts";
import { bridgedScenario, circularScenario } from "../model/bridged.suite.ts";
import type { MessageEvent } from "../model/events.ts";
import type { BridgeConnection, Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import { createRun, type Run } from "./run.ts";

const endNs = 60e9;
/** What the clients send in all, or both of them. */
const sent = 999;

function runOf(scenario: Scenario, onEvent?: (record: MessageEvent) => void): Run {
  const run = createRun(scenario, onEvent === undefined ? {} : { onEvent });
  if (!run.ok) throw new Error(JSON.stringify(run.failure));
  return run.value;
}

function ranToEnd(scenario: Scenario, onEvent?: (record: MessageEvent) => void): Run {
  const run = runOf(scenario, onEvent);
  run.advance({ untilNs: endNs, maxEvents: Infinity });
  expect(run.conservation().violations).toEqual([]);
  return run;
}

function withTimeline(scenario: Scenario, timeline: readonly TimelineEntry[]): Scenario {
  return { ...scenario, timeline };
}

function reportOf(run: Run) {
  const report = run.report(0);
  return {
    report,
    bridge: report.bridges[0]!,
    worker: report.nodes.find(({ id }) => id === "worker")!,
    queue: report.channels.find(({ id }) => id === "queue")!,
    topic: report.channels.find(({ id }) => id === "orders")!,
  };
}

function bridged(parameters: Parameters = {}, link: Partial<BridgeConnection> = {}): Scenario {
  return bridgedScenario(parameters, link);
}

/** Failures at will: the exchange refuses what nobody is bound to when the publisher says mandatory. */
function refusing(parameters: Parameters): Scenario {
  const scenario = bridged({ "target.mandatory": true, ...parameters });
  return { ...scenario, connections: scenario.connections.filter(({ id }) => id !== "bind") };
}

describe("a bridge from Kafka to RabbitMQ", () => {
  it("carries every message over once, and latency goes on across it", () => {
    const { bridge, worker, report } = reportOf(ranToEnd(bridged()));
    expect(bridge).toMatchObject({
      handled: sent,
      published: sent,
      failed: {},
      acknowledged: sent,
    });
    expect(worker.handled).toBe(sent);
    const [flow] = report.flows;
    expect(flow).toMatchObject({ entry: "place", end: "worker", completed: sent });
    // Longer than the way into the queue alone: linger, fetch, conversion and the second broker.
    expect(flow!.latency.mean).toBeGreaterThan(5);
  });

  it("makes each message the consequence of the one that it passes on, with its key and size", () => {
    const records: MessageEvent[] = [];
    const scenario = bridged();
    const [clients, ...others] = scenario.nodes;
    const keyed = {
      ...clients!,
      parameters: { ...clients!.parameters, keys: 5 },
    } as typeof clients;
    ranToEnd({ ...scenario, nodes: [keyed!, ...others] }, (record) => records.push(record));
    const first = records.find((one) => one.event === "published" && one.channel === "orders")!;
    const passed = records.find((one) => one.event === "published" && one.cause === first.message);
    expect(passed).toMatchObject({ channel: "exchange", key: first.key, contract: "placed" });
    expect(records.some((one) => one.event === "delivered" && one.consumer === "bridge")).toBe(
      true,
    );
  });

  it("leaves the key out when told to", () => {
    const keys = new Set<string | undefined>();
    ranToEnd(bridged({ key: "none" }), (record) => {
      if (record.event === "published" && record.channel === "exchange") keys.add(record.key);
    });
    expect([...keys]).toEqual([undefined]);
  });

  it("repeats what was not committed when it crashes, and loses nothing", () => {
    const crash = { at: 5000, act: "crash", target: "bridge", duration: 5000 } as const;
    const slow = bridged({ time: { distribution: "constant", value: 9 } });
    const { bridge, worker, queue } = reportOf(ranToEnd(withTimeline(slow, [crash])));
    expect(queue.published).toBeGreaterThan(sent);
    expect(worker.handled).toBe(queue.published);
    expect(bridge.redelivered).toBeGreaterThan(0);
    expect(bridge.backlog + bridge.inFlight).toBe(0);
    expect(bridge.acknowledged).toBe(sent);
  });

  it("holds what comes while it is down in the source", () => {
    const crash = { at: 2000, act: "crash", target: "bridge" } as const;
    const run = ranToEnd(withTimeline(bridged(), [crash]));
    const { bridge, worker } = reportOf(run);
    expect(bridge.backlog).toBeGreaterThan(700);
    expect(worker.handled).toBeLessThan(300);
    const frame = run.frame(0);
    expect(frame.blocked["bridge"]).toMatch(/bridge is down/);
  });

  it("holds back at most as many messages as may be in flight", () => {
    const slow = bridged({ maxInFlight: 3, tasks: 2 });
    const run = runOf(slow);
    for (let ms = 100; ms < 10_000; ms += 100) {
      run.advance({ untilNs: ms * 1e6, maxEvents: Infinity });
      const pending = run.conservation().publications.pending;
      expect(pending).toBeLessThan(20);
    }
  });

  it("lets only the chosen events pass; the others end there", () => {
    const scenario = bridged({}, { only: ["paid"] });
    const paid = { ...scenario.contracts[0]!, id: "paid", name: "Paid" };
    const pay = { id: "pay", kind: "publish", from: "clients", to: "orders", contract: "paid" };
    const both = {
      ...scenario,
      contracts: [...scenario.contracts, paid],
      connections: [...scenario.connections, pay as Scenario["connections"][number]],
    };
    const { bridge, worker } = reportOf(ranToEnd(both));
    expect(bridge).toMatchObject({ handled: 2 * sent, published: sent });
    expect(worker.handled).toBe(sent);
  });

  it("is deterministic, and goes back in time, with crashes and errors", () => {
    const scenario = withTimeline(
      bridged({ errorRate: 0.1, attempts: 3, tasks: 3, onFailure: "skip" }),
      [{ at: 3000, act: "crash", target: "bridge", duration: 1000 }],
    );
    const run = runOf(scenario);
    const hashes = [1, 2, 3, 4, 6, 20].map((second) => {
      run.advance({ untilNs: second * 1e9, maxEvents: Infinity });
      return run.stateHash();
    });
    for (const [i, second] of [1, 2, 3, 4, 6, 20].entries()) {
      expect(run.seek(second * 1e9).ok).toBe(true);
      expect(run.stateHash()).toBe(hashes[i]);
    }
  });
});

describe("what a bridge cannot pass on", () => {
  it("is skipped, and counted", () => {
    const { bridge, topic } = reportOf(ranToEnd(refusing({ onFailure: "skip" })));
    expect(Object.keys(bridge.failed)).toEqual([expect.stringMatching(/^skipped: publish-/)]);
    expect(bridge).toMatchObject({ handled: 0, acknowledged: sent });
    expect(topic.backlog).toBe(0);
  });

  it("is tried again with back-off, as often as is said", () => {
    const { bridge } = reportOf(
      ranToEnd(refusing({ onFailure: "skip", attempts: 3, backoff: 1, order: "free" })),
    );
    expect(bridge.published).toBe(3 * sent);
  });

  it("is tried again no longer than is said", () => {
    const run = ranToEnd(
      refusing({
        onFailure: "skip",
        attempts: 1000,
        backoff: 10,
        jitter: "none",
        retryFor: 35,
        order: "free",
      }),
    );
    // After 0, 10 and 30 ms, and what the way takes.
    expect(reportOf(run).bridge.published).toBe(3 * sent);
  });

  it("stops its task, which waits for a restart", () => {
    const run = ranToEnd(refusing({ onFailure: "stop" }));
    const { bridge, report } = reportOf(run);
    expect(bridge).toMatchObject({ stopped: 1, acknowledged: 0 });
    expect(Object.keys(bridge.failed)).toEqual([expect.stringMatching(/^stopped: publish-/)]);
    expect(report.notes.some(({ sentence }) => /Task 0 .* stops/.test(sentence))).toBe(true);
    expect(run.frame(0).blocked["bridge"]).toMatch(/restart the bridge/);
  });

  it("begins where it stopped after a restart", () => {
    const restart = { at: 20_000, act: "restart", target: "bridge" } as const;
    const stops = withTimeline(bridged({ errorRate: 0.0005, onFailure: "stop" }), [restart]);
    const { bridge } = reportOf(ranToEnd(stops));
    expect(bridge.handled).toBeGreaterThan(100);
  });

  it("goes into the dead-letter channel, of the source here", () => {
    const scenario = refusing({ onFailure: "dead-letter", deadLetterChannel: "rejects" });
    const rejects = { id: "rejects", broker: "kafka", kind: "topic" } as const;
    const run = ranToEnd({ ...scenario, channels: [...scenario.channels, rejects] });
    const { bridge, report } = reportOf(run);
    expect(report.channels.find(({ id }) => id === "rejects")!.published).toBe(sent);
    expect(bridge.failed).toEqual({ "set-aside": sent });
    expect(bridge.deadLettered).toBe(sent);
  });

  it("goes back to the source, which decides", () => {
    const run = ranToEnd(refusing({ onFailure: "give-back", "source.on.failure": "skip" }));
    const { bridge } = reportOf(run);
    expect(
      bridge.acknowledged +
        Object.values(bridge.dropped).reduce((a, b) => a + b, 0) +
        bridge.deadLettered,
    ).toBe(sent);
  });

  it("blocks what follows while it waits, where the order is kept", () => {
    const orders = (order: string): number => {
      const published: number[] = [];
      ranToEnd(bridged({ errorRate: 0.2, attempts: 100, order, backoff: 50 }), (record) => {
        if (record.event === "published" && record.channel === "exchange")
          published.push(record.cause!);
      });
      return published.filter((cause, i) => i > 0 && cause < published[i - 1]!).length;
    };
    // Partitions are read one after the other, so some disorder is there without any retry.
    expect(orders("free")).toBeGreaterThan(2 * orders("kept"));
  });
});

describe("a bridge while it runs", () => {
  it("takes changes of its own parameters and of those at both ends", () => {
    const run = runOf(bridged());
    run.advance({ untilNs: 1e9, maxEvents: Infinity });
    const set = (parameter: string, value: number) =>
      run.act({ act: "set", target: "bridge", parameter, value });
    expect(set("errorRate", 1).ok).toBe(true);
    expect(set("source.max.poll.records", 1).ok).toBe(true);
    expect(set("tasks", 3).ok).toBe(false);
    run.advance({ untilNs: 2e9, maxEvents: Infinity });
    expect(Object.keys(reportOf(run).bridge.failed)).toEqual(["error"]);
  });

  it("crashes and restarts by hand", () => {
    const run = runOf(bridged());
    run.advance({ untilNs: 1e9, maxEvents: Infinity });
    expect(run.act({ act: "crash", target: "bridge" }).ok).toBe(true);
    run.advance({ untilNs: 3e9, maxEvents: Infinity });
    expect(run.act({ act: "restart", target: "bridge" }).ok).toBe(true);
    run.advance({ untilNs: endNs, maxEvents: Infinity });
    expect(reportOf(run).bridge.backlog).toBe(0);
  });

  it("is drawn with one particle per message", () => {
    const run = createRun(bridged(), { movesMax: 100_000 });
    if (!run.ok) throw new Error("no run");
    run.value.advance({ untilNs: endNs, maxEvents: Infinity });
    const { moves } = run.value.frame(100_000);
    expect(moves.connection.filter((row) => row === 1)).toHaveLength(sent);
    expect(Math.max(...moves.connection)).toBe(3);
  });

  it("ends when bridges carry messages round for ever", () => {
    const run = runOf(circularScenario());
    run.advance({ untilNs: 60 * endNs, maxEvents: Infinity });
    expect(run.ended()?.reason).toBe("limit");
    expect(run.conservation().violations).toEqual([]);
  });
});
