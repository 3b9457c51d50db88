// One order of the food delivery, from its request to the last notification: its spans, and what OpenTelemetry gets of them.

import { describe, expect, test } from "vitest";
import { Lookback } from "../../engine/lookback.ts";
import { open } from "../../engine/sketch.suite.ts";
import { type Trace, traceOf } from "../../model/trace.ts";
import { foodDelivery } from "../../scenarios/foodDelivery.ts";
import { otlpOf, traceLines } from "./traces.ts";

const run = open(foodDelivery, { historyBytes: 1e7 });
run.advance({ untilNs: 3e9, maxEvents: Infinity });
const past = new Lookback(run);

function lived(message: number) {
  const part = past.trace({ message, have: 0, maxEvents: Infinity });
  if (!part.ok) throw new Error(part.failure);
  const { records, root, isComplete } = part.value;
  expect(isComplete).toBe(true);
  return { records, trace: traceOf(records, root, foodDelivery) as Trace };
}

describe("the life of an order", () => {
  const { records, trace } = lived(1);

  test("has a span for each stretch, below the one in whose course it happened", () => {
    const rows = trace.spans.map(({ kind, place, depth }) => `${depth} ${kind} ${place}`);
    expect(rows.slice(0, 12)).toEqual([
      "0 call customers",
      "1 queue orders",
      "1 work orders",
      "2 write orders-db",
      "2 publish orders",
      "3 wait orders-topic",
      "4 delivery payment",
      "5 queue payment",
      "5 work payment",
      "6 write payments-db",
      "6 publish payment",
      "7 wait payments-topic",
    ]);
    expect(rows.at(-1)).toMatch(/ work notification$/);
    for (const { parent, startNs, endNs = Infinity } of trace.spans) {
      expect(endNs).toBeGreaterThanOrEqual(startNs);
      expect(startNs).toBeGreaterThanOrEqual(trace.spans[parent]?.startNs ?? 0);
    }
  });

  test("is the same from whichever of its messages one asks", () => {
    const last = trace.spans.at(-1)!.message;
    expect(last).not.toBe(1);
    expect(lived(last).trace).toEqual(trace);
  });

  test("goes out as JSON lines that say everything", () => {
    const lines = traceLines(records).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(records);
  });
});

describe("OpenTelemetry", () => {
  const { trace } = lived(1);
  const { resourceSpans } = otlpOf([trace], foodDelivery);
  const spans = resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap((scope) => scope.spans),
  );
  const attribute = (span: (typeof spans)[number], name: string): unknown =>
    span.attributes.find(({ key }) => key === name)?.value;

  test("gets ids of 16 and 8 bytes, times as texts of nanoseconds, and parents that are there", () => {
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(ids.size).toBe(trace.spans.length);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    for (const span of spans) {
      expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
      expect(span.startTimeUnixNano).toMatch(/^1577836800\d{9}$|^15778368\d{11}$/);
      expect(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano)).toBe(true);
      if (span.parentSpanId !== undefined) expect(ids.has(span.parentSpanId)).toBe(true);
      expect([1, 2, 3, 4, 5]).toContain(span.kind);
    }
    expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(1);
  });

  test("gets producers and consumers with the attributes of the conventions", () => {
    const send = spans.find(({ kind }) => kind === 4)!;
    expect(send.name).toBe("send orders");
    expect(attribute(send, "messaging.system")).toEqual({ stringValue: "kafka" });
    expect(attribute(send, "messaging.operation.type")).toEqual({ stringValue: "send" });
    expect(attribute(send, "messaging.kafka.offset")).toMatchObject({
      intValue: expect.stringMatching(/^\d+$/) as string,
    });
    const received = spans.find(({ kind }) => kind === 5)!;
    expect(attribute(received, "messaging.operation.type")).toEqual({ stringValue: "process" });
    expect(resourceSpans.map(({ resource }) => resource.attributes[0])).toContainEqual({
      key: "service.name",
      value: { stringValue: "Payment" },
    });
  });

  test("gives equal runs equal ids, and other messages others", () => {
    expect(otlpOf([trace], foodDelivery).resourceSpans).toEqual(resourceSpans);
    const other = otlpOf([lived(2).trace], foodDelivery).resourceSpans[0]!.scopeSpans[0]!.spans[0]!;
    expect(other.traceId).not.toBe(spans[0]!.traceId);
  });
});

test("a survey finds the slowest of all messages", () => {
  const { found, total, isComplete } = past.survey({
    what: "slowest",
    count: 5,
    maxEvents: Infinity,
  });
  expect(isComplete).toBe(true);
  expect(total).toBeGreaterThan(100);
  const took = found.map(({ timeNs, rootNs }) => timeNs - rootNs);
  expect(took).toEqual(took.toSorted((one, other) => other - one));
  const slowest = Math.max(
    ...Array.from({ length: 6 }, (_, i) => lived(i + 1)).map(
      ({ trace, records }) =>
        Math.round(
          1e9 * Math.max(...records.filter(({ event }) => event === "handled").map(({ t }) => t)),
        ) - trace.startNs,
    ),
  );
  expect(took[0]).toBeGreaterThanOrEqual(slowest);
});
