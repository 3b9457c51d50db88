// Private instances of real brokers: found, started on a free port of loopback, waited for, ended by their process id.

import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Place, Running } from "./scenario.ts";

/** A server has so long for its first connection [ms]; RabbitMQ takes several seconds. */
const STARTS_WITHIN_MS = 60_000;
/** And so long to end by itself, before it is killed [ms]. */
const ENDS_WITHIN_MS = 10_000;

/** The first version number that a program prints, whatever its exit code; undefined when there is no such program. */
export function versionOf(program: string, args: readonly string[]): string | undefined {
  const { stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (error !== undefined) return undefined;
  return /\d+\.\d+\.\d+/u.exec(`${stdout}${stderr}`)?.[0];
}

/** How a server is started. */
export interface ServerCommand<Client> {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Fails as long as the server is not there. */
  connect(place: Place): Promise<Client>;
  close(client: Client): void;
}

/** Starts a server in its folder and waits until somebody can connect. */
export async function startServer<Client>(
  place: Place,
  command: ServerCommand<Client>,
): Promise<Running<Client>> {
  const server = spawn(command.program, command.args, {
    stdio: "ignore",
    cwd: place.folder,
    env: { ...process.env, ...command.environment },
  });
  const ended = new Promise<void>((resolve) => {
    server.on("error", () => resolve());
    server.on("exit", () => resolve());
  });
  const end = async () => {
    server.kill("SIGTERM");
    const timer = setTimeout(() => server.kill("SIGKILL"), ENDS_WITHIN_MS);
    await ended;
    clearTimeout(timer);
  };
  const deadline = Date.now() + STARTS_WITHIN_MS;
  for (;;)
    try {
      const client = await command.connect(place);
      const stop = async () => {
        command.close(client);
        await end();
      };
      return { client, stop };
    } catch (failure) {
      if (Date.now() > deadline || server.exitCode !== null) {
        await end();
        throw new Error(`${command.program} did not start.`, { cause: failure });
      }
      await wait(100);
    }
}

/** A port of loopback that nobody listens on. */
export function freePort(): Promise<number> {
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
