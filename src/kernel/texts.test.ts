// Numbered texts and replaceable distributions across checkpoints.

import { describe, expect, test } from "vitest";
import { Arena } from "./arena.ts";
import { LiveSampler } from "./liveSampler.ts";
import { RandomStreams } from "./random.ts";
import { Texts } from "./texts.ts";

describe("numbered texts", () => {
  test("have a number each, in the order in which they came", () => {
    const texts = new Texts(new Arena(), "texts");
    expect(["", "late", "größer 🐘", "late", ""].map((text) => texts.number(text))).toEqual([
      0, 1, 2, 1, 0,
    ]);
    expect(texts.text(2)).toBe("größer 🐘");
  });

  test("are those of the checkpoint after a restore, and go on from there", () => {
    const arena = new Arena();
    const texts = new Texts(arena, "texts");
    texts.number("first");
    const before = arena.checkpoint();
    texts.number("second");
    const hash = arena.hash();
    arena.restore(before);
    expect(texts.all()).toEqual(["first"]);
    expect(texts.number("other")).toBe(1);
    expect(arena.hash()).not.toBe(hash);
    arena.restore(before);
    expect(texts.number("second")).toBe(1);
    expect(arena.hash()).toBe(hash);
  });

  test("travel with the checkpoint into another arena", () => {
    const arena = new Arena();
    new Texts(arena, "texts").number("🐘 in the room");
    const elsewhere = new Arena();
    const texts = new Texts(elsewhere, "texts");
    elsewhere.restore(arena.checkpoint());
    expect(texts.number("🐘 in the room")).toBe(0);
    expect(elsewhere.hash()).toBe(arena.hash());
  });
});

describe("a distribution that is replaced during a run", () => {
  const constant = (value: number) => ({ distribution: "constant", value }) as const;

  function sampler() {
    const arena = new Arena();
    const stream = new RandomStreams(arena, 1).stream("work");
    return { arena, live: new LiveSampler(arena, "work", constant(1), stream) };
  }

  test("is the one of the checkpoint again after a restore", () => {
    const { arena, live } = sampler();
    const before = arena.checkpoint();
    live.set(constant(2));
    const after = arena.checkpoint();
    arena.restore(before);
    expect(live.sample()).toBe(1);
    live.set(constant(3));
    arena.restore(after);
    expect(live.sample()).toBe(2);
  });

  test("is the same state however its parameters were written", () => {
    const [one, other] = [sampler(), sampler()];
    one.live.set({ distribution: "uniform", min: 1, max: 2 });
    other.live.set({ max: 2, min: 1, distribution: "uniform" });
    expect(other.arena.hash()).toBe(one.arena.hash());
  });
});
