// Memory and disk alarms of RabbitMQ: who is blocked, for how long, and what becomes of what was sent meanwhile.

import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulated } from "../simulated.ts";
import { manual, oneQueue } from "./vectorShapes.suite.ts";

const { rabbitmq } = simulated;
const labels = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

/** Ten messages of 1 MB at 0 s into a queue of a cluster with so much disk or memory. */
function fill(parameters: Parameters, more: { queue?: Parameters; publish?: Parameters } = {}) {
  const { queue = {}, publish = {} } = more;
  const sketch = oneQueue(queue, [manual(1)], publish);
  const run = new FakeRun(rabbitmq, { ...sketch, parameters }, { plans: [{}] });
  for (const label of labels(1, 10)) run.publish(0, 0, label, { sizeBytes: 1e6 });
  return run;
}

const disk = { disk: 55e6, disk_free_limit: 50e6 };

describe("a disk alarm", () => {
  it("is seen at the next look, and from then on nobody gets an answer", () => {
    const run = fill(disk);
    run.publish(2400, 0, "in time");
    run.publish(2600, 0, "blocked");
    run.runUntil(60_000);
    expect(run.outcomes.get("in time")).toBe("confirmed");
    expect(run.outcomes.get("blocked")).toBeUndefined();
    expect(run.broker.publisherBlocked?.(0)).toMatch(/^connection\.blocked: disk alarm on node 0/u);
    expect(run.find("note").map(({ ms }) => ms)).toEqual([2500]);
  });

  it("lets consumers go on, and ends when they have made room; all is sent then, in order", () => {
    const run = fill(disk);
    for (const label of labels(11, 13)) run.publish(2600, 0, label);
    for (const label of labels(1, 6)) run.at(3000 + Number(label), () => run.settle(label));
    run.runUntil(5000);
    expect(run.labels("confirmed").slice(-3)).toEqual(["8", "9", "10"]);
    run.runUntil(6000);
    expect(run.labels("confirmed").slice(-3)).toEqual(labels(11, 13));
    expect(run.broker.publisherBlocked?.(0)).toBe("");
    expect(run.find("stored").map(({ label }) => label)).toEqual(labels(1, 13));
  });

  it("blocks the publishers of every node, also to queues on others", () => {
    const base = oneQueue({}, []);
    const run = new FakeRun(rabbitmq, {
      ...base,
      parameters: disk,
      publishers: [...base.publishers!, { to: "dlq", parameters: { latency: 0.01 } }],
    });
    for (const label of labels(1, 10)) run.publish(0, 0, label, { sizeBytes: 1e6 });
    run.publish(3000, 1, "elsewhere");
    run.runUntil(10_000);
    expect(run.outcomes.get("elsewhere")).toBeUndefined();
  });

  it("holds back publishers without confirms too: their connection takes nothing", () => {
    const run = fill(disk, { publish: { confirms: false } });
    run.publish(3000, 0, "late");
    run.runUntil(10_000);
    expect(run.outcomes.get("late")).toBeUndefined();
  });

  it("reads what was on the wire when it is over, before what was sent later", () => {
    const run = fill(disk, { publish: { latency: 200 } });
    run.publish(2400, 0, "on the wire");
    run.publish(2550, 0, "held back");
    for (const label of labels(1, 6)) run.at(3000 + Number(label), () => run.settle(label));
    run.runUntil(6000);
    expect(run.labels("stored").slice(-2)).toEqual(["on the wire", "held back"]);
    const at = run.find("stored").slice(-2);
    expect(at.map(({ ms }) => ms)).toEqual([5000, 5200]);
  });

  it("is over when its node is dead; without any node what was held back fails", () => {
    const run = fill({ ...disk, nodes: 1 });
    run.publish(3000, 0, "held back");
    run.at(4000, () => run.broker.crashNode(0));
    run.runUntil(4100);
    expect(run.outcomes.get("held back")).toBe("refused: no-node-up");
    expect(run.broker.publisherBlocked?.(0)).toBe("");
  });

  it("counts a quorum queue on each of its nodes", () => {
    const notes = (queue: Parameters) => {
      const run = fill(disk, { queue });
      run.runUntil(10_000);
      return run.find("note").length;
    };
    expect([notes({}), notes({ "x-queue-type": "quorum" })]).toEqual([1, 3]);
  });
});

describe("a memory alarm", () => {
  const blocked = (parameters: Parameters, queue: Parameters = {}) => {
    const run = fill({ memory: 270e6, ...parameters }, { queue });
    run.runUntil(10_000);
    return run.broker.publisherBlocked?.(0) ?? "";
  };

  it("comes of bodies in memory up to 3.10 only", () => {
    expect(blocked({ version: "3.10" })).toMatch(/memory alarm on node 0: .* in use of 108/u);
    expect(blocked({ version: "3.13" })).toBe("");
    expect(blocked({ version: "4.0" })).toBe("");
    expect(blocked({ version: "3.10" }, { "x-queue-type": "quorum" })).toBe("");
  });

  it("has its watermark at 0.4 before 4.0 unless another one is stated", () => {
    expect(blocked({ version: "3.10", vm_memory_high_watermark: 0.41 })).toBe("");
    expect(blocked({ version: "3.10", vm_memory_high_watermark: 0.4 })).not.toBe("");
  });

  it("can be called by a watermark of 0 in a run, and called off", () => {
    const run = fill({ memory: 1e9 });
    run.at(3000, () => run.set("broker", "vm_memory_high_watermark", 0));
    run.publish(6000, 0, "blocked");
    run.at(9000, () => run.set("broker", "vm_memory_high_watermark", 0.5));
    run.runUntil(9900);
    expect(run.outcomes.get("blocked")).toBeUndefined();
    run.runUntil(10_100);
    expect(run.outcomes.get("blocked")).toBe("confirmed");
  });
});

it("warns of alarms that hold from the start, and of a default that was another one", () => {
  const codes = (parameters: Parameters) =>
    rabbitmq
      .check(describeBroker(rabbitmq, { ...oneQueue({}, [manual(1)]), parameters }))
      .map(({ code }) => code.slice(9));
  expect(codes({ memory: 160e6 })).toContain("memory-alarm-at-start");
  expect(codes({ memory: 1e9, version: "3.13" })).toContain("watermark-since-4");
  expect(codes({ disk: 10e6 })).toContain("disk-alarm-at-start");
  const quiet = codes({ memory: 1e9, disk: 1e9 });
  expect(quiet.filter((code) => /alarm|watermark/u.test(code))).toEqual([]);
});
