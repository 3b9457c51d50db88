// The client against the real Comlink over a MessageChannel, with a worker that can die.
import { expose } from "comlink";
import { afterEach, describe, expect, it } from "vitest";
import { succeed } from "../base/result.ts";
import type { Frame } from "../model/result.ts";
import type { Scenario } from "../model/scenario.ts";
import type { SimulationApi } from "./api.ts";
import { createSimulationClient, type SimulationClient, type WorkerLike } from "./client.ts";
import { transferring } from "./transfer.ts";

const scenario = { id: "test" } as unknown as Scenario;
const request = { untilNs: 1, budgetMs: 1, movesMax: 1 };

function frameAt(timeNs: number): Frame {
  const none = new Float64Array(0);
  return {
    timeNs,
    events: 0,
    ended: null,
    nodes: Float64Array.of(1, 2, 3),
    channels: none,
    connections: none,
    moves: {
      oneOf: 1,
      connection: new Int32Array(0),
      timeNs: none,
      outcome: new Uint8Array(0),
      contract: new Int32Array(0),
      message: none,
    },
    blocked: {},
    depths: {},
    clusters: {},
    counts: {},
  };
}

interface FakeWorker extends WorkerLike {
  die(): void;
  readonly isTerminated: () => boolean;
}

const open: MessagePort[] = [];
let client: SimulationClient | null = null;

afterEach(() => {
  client?.dispose();
  for (const port of open.splice(0)) port.close();
});

function fakeWorker(api: SimulationApi): FakeWorker {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  expose(transferring(api), port1);
  const errors = new Set<EventListenerOrEventListenerObject>();
  let terminated = false;
  return {
    postMessage: (message: unknown, transfer?: Transferable[]) => {
      port2.postMessage(message, transfer ?? []);
    },
    addEventListener: (type: string, listener: EventListenerOrEventListenerObject) => {
      if (type === "error") errors.add(listener);
      else port2.addEventListener(type, listener);
    },
    removeEventListener: (type: string, listener: EventListenerOrEventListenerObject) => {
      if (type === "error") errors.delete(listener);
      else port2.removeEventListener(type, listener);
    },
    start: () => {
      port2.start();
    },
    terminate: () => {
      terminated = true;
    },
    die: () => {
      for (const listener of errors)
        if (typeof listener === "function") listener(new Event("error"));
    },
    isTerminated: () => terminated,
  };
}

function fakeApi(changes: Partial<SimulationApi> = {}): SimulationApi {
  return {
    load: () => Promise.resolve(succeed(frameAt(0))),
    advance: () => Promise.resolve(frameAt(5)),
    step: () => Promise.resolve(frameAt(1)),
    seek: ({ timeNs }) => Promise.resolve(frameAt(timeNs)),
    stepBack: () => Promise.resolve(frameAt(0)),
    act: () => Promise.resolve({ ok: false, failure: "no" }),
    series: () => Promise.resolve({ timesS: Float64Array.of(1), lines: [] }),
    consistency: () => Promise.resolve(null),
    objectives: async () => [],
    log: ({ at }) => Promise.resolve({ records: [], from: at, to: at, isEnd: true }),
    trace: () => Promise.resolve({ ok: false, failure: "no" }),
    survey: () => Promise.resolve({ found: [], total: 0, surveyedNs: 0, isComplete: true }),
    report: () => Promise.reject(new Error("no report")),
    ...changes,
  };
}

const never = (): Promise<Frame> => new Promise(() => undefined);

describe("the client of the simulation worker", () => {
  it("hands frames over with their columns", async () => {
    client = createSimulationClient(() => fakeWorker(fakeApi()));
    expect(await client.load(scenario)).toMatchObject({ ok: true });
    const frame = await client.advance(request);
    expect([...frame.nodes]).toEqual([1, 2, 3]);
  });

  it("refuses to advance what was never loaded", async () => {
    client = createSimulationClient(() => fakeWorker(fakeApi()));
    await expect(client.advance(request)).rejects.toMatchObject({ reason: "not-loaded" });
  });

  it("rejects pending calls when the worker dies, and starts another with the next load", async () => {
    const workers: FakeWorker[] = [];
    client = createSimulationClient(() => {
      const worker = fakeWorker(fakeApi(workers.length === 0 ? { advance: never } : {}));
      workers.push(worker);
      return worker;
    });
    await client.load(scenario);
    const pending = client.advance(request);
    workers[0]?.die();
    await expect(pending).rejects.toMatchObject({ reason: "crashed" });
    expect(workers[0]?.isTerminated()).toBe(true);
    await expect(client.step()).rejects.toMatchObject({ reason: "not-loaded" });
    await client.load(scenario);
    expect((await client.advance(request)).timeNs).toBe(5);
    expect(workers).toHaveLength(2);
  });

  it("drops the late frame of a run that has been replaced", async () => {
    let answer: (frame: Frame) => void = () => undefined;
    const api = fakeApi({
      advance: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    client = createSimulationClient(() => fakeWorker(api));
    await client.load(scenario);
    const late = client.advance(request);
    await client.load(scenario);
    answer(frameAt(5));
    await expect(late).rejects.toMatchObject({ reason: "superseded" });
  });

  it("leaves no call pending when it is disposed, and terminates", async () => {
    const worker = fakeWorker(fakeApi({ advance: never }));
    client = createSimulationClient(() => worker);
    await client.load(scenario);
    const pending = client.advance(request);
    client.dispose();
    await expect(pending).rejects.toMatchObject({ reason: "disposed" });
    expect(worker.isTerminated()).toBe(true);
  });
});
