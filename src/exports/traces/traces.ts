// Lives of messages as files: JSON lines, and OpenTelemetry's JSON form of OTLP, which viewers of traces read. Names of
// attributes are those of the semantic conventions for messaging and databases (version 1.36).

import type { MessageEvent } from "../../model/events.ts";
import { nameOf } from "../../model/elements.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { Span, SpanKind } from "../../model/span.ts";
import type { Trace } from "../../model/trace.ts";
import { hexOf } from "./hex.ts";

/** Simulated time 0 is this instant, because viewers do not show 1970: the beginning of 2020 [ns since 1970]. */
const zeroNs = 1_577_836_800_000_000_000n;

/** Kinds of spans in the protocol (opentelemetry/proto/trace/v1/trace.proto). */
const protocolKind: Readonly<Record<SpanKind, number>> = {
  wait: 1,
  queue: 1,
  work: 1,
  "back-off": 1,
  read: 3,
  write: 3,
  call: 3,
  publish: 4,
  delivery: 5,
};

/** Status of a span in the protocol: an error. */
const errorCode = 2;

/** `messaging.system` of technologies, where the conventions name one; others are called as here. */
const systems: Readonly<Record<string, string>> = {
  sqs: "aws_sqs",
  sns: "aws.sns",
  "google-pubsub": "gcp_pubsub",
  "event-grid": "eventgrid",
  "event-hubs": "eventhubs",
  "service-bus": "servicebus",
};

/** The lines of the event log of a life, one JSON object each. */
export function traceLines(records: readonly MessageEvent[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/** Any value of an attribute, as the protocol's JSON form has it: whole numbers are texts. */
type AttributeValue =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly boolValue: boolean };

interface Attribute {
  readonly key: string;
  readonly value: AttributeValue;
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number; readonly message?: string };
}

/** A request to export traces (opentelemetry/proto/collector/trace/v1), which files of traces consist of too. */
interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly OtlpSpan[];
    }[];
  }[];
}

/** Lives as OpenTelemetry has them: a resource per node and channel. Equal runs give equal ids. */
export function otlpOf(traces: readonly Trace[], scenario: Scenario): OtlpTraces {
  const byPlace = new Map<string, OtlpSpan[]>();
  for (const trace of traces)
    for (const span of trace.spans) {
      const spans = byPlace.get(span.place);
      const written = otlpSpan(span, trace, scenario);
      if (spans === undefined) byPlace.set(span.place, [written]);
      else spans.push(written);
    }
  return {
    resourceSpans: [...byPlace].map(([place, spans]) => ({
      resource: {
        attributes: [
          text("service.name", nameOf(scenario, place)),
          text("service.namespace", scenario.title),
          text("spillway.element", place),
        ],
      },
      scopeSpans: [{ scope: { name: "spillway" }, spans }],
    })),
  };
}

function otlpSpan(span: Span, trace: Trace, scenario: Scenario): OtlpSpan {
  const name = `${scenario.id}/${scenario.seed}/${trace.root}`;
  const parent = trace.spans[span.parent];
  const endNs = span.endNs ?? trace.endNs;
  const { reason, outcome } = span;
  const isError = outcome === "failure" || outcome === "dead-letter";
  return {
    traceId: hexOf(name, 16),
    spanId: hexOf(`${name}/${span.id}`, 8),
    ...(parent === undefined ? {} : { parentSpanId: hexOf(`${name}/${parent.id}`, 8) }),
    name: nameOfSpan(span, scenario),
    // Whoever is called works as a server.
    kind: span.kind === "work" && parent?.kind === "call" ? 2 : protocolKind[span.kind],
    startTimeUnixNano: String(zeroNs + BigInt(span.startNs)),
    endTimeUnixNano: String(zeroNs + BigInt(endNs)),
    attributes: attributesOf(span, scenario),
    status: isError
      ? { code: errorCode, ...(reason === undefined ? {} : { message: reason }) }
      : {},
  };
}

/** `{operation} {destination}`, as the conventions want it. */
function nameOfSpan({ kind, place, peer }: Span, scenario: Scenario): string {
  const other = peer === undefined ? "" : nameOf(scenario, peer);
  const here = nameOf(scenario, place);
  const names: Readonly<Record<SpanKind, string>> = {
    publish: `send ${other}`,
    delivery: `process ${other}`,
    wait: `wait ${here}`,
    queue: `queue ${here}`,
    work: `work ${here}`,
    "back-off": `back-off ${here}`,
    read: `read ${here}`,
    write: `write ${here}`,
    call: `call ${other}`,
  };
  return names[kind];
}

function attributesOf(span: Span, scenario: Scenario): readonly Attribute[] {
  const common = [
    number("spillway.message", span.message),
    ...(span.contract === undefined ? [] : [text("cloudevents.event_type", span.contract)]),
    ...(span.endNs === undefined ? [{ key: "spillway.open", value: { boolValue: true } }] : []),
    ...(span.attempt === undefined ? [] : [number("spillway.attempt", span.attempt)]),
    ...(span.outcome === "failure" ? [text("error.type", span.reason ?? "failure")] : []),
  ];
  if (span.kind === "read" || span.kind === "write")
    return [
      ...common,
      text("db.system.name", "other_sql"),
      text("db.operation.name", span.kind),
      text("db.namespace", nameOf(scenario, span.place)),
    ];
  const channelId = span.kind === "wait" ? span.place : span.peer;
  const channel = scenario.channels.find(({ id }) => id === channelId);
  if (channel === undefined) return common;
  return [...common, ...messagingOf(span, channel, scenario)];
}

const operations: Readonly<Partial<Record<SpanKind, readonly [string, string]>>> = {
  publish: ["send", "send"],
  delivery: ["process", "process"],
};

function messagingOf(
  span: Span,
  channel: Scenario["channels"][number],
  scenario: Scenario,
): readonly Attribute[] {
  const broker = scenario.nodes.find(({ id }) => id === channel.broker);
  const technology = broker?.kind === "broker" ? broker.technology : "";
  const [type, name] = operations[span.kind] ?? [];
  return [
    text("messaging.system", systems[technology] ?? technology.replaceAll("-", "_")),
    text("messaging.destination.name", nameOf(scenario, channel.id)),
    text("messaging.message.id", String(span.message)),
    ...(type === undefined ? [] : [text("messaging.operation.type", type)]),
    ...(name === undefined ? [] : [text("messaging.operation.name", name)]),
    ...(span.partition === undefined
      ? []
      : [text("messaging.destination.partition.id", String(span.partition))]),
    ...(technology !== "kafka" || span.offset === undefined
      ? []
      : [number("messaging.kafka.offset", span.offset)]),
    ...(technology !== "kafka" || span.key === undefined
      ? []
      : [text("messaging.kafka.message.key", span.key)]),
  ];
}

function text(key: string, value: string): Attribute {
  return { key, value: { stringValue: value } };
}

function number(key: string, value: number): Attribute {
  return { key, value: { intValue: String(value) } };
}
