// What is doubtful in sound and unsound documents. One sample per code is in problemCatalogue.test.ts.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkScenario } from "./check.ts";
import { setParameter, withoutElements } from "./edit.ts";
import { rabbitScenario, scenarios, smallScenario } from "./scenario.suite.ts";
import type { Scenario } from "./scenario.ts";
import type { TimelineEntry } from "./timeline.ts";

function codes(scenario: Scenario): readonly string[] {
  return checkScenario(scenario).map((problem) => problem.code);
}

describe("checking a document", () => {
  it("finds nothing in sound ones", () => {
    expect(checkScenario(smallScenario())).toEqual([]);
    expect(checkScenario(rabbitScenario())).toEqual([]);
  });

  it("gives every problem a place in the document and a sentence", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        for (const problem of checkScenario(scenario)) {
          const steps = problem.path.split("/").slice(1, 3);
          let value: unknown = scenario;
          for (const step of steps) value = (value as Record<string, unknown>)[step];
          expect(value).toBeDefined();
          expect(problem.message).toMatch(/^\S.+\.$/s);
        }
      }),
    );
  });

  it("passes on what a technology finds, with the path of the parameter", () => {
    const broken = setParameter(rabbitScenario(), "queue", "x-dead-letter-routing-key", "dead");
    expect(checkScenario(broken)).toMatchObject([
      {
        code: "rabbitmq/dead-letter-key-without-exchange",
        severity: "error",
        path: "/channels/1/parameters/x-dead-letter-routing-key",
        element: "queue",
      },
    ]);
  });

  it("does not say again what a technology has said about a channel", () => {
    const cut = withoutElements(rabbitScenario(), ["worker"]);
    const about = checkScenario(cut).filter((problem) => problem.element === "queue");
    expect(about).toHaveLength(1);
  });

  it("takes a channel that gets dead letters for one that is in use", () => {
    const scenario = rabbitScenario();
    const dead = { id: "dead", broker: "rabbit", kind: "exchange" };
    const grave = { id: "grave", broker: "rabbit", kind: "queue" };
    const bind = { id: "b2", kind: "bind", from: "dead", to: "grave" } as const;
    const queue = { ...scenario.channels[1]!, parameters: { "x-dead-letter-exchange": "dead" } };
    const withGrave = {
      ...scenario,
      channels: [scenario.channels[0]!, queue, dead, grave],
      connections: [...scenario.connections, bind],
    };
    expect(checkScenario(withGrave).filter((problem) => problem.element === "dead")).toEqual([]);
  });

  it("accepts faults and settings that can happen", () => {
    const timeline: TimelineEntry[] = [
      { at: 0, act: "crash", target: "payment" },
      { at: 1, act: "restart", target: "payment" },
      { at: 2, act: "crash", target: "broker", member: 2 },
      { at: 2, act: "crash", target: "broker", zone: 2, duration: 10 },
      { at: 2, act: "isolate", target: "broker", member: 1 },
      { at: 3, act: "reconnect", target: "broker" },
      { at: 3, act: "slow", target: "broker", zone: 0, factor: 10, duration: 5 },
      { at: 3, act: "set", target: "clients", parameter: "rate", value: 100 },
      { at: 4, act: "set", target: "orders", parameter: "min.insync.replicas", value: 2 },
      { at: 60_000, act: "set", target: "charge", parameter: "timeout", value: 50 },
    ];
    expect(codes({ ...smallScenario(), timeline })).toEqual([]);
  });

  it("refuses a cluster's node on a service", () => {
    const timeline: TimelineEntry[] = [{ at: 0, act: "crash", target: "payment", member: 0 }];
    expect(codes({ ...smallScenario(), timeline })).toEqual(["timeline/member"]);
  });

  it("refuses to cut off a service, to pause a broker, and a node that is a zone too", () => {
    const timeline: TimelineEntry[] = [
      { at: 0, act: "isolate", target: "payment" },
      { at: 0, act: "pause", target: "broker", member: 0 },
      { at: 0, act: "slow", target: "payment", factor: 2 },
      { at: 0, act: "crash", target: "payment", zone: 0 },
      { at: 0, act: "crash", target: "payment", member: 0 },
      { at: 0, act: "crash", target: "broker", member: 0, zone: 0 },
    ];
    expect(codes({ ...smallScenario(), timeline })).toEqual([
      "timeline/target",
      "timeline/target",
      "timeline/zone",
      "timeline/member",
      "timeline/zone",
    ]);
  });

  it("accepts instances of a service as members, as far as there are any", () => {
    const timeline: TimelineEntry[] = [
      { at: 0, act: "pause", target: "payment", member: 2 },
      { at: 0, act: "crash", target: "payment", member: 3 },
    ];
    const divided = setParameter(smallScenario(), "payment", "instances", 3);
    expect(codes({ ...divided, timeline })).toEqual(["timeline/member"]);
  });

  it("accepts a timeout just long enough", () => {
    const at = (timeout: number) =>
      codes(setParameter(smallScenario(), "charge", "timeout", timeout));
    expect(at(22)).toEqual([]);
    expect(at(21.9)).toEqual(["call/timeout"]);
  });

  it("accepts producers that stop at the very end", () => {
    expect(
      codes({ ...smallScenario(), load: { duration: 60_000, sourcesStopAt: 60_000 } }),
    ).toEqual([]);
  });
});
