// Replications in several threads of Node: the program starts itself again as a worker, which answers one number after
// the other. What comes out does not depend on how many there are.

import { availableParallelism } from "node:os";
import { parentPort, Worker, workerData } from "node:worker_threads";
import type { Problem } from "../base/problem.ts";
import { type Result, succeed } from "../base/result.ts";
import { replicate, replicateAll } from "../engine/replicate.ts";
import type { ReplicationSeries } from "../engine/replications.ts";
import type { Readability } from "../model/readability.ts";
import type { Replication } from "../model/replications.ts";
import type { Scenario } from "../model/scenario.ts";
import { knownVersions } from "./knownVersions.ts";

/** What a thread is started with. */
interface Job {
  readonly scenario: Scenario;
  readonly readability: Readability;
}

type Answer = Result<Replication, readonly Problem[]>;

/** Computes a series in threads that begin at `entry`; in this one, where only one is wanted. */
export async function replicateInThreads(
  series: ReplicationSeries,
  entry: URL,
  threads: number = availableParallelism(),
): Promise<Result<null, readonly Problem[]>> {
  const count = Math.min(threads, series.most());
  const readability = knownVersions(series.scenario);
  if (count < 2) return replicateAll(series, readability);
  const job: Job = { scenario: series.scenario, readability };
  const workers = Array.from({ length: count }, () => new Worker(entry, { workerData: job }));
  try {
    const answers = await Promise.all(workers.map((worker) => workThrough(series, worker)));
    return answers.find((answer) => !answer.ok) ?? succeed(null);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Gives one worker a number after the other. */
async function workThrough(
  series: ReplicationSeries,
  worker: Worker,
): Promise<Result<null, readonly Problem[]>> {
  for (let next = series.next(); next !== undefined; next = series.next()) {
    const answer = await ask(worker, next);
    if (!answer.ok) return answer;
    series.accept(answer.value);
  }
  return succeed(null);
}

function ask(worker: Worker, number: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      // Only our own: without a name this would take the worker's inner ones too, and it would fall silent.
      for (const event of ["message", "error", "exit"]) worker.removeAllListeners(event);
      then();
    };
    worker.once("message", (answer: Answer) => settle(() => resolve(answer)));
    worker.once("error", (error) => settle(() => reject(error)));
    worker.once("exit", (code) =>
      settle(() => reject(new Error(`A thread ended with code ${code}.`))),
    );
    worker.postMessage(number);
  });
}

/** Answers the program that has started this thread. */
export function answerAsThread(): void {
  // Only `replicateInThreads` starts threads, with a parsed scenario.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { scenario, readability } = workerData as Job;
  parentPort?.on("message", (number: number) => {
    parentPort?.postMessage(replicate(scenario, number, readability));
  });
}
