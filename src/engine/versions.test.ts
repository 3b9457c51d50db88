// Versions at run time, each rule by a run small enough to be counted by hand. Which samples can be read is given.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../base/fields.ts";
import type { MessageEvent } from "../model/events.ts";
import type { Readability, VersionConflict, VersionPair } from "../model/readability.ts";
import { samplesPerVersion } from "../model/readability.ts";
import type { Report } from "../model/report.ts";
import type { Connection, Contract, Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import { createRun } from "./run.ts";
import { directCall, finish, open, sketch, source, worker } from "./sketch.suite.ts";

const all = Array.from({ length: samplesPerVersion }, (_, sample) => sample);
const broken = [{ rule: "REQUIRED_ATTRIBUTE_ADDED", path: "/required/total" }];

function pair(writer: string, reader: string, unreadable: readonly number[]): VersionPair {
  return { writer, reader, unreadable, broken: unreadable.length === 0 ? [] : broken };
}

/** Version 2 cannot be read with version 1; everything else can. */
const breaking: Readability = {
  order: { pairs: [pair("1", "2", []), pair("2", "1", all)], conflicts: [] },
};

function withConflicts(
  ...conflicts: readonly [version: string, registered: string][]
): Readability {
  const list: readonly VersionConflict[] = conflicts.map(([version, registered]) => ({
    version,
    registered,
    broken,
  }));
  return { order: { pairs: [pair("1", "2", []), pair("2", "1", [])], conflicts: list } };
}

const rollOut = { at: 30_500, act: "roll out", contract: "order", contractVersion: "2" } as const;

interface Change {
  readonly contract?: Partial<Contract>;
  readonly publish?: Partial<Extract<Connection, { kind: "publish" }>>;
  readonly consume?: Parameters;
  readonly reads?: string;
  readonly service?: Parameters;
  readonly more?: readonly Connection[];
  readonly timeline?: readonly TimelineEntry[];
}

/** One order a second for a minute, from 1 s on: shop → queue → billing, all in version 1. */
function shop(change: Change = {}): Scenario {
  const base = sketch({
    duration: 120_000,
    sourcesStopAt: 60_500,
    nodes: [
      source("shop", 1, { arrivals: "constant" }),
      { id: "rabbit", kind: "broker", technology: "rabbitmq" },
      worker("billing", {
        serviceTime: { distribution: "constant", value: 100 },
        ...change.service,
      }),
    ],
    channels: [
      { id: "orders", broker: "rabbit", kind: "exchange", parameters: { type: "fanout" } },
      { id: "bills", broker: "rabbit", kind: "queue" },
    ],
    connections: [
      {
        id: "place",
        kind: "publish",
        from: "shop",
        to: "orders",
        contract: "order",
        contractVersion: "1",
        ...change.publish,
      },
      { id: "feed", kind: "bind", from: "orders", to: "bills" },
      {
        id: "take",
        kind: "consume",
        from: "bills",
        to: "billing",
        reads: { order: change.reads ?? "1" },
        parameters: { prefetch_count: 1, on_failure: "reject", ...change.consume },
      },
      ...(change.more ?? []),
    ],
    timeline: change.timeline ?? [{ ...rollOut, target: "place" }],
  });
  return {
    ...base,
    contracts: base.contracts.map((one) => ({ ...one, ...two, ...change.contract })),
  };
}

const two = {
  contractVersion: "2",
  schema: {},
  earlier: [{ contractVersion: "1", schema: {} }],
} as const;

function reportOf(scenario: Scenario, readability: Readability = breaking): Report {
  return finish(scenario, { readability }).report(0);
}

function nodeOf(report: Report, id: string) {
  return report.nodes.find((node) => node.id === id)!;
}

function countsOf(report: Report) {
  return report.versions.map(({ connection, does, contractVersion, messages, failed }) =>
    [connection, does, contractVersion, messages, failed].join(" "),
  );
}

describe("a rollout in the middle of a run", () => {
  test("changes what is written from that instant on, and only what cannot be read fails", () => {
    const report = reportOf(shop());
    expect(countsOf(report)).toEqual([
      "place writes 1 30 0",
      "place writes 2 30 0",
      "take reads 1 30 0",
      "take reads 2 30 30",
    ]);
    expect(nodeOf(report, "billing")).toMatchObject({
      handled: 30,
      failed: { "unreadable: order 2, reads 1": 30 },
    });
    expect(report.conservation.violations).toEqual([]);
  });

  test("of the consumer before the producer breaks nothing", () => {
    const first: TimelineEntry = { ...rollOut, at: 20_000, target: "billing" };
    const report = reportOf(shop({ timeline: [first, { ...rollOut, target: "shop" }] }));
    expect(nodeOf(report, "billing")).toMatchObject({ handled: 60, failed: {} });
    expect(countsOf(report)).toContain("take reads 1 30 0");
  });

  test("on a subscription reaches what waits already, and the next attempt of what failed", () => {
    // The first message of version 2 comes at 31 s, fails, and is tried again 4 s and 8 s later.
    const service = { attempts: 3, backoff: 4000, jitter: "none" };
    const later: TimelineEntry = { ...rollOut, at: 36_500, target: "take" };
    const report = reportOf(shop({ service, timeline: [{ ...rollOut, target: "place" }, later] }));
    expect(nodeOf(report, "billing")).toMatchObject({ handled: 60, failed: {} });
    expect(countsOf(report)).toContain("take reads 2 30 1");
  });

  test("can be taken back", () => {
    const back: TimelineEntry = { ...rollOut, at: 40_500, target: "place", contractVersion: "1" };
    const report = reportOf(shop({ timeline: [{ ...rollOut, target: "place" }, back] }));
    expect(nodeOf(report, "billing").failed).toEqual({ "unreadable: order 2, reads 1": 10 });
  });

  test("by hand goes on the timeline, and repeats itself from there, hash by hash", () => {
    const readability = breaking;
    const byHand = open(shop({ timeline: [] }), { readability });
    byHand.advance({ untilNs: 30.5e9, maxEvents: Infinity });
    const { at: _, ...act } = { ...rollOut, target: "place" };
    const done = byHand.act(act);
    expect(done).toMatchObject({ ok: true, value: { ...act, at: 30_500.001 } });
    byHand.advance({ untilNs: Infinity, maxEvents: Infinity });
    const repeated = finish(shop({ timeline: byHand.acts() }), { readability });
    expect(repeated.stateHash()).toBe(byHand.stateHash());
    expect(countsOf(repeated.report(0))).toContain("take reads 2 30 30");
  });

  test("is undone by going back before it, and done again", () => {
    const run = open(shop(), { readability: breaking, historyBytes: 1e7, historyEvents: 50 });
    run.advance({ untilNs: Infinity, maxEvents: Infinity });
    const hash = run.stateHash();
    run.seek(29.5e9);
    expect(countsOf(run.report(0))).toEqual(["place writes 1 29 0", "take reads 1 29 0"]);
    run.seek(120e9);
    expect(run.stateHash()).toBe(hash);
  });

  test("refuses what does not exist or has nothing to do with it", () => {
    const run = open(shop(), { readability: breaking });
    const { at: _, ...act } = { ...rollOut, target: "place" };
    expect(run.act({ ...act, contractVersion: "3" })).toMatchObject({
      failure: 'order has no version "3"; choose one of 1, 2.',
    });
    expect(run.act({ ...act, contract: "bill" })).toMatchObject({
      failure: 'There is no contract "bill" in this scenario.',
    });
    expect(run.act({ ...act, target: "rabbit" })).toMatchObject({
      failure: "rabbit neither writes nor reads order; choose something that does.",
    });
  });
});

describe("what cannot be read", () => {
  test("costs no work, is tried again after the back-off, and then fails for good", () => {
    const service = { attempts: 3, backoff: 100, jitter: "none" };
    const log: MessageEvent[] = [];
    const run = finish(shop({ service }), {
      readability: breaking,
      onEvent: (record) => log.push(record),
    });
    const first = log.find(({ version }) => version === "2")!.message;
    const story = log.filter(({ message }) => message === first);
    const start = story.find(({ event }) => event === "started")!.t;
    expect(
      story
        .filter(({ event }) => ["started", "retried", "failed"].includes(event))
        .map(({ event, t, reason }) => [event, Math.round((t - start) * 1000), reason]),
    ).toEqual([
      ["started", 0, undefined],
      ["retried", 0, "unreadable: order 2, reads 1"],
      ["started", 100, undefined],
      ["retried", 100, "unreadable: order 2, reads 1"],
      ["started", 300, undefined],
      ["failed", 300, "unreadable: order 2, reads 1"],
    ]);
    expect(story.every(({ version }) => version === "2")).toBe(true);
    expect(run.report(0).versions.at(-1)).toMatchObject({ messages: 30, failed: 30 });
  });

  test("is a matter of the single message where only some samples fail", () => {
    const some = { order: { pairs: [pair("2", "1", all.slice(0, 60))], conflicts: [] } };
    const report = reportOf(shop(), some);
    const { handled, failed } = nodeOf(report, "billing");
    const count = failed["unreadable: order 2, reads 1"]!;
    expect(handled + count).toBe(60);
    expect(count).toBeGreaterThan(5);
    expect(count).toBeLessThan(25);
  });

  test("goes on as it came where the service itself publishes it as a dead letter", () => {
    const more: readonly Connection[] = [
      {
        id: "give-up",
        kind: "publish",
        from: "billing",
        to: "parked",
        contract: "order",
        contractVersion: "1",
        on: "failure",
      },
    ];
    const base = shop({ more });
    const parked = { id: "parked", broker: "rabbit", kind: "exchange" } as const;
    const report = reportOf({ ...base, channels: [...base.channels, parked] });
    expect(countsOf(report)).toContain("give-up writes 2 30 0");
    expect(countsOf(report).some((row) => row.startsWith("give-up writes 1"))).toBe(false);
  });

  test("does not overflow the stack, however much of it waits", () => {
    const base = shop({ consume: { prefetch_count: 0 } });
    const nodes = base.nodes.map((node) =>
      node.id === "shop" ? source("shop", 5000, { arrivals: "constant" }) : node,
    );
    const stop = { duration: 20_000, sourcesStopAt: 10_000 };
    const timeline: readonly TimelineEntry[] = [
      { at: 0, act: "crash", target: "billing", duration: 10_000 },
      { ...rollOut, at: 0, target: "place" },
    ];
    const report = reportOf({ ...base, nodes, load: stop, timeline });
    expect(nodeOf(report, "billing").failed).toEqual({ "unreadable: order 2, reads 1": 49_999 });
  });

  test("of a request fails at the called service, and the caller is told", () => {
    const base = sketch({
      duration: 10_500,
      nodes: [source("client", 1, { arrivals: "constant" }), worker("server")],
      connections: [{ ...directCall("client", "server"), kind: "call", contract: "order" }],
      timeline: [{ ...rollOut, at: 5500, target: "client" }],
    });
    const connections = base.connections.map((link) =>
      link.kind === "call" ? { ...link, contractVersion: "1", readAs: "1" } : link,
    );
    const contracts = base.contracts.map((one) => ({ ...one, ...two }));
    const scenario = { ...base, connections, contracts };
    const report = reportOf(scenario);
    expect(countsOf(report)).toEqual([
      "client-server writes 1 5 0",
      "client-server writes 2 5 0",
      "client-server reads 1 5 0",
      "client-server reads 2 5 5",
    ]);
    expect(report.calls[0]).toMatchObject({
      succeeded: 5,
      failed: { "unreadable: order 2, reads 1": 5 },
    });
    const both: TimelineEntry = { ...rollOut, at: 5500, target: "server" };
    const mended = reportOf({ ...scenario, timeline: [...scenario.timeline, both] });
    expect(mended.calls[0]).toMatchObject({ succeeded: 10, failed: {} });
  });
});

describe("the registry", () => {
  test("refuses a version that is not compatible, and the publications fail at the producer", () => {
    const report = reportOf(shop(), withConflicts(["2", "1"]));
    expect(nodeOf(report, "shop")).toMatchObject({
      handled: 60,
      published: 60,
      refused: { "incompatible schema: order 2": 30 },
      failed: { "incompatible schema: order 2": 30 },
    });
    expect(nodeOf(report, "billing").handled).toBe(30);
    expect(countsOf(report)).toContain("place writes 2 30 30");
    expect(report.conservation.violations).toEqual([]);
    expect(report.notes.map(({ t, element, sentence }) => [t, element, sentence])).toEqual([
      [30.5, "place", "order 2 is rolled out at shop → orders exchange"],
      [
        31,
        "place",
        "The registry refuses order 2: not BACKWARD compatible with 1 (REQUIRED_ATTRIBUTE_ADDED at /required/total)",
      ],
    ]);
  });

  test("takes everything where its mode is NONE", () => {
    const report = reportOf(
      shop({ contract: { compatibility: "NONE" } }),
      withConflicts(["2", "1"]),
    );
    expect(nodeOf(report, "billing").handled).toBe(60);
  });

  test("puts on record what it takes, once", () => {
    const report = reportOf(shop(), withConflicts());
    expect(report.notes.map(({ sentence }) => sentence)).toEqual([
      "order 2 is rolled out at shop → orders exchange",
      "The registry takes order 2",
    ]);
  });

  test("knows what is published at the start and all before it", () => {
    const publish = { contractVersion: "2" };
    const back: TimelineEntry = { ...rollOut, target: "place", contractVersion: "1" };
    const report = reportOf(
      shop({ publish, timeline: [back] }),
      withConflicts(["1", "2"], ["2", "1"]),
    );
    expect(nodeOf(report, "shop").refused).toEqual({});
  });

  test("asks for the latest version only, or for all of them", () => {
    const contract = {
      contractVersion: "3",
      earlier: [
        { contractVersion: "1", schema: {} },
        { contractVersion: "2", schema: {} },
      ],
    } as const;
    const timeline: readonly TimelineEntry[] = [
      { ...rollOut, at: 20_500, target: "place", contractVersion: "2" },
      { ...rollOut, at: 40_500, target: "place", contractVersion: "3" },
    ];
    const known = (compatibility: "BACKWARD" | "BACKWARD_TRANSITIVE"): Report =>
      reportOf(shop({ contract: { ...contract, compatibility }, timeline }), {
        order: {
          pairs: [pair("2", "1", []), pair("3", "1", [])],
          conflicts: [{ version: "3", registered: "1", broken }],
        },
      });
    expect(nodeOf(known("BACKWARD"), "shop").refused).toEqual({});
    expect(nodeOf(known("BACKWARD_TRANSITIVE"), "shop").refused).toEqual({
      "incompatible schema: order 3": 20,
    });
  });

  test("refuses a service's publication as any other failure of its step", () => {
    const more: readonly Connection[] = [
      { id: "tell", kind: "publish", from: "billing", to: "paid", contract: "paid" },
    ];
    const base = shop({ more, timeline: [{ ...rollOut, contract: "paid", target: "billing" }] });
    const contracts = [
      { id: "order", name: "order", contractVersion: "1", schema: {} },
      { ...two, id: "paid", name: "Paid", schema: {} },
    ];
    const connections = base.connections.map((link) =>
      link.kind === "publish" && link.id === "tell"
        ? { ...link, contractVersion: "1" }
        : link.kind === "consume"
          ? { ...link, reads: { order: "1" } }
          : link,
    );
    const paid = { id: "paid-exchange", broker: "rabbit", kind: "exchange" } as const;
    const report = reportOf(
      {
        ...base,
        contracts,
        channels: [...base.channels, paid],
        connections: connections.map((link) =>
          link.id === "tell" ? { ...link, to: "paid-exchange" } : link,
        ),
      },
      {
        paid: {
          pairs: [pair("1", "2", []), pair("2", "2", [])],
          conflicts: [{ version: "2", registered: "1", broken }],
        },
      },
    );
    expect(nodeOf(report, "billing")).toMatchObject({
      handled: 30,
      failed: { "publish-incompatible schema: Paid 2": 30 },
    });
  });
});

test("versions that nobody has compared are a mistake of whoever starts the run", () => {
  expect(() => createRun(shop())).toThrow("order 2 and 1 were compared before the run");
});

test("one version leaves no trace in report and event log", () => {
  const log: MessageEvent[] = [];
  const plain = shop({ timeline: [] });
  const contracts = plain.contracts.map(({ id, name, schema }) => {
    return { id, name, schema, contractVersion: "1" };
  });
  const report = finish({ ...plain, contracts }, { onEvent: (record) => log.push(record) }).report(
    0,
  );
  expect(report.versions).toEqual([]);
  expect(log.some((line) => "version" in line)).toBe(false);
});
