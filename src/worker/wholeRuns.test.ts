// Runs side by side against the real Comlink over message channels: reports in order, a refusal, a stop.

import { expose } from "comlink";
import { afterEach, expect, test } from "vitest";
import { wholeRun } from "../engine/replicate.ts";
import { directCall, sketch, source, worker } from "../engine/sketch.suite.ts";
import type { WholeRunApi } from "./api.ts";
import type { WorkerLike } from "./client.ts";
import { startWholeRuns } from "./wholeRuns.ts";

const scenario = (rate: number) =>
  sketch({
    duration: 5000,
    nodes: [source("source", rate), worker("server")],
    connections: [directCall("source", "server")],
  });

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

let terminated = 0;

function fakeWorker(api: WholeRunApi): WorkerLike {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  expose(api, port1);
  return {
    postMessage: (message: unknown, transfer?: Transferable[]) =>
      port2.postMessage(message, transfer ?? []),
    addEventListener: (type: string, listener: EventListenerOrEventListenerObject) => {
      if (type !== "error") port2.addEventListener(type, listener);
      port2.start();
    },
    removeEventListener: (type: string, listener: EventListenerOrEventListenerObject) =>
      port2.removeEventListener(type, listener),
    terminate: () => terminated++,
  };
}

const honest = (): WorkerLike =>
  fakeWorker({ wholeRun: (given) => Promise.resolve(wholeRun(given)) });

test("reports come back in the order of the scenarios, and no worker stays", async () => {
  terminated = 0;
  const both = [scenario(5), scenario(50)];
  const answer = await startWholeRuns(both, honest).result;
  expect(answer).toEqual({
    ok: true,
    value: both.map((one) => {
      const report = wholeRun(one);
      return report.ok ? report.value : undefined;
    }),
  });
  expect(terminated).toBe(2);
});

test("what cannot be run says why", async () => {
  const broken = { ...scenario(5), load: { duration: 1000, warmUp: -1 } };
  const refusing = (): WorkerLike =>
    fakeWorker({
      wholeRun: () =>
        Promise.resolve({
          ok: false,
          failure: [{ code: "x", severity: "error", path: "", message: "No." }],
        }),
    });
  expect(await startWholeRuns([broken], refusing).result).toEqual({ ok: false, failure: "No." });
});

test("a stop ends them at once", async () => {
  terminated = 0;
  const never = (): WorkerLike => fakeWorker({ wholeRun: () => new Promise(() => undefined) });
  const job = startWholeRuns([scenario(5), scenario(6)], never);
  job.cancel();
  expect(await job.result).toEqual({ ok: false, failure: "The runs were stopped." });
  expect(terminated).toBe(2);
});
