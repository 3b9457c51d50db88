// `npm run conformance -- [rabbitmq] …`: starts the real brokers that are installed, on loopback and in folders of their own, plays
// the same scenarios with them and with the simulation, and prints where they agree. The exit code is 1 when something differs
// that the node does not list.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { mosquittoCandidate } from "./mosquitto.ts";
import { natsCandidate } from "./nats.ts";
import { rabbitmqCandidate } from "./rabbitmq.ts";
import { redisCandidate } from "./redis.ts";
import type { Candidate, Scenario } from "./scenario.ts";
import { freePort } from "./server.ts";

const wanted = process.argv.slice(2).map((name) => name.toLowerCase());
const counts = { agree: 0, listed: 0, differ: 0 };
const missing: string[] = [];

await compare(rabbitmqCandidate);
await compare(redisCandidate);
await compare(natsCandidate);
await compare(mosquittoCandidate);
for (const sentence of missing) say(`\n${sentence}`);
const { agree, listed, differ } = counts;
say(`\n${agree} agree, ${listed} differ as the node says, ${differ} differ`);
process.exitCode = differ > 0 ? 1 : 0;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function compare<Client>(candidate: Candidate<Client>): Promise<void> {
  if (wanted.length > 0 && !wanted.includes(candidate.label.toLowerCase())) return;
  const found = candidate.installed();
  if (found === undefined) {
    missing.push(
      `${candidate.label} is not installed (Debian: apt-get install ${candidate.package}).`,
    );
    return;
  }
  const version = candidate.modelled(found);
  say(`\n${candidate.label} ${found}, model set to ${version}`);
  const folder = mkdtempSync(join(tmpdir(), "spillway-conformance-"));
  try {
    const { client, stop } = await candidate.start({ port: await freePort(), folder });
    try {
      for (const scenario of candidate.scenarios) {
        const simulated = await orFailure(async () => scenario.simulated(version));
        const real = await orFailure(() => scenario.real(client, found));
        tell(scenario, { simulated, real, lists: candidate.lists });
      }
    } finally {
      await stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** What it comes to, or why it fails: two failures of both sides in the same words would be an agreement. */
function orFailure(play: () => Promise<unknown>): Promise<unknown> {
  return play().catch((error: unknown) => `failed: ${String(error)}`);
}

function tell<Client>(
  { name, listed: sentence }: Scenario<Client>,
  sides: { simulated: unknown; real: unknown; lists: readonly string[] },
): void {
  const { simulated, real, lists } = sides;
  if (isDeepStrictEqual(simulated, real)) {
    counts.agree++;
    say(`  agrees   ${name}`);
    return;
  }
  const known = lists.find((line) => sentence !== undefined && line.startsWith(sentence));
  counts[known === undefined ? "differ" : "listed"]++;
  say(`  ${known === undefined ? "DIFFERS" : "listed "}  ${name}`);
  say(`           real       ${JSON.stringify(real)}`);
  say(`           simulated  ${JSON.stringify(simulated)}`);
  if (known !== undefined) say(`           the node says: ${known}`);
}
