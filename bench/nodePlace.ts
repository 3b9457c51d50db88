// Isolates as processes of Node.

import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Answer, Order, Question } from "./isolate.ts";
import type { Clock, Place } from "./place.ts";
import type { Sample } from "./row.ts";

/** Processes of the Node that runs this. */
export function createNodePlace(clock: Clock = "processor time"): Place {
  return {
    name: `Node ${process.versions.node}`,
    clock,
    open: (order) => openProcess(order, clock),
    close: () => Promise.resolve(),
  };
}

async function openProcess(order: Order, clock: Clock): ReturnType<Place["open"]> {
  // Beside this program, where scripts/bench.mjs has bundled it.
  const program = join(import.meta.dirname, "..", "nodeIsolate", "nodeIsolate.js");
  // What a run prints must not mix with the bench's own output.
  const child = fork(program, [clock], {
    execArgv: ["--expose-gc"],
    stdio: ["ignore", 2, 2, "ipc"],
  });
  await ask(child, { ask: "prepare", order });
  return {
    measure: async () => {
      const sample = await ask(child, { ask: "measure" });
      if (sample === null) throw new Error("The process has not prepared anything.");
      return sample;
    },
    close: () => {
      const ended = new Promise<void>((resolve) => {
        child.once("exit", () => resolve());
      });
      child.disconnect();
      return ended;
    },
  };
}

function ask(child: ChildProcess, question: Question): Promise<Sample | null> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`The measuring process ended early, with exit code ${code}.`));
    };
    child.once("exit", onExit);
    child.once("message", (answer: Answer) => {
      child.off("exit", onExit);
      if ("error" in answer) reject(new Error(answer.error));
      else resolve(answer.sample);
    });
    child.send(question);
  });
}
