// Which analytic cases are expressed as scenarios and which are not, with what Spillway lacks for them; and the laws
// that hold in every run: Little's, and that what goes in comes out.

import { describe, expect, test } from "vitest";
import type { NodeReport, Report } from "../../model/report.ts";
import { finish, sketch } from "../sketch.suite.ts";
import { baseSeed, type Expression } from "./agreement.suite.ts";
import { cases } from "./cases.suite.ts";
import { express, isLaw } from "./expressions.suite.ts";

/** What is missing, by the cases that would need it. */
const missing: Readonly<Record<string, readonly string[]>> = {
  "dispatch to the shortest queue of all, or of some": ["Q064", "Q065"],
  "service that a customer of higher priority interrupts": ["Q069", "Q072"],
  "service that the latest customer interrupts": ["Q077"],
  "an order by what remains of the work": ["Q080"],
  "a worker that holds what it has done until there is room at the next station": [
    "Q098",
    "Q101",
    "Q104",
  ],
  "customers that each wait for a time of their own and then go away": ["Q108"],
  "arrivals that look at the queue and go away": ["Q111"],
  "a worker that serves several queues in turn, with a time to change between them": ["Q121"],
};

const expressions = cases.flatMap((about) => {
  const expression = express(about);
  return typeof expression === "string" ? [] : [{ about, expression }];
});

describe.skipIf(cases.length === 0)("the analytic cases", () => {
  test("that are not expressed are these, for these reasons", () => {
    const known = new Set(Object.values(missing).flat());
    const lacking: Record<string, string[]> = {};
    for (const about of cases) {
      const reason = express(about);
      if (isLaw(about) || typeof reason !== "string") continue;
      // Further cases of the same kinds may come to lie there; those only count below.
      if (known.has(about.id)) (lacking[reason] ??= []).push(about.id);
    }
    expect(lacking).toEqual(missing);
  });

  test("are expressed but for few: at least 70 of 89", () => {
    const share = (expressions.length + cases.filter(isLaw).length) / cases.length;
    expect(share).toBeGreaterThanOrEqual(70 / 89);
    expect(share * 89).toBeGreaterThanOrEqual(70);
  });
});

/** A run of a case's scenario that begins and ends empty. */
function drainedReport({ sketch: about, memory, rate }: Expression): Report {
  const seconds = Math.max(10 * memory, 1000 / rate);
  return finish(
    sketch({
      ...about,
      seed: baseSeed,
      sourcesStopAt: seconds * 1000,
      duration: (seconds + 60 * memory + 200) * 1000,
    }),
  ).report(0);
}

/** Little's law as an identity: time that all spent inside, counted by level and by customer [s]. */
function spentInside(node: NodeReport, seconds: number): readonly [number, number] {
  const { mean, count } = node.latency;
  return [node.meanInSystem * seconds, ((mean ?? 0) / 1000) * count];
}

describe.skipIf(cases.length === 0)("in a run that begins and ends empty", () => {
  for (const { about, expression } of expressions)
    test(`${about.id}: what is inside is what came and stayed, and all leave`, () => {
      const report = drainedReport(expression);
      expect(report.conservation.violations).toEqual([]);
      for (const node of report.nodes.filter(({ kind }) => kind === "service")) {
        const [byLevel, byCustomer] = spentInside(node, report.simulatedSeconds);
        const error = Math.abs(byLevel - byCustomer) / Math.max(1e-3, byCustomer);
        expect(error, `${node.id}: ${byLevel}, ${byCustomer}`).toBeLessThan(1e-9);
      }
      const { publications, copies, calls } = report.conservation;
      expect([publications.pending, calls.pending]).toEqual([0, 0]);
      expect(calls.called).toBe(calls.succeeded + calls.failed);
      expect(publications.published).toBe(publications.confirmed + publications.refused);
      const gone = copies.acknowledged + copies.deadLettered + copies.expired + copies.dropped;
      expect(copies.routed).toBe(gone + copies.waiting);
    });
});
