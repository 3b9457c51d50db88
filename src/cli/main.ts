// The terminal program: the only place that prints an error and chooses the exit code. It also is the threads in which
// it computes replications.

import "../brokers/simulated.ts";
import "../engine/stations/all.ts";
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import { createNodeShell } from "./nodeShell.ts";
import { runProgram } from "./program.ts";
import { answerAsThread } from "./threads.ts";

// Whoever reads our output may stop early (`spillway list | head -1`); that is no failure.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });

if (isMainThread) await runHere();
else answerAsThread();

async function runHere(): Promise<void> {
  try {
    const shell = createNodeShell(new URL(import.meta.url));
    const outcome = await runProgram(process.argv.slice(2), shell);
    process.exitCode = outcome.exitCode;
    if (outcome.exitCode === 2) process.stderr.write(`${outcome.sentence}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.exitCode = 1;
    process.stderr.write(`${reason} Please report this with the command that you typed.\n`);
  }
}
