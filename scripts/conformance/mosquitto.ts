// Mosquitto: the scenarios that are recorded beside the model of MQTT, driven over MQTT 3.1.1 and 5.0.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  type ConformanceClient,
  type ConformanceScenario,
  scenarios,
  type Step,
} from "../../src/brokers/mqtt/conformance.suite.ts";
import { play } from "../../src/brokers/mqtt/conformancePlay.suite.ts";
import { clusterFields } from "../../src/brokers/mqtt/fields.ts";
import { mqttManual } from "../../src/brokers/mqtt/manual.ts";
import { MqttClient, type MqttMessage } from "./mqttClient.ts";
import { type Candidate, nearestVersion } from "./scenario.ts";
import { startServer, versionOf } from "./server.ts";

/** Time for what a step brings about [ms]. */
const SETTLES_MS = 60;
/** A session that does not end, in MQTT 5.0. */
const FOR_EVER = 0xffff_ffff;

/** Everything of one scenario. Its clients have names that no other scenario's have, so that no session is left over. */
class Drive {
  readonly #scenario: ConformanceScenario;
  readonly #port: number;
  readonly #publisher: MqttClient;
  readonly #prefix: string;
  readonly #connected = new Map<string, MqttClient>();
  readonly #received = new Map<string, MqttMessage[]>();

  constructor(
    scenario: ConformanceScenario,
    about: { port: number; publisher: MqttClient; prefix: string },
  ) {
    this.#scenario = scenario;
    this.#port = about.port;
    this.#publisher = about.publisher;
    this.#prefix = about.prefix;
  }

  async act(step: Step): Promise<void> {
    if ("publish" in step) {
      const { topic, qos, retain = false, expiryMs } = step;
      const expiry = expiryMs === undefined ? {} : { expiry: expiryMs / 1000 };
      for (const payload of step.publish)
        await this.#publisher.publish({ topic, payload, qos, retain, ...expiry });
    } else if ("connect" in step) await this.#connect(step.connect);
    else if ("disconnect" in step) this.#take(step.disconnect).disconnect();
    else if ("kill" in step) this.#take(step.kill).kill();
    else await wait(step.wait);
    await wait(SETTLES_MS);
  }

  async #connect(name: string): Promise<void> {
    const about = this.#scenario.clients[name];
    if (about === undefined) throw new Error(`There is no client ${name}.`);
    const {
      filters,
      protocol = "5.0",
      lasting = false,
      will,
      silent = false,
      sessionMs,
    }: ConformanceClient = about;
    const client = await MqttClient.open(this.#port, {
      id: `${this.#prefix}${Object.keys(this.#scenario.clients).indexOf(name)}`,
      protocol,
      clean: !lasting,
      silent,
      ...(lasting &&
        protocol === "5.0" && {
          expiresAfter: sessionMs === undefined ? FOR_EVER : sessionMs / 1000,
        }),
      ...(will !== undefined && { will: { topic: will, payload: will } }),
    });
    this.#connected.set(name, client);
    const earlier = this.#received.get(name) ?? [];
    this.#received.set(name, earlier);
    for (const { filter, qos, share, retainHandling = 0 } of filters) {
      const whole = share === undefined ? filter : `$share/${share}/${filter}`;
      await client.subscribe(whole, { qos, retainHandling });
    }
  }

  /** A client that is about to go, with what it has received. */
  #take(name: string): MqttClient {
    const client = this.#connected.get(name);
    if (client === undefined) throw new Error(`${name} is not connected.`);
    this.#connected.delete(name);
    this.#received.get(name)?.push(...client.received);
    return client;
  }

  seen(): Readonly<Record<string, readonly string[]>> {
    for (const name of this.#connected.keys()) this.#take(name).disconnect();
    const got = (name: string) =>
      (this.#received.get(name) ?? []).map(({ payload, again }) =>
        again ? `${payload} again` : payload,
      );
    return Object.fromEntries(Object.keys(this.#scenario.seen).map((name) => [name, got(name)]));
  }

  /** Retained messages are deleted, as others would get them. */
  async clear(): Promise<void> {
    for (const step of this.#scenario.steps)
      if ("publish" in step && step.retain === true)
        await this.#publisher.publish({ topic: step.topic, payload: "", qos: 1, retain: true });
  }
}

async function drive(scenario: ConformanceScenario, port: number): Promise<unknown> {
  const prefix = `s${scenarios.indexOf(scenario)}c`;
  const publisher = await MqttClient.open(port, {
    id: `${prefix}publisher`,
    protocol: "5.0",
    clean: true,
  });
  const one = new Drive(scenario, { port, publisher, prefix });
  for (const step of scenario.steps) await one.act(step);
  const seen = one.seen();
  await one.clear();
  publisher.disconnect();
  return seen;
}

/** Mosquitto; its client is the port on which it listens. */
export const mosquittoCandidate: Candidate<number> = {
  label: "Mosquitto",
  package: "mosquitto",
  installed: () => versionOf("mosquitto", ["-h"]),
  modelled: (found) =>
    nearestVersion(
      clusterFields.version.options.map(({ value }) => value),
      found,
    ),
  start: ({ port, folder }) => {
    const config = join(folder, "mosquitto.conf");
    const lines = [
      `listener ${port} 127.0.0.1`,
      "allow_anonymous true",
      "persistence false",
      "user root",
    ];
    writeFileSync(config, `${lines.join("\n")}\n`);
    return startServer(
      { port, folder },
      {
        program: "mosquitto",
        args: ["-c", config],
        connect: async (place) => {
          const probe = await MqttClient.open(place.port, {
            id: "probe",
            protocol: "5.0",
            clean: true,
          });
          probe.disconnect();
          return place.port;
        },
        close: () => undefined,
      },
    );
  },
  scenarios: scenarios.map((scenario) => ({
    name: scenario.title,
    ...(scenario.listed !== undefined && { listed: scenario.listed }),
    simulated: (version: string) => play(scenario, version),
    real: (port) => drive(scenario, port),
  })),
  lists: [...mqttManual.simplified, ...mqttManual.notModelled],
};
