// Recordings: what is read, and what is refused with line and column.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseInstant } from "./instant.ts";
import { parseRecording, type Recording, recordingMax } from "./recording.ts";

function read(text: string): Recording {
  const result = parseRecording(text);
  return result.ok ? result.value : expect.fail(result.failure);
}

function refusal(text: string): string {
  const result = parseRecording(text);
  return result.ok ? "accepted" : result.failure;
}

describe("a recording", () => {
  test("may be times alone, in seconds", () => {
    const { timesNs, contracts, keys, sizes, hasKeys } = read("time\n0.5\n1e0\n.75e1\n");
    expect([...timesNs]).toEqual([0.5e9, 1e9, 7.5e9]);
    expect([...contracts, ...keys, ...sizes, hasKeys]).toEqual([
      -1,
      -1,
      -1,
      -1,
      -1,
      -1,
      0,
      0,
      0,
      false,
    ]);
  });

  test("has contracts, keys and sizes where they are stated, in any order of columns", () => {
    const text = `\uFEFFKey;time;contract;size\r\nann;0;order;100\r\n;0;;\r\n"b;""o""";2;order;\r\n\r\nann;3;paid;7\r\n`;
    const { timesNs, contracts, contractNames, keys, keyNames, sizes } = read(text);
    expect([...timesNs]).toEqual([0, 0, 2e9, 3e9]);
    expect(contractNames).toEqual(["order", "paid"]);
    expect([...contracts]).toEqual([0, -1, 0, 1]);
    expect(keyNames).toEqual(["ann", 'b;"o"']);
    expect([...keys]).toEqual([0, -1, 1, 0]);
    expect([...sizes]).toEqual([100, 0, 0, 7]);
  });

  test("counts points in time from the first, to the nanosecond and across zones", () => {
    const text =
      "time\n2026-02-28T23:59:59.999999999Z\n2026-03-01T00:00:00Z\n2026-03-01 02:00:01.5+02:00";
    expect([...read(text).timesNs]).toEqual([0, 1, 1_500_000_001]);
  });

  test("is refused with the place and the remedy", () => {
    expect(refusal("")).toContain('Line 1, column 1: "" is no column');
    expect(refusal("12\n13")).toContain('"12" is no column. The first line names them');
    expect(refusal("key\na")).toContain("the column time is missing");
    expect(refusal("time,time\n1,1")).toContain("time is there twice");
    expect(refusal("time,key\n1,a\n2")).toContain("Line 3: there are 1 columns instead of 2");
    expect(refusal('time,key\n1,"a')).toContain("Line 2: a quotation mark is not closed");
    expect(refusal("time\nsoon")).toContain('Line 2, column time: "soon" is no time');
    expect(refusal("time\n-1")).toContain("is no time");
    expect(refusal("time\n1\n2026-03-01T00:00:00Z")).toContain("Line 3, column time");
    expect(refusal("time\n2026-03-01T00:00:00Z\n1")).toContain("Line 3, column time");
    expect(refusal("time\n2\n1")).toContain(
      "Line 3, column time: 1 is earlier than the line above",
    );
    expect(refusal("time\n2026-03-01T00:00:01Z\n2026-03-01T00:00:00Z")).toContain("104 days");
    expect(refusal("time\n1e9")).toContain("not within 104 days");
    for (const size of ["0", "1.5", "many", "1e10"])
      expect(refusal(`time,size\n1,${size}`)).toContain("Line 2, column size");
    expect(refusal(`time,key\n1,${"k".repeat(201)}`)).toContain("column key: more than 200");
  });

  test("is bounded", () => {
    const lines = (count: number): string => `time\n${"1\n".repeat(count)}`;
    expect(read(lines(recordingMax.rows)).timesNs).toHaveLength(100_000);
    expect(refusal(lines(recordingMax.rows + 1))).toContain("at most 100000 arrivals");
    expect(refusal(`time\n${" ".repeat(1_000_000)}`)).toContain("at most 1000000 characters");
  });

  test("is a recording or a sentence, whatever the text", () => {
    const sign = fc.constantFrom(
      "time,key\n",
      "1,a\n",
      "time",
      "0.",
      "12",
      ...',;\t\n\r"-:TZ e'.split(""),
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 60 }), (signs) => {
        const result = parseRecording(signs.join(""));
        if (!result.ok) expect(result.failure).toMatch(/^Line \d+.*\.$/u);
        else
          expect([...result.value.timesNs]).toEqual(
            [...result.value.timesNs].toSorted((a, b) => a - b),
          );
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a point in time", () => {
  test("is that of the platform's calendar", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        (date) => {
          const { seconds = NaN, ns = NaN } = parseInstant(date.toISOString()) ?? {};
          expect(seconds * 1000 + ns / 1e6).toBe(date.getTime());
        },
      ),
    );
  });

  test("exists", () => {
    for (const text of ["2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-04-31T00:00:00Z"])
      expect(parseInstant(text)).toBeUndefined();
    for (const text of ["2025-01-01", "2025-01-01T24:00:00Z", "2025-01-01T00:60:00Z", "now"])
      expect(parseInstant(text)).toBeUndefined();
    expect(parseInstant("2024-02-29T00:00:00-01:30")?.seconds).toBe(
      Date.UTC(2024, 1, 29, 1, 30) / 1000,
    );
  });
});
