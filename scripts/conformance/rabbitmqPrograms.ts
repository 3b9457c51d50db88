// The programs of RabbitMQ and how its nodes are administered from outside.

import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Where Debian keeps the programs themselves; those on the path change the user first. */
const FOLDER = "/usr/lib/rabbitmq/bin";
/** Where it keeps a folder per version. */
const VERSIONS = "/usr/lib/rabbitmq/lib";

/** The version that is installed. Nobody is asked: rabbitmqctl would start Erlang's service for names on its usual port. */
export function installedRabbitmq(): string | undefined {
  if (!existsSync(programs("rabbitmq-server")) || !existsSync(VERSIONS)) return undefined;
  const versions = readdirSync(VERSIONS).flatMap(
    (name) => /^rabbitmq_server-(\d+\.\d+\.\d+)/u.exec(name)?.[1] ?? [],
  );
  return versions.at(-1);
}

/** The path of a program of RabbitMQ. */
export function programs(name: string): string {
  return join(FOLDER, name);
}

/** Runs rabbitmqctl with these words; fails when it fails. */
export type Control = (...words: string[]) => Promise<void>;

/** rabbitmqctl for one node. */
export function controlOf(node: string, environment: Readonly<Record<string, string>>): Control {
  const env = { ...process.env, ...environment };
  return async (...words) => {
    await run(programs("rabbitmqctl"), ["--node", node, ...words], { env });
  };
}

/** Ends the service for names that listens on a port. */
export async function endNames(port: number): Promise<void> {
  await run("epmd", ["-port", String(port), "-kill"]).catch(() => undefined);
}
