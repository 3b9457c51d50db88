// Spans of a timeline against a plain walk through it, and edits of them: what ends what, and that nothing else moves.

import { describe, expect, test } from "vitest";
import { addEntry, entryOfSpan, moveSpan, removeSpan, resizeSpan } from "./timelineEdit.ts";
import type { TimelineEntry } from "./timeline.ts";
import { timelineSpans } from "./timelineSpans.ts";

function spansOf(timeline: readonly TimelineEntry[]) {
  return timelineSpans({ timeline, load: { duration: 60_000 } });
}

function wordsOf(timeline: readonly TimelineEntry[]): readonly string[] {
  return spansOf(timeline).map(
    ({ entry, fromMs, toMs, ends }) => `${timeline[entry]!.act} ${fromMs}–${toMs} ${ends}`,
  );
}

const rate = { act: "set", target: "orders", parameter: "rate", value: 50 } as const;

describe("the spans of a timeline", () => {
  test("last for their duration, to the entry that ends them, or to the end of the run", () => {
    expect(
      wordsOf([
        { at: 1000, act: "crash", target: "a", duration: 500 },
        { at: 2000, act: "crash", target: "a" },
        { at: 3000, act: "restart", target: "a" },
        { at: 4000, act: "slow", target: "a", factor: 3 },
        { ...rate, at: 5000 },
      ]),
    ).toEqual([
      "crash 1000–1500 by duration",
      "crash 2000–3000 by an entry",
      "slow 4000–60000 never",
      "set 5000–5000 at once",
    ]);
  });

  test("are of one node each, and of one kind of fault", () => {
    expect(
      wordsOf([
        { at: 1000, act: "crash", target: "kafka", member: 0 },
        { at: 2000, act: "isolate", target: "kafka", member: 1, duration: 9000 },
        { at: 3000, act: "restart", target: "kafka", member: 1 },
        { at: 4000, act: "reconnect", target: "kafka", member: 1 },
      ]),
    ).toEqual([
      "crash 1000–60000 never",
      "isolate 2000–4000 by an entry",
      "restart 3000–3000 at once",
    ]);
  });

  test("end when the same begins anew, and an end after the end is a moment", () => {
    expect(
      wordsOf([
        { at: 1000, act: "slow", target: "a", factor: 2 },
        { at: 2000, act: "slow", target: "a", factor: 4, duration: 500 },
        { at: 3000, act: "slow", target: "a", factor: 1 },
      ]),
    ).toEqual(["slow 1000–2000 never", "slow 2000–2500 by duration", "slow 3000–3000 at once"]);
  });
});

describe("an edit of a span", () => {
  const pair: readonly TimelineEntry[] = [
    { ...rate, at: 500 },
    { at: 1000, act: "crash", target: "a" },
    { ...rate, at: 2000 },
    { at: 3000.25, act: "restart", target: "a" },
  ];
  const [, crash] = spansOf(pair);

  test("moves beginning and end together, and keeps the order of time", () => {
    const { timeline, entry } = moveSpan(pair, crash!, 2500);
    expect(timeline[entry]).toEqual({ at: 2500, act: "crash", target: "a", duration: 2000.25 });
    expect(timeline.map(({ at }) => at)).toEqual([500, 2000, 2500]);
    expect(moveSpan(pair, crash!, -5).timeline[0]?.at).toBe(0);
  });

  test("gives it another end, or none", () => {
    const longer = resizeSpan(pair, crash!, 9000);
    expect(longer.timeline[longer.entry]).toMatchObject({ at: 1000, duration: 8000 });
    const endless = resizeSpan(pair, crash!, undefined);
    expect(endless.timeline[endless.entry]).toEqual({ at: 1000, act: "crash", target: "a" });
    const [setting] = spansOf(pair);
    expect(resizeSpan(pair, setting!, 9000).timeline).toBe(pair);
  });

  test("takes away what began and what ended it, and nothing else", () => {
    expect(removeSpan(pair, crash!)).toEqual([pair[0], pair[2]]);
    expect(entryOfSpan(pair, crash!)).toMatchObject({ duration: 2000.25 });
  });

  test("puts a new entry behind those of its time", () => {
    const { timeline, entry } = addEntry(pair, { ...rate, at: 2000, value: 1 });
    expect(entry).toBe(3);
    expect(timeline[entry]).toMatchObject({ value: 1 });
  });
});
