// The tests of some of the cases: one each, and one that says how many figures came out how narrow.

import { describe, expect, test } from "vitest";
import { expectAgreement, isNarrow, type Outcome, sentenceOf } from "./agreement.suite.ts";
import { cases, type QueueingCase } from "./cases.suite.ts";
import { express, isLaw } from "./expressions.suite.ts";

/** Share of the figures that must be within 2 % in the test command already; in the full run all are. */
const narrowShare = 0.4;

/** Tests the cases that are chosen, where the file with them is at hand. */
export function testAgreement(chosen: (about: QueueingCase) => boolean): void {
  const some = cases.filter((about) => chosen(about) && !isLaw(about));
  const expressed = some.flatMap((about) => {
    const expression = express(about);
    return typeof expression === "string" ? [] : [{ about, expression }];
  });
  describe.skipIf(cases.length === 0)("in agreement with theory", () => {
    const outcomes: Outcome[] = [];
    for (const { about, expression } of expressed)
      test(`${about.id} ${about.name}`, { timeout: 3_600_000 }, () => {
        outcomes.push(...expectAgreement(about, expression));
      });

    test("many figures are known within 2 % even in the test command", () => {
      const vague = outcomes.filter((outcome) => !isNarrow(outcome));
      expect(
        1 - vague.length / outcomes.length,
        vague.map((outcome) => sentenceOf(outcome)).join("\n"),
      ).toBeGreaterThan(narrowShare);
    });
  });
}
