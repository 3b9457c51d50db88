// The pool against the real Comlink over message channels: the same report whoever computes what, a stop, and a death.

import { expose } from "comlink";
import { afterEach, describe, expect, test } from "vitest";
import { replicate, replicateAll } from "../engine/replicate.ts";
import { ReplicationSeries } from "../engine/replications.ts";
import { directCall, sketch, source, worker } from "../engine/sketch.suite.ts";
import type { ReplicationApi, ReplicationProgress } from "./api.ts";
import type { WorkerLike } from "./client.ts";
import { startReplications } from "./pool.ts";

const scenario = sketch({
  duration: 5000,
  nodes: [source("source", 7), worker("server")],
  connections: [directCall("source", "server")],
});

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

interface FakeWorker extends WorkerLike {
  die(): void;
  isTerminated: boolean;
}

/** A worker in this thread; `delayMs` says how long the n-th answer takes. */
function fakeWorker(api: ReplicationApi): FakeWorker {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  expose(api, port1);
  const errors = new Set<EventListenerOrEventListenerObject>();
  const fake: FakeWorker = {
    isTerminated: false,
    postMessage: (message: unknown, transfer?: Transferable[]) =>
      port2.postMessage(message, transfer ?? []),
    addEventListener: (type: string, listener: EventListenerOrEventListenerObject) => {
      if (type === "error") errors.add(listener);
      else port2.addEventListener(type, listener);
      port2.start();
    },
    removeEventListener: (type: string, listener: EventListenerOrEventListenerObject) => {
      errors.delete(listener);
      port2.removeEventListener(type, listener);
    },
    terminate: () => {
      fake.isTerminated = true;
    },
    die: () => {
      for (const listener of errors)
        if (typeof listener === "function") listener(new Event("error"));
    },
  };
  return fake;
}

const honest: ReplicationApi = {
  replicate: (given, number) => Promise.resolve(replicate(given, number)),
};

/** Every answer takes a while, later numbers less than earlier ones: they overtake. */
const hasty: ReplicationApi = {
  replicate: async (given, number) => {
    const answer = replicate(given, number);
    for (let turns = 40 - 4 * number; turns > 0; turns--) await Promise.resolve();
    return answer;
  },
};

describe("a pool", () => {
  test("says what one thread says, however many there are", async () => {
    const alone = new ReplicationSeries(scenario, { count: 6, max: 6 });
    replicateAll(alone);
    for (const [threads, api] of [
      [1, honest],
      [3, hasty],
      [9, hasty],
    ] as const) {
      const workers: FakeWorker[] = [];
      const seen: ReplicationProgress[] = [];
      const job = startReplications(scenario, { count: 6, max: 6 }, (one) => seen.push(one), {
        threads,
        nowMs: () => 0,
        start: () => {
          const fake = fakeWorker(api);
          workers.push(fake);
          return fake;
        },
      });
      const result = await job.result;
      expect(result).toEqual({ ok: true, value: alone.report(0) });
      expect(workers).toHaveLength(Math.min(threads, 6));
      expect(workers.every(({ isTerminated }) => isTerminated)).toBe(true);
      expect(seen.at(-1)).toMatchObject({ done: 6, most: 6 });
    }
  });

  test("ends with what there is when it is stopped, at once", async () => {
    let answered = 0;
    const slow: ReplicationApi = {
      // The fourth never comes.
      replicate: (given, number) =>
        ++answered > 3 ? new Promise(() => undefined) : honest.replicate(given, number),
    };
    const job = startReplications(
      scenario,
      { count: 20, max: 20 },
      ({ done }) => {
        if (done === 3) job.cancel();
      },
      { threads: 1, nowMs: () => 0, start: () => fakeWorker(slow) },
    );
    expect(await job.result).toMatchObject({
      ok: true,
      value: { replications: 3, sentence: "3 replications, then stopped." },
    });
  });

  test("a worker that dies is a sentence, and so are the problems of a document", async () => {
    const dying = fakeWorker({ replicate: () => new Promise(() => undefined) });
    const lost = startReplications(scenario, { count: 2, max: 2 }, () => undefined, {
      threads: 1,
      start: () => dying,
    });
    dying.die();
    expect(await lost.result).toMatchObject({ ok: false });
    const wrong = startReplications(
      {
        ...scenario,
        nodes: scenario.nodes.map((node) => ({ ...node, parameters: { rate: 7, cores: 1 } })),
      },
      { count: 2, max: 2 },
      () => undefined,
      {
        threads: 1,
        start: () =>
          fakeWorker({
            replicate: () =>
              Promise.resolve({
                ok: false,
                failure: [{ code: "x", severity: "error", path: "", message: "It has no end." }],
              }),
          }),
      },
    );
    expect(await wrong.result).toEqual({ ok: false, failure: "It has no end." });
  });
});
