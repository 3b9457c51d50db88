// The comparison as the page sees it, with runs made by hand.

import "../brokers/simulated.ts";
import { beforeEach, expect, test } from "vitest";
import { fail, type Result, succeed } from "../base/result.ts";
import { wholeRun } from "../engine/replicate.ts";
import type { Report } from "../model/report.ts";
import type { Scenario } from "../model/scenario.ts";
import { pipe } from "../model/advice/adviceHolds.suite.ts";
import { blankScenario } from "./documentStore.ts";
import { connectWholeRuns } from "./twinStart.ts";
import { useTwinStore } from "./twinStore.ts";

const drawing = pipe({ technology: "rabbitmq", kind: "queue", duration: 5000 });
type Answer = Result<readonly Report[], string>;

let asked: (readonly Scenario[])[] = [];
let answer: (scenarios: readonly Scenario[]) => Promise<Answer>;
let cancelled = 0;

beforeEach(() => {
  asked = [];
  cancelled = 0;
  answer = (scenarios) =>
    Promise.resolve(
      succeed(
        scenarios.flatMap((one) => {
          const report = wholeRun(one);
          return report.ok ? [report.value] : [];
        }),
      ),
    );
  connectWholeRuns(() =>
    Promise.resolve((scenarios) => {
      asked.push(scenarios);
      return { result: answer(scenarios), cancel: () => cancelled++ };
    }),
  );
});

const state = () => useTwinStore.getState();

test("runs the drawing and its twin, and compares them", async () => {
  await state().compare(drawing);
  expect(asked).toEqual([[drawing, state().twin!.scenario]]);
  expect(state()).toMatchObject({ status: "done", failure: undefined });
  const figures = new Map(state().comparison!.figures.map((one) => [one.id, one]));
  expect(figures.get("asked")!.eventDriven).toBe(figures.get("asked")!.synchronous);
});

test("a drawing without events has no twin, and says so", async () => {
  await state().compare(blankScenario);
  expect(asked).toEqual([]);
  expect(state().failure).toMatch(/nothing to turn into calls/);
});

test("why nothing came out is shown", async () => {
  answer = () => Promise.resolve(fail("There is too little memory."));
  await state().compare(drawing);
  expect(state()).toMatchObject({ status: "done", failure: "There is too little memory." });
});

test("what is given up says nothing any more", async () => {
  let end: (answer: Answer) => void = () => undefined;
  answer = () => new Promise((resolve) => (end = resolve));
  const comparing = state().compare(drawing);
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(state().status).toBe("running");
  state().cancel();
  end(fail("Too late."));
  await comparing;
  expect(cancelled).toBe(1);
  expect(state()).toMatchObject({ status: "idle", failure: undefined });
});
