// Plays the scenarios of conformance.suite.ts in the model.

import { FakeRun } from "../fakeContext.suite.ts";
import type { ConformanceScenario } from "./conformance.suite.ts";
import { simulatedMqtt as mqtt } from "./simulated.ts";

const latency = 0.01;

/** Time between two steps [ms]. */
const stepMs = 20;

/** Runs a scenario and returns what the clients got that it names. A client is a node with a subscription for each filter. */
export function play(
  scenario: ConformanceScenario,
  version: string,
): Readonly<Record<string, readonly string[]>> {
  const { clients, steps, seen } = scenario;
  const names = Object.keys(clients);
  const publishing = steps.filter((step) => "publish" in step);
  const wills = names.filter((name) => clients[name]!.will !== undefined);
  const subscriptions = names.flatMap((node) => {
    const about = clients[node]!;
    const { filters, protocol = "5.0", lasting = false, silent = false, sessionMs } = about;
    return filters.map(({ filter, qos, share = "", retainHandling = 0 }) => ({
      from: "t",
      node,
      parameters: {
        latency,
        protocol,
        filter,
        qos: String(qos),
        share,
        clean_session: !lasting,
        session_expiry_interval: lasting ? (sessionMs ?? null) : 0,
        retain_handling: String(retainHandling),
        acknowledge: silent ? "after the work" : "on receipt",
      },
    }));
  });
  const publishers = [
    ...publishing.map(({ topic, qos, retain = false, expiryMs = null }) => ({
      to: "t",
      parameters: { latency, topic, qos: String(qos), retain, message_expiry_interval: expiryMs },
    })),
    ...wills.map((node) => ({
      to: "t",
      node,
      parameters: { latency, topic: clients[node]!.will!, qos: "1", will: true },
    })),
  ];
  const channels = [{ id: "t", kind: "topic" }];
  const run = new FakeRun(
    mqtt,
    { parameters: { version }, channels, publishers, subscriptions },
    { joins: "none" },
  );
  const each = (node: string, act: (subscription: number) => void) =>
    subscriptions.forEach((one, at) => (one.node === node ? act(at) : undefined));
  let ms = 0;
  for (const step of steps) {
    if ("publish" in step)
      for (const label of step.publish)
        run.publish(ms, publishing.indexOf(step), label, { sizeBytes: label.length });
    else if ("connect" in step) {
      each(step.connect, (subscription) => run.join(subscription, 0));
      const will = wills.indexOf(step.connect);
      if (will >= 0) run.publish(ms, publishing.length + will, clients[step.connect]!.will!);
    } else if ("disconnect" in step) each(step.disconnect, (at) => run.leave(at, 0, "close"));
    else if ("kill" in step) each(step.kill, (at) => run.leave(at, 0, "crash"));
    ms += "wait" in step ? step.wait : stepMs;
    run.runUntil(ms);
  }
  const deliveries = run.find("deliver");
  const got = (client: string) =>
    deliveries
      .filter(({ subscription }) => subscriptions[subscription]!.node === client)
      .map(({ label, attempt }) => (attempt > 1 ? `${label} again` : label));
  return Object.fromEntries(Object.keys(seen).map((client) => [client, got(client)]));
}
