// A series as the page sees it, with a starter made by hand.

import { beforeEach, expect, test } from "vitest";
import { succeed, fail, type Result } from "../base/result.ts";
import type { ReplicationsReport } from "../model/replications.ts";
import type { ReplicationProgress } from "../worker/api.ts";
import { smallScenario } from "./fakeSimulation.suite.ts";
import { connectReplications } from "./replicationStart.ts";
import { useReplicationStore } from "./replicationStore.ts";

type Outcome = Result<ReplicationsReport | undefined, string>;

interface Started {
  readonly tell: (progress: ReplicationProgress) => void;
  readonly end: (outcome: Outcome) => void;
  cancelled: boolean;
}

const report = { sentence: "Enough." } as ReplicationsReport;
const scenario = smallScenario();
const plan = { count: 5, max: 200 };
let started: Started[] = [];

beforeEach(() => {
  started = [];
  connectReplications(async () => (_scenario, _plan, tell) => {
    let resolve: (outcome: Outcome) => void = () => undefined;
    const promise = new Promise<Outcome>((settle) => {
      resolve = settle;
    });
    const job: Started = { tell, end: resolve, cancelled: false };
    started.push(job);
    return {
      result: promise,
      cancel: () => {
        job.cancelled = true;
        resolve(succeed(report));
      },
    };
  });
});

const state = () => useReplicationStore.getState();
const turn = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

test("tells how far it is, then what came out", async () => {
  const running = state().start(scenario, plan);
  await turn();
  expect(state()).toMatchObject({ status: "running", done: 0, scenario });
  started[0]!.tell({ done: 2, most: 5, report });
  expect(state()).toMatchObject({ done: 2, most: 5, report });
  started[0]!.end(succeed(report));
  await running;
  expect(state()).toMatchObject({ status: "done", report, failure: undefined });
});

test("a failure is shown", async () => {
  const running = state().start(scenario, plan);
  await turn();
  started[0]!.end(fail("There is too little memory."));
  await running;
  expect(state()).toMatchObject({ status: "done", failure: "There is too little memory." });
});

test("stopping keeps what there is; before anything has begun it just ends", async () => {
  const running = state().start(scenario, plan);
  await turn();
  state().cancel();
  await running;
  expect(started[0]!.cancelled).toBe(true);
  expect(state()).toMatchObject({ status: "done", report });
  void state().start(scenario, plan);
  state().cancel();
  await turn();
  expect(state().status).toBe("done");
  expect(started).toHaveLength(1);
});

test("a new series makes the old one fall silent", async () => {
  void state().start(scenario, plan);
  await turn();
  void state().start(scenario, plan);
  await turn();
  expect(started[0]!.cancelled).toBe(true);
  started[0]!.tell({ done: 4, most: 5, report });
  expect(state()).toMatchObject({ status: "running", done: 0 });
});
