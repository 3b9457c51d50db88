// Assignments behind `--set`: what they change, and what they say when they cannot.

import { describe, expect, it } from "vitest";
import { assignParameter } from "./assign.ts";
import { parameterOf } from "./elements.ts";
import { smallScenario } from "./scenario.suite.ts";

function assigned(assignment: string) {
  const result = assignParameter(smallScenario(), assignment);
  if (!result.ok) throw new Error(result.failure);
  return result.value;
}

function refused(assignment: string): string {
  const result = assignParameter(smallScenario(), assignment);
  return result.ok ? "accepted" : result.failure;
}

describe("an assignment", () => {
  it("sets a parameter, whose name may have dots", () => {
    const time = parameterOf(
      assigned("payment.serviceTime=constant 20ms"),
      "payment",
      "serviceTime",
    );
    expect(time).toEqual({ distribution: "constant", value: 20 });
    expect(
      parameterOf(assigned("orders.min.insync.replicas=2"), "orders", "min.insync.replicas"),
    ).toBe(2);
    expect(parameterOf(assigned("clients.rate = 1200/min"), "clients", "rate")).toBe(20);
    expect(parameterOf(assigned("charge.timeout=1.5s"), "charge", "timeout")).toBe(1500);
  });

  it("sets seed and times of the document", () => {
    expect(assigned("seed=7").seed).toBe(7);
    expect(assigned("seed=4294967295").seed).toBe(2 ** 32 - 1);
    expect(assigned("duration=2min").load).toEqual({ duration: 120_000 });
    expect(assigned("sourcesStopAt=0").load.sourcesStopAt).toBe(0);
  });

  it("says what to type instead", () => {
    expect(refused("payment.concurency=4")).toContain("Did you mean concurrency?");
    expect(refused("paymen.concurrency=4")).toContain("Did you mean payment?");
    expect(refused("payment.colour=red")).toContain("It has concurrency, serviceTime");
    expect(refused("nobody.rate=4")).toContain("There are clients, broker, payment");
    expect(refused("ledger.rate=4")).toContain("It has capacity, versions");
    expect(refused("order-placed.name=4")).toContain("There is no element");
    expect(refused("payment.concurrency=many")).toContain("must be a whole number from 1 to 1,000");
    expect(refused("payment.constructor=1")).toContain("no parameter");
    expect(refused("seed=-1")).toContain("whole number from 0");
    expect(refused("seed=4294967296")).toContain("whole number from 0");
    expect(refused("duration=0")).toContain("such as 60s");
    expect(refused("payment")).toContain("Write for example");
    expect(refused("speed=4")).toContain("seed=…");
    expect(refused("=4")).toContain("payment.concurrency=4");
  });
});
