// The books against what happened: in drained runs, time-weighted means, latencies, counts and the event log tell one
// story, and nothing is left behind in the tables.

import { describe, expect, test } from "vitest";
import type { MessageEvent, MessageHappening } from "../model/events.ts";
import type { LatencyFigures, Report } from "../model/report.ts";
import { randomScenario } from "../model/scenario.suite.ts";
import { type Scenario, stationKinds } from "../model/scenario.ts";
import { stateOf } from "../model/state.ts";
import { typicalScenarios } from "../scenarios/everyScenario.suite.ts";
import type { Run } from "./run.ts";
import { finish } from "./sketch.suite.ts";

const seeds = Array.from({ length: 40 }, (_, i) => i + 1);

const drained: readonly Scenario[] = [
  ...typicalScenarios,
  ...seeds.map((seed) => randomScenario(seed)),
].map((scenario) => ({ ...scenario, load: { duration: 900_000, sourcesStopAt: 5000 } }));

/** What the event log says: how often something happened, and where copies spent their time. */
class Witness {
  readonly #counts = new Map<MessageHappening, number>();
  /** Per channel: sum over its copies of the time from routing to settling [s]. */
  readonly #stays = new Map<string, number>();

  see({ event, channel = "", t }: MessageEvent): void {
    this.#counts.set(event, this.count(event) + 1);
    if (event === "routed") this.#stays.set(channel, this.stay(channel) - t);
    if (ends.has(event)) this.#stays.set(channel, this.stay(channel) + t);
  }

  count(event: MessageHappening): number {
    return this.#counts.get(event) ?? 0;
  }

  stay(channel: string): number {
    return this.#stays.get(channel) ?? 0;
  }
}

const ends: ReadonlySet<MessageHappening> = new Set([
  "acknowledged",
  "rejected",
  "expired",
  "dead-lettered",
  "dropped",
]);

function witnessed(scenario: Scenario): { run: Run; report: Report; witness: Witness } {
  const witness = new Witness();
  const run = finish(scenario, { onEvent: (record) => witness.see(record) });
  return { run, report: run.report(0), witness };
}

/** Both say the same, up to the rounding of sums. */
function expectSame(actual: number, expected: number, what: string): void {
  const tolerance = 1e-9 * Math.max(1, Math.abs(expected)) * 1000;
  expect(Math.abs(actual - expected), `${what}: ${actual}, ${expected}`).toBeLessThan(tolerance);
}

function sumOf(latency: LatencyFigures): number {
  return ((latency.mean ?? 0) / 1000) * latency.count;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

describe.each(drained.map((scenario) => [scenario.id, scenario] as const))("%s", (_, scenario) => {
  const { run, report, witness } = witnessed(scenario);
  const { publications, copies, calls } = report.conservation;
  const crashes = new Set(
    scenario.timeline.flatMap((entry) => (entry.act === "crash" ? [entry.target] : [])),
  );

  test("Little's law: time-weighted means are sums of stays, on nodes and on channels", () => {
    for (const { id, kind, meanInSystem, latency } of report.nodes)
      // What a crash interrupts was inside without having an end of its own.
      if (kind === "service" && !crashes.has(id))
        expectSame(meanInSystem * report.simulatedSeconds, sumOf(latency), id);
    for (const { id, meanInSystem, lagMessages } of report.channels)
      if (lagMessages === 0)
        expectSame(meanInSystem * report.simulatedSeconds, witness.stay(id), id);
  });

  test("what is counted is what happened", () => {
    expect(witness.count("published")).toBe(publications.published);
    expect(witness.count("confirmed")).toBe(publications.confirmed);
    expect(witness.count("refused")).toBe(publications.refused);
    expect(witness.count("routed")).toBe(copies.routed);
    expect(witness.count("acknowledged")).toBe(copies.acknowledged);
    expect(witness.count("expired")).toBe(copies.expired);
    expect(witness.count("dropped")).toBe(copies.dropped);
    expect(witness.count("rejected") + witness.count("dead-lettered")).toBe(copies.deadLettered);
    const services = report.nodes.filter(({ kind }) => kind === "service");
    const stations = report.nodes.filter(({ kind }) => stationKinds.some((one) => one === kind));
    const handled = [...services, ...stations, ...report.bridges].reduce(
      (total, one) => total + one.handled,
      0,
    );
    expect(witness.count("handled")).toBe(handled);
    for (const { handled: done, failed, latency } of services)
      expect(done + sum(failed)).toBe(latency.count);
  });

  test("channels are the sums of their subscriptions", () => {
    for (const channel of report.channels) {
      const readers = [
        ...report.subscriptions.filter((reader) => reader.channel === channel.id),
        ...report.bridges.filter((bridge) => bridge.from === channel.id),
      ];
      for (const figure of ["delivered", "acknowledged", "redelivered", "inFlight"] as const)
        expect(readers.reduce((total, reader) => total + reader[figure], 0)).toBe(channel[figure]);
    }
  });

  test("nothing is left behind but what waits or is kept in a log", () => {
    const { messages, deliveries, requests } = run.alive();
    const { channels } = stateOf(scenario, run.frame(0), report);
    // Topics of Pub/Sub that keep what they publish, for seeks, show no depth.
    if (scenario.channels.some(({ parameters }) => parameters?.["message_retention_duration"]))
      return;
    const kept = channels.reduce(
      (total, { depths }) => total + depths.reduce((all, depth) => all + depth, 0),
      0,
    );
    // A window stays open until a later event moves the watermark past it, and holds its latest message.
    const windows = report.nodes.reduce(
      (all, { counts }) => all + (counts["open windows"] ?? 0),
      0,
    );
    expect(messages).toBeLessThanOrEqual(copies.waiting + kept + windows);
    expect({ deliveries, requests }).toEqual({ deliveries: 0, requests: 0 });
    expect(publications.pending + calls.pending + copies.inFlight).toBe(0);
  });
});
