// Runs in a page of any browser: starts the app's own simulation worker and asks it to simulate a scenario, stretch by
// stretch. Sent into the page as text, so it may use nothing from outside itself.

import type { LiveAct } from "../src/model/result.ts";
import type { Report } from "../src/model/report.ts";
import type { Scenario } from "../src/model/scenario.ts";
import type { TimelineEntry } from "../src/model/timeline.ts";

/** What the worker is to simulate. */
export interface Errand {
  /** Address of the worker's program. */
  readonly url: string;
  readonly scenario: Scenario;
  /** Where to stop on the way [simulated ns]; the last is the end. */
  readonly stops: readonly number[];
  /** What a person does by hand at a stop, by its number. */
  readonly acts?: Readonly<Record<number, LiveAct>>;
}

/** How a run ended. */
export interface Outcome {
  readonly stateHash: string;
  readonly events: number;
  /** What the acts by hand have put on the timeline. */
  readonly entries: readonly TimelineEntry[];
}

/** Does an errand in a worker of its own. */
export async function simulateInWorker(errand: Errand): Promise<Outcome> {
  const worker = new Worker(errand.url, { type: "module" });
  let questions = 0;
  // Comlink's messages, spoken by hand: the page has no other way to a worker that is not its own.
  async function ask(method: string, ...values: readonly unknown[]): Promise<unknown> {
    const id = String(++questions);
    const argumentList = values.map((value) => ({ type: "RAW", value }));
    return new Promise((resolve, reject) => {
      worker.addEventListener("message", function listen({ data }: MessageEvent) {
        if (data.id !== id) return;
        worker.removeEventListener("message", listen);
        if (data.type === "RAW") resolve(data.value);
        else reject(new Error(JSON.stringify(data.value)));
      });
      worker.addEventListener("error", ({ message }) => reject(new Error(message)));
      worker.postMessage({ id, type: "APPLY", path: [method], argumentList });
    });
  }
  await ask("load", errand.scenario);
  const entries: TimelineEntry[] = [];
  for (const [number, untilNs] of errand.stops.entries()) {
    await ask("advance", { untilNs, budgetMs: 60_000, movesMax: 10 });
    const act = errand.acts?.[number];
    if (act === undefined) continue;
    const done = (await ask("act", act)) as
      | { readonly ok: true; readonly value: { readonly entry: TimelineEntry } }
      | { readonly ok: false; readonly failure: string };
    if (!done.ok) throw new Error(done.failure);
    entries.push(done.value.entry);
  }
  const { stateHash, events } = (await ask("report")) as Report;
  worker.terminate();
  return { stateHash, events, entries };
}
