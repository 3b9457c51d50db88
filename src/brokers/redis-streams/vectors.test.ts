// Redis Streams against what was observed on a real 8.0.2 (shared vectors) where they are at hand. What is known of a vector
// is its shape: which fields are given decides what is done.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { StreamCommands } from "./commands.suite.ts";
import { compileGlob } from "./glob.ts";
import { copiesOf } from "./pubSub.ts";
import { simulatedRedisStreams as redis } from "./simulated.ts";

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
  ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]).filter(
      (one) => one.system === "redis-streams",
    )
  : [];

/** A check, and the fields of `given` by which its vectors are known. */
interface Shape {
  readonly fields: readonly string[];
  readonly check: (given: Members, wanted: Members) => void;
}

const shapes: Shape[] = [];
const shape = (fields: string, check: Shape["check"]) =>
  shapes.push({ fields: fields.split(" "), check });

/** A stream 1-0, 2-0, … and a group that reads it from the beginning. */
function filled(count: number, at = "0") {
  const commands = new StreamCommands();
  commands.addMany(count);
  return { commands, group: commands.create(at) };
}

const idOf = (number: number) => `${number}-0`;
const numbers = (ids: readonly string[]) => ids.map((id) => Number.parseInt(id, 10));
const highest = (ids: readonly string[]) => Math.max(...numbers(ids));

// ---- Commands --------------------------------------------------------------------------------

shape("XADD", (given, wanted) => {
  const commands = new StreamCommands();
  const replies = [given["XADD"]].flat().map((id: string) => commands.xadd(id));
  const last = replies.at(-1) ?? "";
  const text: unknown = wanted["second"] ?? wanted["error"];
  if (typeof text === "string")
    for (const word of text.replace("error: ", "").split(" ")) expect(last).toContain(word);
  else expect(last.startsWith("error")).toBe(text);
});

shape("stream group_created_at XREADGROUP", (given, wanted) => {
  const commands = new StreamCommands();
  for (const id of given["stream"]) commands.xadd(id);
  const group = commands.create(given["group_created_at"]);
  const count = /COUNT (\d+)/u.exec(given["XREADGROUP"])?.[1];
  const about = count === undefined ? {} : { count: Number(count) };
  expect(commands.read(group, "c", about)).toEqual(wanted["returned"]);
});

shape("consumer read other_consumer", (given, wanted) => {
  const { commands, group } = filled(highest(given["read"]));
  commands.read(group, given["consumer"]);
  expect(commands.read(group, "other")).toEqual(wanted["returned"]);
});

shape("XACK", (given, wanted) => {
  const { commands, group } = filled(highest(given["XACK"]));
  commands.read(group, "c");
  const replies = given["XACK"].map((id: string) => commands.xack(group, id));
  expect(replies).toEqual(wanted["replies"]);
});

shape("pending_idle_ms XAUTOCLAIM_min_idle", (given, wanted) => {
  const { commands, group } = filled(1);
  commands.read(group, "c");
  commands.nowNs = given["pending_idle_ms"] * 1e6;
  const { claimed } = commands.autoclaim(group, "other", given["XAUTOCLAIM_min_idle"]);
  expect(claimed).toHaveLength(wanted["claimed"].length);
});

shape("counter XCLAIM", (given, wanted) => {
  const { commands, group } = filled(1);
  commands.read(group, "c");
  const [row] = commands.rows(group);
  commands.groups.pending.setCounter(row!, given["counter"]);
  commands.autoclaim(group, "other", 0, { justId: given["XCLAIM"] === "JUSTID" });
  expect(commands.groups.pending.counter(row!)).toBe(wanted["counter"]);
});

shape("pending_idle_ms two_claimers_min_idle concurrent", (given, wanted) => {
  const { commands, group } = filled(1);
  commands.read(group, "c");
  commands.nowNs = given["pending_idle_ms"] * 1e6;
  const counts = ["x", "y"].map(
    (name) => commands.autoclaim(group, name, given["two_claimers_min_idle"]).claimed.length,
  );
  expect(wanted["claimed_by"]).toBe("exactly one");
  expect(counts).toEqual([1, 0]);
});

shape("pending XDEL read", (given, wanted) => {
  const { commands, group } = filled(highest([given["pending"]]));
  commands.read(group, "c");
  commands.xdel(given["XDEL"]);
  const at = numbers([wanted["entry"]])[0]! - 1;
  expect(commands.history(group, "c")[at]).toBe(wanted["body"]);
});

shape("pending deleted XAUTOCLAIM", (given, wanted) => {
  const { commands, group } = filled(highest(given["pending"]));
  for (const id of commands.read(group, "c"))
    if (!given["pending"].includes(id)) commands.xack(group, id);
  for (const id of given["deleted"]) commands.xdel(id);
  const minIdle = Number(/(\d+)$/u.exec(given["XAUTOCLAIM"])?.[1]);
  const { claimed, deleted } = commands.autoclaim(group, "other", minIdle);
  expect(claimed).toEqual(wanted["claimed"]);
  expect(deleted).toBe(wanted["deleted_ids"].length);
  expect(commands.pendingIds(group)).toEqual(wanted["pending_after"]);
});

shape("stream group_read XTRIM_MAXLEN", (given, wanted) => {
  const { commands, group } = filled(given["stream"].length);
  commands.read(group, "c", { count: given["group_read"] });
  const before = commands.groups.unread(group);
  commands.xtrim(given["XTRIM MAXLEN"]);
  expect(before - commands.groups.unread(group)).toBe(wanted["lost_unread"].length);
  expect(numbers(commands.read(group, "c"))).toEqual(wanted["next_read"]);
  const { pending } = commands.groups;
  expect(commands.rows(group).map((row) => pending.sequence(row))).toEqual(wanted["pending"]);
});

shape("NOACK read", (given, wanted) => {
  const { commands, group } = filled(given["read"]);
  commands.read(group, "c", { noack: given["NOACK"] });
  expect(commands.groups.pendingCount(group)).toBe(wanted["pending"]);
});

shape("consumer pending command", (given, wanted) => {
  const { commands, group } = filled(given["pending"]);
  commands.read(group, given["consumer"]);
  expect(commands.deleteConsumer(group, given["consumer"])).toBe(wanted["returned"]);
  expect(commands.read(group, "other")).toHaveLength(wanted["redelivered"]);
});

shape("command stream", (given, wanted) => {
  const { commands, group } = filled(given["stream"]);
  commands.read(group, "c");
  commands.setId(group, given["command"].split(" ").at(-1));
  expect(commands.read(group, "c")).toHaveLength(wanted["next_read"]);
});

shape("lag", (given, wanted) => {
  const story: string = given["lag"];
  const number = (pattern: RegExp) => Number(pattern.exec(story)?.[1] ?? 0);
  const added = number(/(\d+) added/u);
  const commands = new StreamCommands();
  commands.addMany(added === 0 ? 5 : added);
  const created = /created at (\S+)/u.exec(story)?.[1] ?? "0";
  const group = commands.create(/^(?:a )?middle/u.test(created) ? idOf(2) : created);
  const count = number(/(\d+) read/u);
  if (count > 0) commands.read(group, "c", { count });
  const deleted = number(/entry (\d+) deleted/u);
  if (deleted > 0) commands.xdel(idOf(deleted));
  const length = number(/trimmed to (\d+)/u);
  if (length > 0) commands.xtrim(length);
  expect(commands.groups.lag(group) ?? null).toBe(wanted["lag"]);
  if (wanted["pending"] !== undefined)
    expect(commands.groups.pendingCount(group)).toBe(wanted["pending"]);
});

// ---- Runs ------------------------------------------------------------------------------------

const fast = { latency: 0.01 };

function running(about: {
  readonly cluster?: Parameters;
  readonly publish?: Parameters;
  readonly reader?: Parameters;
  readonly workers?: number;
  readonly serviceMs?: number;
}): FakeRun {
  const { cluster, publish, reader, workers = 1, serviceMs } = about;
  return new FakeRun(
    redis,
    {
      parameters: { replicas: 0, ...cluster },
      channels: [{ id: "s", kind: "stream" }],
      publishers: [{ to: "s", parameters: { ...fast, ...publish } }],
      subscriptions:
        reader === undefined ? [] : [{ from: "s", workers, parameters: { ...fast, ...reader } }],
    },
    { plans: serviceMs === undefined ? [{}] : [{ serviceMs }] },
  );
}

shape("group consumers_blocked_in_order COUNT entries", (given, wanted) => {
  const names: string[] = given["consumers_blocked_in_order"];
  const run = running({
    reader: { count: given["COUNT"] },
    workers: names.length,
    serviceMs: 0.1,
  });
  given["entries"].forEach((entry: number, at: number) => run.publish(at + 1, 0, entry));
  run.runUntil(1000);
  names.forEach((name, worker) =>
    expect(run.labels("deliver", { worker }).map(Number)).toEqual(wanted[name]),
  );
});

shape("group backlog XREADGROUP", (given, wanted) => {
  const run = running({ reader: {} });
  run.leave(0, 0, "close");
  for (let i = 0; i < given["backlog"]; i++) run.publish(0, 0, i);
  run.at(10, () => run.join(0, 0));
  run.runUntil(20);
  expect(run.held(0, 0)).toHaveLength(wanted["returned"]);
});

shape("pubsub subscribers", (given, wanted) => {
  const run = new FakeRun(redis, {
    channels: [{ id: "c", kind: "pubsub" }],
    publishers: [{ to: "c" }],
    subscriptions: [{ from: "c", workers: Math.max(1, given["subscribers"]) }],
  });
  if (given["subscribers"] === 0) run.leave(0, 0, "close");
  run.publish(0, 0, "m");
  run.runUntil(100);
  expect(run.find("deliver")).toHaveLength(wanted["returned"]);
  if (wanted["message"] === "lost") expect(run.labels("unroutable")).toEqual(["m"]);
});

shape("pubsub_patterns channel", (given, wanted) => {
  const patterns: string[] = given["pubsub_patterns"];
  if (wanted["copies"] !== undefined)
    expect(copiesOf(patterns.map(compileGlob), given["channel"])).toBe(wanted["copies"]);
  if (wanted["matched"] !== undefined)
    expect(patterns.filter((one) => compileGlob(one)(given["channel"]))).toEqual(wanted["matched"]);
});

/** Parameters that a vector calls "AOF everysec", "RDB only", "none". */
function persistence(called: string): Parameters {
  if (called.startsWith("none")) return { save: "" };
  if (called.startsWith("RDB")) return { save: "3600 1" };
  const policy = /always|everysec|no/u.exec(called)?.[0] ?? "everysec";
  return { appendonly: true, appendfsync: policy };
}

shape("persistence event", (given, wanted) => {
  const crash = /power|host crash/iu.test(given["event"]) ? "power" : "process";
  const run = running({
    cluster: { ...persistence(given["persistence"]), crash },
    reader: {},
  });
  run.leave(0, 0, "close");
  // One before the hour of the snapshot, the others behind it.
  run.publish(0, 0, "first");
  const count = 200;
  for (let i = 0; i < count; i++) run.publish(3_601_000 + i * 10, 0, i);
  run.at(3_603_500, () => run.broker.crashNode(0));
  run.at(3_604_000, () => run.broker.restartNode(0));
  run.runUntil(3_605_000);
  const lost = run.books("s").dropped;
  const kept = run.books("s").waiting;
  if (wanted["acknowledged_lost"] === "all") expect([lost, kept]).toEqual([count + 1, 0]);
  else if (typeof wanted["acknowledged_lost"] === "number")
    expect(lost).toBe(wanted["acknowledged_lost"]);
  else if (wanted["acknowledged_lost"] === "everything since the last snapshot")
    // The first change behind the hour makes the snapshot.
    expect([lost, kept]).toEqual([count, 1]);
  else {
    const seconds = Number(wanted["acked_lost_s_up_to"] ?? wanted["acknowledged_lost_s_up_to"]);
    expect(lost).toBeLessThanOrEqual(seconds * 100);
    expect(lost).toBeGreaterThan(0);
  }
});

shape("replica command", (given, wanted) => {
  const [, replicas, timeout] = given["command"].split(" ").map(Number);
  const run = running({
    cluster: { replicas: 1 },
    publish: { wait_replicas: replicas, wait_timeout: timeout },
  });
  if (given["replica"] === "frozen") run.broker.slowNode?.(1, 1e6);
  run.publish(0, 0, "m");
  run.runUntil(60_000);
  expect(run.outcomes.get("m")).toBe(
    wanted["returned"] >= replicas ? "confirmed" : "refused: WAIT: too few replicas in time",
  );
  if (wanted["write"] === "not rolled back") expect(run.broker.depths(0)).toEqual([1]);
});

shape("replica", (given, wanted) => {
  expect(given["replica"]).toBe("XADD on it");
  expect(wanted["error"]).toBe("READONLY");
  // A replica that is up and not promoted takes no write.
  const run = running({ cluster: { replicas: 1, sentinel: false } });
  run.broker.crashNode(0);
  run.publish(0, 0, "m");
  run.runUntil(60_000);
  expect(run.broker.nodes()[1]).toEqual({ up: true, leads: 0 });
  expect(run.labels("stored")).toEqual([]);
});

shape("replica_after_WAIT", (given, wanted) => {
  expect(given["replica_after_WAIT"]).toBe("XPENDING");
  const run = running({
    cluster: { replicas: 1, "down-after-milliseconds": 100, failover: 100 },
    publish: { wait_replicas: 1 },
    reader: {},
  });
  run.publish(0, 0, "m");
  run.at(1000, () => run.broker.crashNode(0));
  run.runUntil(60_000);
  expect(run.broker.nodes()[1]?.leads).toBe(1);
  // Still in the hands of its worker: the new primary knows that it is pending.
  expect(run.books("s").inFlight === 1).toBe(wanted["group_state_replicated"]);
});

shape("consumer claimer", (given, wanted) => {
  const { claimer } = given;
  const run = running({
    reader:
      claimer === null
        ? { start: ">" }
        : {
            start: ">",
            claim: "XAUTOCLAIM",
            claim_every: claimer.every_s * 1000,
            "min-idle-time": claimer.min_idle_s * 1000,
          },
    workers: 2,
  });
  run.publish(0, 0, "m");
  run.at(100, () => run.leave(0, 0, "crash"));
  run.runUntil(600_000);
  const [, again] = run.find("deliver");
  if (wanted["redelivered"] === false) expect(again).toBeUndefined();
  else {
    const [from, to] = wanted["claimed_between_s"];
    expect(again!.ms / 1000).toBeGreaterThanOrEqual(from);
    expect(again!.ms / 1000).toBeLessThanOrEqual(to + 0.01);
    expect(again!.attempt).toBe(wanted["counter"]);
  }
});

const idempotent = (given: Members, cluster: Parameters) =>
  running({ cluster: { version: given["version"], ...cluster }, publish: { idmp: "IDMP" } });

shape("version XADD IDMP-DURATION gap_s", (given, wanted) => {
  const run = idempotent(given, { "idmp-duration": given["IDMP-DURATION"] * 1000 });
  run.publish(0, 0, "a", { key: "m1" });
  run.publish(given["gap_s"] * 1000, 0, "b", { key: "m1" });
  run.runUntil(1_000_000);
  expect(run.labels("stored")).toHaveLength(wanted["entries"]);
});

shape("version XADD then IDMP-MAXSIZE again", (given, wanted) => {
  const run = idempotent(given, { "idmp-maxsize": given["IDMP-MAXSIZE"] });
  const others = Number(/\d+/u.exec(given["then"])?.[0]);
  run.publish(0, 0, "m1 first", { key: "m1" });
  for (let i = 0; i < others; i++) run.publish(1, 0, i, { key: `other ${i}` });
  run.publish(2, 0, "m1 again", { key: "m1" });
  run.runUntil(100);
  const entries = run.labels("stored").filter((label) => label.startsWith("m1"));
  expect(entries).toHaveLength(wanted["entries_m1"]);
});

describe.runIf(vectors.length > 0)("Redis vectors", () => {
  it.each(vectors.map((vector) => [vector.id, JSON.stringify(vector.given), vector] as const))(
    "%s: %s",
    (id, _given, vector) => {
      const fields = new Set(Object.keys(vector.given).map((name) => name.replaceAll(" ", "_")));
      const found = shapes
        .filter((one) => one.fields.every((name) => fields.has(name)))
        .toSorted((a, b) => b.fields.length - a.fields.length)[0];
      if (found === undefined) throw new Error(`${id} has a shape that no check knows.`);
      found.check(vector.given, vector.expect);
    },
  );
});
