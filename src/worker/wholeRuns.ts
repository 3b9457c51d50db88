// Several scenarios at once, each in a worker of its own that lives for its run: only the reports come back.

import { releaseProxy, wrap } from "comlink";
import { fail, type Result, succeed } from "../base/result.ts";
import type { Report } from "../model/report.ts";
import type { Scenario } from "../model/scenario.ts";
import type { WholeRunApi, WholeRunsJob } from "./api.ts";
import { startSimulationWorker, type WorkerLike } from "./client.ts";

/** Runs scenarios to their ends. */
export function startWholeRuns(
  scenarios: readonly Scenario[],
  start: () => WorkerLike = startSimulationWorker,
): WholeRunsJob {
  const workers = scenarios.map(start);
  let cancel: () => void = () => undefined;
  const cancelled = new Promise<Result<never, string>>((resolve) => {
    cancel = () => resolve(fail("The runs were stopped."));
  });
  const all = Promise.all(
    scenarios.map((scenario, i) => Promise.race([runIn(workers[i]!, scenario), cancelled])),
  );
  const result = all.then((answers): Result<readonly Report[], string> => {
    for (const worker of workers) worker.terminate();
    const failed = answers.find((answer) => !answer.ok);
    if (failed !== undefined && !failed.ok) return failed;
    return succeed(answers.flatMap((answer) => (answer.ok ? [answer.value] : [])));
  });
  return { result, cancel };
}

async function runIn(worker: WorkerLike, scenario: Scenario): Promise<Result<Report, string>> {
  const remote = wrap<WholeRunApi>(worker);
  const died = new Promise<Result<never, string>>((resolve) => {
    const say = (): void =>
      resolve(
        fail("A thread has stopped working; there may be too little memory. Try a shorter run."),
      );
    worker.addEventListener("error", say);
    worker.addEventListener("messageerror", say);
  });
  try {
    const answer = await Promise.race([remote.wholeRun(scenario), died]);
    if (answer.ok) return answer;
    const { failure } = answer;
    return fail(
      typeof failure === "string"
        ? failure
        : (failure[0]?.message ?? "The scenario cannot be run."),
    );
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  } finally {
    remote[releaseProxy]();
  }
}
