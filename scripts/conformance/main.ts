// `npm run conformance`: starts the real brokers that are installed, on loopback and in folders of their own, plays the same
// scenarios with them and with the simulation, and prints where they agree. The exit code is 1 when something differs.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { natsCandidate } from "./nats.ts";
import { redisCandidate } from "./redis.ts";
import type { Candidate } from "./scenario.ts";

const startsWithinMs = 10_000;

let differences = 0;
let agreements = 0;
await compare(redisCandidate);
await compare(natsCandidate);
say(`\n${agreements} agree, ${differences} differ`);
process.exitCode = differences > 0 ? 1 : 0;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The version of an installed broker; undefined when it is not installed. */
function versionOf(program: string, args: readonly string[]): string | undefined {
  try {
    const text = execFileSync(program, args, { encoding: "utf8" });
    return /v=?(\d+\.\d+\.\d+)/u.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

async function compare<Client>(candidate: Candidate<Client>): Promise<void> {
  const version = versionOf(candidate.program, candidate.versionArguments);
  if (version === undefined) {
    say(`\n${candidate.label}: not installed (apt-get install ${candidate.package})`);
    return;
  }
  say(`\n${candidate.label} ${version}`);
  const folder = mkdtempSync(join(tmpdir(), "spillway-conformance-"));
  const port = await freePort();
  const server = spawn(candidate.program, candidate.serverArguments(port, folder), {
    stdio: "ignore",
    cwd: folder,
  });
  try {
    const client = await connected(candidate, port);
    for (const scenario of candidate.scenarios) {
      const simulated = scenario.simulated(version);
      const real = await scenario.real(client, version);
      const isSame = isDeepStrictEqual(simulated, real);
      if (isSame) agreements++;
      else differences++;
      say(`  ${isSame ? "agrees " : "DIFFERS"}  ${scenario.name}`);
      if (!isSame) {
        say(`           real       ${JSON.stringify(real)}`);
        say(`           simulated  ${JSON.stringify(simulated)}`);
      }
    }
    candidate.close(client);
  } finally {
    server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function connected<Client>(candidate: Candidate<Client>, port: number): Promise<Client> {
  const deadline = Date.now() + startsWithinMs;
  for (;;)
    try {
      return await candidate.connect(port);
    } catch (failure) {
      if (Date.now() > deadline) throw failure;
      await wait(100);
    }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
