// RabbitMQ: the scenarios that are recorded beside the model, driven over AMQP 0-9-1, and definitions that Spillway writes.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  scenarios,
  type ConformanceScenario,
  type Step,
} from "../../src/brokers/rabbitmq/conformance.suite.ts";
import { limitScenarios } from "../../src/brokers/rabbitmq/conformanceLimits.suite.ts";
import { moreScenarios } from "../../src/brokers/rabbitmq/conformanceMore.suite.ts";
import { type Played, play } from "../../src/brokers/rabbitmq/conformancePlay.suite.ts";
import { clusterFields } from "../../src/brokers/rabbitmq/fields.ts";
import { rabbitmqManual } from "../../src/brokers/rabbitmq/manual.ts";
import { type AmqpChannel, AmqpClient, type AmqpMessage } from "./amqpClient.ts";
import type { FieldTable } from "./amqpWire.ts";
import { definitionScenarios } from "./definitions.ts";
import { type Candidate, nearestVersion, type Place, type Running } from "./scenario.ts";
import { freePort, startServer } from "./server.ts";
import {
  type Control,
  controlOf,
  endNames,
  installedRabbitmq,
  programs,
} from "./rabbitmqPrograms.ts";

/** Time for what a step brings about [ms]. */
const SETTLES_MS = 60;
/** Publications are answered within this time, or never [ms]. */
const CONFIRMED_WITHIN_MS = 2000;

/** A node that runs: how to talk to it, and its administration. */
export interface RabbitmqNode {
  readonly amqp: AmqpClient;
  readonly port: number;
  readonly control: Control;
  readonly folder: string;
}

/** Everything of one scenario: a connection of its own, on which consumers have a channel each. */
class Drive {
  readonly #scenario: ConformanceScenario;
  readonly #client: AmqpClient;
  readonly #publisher: AmqpChannel;
  readonly #consumers = new Map<string, { channel: AmqpChannel; rejects: boolean }>();
  readonly #published: { readonly body: string; readonly number: number }[] = [];

  constructor(scenario: ConformanceScenario, client: AmqpClient, publisher: AmqpChannel) {
    this.#scenario = scenario;
    this.#client = client;
    this.#publisher = publisher;
  }

  async declare(): Promise<void> {
    const { queues, exchanges = {}, bindings = [] } = this.#scenario;
    await this.clear();
    for (const [name, { type, alternate }] of Object.entries(exchanges)) {
      const args: FieldTable = alternate === undefined ? {} : { "alternate-exchange": alternate };
      await this.#publisher.declareExchange(name, type, args);
    }
    for (const [name, args] of Object.entries(queues))
      await this.#publisher.declareQueue(name, args);
    for (const { from, to, key = "#", headers = {} } of bindings)
      await this.#publisher.bind(from, to, { key, headers, toExchange: to in exchanges });
  }

  async clear(): Promise<void> {
    const { queues, exchanges = {} } = this.#scenario;
    for (const name of Object.keys(queues)) await this.#publisher.deleteQueue(name);
    for (const name of Object.keys(exchanges)) await this.#publisher.deleteExchange(name);
  }

  async act(step: Step): Promise<void> {
    if ("publish" in step) await this.#publish(step);
    else if ("consume" in step) await this.#consume(step);
    else if ("ack" in step) this.#of(step.by).channel.ack(this.#held(step.by, step.ack).tag);
    else if ("nack" in step) {
      const { channel, rejects } = this.#of(step.by);
      channel.nack(this.#held(step.by, step.nack).tag, { requeue: !rejects });
    } else if ("close" in step) await this.#of(step.close).channel.close();
    else await wait(step.wait);
    await wait(SETTLES_MS);
  }

  async #publish(step: Extract<Step, { publish: unknown }>): Promise<void> {
    const { queues } = this.#scenario;
    const place =
      step.to in queues
        ? { exchange: "", key: step.to }
        : { exchange: step.to, key: step.key ?? "key" };
    for (const body of step.publish) {
      const { priority, expiration, mandatory } = step;
      const number = this.#publisher.publish({
        ...place,
        body,
        ...(step.headers !== undefined && { headers: step.headers }),
        ...(priority !== undefined && { priority }),
        ...(expiration !== undefined && { expiration }),
        ...(mandatory !== undefined && { mandatory }),
      });
      this.#published.push({ body, number });
    }
    const deadline = Date.now() + CONFIRMED_WITHIN_MS;
    while (this.#published.some(({ number }) => !this.#publisher.confirms.has(number))) {
      if (Date.now() > deadline) return;
      await wait(5);
    }
  }

  async #consume(step: Extract<Step, { consume: unknown }>): Promise<void> {
    const channel = await this.#client.channel();
    await channel.prefetch(step.prefetch);
    const args: FieldTable = {
      ...(step.priority !== undefined && { "x-priority": step.priority }),
      ...(step.offset !== undefined && { "x-stream-offset": step.offset }),
    };
    this.#consumers.set(step.consume, { channel, rejects: step.rejects ?? false });
    await channel.consume(step.queue, { args, noAck: step.automatic ?? false });
  }

  #of(consumer: string) {
    const found = this.#consumers.get(consumer);
    if (found === undefined) throw new Error(`There is no consumer ${consumer}.`);
    return found;
  }

  #held(consumer: string, body: string): AmqpMessage {
    const found = this.#of(consumer).channel.delivered.findLast((one) => one.body === body);
    if (found === undefined) throw new Error(`${consumer} was not sent ${body}.`);
    return found;
  }

  async seen(): Promise<Played> {
    const { seen } = this.#scenario;
    const got: Record<string, string[]> = {};
    for (const consumer of Object.keys(seen.got ?? {}))
      got[consumer] = this.#of(consumer).channel.delivered.map(marked);
    const left: Record<string, string[]> = {};
    for (const queue of Object.keys(seen.left)) left[queue] = await this.#drained(queue);
    return { confirms: this.#confirms(), got, left };
  }

  async #drained(queue: string): Promise<string[]> {
    const found: string[] = [];
    for (;;) {
      const message = await this.#publisher.get(queue);
      if (message === undefined) return found;
      found.push(marked(message));
    }
  }

  #confirms(): string[] {
    const { confirms, returned } = this.#publisher;
    return this.#published.map(({ body, number }) =>
      returned.includes(body) ? "returned" : (confirms.get(number) ?? "no answer"),
    );
  }
}

function marked({ body, redelivered }: AmqpMessage): string {
  return redelivered ? `${body} again` : body;
}

async function drive(scenario: ConformanceScenario, port: number): Promise<Played> {
  const client = await AmqpClient.open(port);
  try {
    const publisher = await client.channel();
    await publisher.confirmSelect();
    const one = new Drive(scenario, client, publisher);
    await one.declare();
    for (const step of scenario.steps) await one.act(step);
    const played = await one.seen();
    await one.clear();
    return played;
  } finally {
    client.close();
  }
}

async function start({ port, folder }: Place): Promise<Running<RabbitmqNode>> {
  const [distribution, names] = [await freePort(), await freePort()];
  const node = `spillway${port}@localhost`;
  const environment = {
    HOME: folder,
    RABBITMQ_NODENAME: node,
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, "data"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "plugins"),
    // Erlang's service for names stays when the node has gone, so this node has one of its own, which is ended below.
    ERL_EPMD_ADDRESS: "127.0.0.1",
    ERL_EPMD_PORT: String(names),
  };
  writeFileSync(join(folder, "rabbitmq.conf"), "");
  writeFileSync(join(folder, "plugins"), "[].");
  const control = controlOf(node, environment);
  const started = startServer(
    { port, folder },
    {
      program: programs("rabbitmq-server"),
      args: [],
      environment,
      connect: (place) => AmqpClient.open(place.port),
      close: (amqp) => amqp.close(),
    },
  );
  const { client, stop } = await started.catch(async (failure: unknown) => {
    await endNames(names);
    throw failure;
  });
  const stopAll = async () => {
    await control("stop").catch(() => undefined);
    await stop();
    await endNames(names);
  };
  return { client: { amqp: client, port, control, folder }, stop: stopAll };
}

/** RabbitMQ. */
export const rabbitmqCandidate: Candidate<RabbitmqNode> = {
  label: "RabbitMQ",
  package: "rabbitmq-server",
  installed: installedRabbitmq,
  modelled: (found) =>
    nearestVersion(
      clusterFields.version.options.map(({ value }) => value),
      found,
    ),
  start,
  scenarios: [
    ...[...scenarios, ...moreScenarios, ...limitScenarios].map((scenario) => ({
      name: scenario.title,
      ...(scenario.listed !== undefined && { listed: scenario.listed }),
      simulated: (version: string) => play(scenario, version),
      real: ({ port }: RabbitmqNode) => drive(scenario, port),
    })),
    ...definitionScenarios,
  ],
  lists: [...rabbitmqManual.simplified, ...rabbitmqManual.notModelled],
};
