// The proof that every piece of advice owes: a drawing in which it is given runs before and after it was taken, and a figure
// of the report gets better; in a twin of the drawing it is not given.

// Every technology, to read their rules and to run them.
import "../../brokers/simulated.ts";
import { expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import type { TechnologyId } from "../../brokers/index.ts";
import { sketch, source, worker } from "../../engine/sketch.suite.ts";
import { reportOf } from "../../scenarios/runBoth.suite.ts";
import { checkScenario } from "../check.ts";
import type { Report } from "../report.ts";
import type { Connection, Node, Scenario } from "../scenario.ts";
import type { TimelineEntry } from "../timeline.ts";
import type { Advice } from "./advice.ts";
import { adviseOn, hintsOn } from "./index.ts";

/** A rule with drawings that show what it is good for. */
export interface AdviceCase {
  readonly code: string;
  /** Here the advice is given. */
  readonly risky: Scenario;
  /** Here it is not. */
  readonly sound: Scenario;
  /** What gets better, in words. */
  readonly figure: string;
  readonly measure: (report: Report, scenario: Scenario) => number;
  /** By how much at least: after ≤ factor × before when it is to fall, after ≥ factor × before when it is to rise. */
  readonly to: { readonly fallTo: number } | { readonly riseTo: number };
}

/** Declares the test of each rule. */
export function adviceHolds(cases: readonly AdviceCase[]): void {
  test.each(cases.map((one) => [one.code, one.figure, one] as const))(
    "%s: %s",
    async (_code, _figure, { code, risky, sound, measure, to }) => {
      const before = await reportOf(risky);
      const advice = adviceOn(risky, before).find((one) => one.code === code);
      expect(adviceOn(risky, before).map((one) => one.code)).toContain(code);
      const mended = advice!.mend(risky);
      expect(errorsIn(mended)).toEqual([]);
      // Taking it twice does nothing more.
      expect(advice!.mend(mended)).toEqual(mended);
      const after = await reportOf(mended);
      const [was, is] = [measure(before, risky), measure(after, mended)];
      if ("fallTo" in to) expect(is).toBeLessThanOrEqual(to.fallTo * was);
      else expect(is).toBeGreaterThanOrEqual(to.riseTo * was);
      expect(is).not.toBe(was);
      expect(after.conservation.violations).toEqual([]);
      const still = adviceOn(mended, after).filter(
        (one) => one.code === code && one.element === advice!.element,
      );
      expect(still).toEqual([]);
      expect(adviceOn(sound, await reportOf(sound)).map((one) => one.code)).not.toContain(code);
    },
  );
}

function adviceOn(scenario: Scenario, report: Report): readonly Advice[] {
  return [...adviseOn(scenario, report), ...hintsOn(scenario)];
}

function errorsIn(scenario: Scenario): readonly string[] {
  return checkScenario(scenario).flatMap(({ severity, message }) =>
    severity === "error" ? [message] : [],
  );
}

/** All counts of a report's reasons together. */
export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** The figures of a node. */
export function nodeIn(report: Report, id: string): Report["nodes"][number] {
  return report.nodes.find((one) => one.id === id)!;
}

/** The figures of a call. */
export function callIn(report: Report, id: string): Report["calls"][number] {
  return report.calls.find((one) => one.id === id)!;
}

/** The figures of a subscription. */
export function subscriptionIn(report: Report, id: string): Report["subscriptions"][number] {
  return report.subscriptions.find((one) => one.id === id)!;
}

/** A producer, a broker with one channel, a service and, where it writes, a store. */
export interface Pipe {
  readonly technology: TechnologyId;
  readonly kind: string;
  readonly cluster?: Parameters;
  readonly channel?: Parameters;
  readonly publish?: Parameters;
  readonly consume?: Parameters;
  readonly source?: Parameters;
  readonly service?: Parameters;
  readonly writes?: true;
  readonly timeline?: readonly TimelineEntry[];
  /** [ms] */
  readonly duration?: number;
  readonly sourcesStopAt?: number;
}

/** A drawing of a pipe: "source" publishes over "publish" into "channel" of "broker"; "service" takes over "consume". */
export function pipe(about: Pipe): Scenario {
  const store: Node = { id: "store", kind: "store" };
  const write: Connection = { id: "write", kind: "write", from: "service", to: "store" };
  return sketch({
    duration: about.duration ?? 60_000,
    ...(about.sourcesStopAt === undefined ? {} : { sourcesStopAt: about.sourcesStopAt }),
    nodes: [
      source("source", 10, about.source),
      {
        id: "broker",
        kind: "broker",
        technology: about.technology,
        ...(about.cluster && { parameters: about.cluster }),
      },
      worker("service", about.service),
      ...(about.writes ? [store] : []),
    ],
    channels: [
      {
        id: "channel",
        broker: "broker",
        kind: about.kind,
        ...(about.channel && { parameters: about.channel }),
      },
    ],
    connections: [
      {
        id: "publish",
        kind: "publish",
        from: "source",
        to: "channel",
        contract: "order",
        ...(about.publish && { parameters: about.publish }),
      },
      {
        id: "consume",
        kind: "consume",
        from: "channel",
        to: "service",
        ...(about.consume && { parameters: about.consume }),
      },
      ...(about.writes ? [write] : []),
    ],
    timeline: about.timeline ?? [],
  });
}

/** Work of always the same length [ms]. */
export function lasting(value: number) {
  return { distribution: "constant", value } as const;
}
