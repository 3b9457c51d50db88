// Every code of the catalogue is produced by a document here: a code without a sample does not compile.

import { bridgedScenario, circularScenario } from "./bridged.suite.ts";
import { describe, expect, it } from "vitest";
import type { Parameters } from "../base/fields.ts";
import type { Problem } from "../base/problem.ts";
import { checkScenario } from "./check.ts";
import { functionScenario } from "./functions.suite.ts";
import { setParameter } from "./edit.ts";
import { migrate } from "./migrations.ts";
import { parseScenario, parseScenarioText, writeScenario } from "./parse.ts";
import { type ProblemCode, problemCatalogue } from "./problemCatalogue.ts";
import { emptyScenario, rabbitScenario, smallScenario } from "./scenario.suite.ts";
import type { Connection, Contract, Node, Objective, Scenario } from "./scenario.ts";
import type { TimelineEntry } from "./timeline.ts";
import type { Handler } from "./handler.ts";

function problemsOf(document: unknown): readonly Problem[] {
  const result = parseScenario(document);
  return result.ok ? checkScenario(result.value) : result.failure;
}

function textProblems(text: string): readonly Problem[] {
  const result = parseScenarioText(text);
  return result.ok ? [] : result.failure;
}

const small = smallScenario();

const toDeadLetters: Connection = {
  id: "failed",
  kind: "publish",
  from: "f",
  to: "q",
  contract: "e",
  on: "failure",
};

function withTimeline(entry: TimelineEntry): Scenario {
  return { ...small, timeline: [entry] };
}

function replaying(recording: string, recordingRepeats: boolean): Scenario {
  const parameters = { arrivals: "replay", recording, recordingRepeats };
  const nodes = small.nodes.map((node) => (node.id === "clients" ? { ...node, parameters } : node));
  return { ...small, nodes };
}

function withObjective(objective: Partial<Objective>): Scenario {
  const goal = { id: "goal", of: "run", measure: "events", is: "at most", value: 1 } as const;
  return { ...small, objectives: [{ ...goal, ...objective }] };
}

function withConnection(index: number, change: object): unknown {
  const connections = small.connections.map((it, i) => (i === index ? { ...it, ...change } : it));
  return { ...small, connections };
}

/** The bank is a gateway without routes. */
function withGateway(parameters: Parameters): Scenario {
  const nodes = small.nodes.map((node) =>
    node.id === "bank" ? ({ id: "bank", kind: "gateway", parameters } as const) : node,
  );
  return { ...small, nodes };
}

/** The payment service with handlers of its own. */
function withHandlers(handlers: readonly Handler[]): Scenario {
  const nodes = small.nodes.map((node): Node =>
    node.id === "payment" && node.kind === "service" ? { ...node, handlers } : node,
  );
  return { ...small, nodes };
}

const call: Connection = {
  id: "back",
  kind: "call",
  from: "bank",
  to: "payment",
  contract: "charge-card",
};
const contract: Contract = { id: "spare", name: "Spare", contractVersion: "1", schema: {} };
const set = { at: 0, act: "set", target: "bank", parameter: "errorRate", value: 0.5 } as const;

const redrive = { at: 1, act: "redrive", target: "q", rate: 20 } as const;

/** A redrive of an SQS queue at a rate [1/s]. */
function withMoveTask(rate: number): Scenario {
  return {
    ...small,
    nodes: small.nodes.map((node) =>
      node.kind === "broker" ? { ...node, technology: "sqs" } : node,
    ),
    channels: [{ id: "orders", broker: "broker", kind: "queue" }],
    timeline: [{ ...redrive, target: "orders", rate }],
  };
}

const rollOut = {
  at: 0,
  act: "roll out",
  target: "place",
  contract: "order-placed",
  contractVersion: "1.0.0",
} as const;

/** 1,001 contracts over two bridges in a row. */
function manyBridged(): unknown {
  const scenario = bridgedScenario();
  const ids = Array.from({ length: 1001 }, (_, i) => `event-${i}`);
  return {
    ...scenario,
    nodes: [...scenario.nodes, { id: "kafka-2", kind: "broker", technology: "kafka" }],
    channels: [...scenario.channels, { id: "further", broker: "kafka-2", kind: "topic" }],
    contracts: ids.map((id) => ({ ...scenario.contracts[0]!, id, name: id })),
    connections: [
      ...ids.map((id) => ({
        id: `publish-${id}`,
        kind: "publish",
        from: "clients",
        to: "orders",
        contract: id,
      })),
      ...scenario.connections.slice(1),
      { id: "second", kind: "bridge", from: "queue", to: "further" },
    ],
  };
}

const samples: Readonly<Record<ProblemCode, () => readonly Problem[]>> = {
  "document/too-large": () => textProblems(" ".repeat(10_000_001)),
  "document/syntax": () => textProblems("{"),
  "document/too-deep": () => textProblems("[".repeat(100)),
  "document/format": () => problemsOf({ asyncapi: "3.0.0" }),
  "document/newer": () => problemsOf({ ...small, version: 2 }),
  "document/version": () => problemsOf({ ...small, version: 0 }),
  "document/migration": () => {
    const fails = (): never => {
      throw new Error("not of this form");
    };
    const result = migrate(small, [{ from: 1, to: 2, name: "Fails", apply: fails }], 2);
    return result.ok ? [] : result.failure;
  },
  "document/too-many-problems": () =>
    problemsOf({ ...small, nodes: Array.from({ length: 200 }, () => 1) }),
  "document/too-many-partitions": () =>
    problemsOf({
      ...small,
      channels: Array.from({ length: 301 }, (_, i) => ({
        id: i === 0 ? "orders" : `t${i}`,
        broker: "broker",
        kind: "topic",
        parameters: { partitions: 1000 },
      })),
    }),
  "document/too-many-versions": () => {
    const names = Array.from({ length: 40 }, (_, i) => `0.${i}`);
    const [first] = small.contracts;
    const earlier = names.map((contractVersion) => ({ contractVersion, schema: {} }));
    const rollOuts = ["place", "take"].flatMap((target) =>
      names.map((contractVersion, at): TimelineEntry => {
        return { ...rollOut, at, target, contractVersion };
      }),
    );
    return problemsOf({
      ...small,
      contracts: [{ ...first!, earlier }, small.contracts[1]!],
      timeline: rollOuts,
    });
  },
  "field/missing": () => problemsOf({ ...small, load: {} }),
  "field/unknown": () => problemsOf({ ...small, colour: "red" }),
  "field/forbidden": () => textProblems(writeScenario(small).replace("{", '{ "__proto__": {},')),
  "value/type": () => problemsOf({ ...small, seed: "1" }),
  "value/size": () => problemsOf({ ...small, title: "x".repeat(1000) }),
  "value/range": () => problemsOf({ ...small, seed: -1 }),
  "value/choice": () => problemsOf({ ...small, nodes: [{ id: "a", kind: "cloud" }] }),
  "id/invalid": () => problemsOf({ ...small, id: "1" }),
  "id/duplicate": () =>
    problemsOf({ ...small, contracts: [...small.contracts, ...small.contracts] }),
  "id/reserved": () => problemsOf({ ...small, nodes: [{ id: "run", kind: "store" }] }),
  "parameter/unknown": () => problemsOf(withConnection(1, { parameters: { speed: 1 } })),
  "parameter/value": () => problemsOf(withConnection(0, { parameters: { probability: 2 } })),
  "channel/broker": () =>
    problemsOf({ ...small, channels: [{ id: "orders", broker: "x", kind: "topic" }] }),
  "channel/kind": () =>
    problemsOf({ ...small, channels: [{ id: "orders", broker: "broker", kind: "queue" }] }),
  "connection/dangling": () => problemsOf(withConnection(0, { to: "order" })),
  "connection/refused": () => problemsOf(withConnection(0, { to: "broker" })),
  "connection/kind": () => problemsOf(withConnection(0, { kind: "call" })),
  "connection/contract": () => problemsOf(withConnection(0, { contract: "order" })),
  "connection/after": () => problemsOf(withConnection(3, { after: ["order"] })),
  "connection/version": () => problemsOf(withConnection(0, { contractVersion: "2.0.0" })),
  "connection/reads": () => problemsOf(withConnection(1, { reads: { order: "1.0.0" } })),
  "connection/producer-step": () => problemsOf(withConnection(0, { on: "success" })),
  "connection/duplicate": () =>
    problemsOf({
      ...small,
      connections: [...small.connections, { ...small.connections[1], id: "b" }],
    }),
  "connection/cycle": () => problemsOf({ ...small, connections: [...small.connections, call] }),
  "connection/after-unreceived": () => problemsOf(withConnection(3, { after: ["charge-card"] })),
  "node/idle-producer": () =>
    problemsOf({ ...emptyScenario(), nodes: [{ id: "a", kind: "producer" }] }),
  "function/no-trigger": () => problemsOf(functionScenario({ function: { platform: "azure" } })),
  "function/visibility": () => problemsOf(functionScenario({ function: { Timeout: 31_000 } })),
  "function/visibility-short": () => problemsOf(functionScenario({ function: { Timeout: 6000 } })),
  "function/batch-window": () => problemsOf(functionScenario({ mapping: { BatchSize: 11 } })),
  "function/fifo-batch": () =>
    problemsOf(functionScenario({ channel: { FifoQueue: true }, mapping: { BatchSize: 11 } })),
  "function/fifo-window": () =>
    problemsOf(
      functionScenario({
        channel: { FifoQueue: true },
        mapping: { MaximumBatchingWindowInSeconds: 1000 },
      }),
    ),
  "function/provisioned": () =>
    problemsOf(functionScenario({ function: { ProvisionedConcurrentExecutions: 1001 } })),
  "function/reserved": () =>
    problemsOf(functionScenario({ function: { ReservedConcurrentExecutions: 901 } })),
  "function/plan-timeout": () =>
    problemsOf(functionScenario({ function: { platform: "azure", functionTimeout: 700_000 } })),
  "function/destination-unused": () =>
    problemsOf(functionScenario({ connections: [toDeadLetters] })),
  "node/unreached-service": () =>
    problemsOf({ ...emptyScenario(), nodes: [{ id: "a", kind: "service" }] }),
  "node/unwritten-store": () =>
    problemsOf({ ...emptyScenario(), nodes: [{ id: "a", kind: "store" }] }),
  "channel/unpublished": () => problemsOf({ ...small, connections: small.connections.slice(1) }),
  "channel/unconsumed": () =>
    problemsOf({
      ...small,
      objectives: [],
      connections: small.connections.filter((it) => it.id !== "take"),
    }),
  "contract/unused": () => problemsOf({ ...small, contracts: [...small.contracts, contract] }),
  "connection/only": () => problemsOf(bridgedScenario({}, { only: ["unknown"] })),
  "bridge/nothing": () =>
    problemsOf({
      ...bridgedScenario(),
      connections: bridgedScenario().connections.filter(({ kind }) => kind !== "publish"),
    }),
  "bridge/only-unreceived": () =>
    problemsOf({
      ...bridgedScenario({}, { only: ["paid"] }),
      contracts: ["placed", "paid"].map((id) => ({
        ...bridgedScenario().contracts[0]!,
        id,
        name: id,
      })),
    }),
  "connection/no-step": () => problemsOf(withHandlers([{ steps: [{ do: "work" }] }])),
  "connection/condition": () =>
    problemsOf(withHandlers([{ steps: [{ do: "write", over: "book" }] }])),
  "handler/trigger": () =>
    problemsOf(
      withHandlers([
        {
          on: ["order-placed"],
          every: { distribution: "constant", value: 1 },
          steps: [{ do: "work" }],
        },
      ]),
    ),
  "handler/contract": () => problemsOf(withHandlers([{ on: ["nothing"], steps: [] }])),
  "handler/duplicate": () => problemsOf(withHandlers([{ steps: [] }, { steps: [] }])),
  "handler/unreceived": () => problemsOf(withHandlers([{ on: ["charge-card"], steps: [] }])),
  "step/unknown": () => problemsOf(withHandlers([{ steps: [{ do: "call", over: "nothing" }] }])),
  "step/foreign": () => problemsOf(withHandlers([{ steps: [{ do: "publish", over: "place" }] }])),
  "step/kind": () => problemsOf(withHandlers([{ steps: [{ do: "read", over: "book" }] }])),
  "step/undo": () =>
    problemsOf(
      withHandlers([{ steps: [], whenFailed: [{ do: "call", over: "charge", undo: "charge" }] }]),
    ),
  "bridge/cycle": () => problemsOf(circularScenario()),
  "bridge/dead-letter-channel": () =>
    problemsOf(bridgedScenario({ onFailure: "dead-letter", deadLetterChannel: "nowhere" })),
  "document/too-many-bridged": () => problemsOf(manyBridged()),
  "objective/element": () => problemsOf(withObjective({ of: "order-placed" })),
  "objective/measure": () => problemsOf(withObjective({ measure: "happiness" })),
  "timeline/target": () => problemsOf(withTimeline({ at: 0, act: "crash", target: "ledger" })),
  "timeline/member": () =>
    problemsOf(withTimeline({ at: 0, act: "crash", target: "broker", member: 3 })),
  "timeline/zone": () =>
    problemsOf(withTimeline({ at: 0, act: "isolate", target: "broker", zone: 3 })),
  "timeline/parameter": () => problemsOf(withTimeline({ ...set, parameter: "rate" })),
  "timeline/not-live": () =>
    problemsOf(withTimeline({ ...set, parameter: "jitter", value: "none" })),
  "timeline/value": () => problemsOf(withTimeline({ ...set, value: 2 })),
  "producer/no-recording": () => problemsOf(replaying("", false)),
  "producer/recording": () => problemsOf(replaying("time\nsoon", false)),
  "producer/recording-contract": () => problemsOf(replaying("time,contract\n1,letter", false)),
  "producer/recording-instant": () => problemsOf(replaying("time\n1\n1", true)),
  "timeline/no-effect": () =>
    problemsOf({
      ...setParameter(small, "clients", "arrivals", "closed"),
      timeline: [{ at: 1, act: "set", target: "clients", parameter: "rate", value: 1 }],
    }),
  "timeline/contract": () => problemsOf(withTimeline({ ...rollOut, contract: "order" })),
  "timeline/version": () => problemsOf(withTimeline({ ...rollOut, contractVersion: "2.0.0" })),
  "timeline/redrive": () => problemsOf(withTimeline({ ...redrive, target: "orders" })),
  "timeline/redrive-rate": () => problemsOf(withMoveTask(501)),
  "timeline/late": () => problemsOf(withTimeline({ ...set, at: 60_001 })),
  "load/sources-stop": () =>
    problemsOf({ ...small, load: { duration: 1000, sourcesStopAt: 1001 } }),
  "load/warm-up": () => problemsOf({ ...small, load: { duration: 1000, warmUp: 1000 } }),
  "call/timeout": () => problemsOf(withConnection(2, { parameters: { timeout: 5 } })),
  "call/no-events": () =>
    problemsOf({
      ...small,
      nodes: [...small.nodes, { id: "rows", kind: "store" }],
      connections: [
        ...small.connections,
        {
          id: "follow",
          kind: "call",
          from: "rows",
          to: small.nodes.find(({ kind }) => kind === "service")!.id,
          contract: small.contracts[0]!.id,
        },
      ],
    }),
  "gateway/no-route": () => problemsOf(withGateway({})),
  "gateway/nothing-cached": () => problemsOf(withGateway({ responseCache: true })),
  "layout/unknown": () => problemsOf({ ...small, layout: { orders: { x: 0, y: 0 } } }),
};

describe("the catalogue of problems", () => {
  it.each(Object.entries(samples))("%s is produced by its sample", (code, produce) => {
    expect(produce().map((problem) => problem.code)).toContain(code);
  });

  it("says what each code means in one sentence", () => {
    for (const [code, meaning] of Object.entries(problemCatalogue)) {
      expect(code).toMatch(/^[a-z]+\/[a-z-]+$/);
      expect(meaning).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("is what every problem of a broken document comes from", () => {
    const text = writeScenario(rabbitScenario()).replaceAll('"queue"', '"Queue 1"');
    const known = new Set(Object.keys(problemCatalogue));
    for (const { code, path } of textProblems(text)) {
      expect(known).toContain(code);
      expect(path).toMatch(/^(\/[^/]*)*$/);
    }
  });
});
