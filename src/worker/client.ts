// The page's end of the simulation worker. It closes Comlink's holes: a call never stays pending when the worker dies,
// a late answer of an old run is dropped, and a dead worker is replaced by the next load.

import { type Endpoint, releaseProxy, type Remote, wrap } from "comlink";
import type { SimulationApi } from "./api.ts";

/** What the client needs of a worker; a MessagePort with `terminate` does as well. */
export interface WorkerLike extends Endpoint {
  terminate(): void;
}

/** Why a call got no answer. */
export type LossReason = "crashed" | "superseded" | "disposed" | "not-loaded";

/** The error with which a call without an answer is rejected. */
export class SimulationLostError extends Error {
  readonly reason: LossReason;

  constructor(reason: LossReason, sentence: string) {
    super(sentence);
    this.name = "SimulationLostError";
    this.reason = reason;
  }
}

/** A simulation in another thread. */
export interface SimulationClient extends SimulationApi {
  /** Rejects what is pending, releases the proxy and terminates the worker. It can be loaded again. */
  dispose(): void;
}

type Answer<Name extends keyof SimulationApi> = Awaited<ReturnType<SimulationApi[Name]>>;

interface Connected {
  readonly worker: WorkerLike;
  readonly remote: Remote<SimulationApi>;
  /** Rejects when the worker is gone; every call races against it. */
  readonly lost: Promise<never>;
  close(error: SimulationLostError): void;
}

/** Starts the worker of this app. */
export function startSimulationWorker(): WorkerLike {
  return new Worker(new URL("./simulation.worker.ts", import.meta.url), {
    type: "module",
    name: "simulation",
  });
}

/** A client over a worker that is started with the first load. */
export function createSimulationClient(
  start: () => WorkerLike = startSimulationWorker,
): SimulationClient {
  let connected: Connected | null = null;
  let generation = 0;

  function connect(): Connected {
    connected ??= openConnection(start(), () => {
      connected = null;
    });
    return connected;
  }

  async function ask<Value>(
    question: (remote: Remote<SimulationApi>) => Promise<Value>,
  ): Promise<Value> {
    const here = connected;
    if (here === null)
      throw new SimulationLostError("not-loaded", "No run is loaded: load a scenario first.");
    const asked = generation;
    const answer = await Promise.race([question(here.remote), here.lost]);
    if (asked !== generation)
      throw new SimulationLostError("superseded", "Another run has been loaded meanwhile.");
    return answer;
  }

  return {
    load: (scenario) => {
      generation++;
      connect();
      return ask<Answer<"load">>((remote) => remote.load(scenario));
    },
    advance: (request) => ask((remote) => remote.advance(request)),
    step: () => ask((remote) => remote.step()),
    seek: (request) => ask((remote) => remote.seek(request)),
    stepBack: () => ask((remote) => remote.stepBack()),
    act: (act) => ask<Answer<"act">>((remote) => remote.act(act)),
    series: (chart, of) => ask((remote) => remote.series(chart, of)),
    consistency: (query) => ask<Answer<"consistency">>((remote) => remote.consistency(query)),
    objectives: () => ask(async (remote) => remote.objectives()),
    report: () => ask((remote) => remote.report()),
    log: (request) => ask((remote) => remote.log(request)),
    trace: (request) => ask<Answer<"trace">>((remote) => remote.trace(request)),
    survey: (request) => ask((remote) => remote.survey(request)),
    dispose: () => {
      generation++;
      connected?.close(new SimulationLostError("disposed", "The simulation was put away."));
    },
  };
}

function openConnection(worker: WorkerLike, onClose: () => void): Connected {
  const remote = wrap<SimulationApi>(worker);
  let reject: (error: SimulationLostError) => void = () => undefined;
  const lost = new Promise<never>((_, fail) => {
    reject = fail;
  });
  // Nobody may be waiting when the worker dies; the next call will notice.
  lost.catch(() => undefined);
  let isOpen = true;

  function close(error: SimulationLostError): void {
    if (!isOpen) return;
    isOpen = false;
    worker.removeEventListener("error", onError);
    worker.removeEventListener("messageerror", onError);
    onClose();
    reject(error);
    remote[releaseProxy]();
    worker.terminate();
  }

  function onError(event: Event): void {
    const said = "message" in event && typeof event.message === "string" ? event.message : "";
    const cause = said === "" ? "" : ` (${said})`;
    close(
      new SimulationLostError(
        "crashed",
        `The simulation stopped working${cause}; restart the run.`,
      ),
    );
  }

  worker.addEventListener("error", onError);
  worker.addEventListener("messageerror", onError);
  return { worker, remote, lost, close };
}
