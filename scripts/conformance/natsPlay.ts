// How scenarios of NATS are played on both sides: a stream "S" in the simulation and in a real server.

import type { Parameters } from "../../src/base/fields.ts";
import type { Sketch } from "../../src/brokers/brokerSketch.suite.ts";
import { FakeRun } from "../../src/brokers/fakeContext.suite.ts";
import { simulatedNats } from "../../src/brokers/nats/simulated.ts";
import { isMembers, type NatsClient, type NatsMessage, parsed } from "./natsClient.ts";
import type { Scenario } from "./scenario.ts";

interface Given {
  readonly stream?: Parameters;
  readonly consumers?: readonly Parameters[];
  readonly publish?: Parameters;
  readonly workers?: number;
}

export function sketch({ stream, consumers = [], publish, workers = 1 }: Given): Sketch {
  return {
    parameters: { nodes: 1 },
    channels: [{ id: "S", kind: "stream", parameters: { subjects: "s.>", ...stream } }],
    publishers: [{ to: "S", parameters: { subject: "{key}", ...publish } }],
    subscriptions: consumers.map((parameters) => ({ from: "S", workers, parameters })),
  };
}

/** The simulation with messages of these subjects published, 1 ms apart; nobody fetches before 100 ms. */
export function simulate(given: Given, published: readonly string[]): FakeRun {
  const run = new FakeRun(simulatedNats, sketch(given), { plans: [{}], joins: "none" });
  published.forEach((key, at) => run.publish(at, 0, at + 1, { key }));
  const [subscription] = given.consumers ?? [];
  if (subscription !== undefined)
    for (let worker = 0; worker < (given.workers ?? 1); worker++)
      run.at(100, () => run.join(0, worker));
  run.runUntil(150);
  return run;
}

export const seconds = (ms: number) => ms / 1000;
export const times = <T>(count: number, value: T): T[] =>
  Array.from({ length: count }, () => value);

/** A fresh stream "S", its messages published; answers to the publications. */
export async function stored(
  client: NatsClient,
  config: object,
  published: readonly string[],
  msgId?: string,
): Promise<Readonly<Record<string, unknown>>[]> {
  await client.api("STREAM.DELETE.S");
  await client.api("STREAM.CREATE.S", { name: "S", subjects: ["s.>"], ...config });
  const answers: Readonly<Record<string, unknown>>[] = [];
  for (const subject of published)
    answers.push(parsed((await client.request(subject, "", msgId)).payload));
  return answers;
}

export function consumer(client: NatsClient, name: string, config: object = {}) {
  const about = {
    stream_name: "S",
    config: { durable_name: name, ack_policy: "explicit", ...config },
  };
  return client.api(`CONSUMER.DURABLE.CREATE.S.${name}`, about);
}

/** A fetch; messages only. */
export async function fetch(client: NatsClient, name: string, batch: number, withinMs = 300) {
  const body = JSON.stringify({ batch, expires: withinMs * 1e6 });
  const about = { most: batch, withinMs: withinMs + 50 };
  const answers = await client.collect(`$JS.API.CONSUMER.MSG.NEXT.S.${name}`, body, about);
  return answers.filter(({ status }) => status === "");
}

/** Number in the stream and of the delivery, from the subject of the acknowledgement. */
export function sequenceOf({ reply }: NatsMessage): number {
  return Number(reply.split(".")[5]);
}

export function attemptOf({ reply }: NatsMessage): number {
  return Number(reply.split(".")[4]);
}

export async function messagesIn(client: NatsClient): Promise<unknown> {
  const { state } = await client.api("STREAM.INFO.S");
  return isMembers(state) ? [state["messages"], state["first_seq"], state["last_seq"]] : state;
}

export const hasFailed = (answer: Readonly<Record<string, unknown>>) =>
  answer["error"] !== undefined;

/** Messages, first and last number in the simulated stream, while nothing is missing in the middle. */
export function inLog(run: FakeRun): unknown {
  const last = run.find("stored").at(-1)?.offset ?? 0;
  const messages = run.broker.depths(0)[0] ?? 0;
  return [messages, last - messages + 1, last];
}

export function limited(
  name: string,
  config: Parameters,
  published: readonly string[],
): Scenario<NatsClient> {
  return {
    name,
    simulated: () => {
      const run = simulate({ stream: config }, published);
      return [inLog(run), run.find("refused").length];
    },
    real: async (client) => {
      const answers = await stored(client, config, published);
      return [await messagesIn(client), answers.filter(hasFailed).length];
    },
  };
}
