// Further scenarios of JetStream: acknowledgement of all, backoff, delayed nak, term, age and limits per subject, filters.

import { setTimeout as wait } from "node:timers/promises";
import {
  attemptOf,
  consumer,
  fetch,
  messagesIn,
  sequenceOf,
  simulate,
  stored,
  times,
} from "./natsPlay.ts";
import { isMembers, type NatsClient } from "./natsClient.ts";
import type { Scenario } from "./scenario.ts";

const NS_PER_MS = 1e6;

/** Gaps between times, in whole steps [ms]: clocks of real servers are not exact. */
function gaps(times: readonly number[], stepMs: number): number[] {
  return times.slice(1).map((ms, i) => Math.round((ms - times[i]!) / stepMs));
}

/** When a consumer gets messages, one fetch after the other, for so long [ms]. */
async function arrivals(client: NatsClient, name: string, forMs: number): Promise<number[]> {
  const found: number[] = [];
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    const left = Math.max(50, Math.ceil(end - performance.now()));
    for (const _message of await fetch(client, name, 1, left)) found.push(performance.now());
  }
  return found;
}

/** The scenarios. */
export const moreScenarios: readonly Scenario<NatsClient>[] = [
  {
    name: "ack_policy all: acknowledging the fourth of five leaves one, which comes again after ack_wait",
    simulated: () => {
      const consumers = [{ ack_policy: "all", batch: 5, ack_wait: 500 }];
      const run = simulate({ consumers, workers: 2 }, times(5, "s.a"));
      run.settle(4);
      run.runUntil(900);
      return run.find("deliver", { attempt: 2 }).map(({ label }) => Number(label));
    },
    real: async (client) => {
      await stored(client, {}, times(5, "s.a"));
      await consumer(client, "c", { ack_policy: "all", ack_wait: 500 * NS_PER_MS });
      const held = await fetch(client, "c", 5);
      client.publish(held[3]!.reply, "+ACK");
      await wait(700);
      return (await fetch(client, "c", 5)).map(sequenceOf);
    },
  },
  {
    name: "backoff replaces ack_wait, and its last element repeats",
    simulated: () => {
      const consumers = [{ backoff: "0.6 1.2", max_deliver: 4 }];
      const run = simulate({ consumers, workers: 6 }, ["s.a"]);
      run.runUntil(6000);
      return gaps(
        run.find("deliver").map(({ ms }) => ms),
        600,
      );
    },
    real: async (client) => {
      await stored(client, {}, ["s.a"]);
      const backoff = [600 * NS_PER_MS, 1200 * NS_PER_MS];
      await consumer(client, "c", { backoff, max_deliver: 4 });
      return gaps(await arrivals(client, "c", 4200), 600);
    },
  },
  {
    name: "nak with a delay: again after it, as the second delivery",
    simulated: () => {
      const consumers = [{ on_failure: "nak", nak_delay: 500 }];
      const run = simulate({ consumers }, ["s.a"]);
      const at = run.nowMs();
      run.settle(1, "failed");
      run.runUntil(1500);
      return run.find("deliver", { attempt: 2 }).map(({ ms }) => Math.round((ms - at) / 250));
    },
    real: async (client) => {
      await stored(client, {}, ["s.a"]);
      await consumer(client, "c");
      const [message] = await fetch(client, "c", 1);
      const at = performance.now();
      client.publish(message!.reply, `-NAK {"delay": ${500 * NS_PER_MS}}`);
      const again = await fetch(client, "c", 1, 1500);
      return again
        .filter((one) => attemptOf(one) === 2)
        .map(() => Math.round((performance.now() - at) / 250));
    },
  },
  {
    name: "term: never again, and the message stays in a stream with limits",
    simulated: () => {
      const consumers = [{ on_failure: "term", ack_wait: 300 }];
      const run = simulate({ consumers }, ["s.a", "s.a"]);
      run.settle(1, "failed");
      run.runUntil(200);
      run.settle(2);
      run.runUntil(1500);
      return [run.find("deliver").length, run.broker.depths(0)[0]];
    },
    real: async (client) => {
      await stored(client, {}, ["s.a", "s.a"]);
      await consumer(client, "c", { ack_wait: 300 * NS_PER_MS });
      const found = await fetch(client, "c", 2);
      client.publish(found[0]!.reply, "+TERM");
      client.publish(found[1]!.reply, "+ACK");
      await wait(600);
      const later = await fetch(client, "c", 2);
      const { state } = await client.api("STREAM.INFO.S");
      return [found.length + later.length, isMembers(state) ? state["messages"] : state];
    },
  },
  {
    name: "max_age takes away what is unread",
    simulated: () => {
      const run = simulate({ stream: { max_age: 500 } }, ["s.a", "s.a"]);
      const before = run.broker.depths(0)[0];
      run.runUntil(2000);
      return [before, run.broker.depths(0)[0]];
    },
    real: async (client) => {
      await stored(client, { max_age: 500 * NS_PER_MS, duplicate_window: 500 * NS_PER_MS }, [
        "s.a",
        "s.a",
      ]);
      const count = async () => {
        const { state } = await client.api("STREAM.INFO.S");
        return isMembers(state) ? state["messages"] : state;
      };
      const before = await count();
      await wait(1500);
      return [before, await count()];
    },
  },
  {
    name: "max_msgs_per_subject keeps the latest of each subject",
    simulated: () => {
      const run = simulate({ stream: { max_msgs_per_subject: 1 } }, ["s.a", "s.b", "s.a", "s.b"]);
      const messages = run.broker.depths(0)[0] ?? 0;
      return [messages, 4 - messages + 1, 4];
    },
    real: async (client) => {
      await stored(client, { max_msgs_per_subject: 1 }, ["s.a", "s.b", "s.a", "s.b"]);
      return messagesIn(client);
    },
  },
  {
    name: "a filter passes over other subjects; several workers share one consumer",
    simulated: () => {
      const consumers = [{ filter_subject: "s.a", batch: 1 }];
      const run = simulate({ consumers, workers: 2 }, ["s.a", "s.b", "s.a", "s.a"]);
      return run.held(0).map(({ label, attempt }) => [Number(label), attempt]);
    },
    real: async (client) => {
      await stored(client, {}, ["s.a", "s.b", "s.a", "s.a"]);
      await consumer(client, "c", { filter_subject: "s.a" });
      const found = [...(await fetch(client, "c", 1)), ...(await fetch(client, "c", 1))];
      return found.map((message) => [sequenceOf(message), attemptOf(message)]);
    },
  },
  {
    name: "the first holder's late acknowledgement ends a message that was sent to another one",
    simulated: () => {
      const consumers = [{ ack_wait: 400 }];
      const run = simulate({ consumers, workers: 2 }, ["s.a"]);
      run.runUntil(600);
      const [first] = run.held(0);
      first!.held = false;
      run.broker.settle(first!.handle, "done");
      run.runUntil(2000);
      return run.find("deliver").map(({ attempt }) => attempt);
    },
    real: async (client) => {
      await stored(client, {}, ["s.a"]);
      await consumer(client, "c", { ack_wait: 400 * NS_PER_MS });
      const first = await fetch(client, "c", 1);
      await wait(500);
      const second = await fetch(client, "c", 1);
      client.publish(first[0]!.reply, "+ACK");
      await wait(700);
      const third = await fetch(client, "c", 1);
      return [...first, ...second, ...third].map(attemptOf);
    },
  },
];
