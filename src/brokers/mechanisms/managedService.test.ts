// What managed services are made of: the deduplication window, availability zones.

import { describe, expect, it } from "vitest";
import { Arena } from "../../kernel/arena.ts";
import { RandomStreams } from "../../kernel/random.ts";
import { DeduplicationWindow } from "./deduplication.ts";
import { Zones } from "./zones.ts";

describe("deduplication window", () => {
  const open = () => new DeduplicationWindow(new Arena(), "ids", { lanes: 2, windowNs: 300 });

  it("refuses an id within the window and accepts it again at its end", () => {
    const window = open();
    expect([0, 240, 299, 300, 599, 600].map((ns) => window.accept(0, 5, ns))).toEqual([
      true,
      false,
      false,
      true,
      false,
      true,
    ]);
  });

  it("keeps lanes and ids apart, and forgets", () => {
    const window = open();
    expect([window.accept(0, 5, 0), window.accept(1, 5, 0), window.accept(0, 6, 0)]).toEqual([
      true,
      true,
      true,
    ]);
    window.forget(0, 5);
    expect(window.accept(0, 5, 1)).toBe(true);
    expect(window.accept(1, 5, 1)).toBe(false);
  });
});

describe("zones", () => {
  function open() {
    const arena = new Arena();
    let nowNs = 0;
    const streams = new RandomStreams(arena, 1);
    const zones = new Zones(
      { id: "b", zones: 3, detectionNs: 100 },
      { arena, now: () => nowNs, note: () => undefined, random: (name) => streams.stream(name) },
    );
    const shareOf = (factor: number) => {
      const found = Array.from({ length: 3000 }, () => zones.ask());
      return found.filter((one) => one === factor).length / found.length;
    };
    return { arena, zones, shareOf, passTo: (ns: number) => (nowNs = ns) };
  }

  it("draws nothing while all is well", () => {
    const { arena, shareOf } = open();
    const before = arena.hash();
    expect(shareOf(1)).toBe(1);
    expect(arena.hash()).toBe(before);
  });

  it("fails a third of the requests until the failure is detected, then none", () => {
    const { zones, shareOf, passTo } = open();
    zones.crash(1);
    expect(shareOf(0)).toBeCloseTo(1 / 3, 1);
    passTo(100);
    expect([shareOf(0), zones.isUsed(1)]).toEqual([0, false]);
    zones.restart(1);
    expect([shareOf(1), zones.isUsed(1)]).toEqual([1, true]);
  });

  it("lets requests to a slow zone wait, and uses it when there is no better one", () => {
    const { zones, shareOf, passTo } = open();
    zones.slow(0, 8);
    expect(shareOf(8)).toBeCloseTo(1 / 3, 1);
    passTo(200);
    expect(shareOf(8)).toBe(0);
    zones.crash(1);
    zones.isolate(2, true);
    passTo(400);
    expect([shareOf(8), zones.areAllDown()]).toEqual([1, false]);
    zones.crash(0);
    expect([shareOf(0), zones.areAllDown()]).toEqual([1, true]);
  });
});
