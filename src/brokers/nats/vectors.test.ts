// NATS against what was observed on a real 2.10.27 (shared vectors) where they are at hand. What is known of a vector is its
// shape: which fields are given decides what is done.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { checkNats } from "./check.ts";
import { fits, tokens } from "./settings.ts";
import { simulatedNats as nats } from "./simulated.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- every vector has its own shape
type Members = Readonly<Record<string, any>>;

interface Vector {
  readonly id: string;
  readonly system: string;
  readonly given: Members;
  readonly expect: Members;
}

const file = new URL("../../../../shared/broker-vectors.json", import.meta.url);
const vectors: readonly Vector[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]).filter((one) => one.system === "nats")
  : [];

const shapes: {
  readonly fields: readonly string[];
  readonly check: (given: Members, wanted: Members) => void;
}[] = [];
const shape = (fields: string, check: (given: Members, wanted: Members) => void) =>
  shapes.push({ fields: fields.split(" "), check });

const fast = { latency: 0.01 };

interface Given {
  readonly cluster?: Parameters;
  readonly stream?: Parameters;
  readonly publish?: Parameters;
  readonly consumers?: readonly Parameters[];
  readonly workers?: number;
}

/** A stream "s" that captures everything below "s", with the subjects of the keys that are published. */
function sketch({ cluster, stream, publish, consumers = [], workers = 1 }: Given): Sketch {
  return {
    parameters: { nodes: 3, ...cluster },
    channels: [{ id: "s", kind: "stream", parameters: { subjects: ">", ...stream } }],
    publishers: [{ to: "s", parameters: { ...fast, subject: "{key}", ...publish } }],
    subscriptions: consumers.map((parameters) => ({
      from: "s",
      workers,
      parameters: { ...fast, ...parameters },
    })),
  };
}

const start = (given: Given) => new FakeRun(nats, sketch(given));

/** Numbers in the log of what is stored and not deleted. */
function stored(run: FakeRun): number[] {
  return run.find("stored").map(({ offset }) => offset);
}

shape("subscriptions subject", (given, wanted) => {
  const subject = tokens(given["subject"]);
  const patterns: string[] = given["subscriptions"];
  expect(patterns.filter((one) => fits(tokens(one), subject))).toEqual(wanted["matched"]);
});

shape("queue_group_g1 queue_group_g2 plain messages", (given, wanted) => {
  const run = new FakeRun(
    nats,
    {
      channels: [{ id: "c", kind: "subject" }],
      publishers: [{ to: "c" }],
      subscriptions: [
        { from: "c", workers: given["queue_group_g1"], parameters: { queue: "g1" } },
        { from: "c", workers: given["queue_group_g2"], parameters: { queue: "g2" } },
        { from: "c", workers: given["plain"] },
      ],
    },
    { plans: [{ serviceMs: 0.1 }] },
  );
  for (let i = 0; i < given["messages"]; i++) run.publish(i, 0, i);
  run.runUntil(10_000);
  const totals = [0, 1, 2].map((subscription) => run.find("deliver", { subscription }).length);
  expect(totals).toEqual([wanted["g1_total"], wanted["g2_total"], wanted["plain"]]);
});

shape("core subscribers publish", (given, wanted) => {
  const run = new FakeRun(nats, {
    channels: [{ id: "c", kind: "subject" }],
    publishers: [{ to: "c" }],
    subscriptions: given["subscribers"] > 0 ? [{ from: "c", workers: given["subscribers"] }] : [],
  });
  for (let i = 0; i < given["publish"]; i++) run.publish(0, 0, i);
  run.runUntil(100);
  expect(run.find("deliver")).toHaveLength(wanted["delivered"]);
  expect([...run.outcomes.values()].some((one) => one !== "confirmed")).toBe(wanted["error"]);
});

shape("jetstream_publish", (given, wanted) => {
  expect(given["jetstream_publish"]).toBe("subject bound to no stream");
  const run = start({ stream: { subjects: "other.>" } });
  run.publish(0, 0, "m", { key: "nowhere" });
  run.runUntil(100);
  expect(run.outcomes.get("m")).toContain(wanted["error"]);
});

shape("Nats-Msg-Id publishes subjects same_stream", (given, wanted) => {
  // The id is the key; each subject has a publisher of its own.
  const run = new FakeRun(nats, {
    channels: [{ id: "s", kind: "stream", parameters: { subjects: ">" } }],
    publishers: given["subjects"].map((subject: string) => ({
      to: "s",
      parameters: { subject, msg_id: "key" },
    })),
  });
  for (let i = 0; i < given["publishes"]; i++) run.publish(i, i, i, { key: given["Nats-Msg-Id"] });
  run.runUntil(1000);
  expect(stored(run)).toHaveLength(wanted["stored"]);
  expect([...run.outcomes.values()].every((one) => one === "confirmed")).toBe(true);
});

shape("duplicate_window_s published_at_s same_id", (given, wanted) => {
  const run = start({
    stream: { duplicate_window: given["duplicate_window_s"] * 1000 },
    publish: { msg_id: "key" },
  });
  const times: number[] = given["published_at_s"];
  for (const second of times)
    run.publish(second * 1000, 0, second, { key: given["same_id"] ? "id" : `id-${second}` });
  run.runUntil(100_000);
  const labels = run.labels("stored");
  expect(times.map((second) => labels.includes(String(second)))).toEqual(wanted["stored"]);
});

shape("max_msgs discard publish", (given, wanted) => {
  const run = start({ stream: { max_msgs: given["max_msgs"], discard: given["discard"] } });
  for (let i = 0; i < given["publish"]; i++) run.publish(i, 0, i, { key: "a" });
  run.runUntil(1000);
  const last = stored(run).at(-1)!;
  expect(last).toBe(wanted["last_seq"]);
  expect(last - run.broker.depths(0)[0]! + 1).toBe(wanted["first_seq"]);
  expect(run.find("refused")).toHaveLength(wanted["errors"]);
});

shape("max_msgs_per_subject discard publish", (given, wanted) => {
  const { max_msgs_per_subject, discard } = given;
  const discard_new_per_subject = given["discard_new_per_subject"] ?? false;
  const run = start({ stream: { max_msgs_per_subject, discard, discard_new_per_subject } });
  const subjects: string[] = given["publish"];
  subjects.forEach((key, at) => run.publish(at, 0, at, { key }));
  run.runUntil(1000);
  if (wanted["stored"] !== undefined)
    expect(run.labels("stored").map((at) => subjects[Number(at)])).toEqual(wanted["stored"]);
  if (wanted["errors"] !== undefined) expect(run.find("refused")).toHaveLength(wanted["errors"]);
  if (wanted["messages"] !== undefined) expect(run.broker.depths(0)[0]).toBe(wanted["messages"]);
  if (wanted["last_seq"] !== undefined) expect(stored(run).at(-1)).toBe(wanted["last_seq"]);
});

shape("retention consumer1_filter consumer2_filter", (given, wanted) => {
  const consumers = [given["consumer1_filter"], given["consumer2_filter"]];
  const config = describeBroker(
    nats,
    sketch({
      stream: { retention: given["retention"] },
      consumers: consumers.map((filter_subject: string) => ({ filter_subject })),
    }),
  );
  const errors = checkNats(config).filter(({ severity }) => severity === "error");
  expect(errors.length > 0 ? "refused" : "accepted").toBe(wanted["second"]);
});

shape("retention published consumer_filter acked", (given, wanted) => {
  const run = start({
    stream: { retention: given["retention"] },
    consumers: [{ filter_subject: given["consumer_filter"] }],
  });
  given["published"].forEach((key: string, at: number) => run.publish(at, 0, at, { key }));
  for (let left = given["acked"]; left > 0; left--)
    run.at(100 + left, () => run.settle(run.heldLabels(0)[0]!));
  run.runUntil(1000);
  expect(run.broker.depths(0)[0]).toBe(wanted["messages_left"]);
});

shape("retention consumers acked_by", (given, wanted) => {
  const consumers = Array.from({ length: given["consumers"] }, (_, at) => ({
    durable_name: `i${at}`,
  }));
  const run = start({ stream: { retention: given["retention"] }, consumers });
  run.publish(0, 0, "m", { key: "a" });
  run.runUntil(100);
  for (let at = 0; at < given["acked_by"]; at++) run.settle("m");
  run.runUntil(200);
  expect(run.broker.depths(0)[0]).toBe(wanted["messages"]);
});

function deliveriesAt(run: FakeRun): number[] {
  return run.find("deliver").map(({ ms }) => ms / 1000);
}

function closeTo(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((second, at) => expect(found[at]).toBeCloseTo(second, 2));
}

shape("backoff_s max_deliver client", (given, wanted) => {
  const backoff = given["backoff_s"].join(" ");
  const run = start({
    consumers: [{ backoff, max_deliver: given["max_deliver"], batch: 10 }],
    workers: 5,
  });
  run.publish(0, 0, "m", { key: "a" });
  run.runUntil(1_000_000);
  closeTo(deliveriesAt(run), wanted["deliveries_at_s"]);
});

shape("ack_wait_s max_deliver client", (given, wanted) => {
  const { ack_wait_s, max_deliver } = given;
  const run = start({ consumers: [{ ack_wait: ack_wait_s * 1000, max_deliver }], workers: 5 });
  run.publish(0, 0, "m", { key: "a" });
  run.runUntil(1_000_000);
  closeTo(deliveriesAt(run), wanted["deliveries_at_s"]);
  const advisory = run.find("note").find(({ reason }) => reason.includes("MAX_DELIVERIES"));
  expect(advisory!.ms / 1000).toBeCloseTo(wanted["given_up_at_s"], 2);
  expect(run.broker.depths(0)[0]).toBe(1);
});

shape("action", (given, wanted) => {
  const action: string = given["action"];
  const delay = Number(/delay (\d+(?:\.\d+)?)/u.exec(action)?.[1] ?? 0);
  const on_failure = action.split(" ")[0]!;
  const run = start({ consumers: [{ on_failure, nak_delay: delay * 1000 }], workers: 2 });
  run.publish(0, 0, "m", { key: "a" });
  run.at(1000, () => run.settle("m", "failed"));
  run.runUntil(20_000);
  const again = deliveriesAt(run)[1];
  if (wanted["redelivered"] === false) expect(again).toBeUndefined();
  else expect(again! - 1).toBeCloseTo(wanted["redelivered_after_s"], 2);
});

shape("max_ack_pending stream fetch", (given, wanted) => {
  const run = start({
    consumers: [{ max_ack_pending: given["max_ack_pending"], batch: given["fetch"] }],
  });
  for (let i = 0; i < given["stream"]; i++) run.publish(0, 0, i, { key: "a" });
  run.runUntil(1000);
  expect(run.heldLabels(0)).toHaveLength(wanted["returned"]);
});

shape("max_ack_pending held acks fetch", (given, wanted) => {
  const run = start({
    consumers: [{ max_ack_pending: given["max_ack_pending"], batch: given["fetch"] }],
    workers: 1 + given["held"],
  });
  for (let i = 0; i < 20; i++) run.publish(0, 0, i, { key: "a" });
  run.runUntil(1000);
  expect(run.heldLabels(0)).toHaveLength(given["held"]);
  for (let left = given["acks"]; left > 0; left--) run.settle(run.heldLabels(0)[0]!);
  run.runUntil(2000);
  expect(run.find("deliver").length - given["held"]).toBe(wanted["returned"]);
});

shape("ack_wait_expired redelivered_to late_ack_by", (given, wanted) => {
  expect(given["late_ack_by"]).toBe("first");
  const run = start({ consumers: [{ ack_wait: 1000 }], workers: 2 });
  run.publish(0, 0, "m", { key: "a" });
  run.runUntil(1500);
  const [first, second] = run.held(0);
  expect(second!.worker).not.toBe(first!.worker);
  first!.held = false;
  run.broker.settle(first!.handle, "done");
  run.runUntil(60_000);
  expect(run.find(wanted["message"])).toHaveLength(1);
  expect(run.broker.waiting(0)).toBe(wanted["pending"]);
  expect(run.find("deliver")).toHaveLength(2);
});

shape("fetched nak ack next_fetch", (given, wanted) => {
  const count = given["fetched"].length;
  const run = start({ consumers: [{ batch: count }] });
  for (let i = 1; i <= count + 3; i++) run.publish(0.001 * i, 0, i, { key: "a" });
  // The first message alone answers the waiting fetch, so that the worker fetches when all are there.
  const whole = new FakeRun(nats, sketch({ consumers: [{ batch: count }] }), { joins: "none" });
  for (let i = 1; i <= count + 3; i++) whole.publish(0, 0, i, { key: "a" });
  whole.at(10, () => whole.join(0, 0));
  whole.runUntil(20);
  expect(whole.heldLabels(0).map(Number)).toEqual(given["fetched"]);
  for (const label of given["nak"]) whole.settle(label, "failed");
  for (const label of given["ack"]) whole.settle(label);
  whole.runUntil(30);
  const next = whole.held(0).slice(0, given["next_fetch"]);
  const described = next.map(({ label, attempt }) => (attempt === 2 ? `${label} (2nd)` : label));
  expect(described).toEqual(wanted["returned"]);
});

shape("expected_last_sequence actual", (given, wanted) => {
  // No publisher of the model states what it expects; the sequence that the server compares with is the log's.
  const run = start({});
  for (let i = 0; i < given["actual"]; i++) run.publish(0, 0, i, { key: "a" });
  run.runUntil(10);
  const last = stored(run).at(-1) ?? 0;
  expect(last === given["expected_last_sequence"] ? "" : `wrong last sequence: ${last}`).toBe(
    wanted["error"],
  );
});

function lossOf(run: FakeRun): number {
  return run.find("dropped").length;
}

shape("replicas event", (given, wanted) => {
  const crash = given["event"] === "power loss" ? "power" : "process";
  const minutes = Number(/(\d+)m/u.exec(given["sync_interval"] ?? "2m")?.[1] ?? 2);
  const run = start({
    cluster: { crash, sync_interval: minutes * 60_000 },
    stream: { num_replicas: given["replicas"] },
    consumers: [{ batch: 10_000 }],
  });
  run.leave(0, 0, "close");
  // Late in an interval of syncs.
  const fromMs = 3 * minutes * 60_000 - 20_000;
  for (let i = 0; i < 300; i++) run.publish(fromMs + i * 100, 0, i, { key: "a" });
  const crashMs = fromMs + 15_050;
  run.at(crashMs, () => run.broker.crashNode(0));
  run.at(crashMs + 30_000, () => run.broker.restartNode(0));
  run.runUntil(crashMs + 60_000);
  const confirmed = run.find("confirmed");
  if (wanted["acked_lost"] !== undefined) expect(lossOf(run)).toBe(wanted["acked_lost"]);
  if (wanted["duplicates"] !== undefined)
    expect(new Set(run.labels("stored")).size - run.labels("stored").length).toBe(0);
  if (wanted["gap_s_between"] !== undefined) {
    const next = confirmed.find(({ ms }) => ms > crashMs + 10)!;
    const [least, most] = wanted["gap_s_between"];
    expect((next.ms - crashMs) / 1000).toBeGreaterThan(least);
    expect((next.ms - crashMs) / 1000).toBeLessThan(most);
  }
  if (wanted["publish"] !== undefined)
    expect(run.find("refused")[0]?.reason).toContain(wanted["publish"]);
  if (wanted["messages_after_restart"] === "all")
    expect(run.broker.depths(0)[0]).toBe(confirmed.length);
  if (wanted["acked_lost_s_up_to"] !== undefined) {
    expect(lossOf(run)).toBeGreaterThan(0);
    expect(lossOf(run)).toBeLessThanOrEqual(wanted["acked_lost_s_up_to"] * 10);
  }
});

describe.runIf(vectors.length > 0)("NATS vectors", () => {
  it.each(vectors.map((vector) => [vector.id, JSON.stringify(vector.given), vector] as const))(
    "%s: %s",
    (id, _given, vector) => {
      const fields = new Set(Object.keys(vector.given));
      const found = shapes
        .filter((one) => one.fields.every((name) => fields.has(name)))
        .toSorted((a, b) => b.fields.length - a.fields.length)[0];
      if (found === undefined) throw new Error(`${id} has a shape that no check knows.`);
      found.check(vector.given, vector.expect);
    },
  );
});
