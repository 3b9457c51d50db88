// Replications in a pool of workers, each the same as that of the page's own run. The pool lives for one series.

import { releaseProxy, type Remote, wrap } from "comlink";
import { fail, type Result, succeed } from "../base/result.ts";
import { ReplicationSeries } from "../engine/replications.ts";
import type { ReplicationPlan } from "../model/replications.ts";
import type { Scenario } from "../model/scenario.ts";
import type { ReplicationApi, ReplicationJob, ReplicationProgress } from "./api.ts";
import { startSimulationWorker, type WorkerLike } from "./client.ts";

/** More workers than this gain little and take much memory. */
const threadsMax = 8;

/** What a pool may be told; tests tell all of it. */
export interface PoolOptions {
  readonly start?: () => WorkerLike;
  readonly threads?: number;
  readonly nowMs?: () => number;
}

/** Starts a series. It is told how far it is after every replication that counts. */
export function startReplications(
  scenario: Scenario,
  plan: ReplicationPlan,
  onProgress: (progress: ReplicationProgress) => void,
  options: PoolOptions = {},
): ReplicationJob {
  const {
    start = startSimulationWorker,
    threads = coresToUse(),
    nowMs = () => performance.now(),
  } = options;
  const series = new ReplicationSeries(scenario, plan);
  const startMs = nowMs();
  const workers = Array.from({ length: Math.min(threads, series.most()) }, start);
  let stop: () => void = () => undefined;
  const stopped = new Promise<Result<null, string>>((resolve) => {
    stop = () => resolve(succeed(null));
  });
  const tell = (): void =>
    onProgress({
      done: series.done(),
      most: series.most(),
      report: series.report((nowMs() - startMs) / 1000),
    });
  const ran = Promise.all(workers.map((worker) => workThrough(series, worker, tell))).then(
    (answers) => answers.find((answer) => !answer.ok) ?? succeed(null),
  );
  const result = Promise.race([ran, stopped]).then((answer): Awaited<ReplicationJob["result"]> => {
    for (const worker of workers) worker.terminate();
    return answer.ok ? succeed(series.report((nowMs() - startMs) / 1000)) : answer;
  });
  return {
    result,
    cancel: () => {
      series.stop();
      stop();
    },
  };
}

/** One core stays for the page. */
function coresToUse(): number {
  return Math.max(1, Math.min(threadsMax, navigator.hardwareConcurrency - 1));
}

async function workThrough(
  series: ReplicationSeries,
  worker: WorkerLike,
  tell: () => void,
): Promise<Result<null, string>> {
  const remote: Remote<ReplicationApi> = wrap<ReplicationApi>(worker);
  const died = new Promise<Result<never, string>>((resolve) => {
    const say = (): void =>
      resolve(
        fail("A thread has stopped working; there may be too little memory. Try a shorter run."),
      );
    worker.addEventListener("error", say);
    worker.addEventListener("messageerror", say);
  });
  try {
    for (let next = series.next(); next !== undefined; next = series.next()) {
      const answer = await Promise.race([remote.replicate(series.scenario, next), died]);
      if (!answer.ok) return fail(sentenceOf(answer.failure));
      const before = series.done();
      series.accept(answer.value);
      if (series.done() > before) tell();
    }
    return succeed(null);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  } finally {
    remote[releaseProxy]();
  }
}

function sentenceOf(failure: string | readonly { readonly message: string }[]): string {
  if (typeof failure === "string") return failure;
  return failure[0]?.message ?? "The scenario cannot be run.";
}
