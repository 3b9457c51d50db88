// Scenarios of Redis: streams and groups driven by commands on both sides, and whole runs where workers matter.

import { setTimeout as wait } from "node:timers/promises";
import type { Parameters } from "../../src/base/fields.ts";
import { FakeRun } from "../../src/brokers/fakeContext.suite.ts";
import { StreamCommands } from "../../src/brokers/redis-streams/commands.suite.ts";
import { clusterFields } from "../../src/brokers/redis-streams/fields.ts";
import { redisStreamsManual } from "../../src/brokers/redis-streams/manual.ts";
import { simulatedRedisStreams } from "../../src/brokers/redis-streams/simulated.ts";
import { RedisClient, type Reply } from "./redisClient.ts";
import { type Candidate, nearestVersion, type Scenario } from "./scenario.ts";
import { startServer, versionOf } from "./server.ts";

/** Ids of a reply of XREADGROUP for one stream. */
function idsOf(reply: Reply): Reply[] {
  const [stream] = list(reply);
  const [, entries = null] = list(stream ?? null);
  return list(entries).map((entry) => list(entry)[0] ?? null);
}

function list(reply: Reply): readonly Reply[] {
  return typeof reply === "object" && reply !== null ? reply : [];
}

async function fill(client: RedisClient, count: number, at = "0"): Promise<void> {
  await client.send("FLUSHALL");
  for (let i = 1; i <= count; i++) await client.send("XADD", "s", `${i}-0`, "f", i);
  await client.send("XGROUP", "CREATE", "s", "g", at, "MKSTREAM");
}

function filled(count: number, at = "0") {
  const commands = new StreamCommands();
  commands.addMany(count);
  return { commands, group: commands.create(at) };
}

const read = (client: RedisClient, consumer: string, ...more: (string | number)[]) =>
  client.send("XREADGROUP", "GROUP", "g", consumer, ...more, "STREAMS", "s", ">").then(idsOf);

async function pendingCount(client: RedisClient): Promise<Reply> {
  return list(await client.send("XPENDING", "s", "g"))[0] ?? null;
}

/** Delivery counters of what is pending, in the order of ids. */
async function counters(client: RedisClient): Promise<Reply[]> {
  const rows = list(await client.send("XPENDING", "s", "g", "-", "+", 100));
  return rows.map((row) => list(row)[3] ?? null);
}

/** Lengths of a stream while so many entries are added, the last ones of them: least and most. */
function lengthsOf(stream: Parameters, entries: number): unknown {
  const run = new FakeRun(simulatedRedisStreams, {
    channels: [{ id: "s", kind: "stream", parameters: stream }],
    publishers: [{ to: "s" }],
  });
  const seen: number[] = [];
  for (let i = 0; i < entries; i++) {
    run.publish(i, 0, i, { sizeBytes: 1 });
    run.at(i + 1.5, () => seen.push(run.broker.depths(0)[0] ?? 0));
  }
  run.runUntil(entries + 5);
  const last = seen.slice(entries / 2);
  return [Math.min(...last), Math.max(...last)];
}

async function realLengths(client: RedisClient, trim: string[], entries: number): Promise<unknown> {
  await client.send("FLUSHALL");
  const seen: number[] = [];
  for (let i = 0; i < entries; i++) {
    await client.send("XADD", "s", ...trim, "*", "f", "v");
    seen.push(Number(await client.send("XLEN", "s")));
  }
  const last = seen.slice(entries / 2);
  return [Math.min(...last), Math.max(...last)];
}

const scenarios: Scenario<RedisClient>[] = [
  {
    name: "an id that does not rise is refused, and 0-0",
    simulated: () => {
      const commands = new StreamCommands();
      return ["1-1", "1-1", "1-2", "0-0"].map((id) => commands.xadd(id).startsWith("error"));
    },
    real: async (client) => {
      await client.send("FLUSHALL");
      const refused: boolean[] = [];
      for (const id of ["1-1", "1-1", "1-2", "0-0"])
        refused.push(String(await client.send("XADD", "s", id, "f", "v")).startsWith("error"));
      return refused;
    },
  },
  {
    name: "a group created at $ reads nothing that was there, at 0 everything, with COUNT as many",
    simulated: () => {
      const late = filled(3, "$");
      const { commands, group } = filled(3);
      return [
        late.commands.read(late.group, "c"),
        commands.read(group, "c", { count: 1 }),
        commands.read(group, "d"),
        commands.read(group, "d"),
      ];
    },
    real: async (client) => {
      await fill(client, 3, "$");
      const late = await read(client, "c");
      await fill(client, 3);
      const first = await read(client, "c", "COUNT", 1);
      return [late, first, await read(client, "d"), await read(client, "d")];
    },
  },
  {
    name: "pending entries: XACK takes off once, DELCONSUMER takes off without redelivery",
    simulated: () => {
      const { commands, group } = filled(3);
      commands.read(group, "c");
      const acks = [commands.xack(group, "1-0"), commands.xack(group, "1-0")];
      const before = commands.groups.pendingCount(group);
      return [acks, before, commands.deleteConsumer(group, "c"), commands.read(group, "d")];
    },
    real: async (client) => {
      await fill(client, 3);
      await read(client, "c");
      const acks = [
        await client.send("XACK", "s", "g", "1-0"),
        await client.send("XACK", "s", "g", "1-0"),
      ];
      const before = await pendingCount(client);
      const deleted = await client.send("XGROUP", "DELCONSUMER", "s", "g", "c");
      return [acks, before, deleted, await read(client, "d")];
    },
  },
  {
    name: "claims: only what is idle for long enough, once, and the counter rises but for JUSTID",
    simulated: () => {
      const { commands, group } = filled(2);
      commands.read(group, "c");
      commands.nowNs = 300e6;
      const early = commands.autoclaim(group, "d", 60_000).claimed;
      const first = commands.autoclaim(group, "d", 200).claimed;
      const second = commands.autoclaim(group, "e", 200).claimed;
      commands.autoclaim(group, "e", 0, { justId: true });
      const { pending } = commands.groups;
      return [early, first, second, commands.rows(group).map((row) => pending.counter(row))];
    },
    real: async (client) => {
      await fill(client, 2);
      await read(client, "c");
      await wait(300);
      const claim = async (consumer: string, minIdle: number, ...more: string[]) => {
        const reply = await client.send("XAUTOCLAIM", "s", "g", consumer, minIdle, "0", ...more);
        return list(list(reply)[1] ?? null).map((entry) => list(entry)[0] ?? null);
      };
      const early = await claim("d", 60_000);
      const first = await claim("d", 200);
      const second = await claim("e", 200);
      await claim("e", 0, "JUSTID");
      return [early, first, second, await counters(client)];
    },
  },
  {
    name: "reading the own history counts as a delivery, and shows null for what is deleted",
    simulated: () => {
      const { commands, group } = filled(3);
      commands.read(group, "c");
      commands.xdel("2-0");
      const bodies = commands.history(group, "c").map((id) => id !== null);
      const { pending } = commands.groups;
      return [bodies, commands.rows(group).map((row) => pending.counter(row))];
    },
    real: async (client) => {
      await fill(client, 3);
      await read(client, "c");
      await client.send("XDEL", "s", "2-0");
      const reply = await client.send("XREADGROUP", "GROUP", "g", "c", "STREAMS", "s", "0");
      const entries = list(list(list(reply)[0] ?? null)[1] ?? null);
      return [entries.map((entry) => list(entry)[1] !== null), await counters(client)];
    },
  },
  {
    name: "a claim drops deleted entries from the pending list and reports them",
    simulated: () => {
      const { commands, group } = filled(3);
      commands.read(group, "c");
      commands.xdel("2-0");
      const { claimed, deleted } = commands.autoclaim(group, "d", 0);
      return [claimed, deleted, commands.groups.pendingCount(group)];
    },
    real: async (client) => {
      await fill(client, 3);
      await read(client, "c");
      await client.send("XDEL", "s", "2-0");
      const reply = list(await client.send("XAUTOCLAIM", "s", "g", "d", 0, "0"));
      const claimed = list(reply[1] ?? null).map((entry) => list(entry)[0] ?? null);
      return [claimed, list(reply[2] ?? null).length, await pendingCount(client)];
    },
  },
  {
    name: "trimming takes unread entries away and leaves trimmed ones pending",
    simulated: () => {
      const { commands, group } = filled(10);
      commands.read(group, "c", { count: 3 });
      commands.xtrim(4);
      return [commands.read(group, "c"), commands.groups.pendingCount(group)];
    },
    real: async (client) => {
      await fill(client, 10);
      await read(client, "c", "COUNT", 3);
      await client.send("XTRIM", "s", "MAXLEN", 4);
      return [await read(client, "c"), await pendingCount(client)];
    },
  },
  {
    name: "NOACK leaves nothing pending",
    simulated: () => {
      const { commands, group } = filled(2);
      return [commands.read(group, "c", { noack: true }), commands.groups.pendingCount(group)];
    },
    real: async (client) => {
      await fill(client, 2);
      return [await read(client, "c", "NOACK"), await pendingCount(client)];
    },
  },
  {
    name: "MAXLEN = is exact",
    simulated: () => lengthsOf({ trim: "MAXLEN", maxlen: 7 }, 100),
    real: (client) => realLengths(client, ["MAXLEN", "=", "7"], 100),
  },
  {
    name: "MAXLEN ~ takes whole nodes of 100 entries",
    simulated: () => lengthsOf({ trim: "MAXLEN", maxlen: 10, trimming: "~" }, 600),
    real: (client) => realLengths(client, ["MAXLEN", "~", "10"], 600),
  },
  {
    name: "blocked consumers are served in the order in which they blocked",
    simulated: () => {
      const run = new FakeRun(
        simulatedRedisStreams,
        {
          channels: [{ id: "s", kind: "stream" }],
          publishers: [{ to: "s" }],
          subscriptions: [{ from: "s", workers: 3, parameters: { count: 1 } }],
        },
        { plans: [{}] },
      );
      for (let i = 1; i <= 3; i++) run.publish(100 * i, 0, i);
      run.runUntil(1000);
      return [0, 1, 2].map((worker) => run.heldLabels(0, worker));
    },
    real: async (client) => {
      await fill(client, 0);
      const { port } = client;
      const clients = await Promise.all([0, 1, 2].map(() => RedisClient.open(port)));
      const reads: Promise<Reply>[] = [];
      for (const [at, one] of clients.entries()) {
        const words = ["GROUP", "g", `c${at}`, "COUNT", "1", "BLOCK", "5000", "STREAMS", "s", ">"];
        reads.push(one.send("XREADGROUP", ...words));
        await wait(30);
      }
      for (let i = 1; i <= 3; i++) await client.send("XADD", "s", `${i}-0`, "f", i);
      const found = await Promise.all(reads);
      for (const one of clients) one.close();
      return found.map((reply) => idsOf(reply).map((id) => String(id).replace("-0", "")));
    },
  },
];

/** Redis. */
export const redisCandidate: Candidate<RedisClient> = {
  label: "Redis",
  package: "redis-server",
  installed: () => versionOf("redis-server", ["--version"]),
  modelled: (found) =>
    nearestVersion(
      clusterFields.version.options.map(({ value }) => value),
      found,
    ),
  start: (place) =>
    startServer(place, {
      program: "redis-server",
      args: [
        ["--port", String(place.port), "--bind", "127.0.0.1", "--dir", place.folder],
        ["--save", "", "--appendonly", "no"],
      ].flat(),
      connect: ({ port }) => RedisClient.open(port),
      close: (client) => client.close(),
    }),
  scenarios,
  lists: [...redisStreamsManual.simplified, ...redisStreamsManual.notModelled],
};
