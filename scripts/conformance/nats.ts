// Scenarios of NATS: subjects, queue groups, and JetStream's streams and consumers.

import { setTimeout as wait } from "node:timers/promises";
import { describeBroker } from "../../src/brokers/brokerSketch.suite.ts";
import { FakeRun } from "../../src/brokers/fakeContext.suite.ts";
import { checkNats } from "../../src/brokers/nats/check.ts";
import { natsManual } from "../../src/brokers/nats/manual.ts";
import { nats as natsFace } from "../../src/brokers/nats/nats.ts";
import { simulatedNats } from "../../src/brokers/nats/simulated.ts";
import { isMembers, NatsClient } from "./natsClient.ts";
import { moreScenarios } from "./natsMore.ts";
import {
  attemptOf,
  consumer,
  fetch,
  hasFailed,
  limited,
  seconds,
  sequenceOf,
  simulate,
  sketch,
  stored,
  times,
} from "./natsPlay.ts";
import type { Candidate, Scenario } from "./scenario.ts";
import { startServer, versionOf } from "./server.ts";

const patterns = ["a.*", "a.>", ">", "*", "a.*.c", "*.b", "a.b", "a.*.>"];
const subjects = ["a", "a.b", "a.b.c", "b", "x.b", "a.c", "A.b", "a.b.c.d"];

const scenarios: Scenario<NatsClient>[] = [
  {
    name: "wildcards: eight subjects against eight patterns",
    simulated: () => {
      const run = new FakeRun(
        simulatedNats,
        {
          channels: [{ id: "c", kind: "subject" }],
          publishers: [{ to: "c", parameters: { subject: "{key}" } }],
          subscriptions: patterns.map((filter_subject) => ({
            from: "c",
            parameters: { filter_subject },
          })),
        },
        { plans: [{ serviceMs: 0.1 }] },
      );
      subjects.forEach((key, at) => run.publish(10 * at, 0, key, { key }));
      run.runUntil(1000);
      return patterns.map((_, subscription) => run.labels("deliver", { subscription }));
    },
    real: async (client) => {
      const other = await NatsClient.open(client.port);
      const found = patterns.map((): string[] => []);
      patterns.forEach((pattern, at) =>
        other.subscribe(pattern, ({ subject }) => {
          if (subjects.includes(subject)) found[at]?.push(subject);
        }),
      );
      await wait(100);
      for (const subject of subjects) client.publish(subject);
      await wait(300);
      other.close();
      return found;
    },
  },
  {
    name: "a queue group gets each message once, a plain subscriber all",
    simulated: () => {
      const run = new FakeRun(
        simulatedNats,
        {
          channels: [{ id: "c", kind: "subject" }],
          publishers: [{ to: "c" }],
          subscriptions: [{ from: "c", workers: 2, parameters: { queue: "g" } }, { from: "c" }],
        },
        { plans: [{ serviceMs: 0.1 }] },
      );
      for (let i = 0; i < 100; i++) run.publish(i, 0, i);
      run.runUntil(1000);
      const workers = [0, 1].map((worker) => run.labels("deliver", { subscription: 0, worker }));
      const total = workers.flat().length;
      return [
        total,
        run.find("deliver", { subscription: 1 }).length,
        workers.every((one) => one.length > 0),
      ];
    },
    real: async (client) => {
      const other = await NatsClient.open(client.port);
      const counts = [0, 0, 0];
      const count = (at: number) => () => void counts[at]!++;
      other.subscribe("q", count(0), "g");
      other.subscribe("q", count(1), "g");
      other.subscribe("q", count(2));
      await wait(100);
      for (let i = 0; i < 100; i++) client.publish("q");
      await wait(300);
      other.close();
      const [a = 0, b = 0, plain = 0] = counts;
      return [a + b, plain, a > 0 && b > 0];
    },
  },
  limited(
    "max_msgs with discard old deletes the oldest",
    { max_msgs: 3, discard: "old" },
    times(5, "s.a"),
  ),
  limited(
    "max_msgs with discard new refuses the newest",
    { max_msgs: 3, discard: "new" },
    times(5, "s.a"),
  ),
  {
    name: "a publication to no stream is answered with 503",
    simulated: () => simulate({}, ["nowhere"]).outcomes.get("1")?.includes("503"),
    real: async (client) => {
      await stored(client, {}, []);
      return (await client.request("nowhere")).status === "503";
    },
  },
  {
    name: "a second message with the same Nats-Msg-Id is confirmed and not stored, until the window ends",
    simulated: () => {
      const given = {
        stream: { duplicate_window: 1000 },
        publish: { msg_id: "key" as const, subject: "s.a" },
      };
      const run = new FakeRun(simulatedNats, sketch(given));
      for (const ms of [0, 600, 1300]) run.publish(ms, 0, ms, { key: "id" });
      run.runUntil(2000);
      return run.find("stored").length;
    },
    real: async (client) => {
      await stored(client, { duplicate_window: 1e9 }, ["s.a"], "id");
      await wait(600);
      await client.request("s.a", "", "id");
      await wait(700);
      await client.request("s.a", "", "id");
      const { state } = await client.api("STREAM.INFO.S");
      return isMembers(state) ? state["messages"] : state;
    },
  },
  {
    name: "ack_wait and max_deliver: so many deliveries, that far apart; the message stays",
    simulated: () => {
      const consumers = [{ ack_wait: 500, max_deliver: 3 }];
      const run = simulate({ consumers, workers: 4 }, ["s.a"]);
      run.runUntil(5000);
      const at = run.find("deliver").map(({ ms }) => ms);
      const gaps = at.slice(1).map((ms, i) => Math.round(2 * seconds(ms - at[i]!)) / 2);
      return [gaps, run.broker.depths(0)[0]];
    },
    real: async (client) => {
      await stored(client, {}, ["s.a"]);
      await consumer(client, "c", { ack_wait: 500e6, max_deliver: 3 });
      const at: number[] = [];
      for (let i = 0; i < 4; i++)
        for (const _message of await fetch(client, "c", 1, 1200)) at.push(performance.now());
      const gaps = at.slice(1).map((ms, i) => Math.round(2 * seconds(ms - at[i]!)) / 2);
      const { state } = await client.api("STREAM.INFO.S");
      return [gaps, isMembers(state) ? state["messages"] : state];
    },
  },
  {
    name: "nak of the second of three: it comes first and again, before the fourth and fifth",
    simulated: () => {
      const run = simulate({ consumers: [{ batch: 3 }] }, times(5, "s.a"));
      run.settle(2, "failed");
      run.settle(1);
      run.settle(3);
      run.runUntil(300);
      return run.held(0).map(({ label, attempt }) => [Number(label), attempt]);
    },
    real: async (client) => {
      await stored(client, {}, times(5, "s.a"));
      await consumer(client, "c");
      const [first, second, third] = await fetch(client, "c", 3);
      client.publish(second!.reply, "-NAK");
      client.publish(first!.reply, "+ACK");
      client.publish(third!.reply, "+ACK");
      await wait(100);
      const next = await fetch(client, "c", 3);
      return next.map((message) => [sequenceOf(message), attemptOf(message)]);
    },
  },
  {
    name: "max_ack_pending bounds a fetch, and one acknowledgement lets one more come",
    simulated: () => {
      const consumers = [{ max_ack_pending: 3, batch: 10 }];
      const run = simulate({ consumers, workers: 2 }, times(10, "s.a"));
      const held = run.held(0).length;
      run.settle(run.heldLabels(0)[0]!);
      run.runUntil(400);
      return [held, run.find("deliver").length - held];
    },
    real: async (client) => {
      await stored(client, {}, times(10, "s.a"));
      await consumer(client, "c", { max_ack_pending: 3 });
      const held = await fetch(client, "c", 10);
      client.publish(held[0]!.reply, "+ACK");
      await wait(100);
      return [held.length, (await fetch(client, "c", 10)).length];
    },
  },
  {
    name: "a work queue loses what is acknowledged or terminated, and refuses a second filter that overlaps",
    simulated: () => {
      const stream = { retention: "workqueue" };
      const run = simulate(
        { stream, consumers: [{ filter_subject: "s.a", batch: 2, on_failure: "term" }] },
        ["s.a", "s.a", "s.z"],
      );
      run.settle(1);
      run.settle(2, "failed");
      run.runUntil(300);
      const both = [{ filter_subject: "s.a" }, { filter_subject: "s.>" }];
      const config = describeBroker(simulatedNats, sketch({ stream, consumers: both }));
      return [run.broker.depths(0)[0], checkNats(config).length > 0];
    },
    real: async (client) => {
      await stored(client, { retention: "workqueue" }, ["s.a", "s.a", "s.z"]);
      await consumer(client, "c", { filter_subject: "s.a" });
      const [first, second] = await fetch(client, "c", 2);
      client.publish(first!.reply, "+ACK");
      client.publish(second!.reply, "+TERM");
      await wait(100);
      const { state } = await client.api("STREAM.INFO.S");
      const refused = hasFailed(await consumer(client, "d", { filter_subject: "s.>" }));
      return [isMembers(state) ? state["messages"] : state, refused];
    },
  },
  {
    name: "interest: dropped at once without a consumer, kept until both have acknowledged",
    simulated: () => {
      const stream = { retention: "interest" };
      const none = simulate({ stream }, ["s.a"]).broker.depths(0)[0];
      const two = new FakeRun(
        simulatedNats,
        sketch({ stream, consumers: [{ durable_name: "c" }, { durable_name: "d" }] }),
      );
      two.publish(0, 0, "m", { key: "s.a" });
      two.runUntil(50);
      const lengths = [none, two.broker.depths(0)[0]];
      for (let i = 0; i < 2; i++) {
        two.settle("m");
        two.runUntil(100 + 50 * i);
        lengths.push(two.broker.depths(0)[0]);
      }
      return lengths;
    },
    real: async (client) => {
      const count = async () => {
        const { state } = await client.api("STREAM.INFO.S");
        return isMembers(state) ? state["messages"] : state;
      };
      await stored(client, { retention: "interest" }, ["s.a"]);
      const lengths = [await count()];
      await consumer(client, "c");
      await consumer(client, "d");
      await client.request("s.a");
      lengths.push(await count());
      for (const name of ["c", "d"]) {
        const [message] = await fetch(client, name, 1);
        client.publish(message!.reply, "+ACK");
        await wait(100);
        lengths.push(await count());
      }
      return lengths;
    },
  },
];

/** NATS. */
export const natsCandidate: Candidate<NatsClient> = {
  label: "NATS",
  package: "nats-server",
  installed: () => versionOf("nats-server", ["--version"]),
  // What was observed on 2.10 is the same on 2.9, as far as it is modelled.
  modelled: () => natsFace.version,
  start: (place) =>
    startServer(place, {
      program: "nats-server",
      args: [
        ["--addr", "127.0.0.1", "--port", String(place.port)],
        ["--jetstream", "--store_dir", place.folder],
      ].flat(),
      connect: ({ port }) => NatsClient.open(port),
      close: (client) => client.close(),
    }),
  scenarios: [...scenarios, ...moreScenarios],
  lists: [...natsManual.simplified, ...natsManual.notModelled],
};
