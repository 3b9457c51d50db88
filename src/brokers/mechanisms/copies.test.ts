// Copies that are nothing but a message, and those that need a row.

import { describe, expect, it } from "vitest";
import { Arena } from "../../kernel/arena.ts";
import { Copies, type CopyTraits, isPlain } from "./copies.ts";
import { DeathLists, EXPIRED, NO_DEATHS } from "./deaths.ts";

const usual: CopyTraits = {
  template: 3,
  persistent: false,
  lifetimeNs: Infinity,
  deaths: NO_DEATHS,
  plain: true,
};

function open() {
  const arena = new Arena();
  const deathLists = new DeathLists(arena, "deaths");
  const copies = new Copies(arena, "copies", {
    deathLists,
    traitsOf: (message) => ({ ...usual, template: message }),
  });
  return { arena, copies, deathLists };
}

describe("copies", () => {
  it("takes no memory for one as its publisher made it, and knows all about it", () => {
    const { arena, copies } = open();
    const before = arena.usedBytes();
    const made = Array.from({ length: 1000 }, (_, message) => copies.make(message, usual));
    expect(arena.usedBytes()).toBe(before);
    expect(made.every(isPlain)).toBe(true);
    const copy = made[17]!;
    expect(copies.message(copy)).toBe(17);
    expect(copies.template(copy)).toBe(17);
    expect(copies.isPersistent(copy)).toBe(false);
    expect(copies.expiresNs(copy)).toBe(Infinity);
    expect(copies.deaths(copy)).toBe(NO_DEATHS);
    expect(copies.attempts(copy)).toBe(0);
    made.forEach((each) => copies.free(each));
  });

  it("keeps what a publisher gave when a copy gets an end or comes back", () => {
    const { copies } = open();
    const first = copies.expireAt(copies.make(5, usual), 7e12);
    expect(isPlain(first)).toBe(false);
    expect([copies.message(first), copies.template(first)]).toEqual([5, 5]);
    expect(copies.expiresNs(first)).toBe(7e12);
    const again = copies.comeBack(first, { position: 9, attempts: 2, failures: 2 });
    expect(again).toBe(first);
    expect([copies.position(again), copies.attempts(again)]).toEqual([9, 2]);
    expect(copies.expiresNs(again)).toBe(7e12);
    const other = copies.comeBack(copies.make(6, usual), { position: 1, attempts: 1, failures: 1 });
    expect([copies.message(other), copies.template(other)]).toEqual([6, 6]);
    expect([copies.attempts(other), copies.expiresNs(other)]).toEqual([1, Infinity]);
  });

  it("carries traits of its own, and frees them with the row", () => {
    const { arena, copies, deathLists } = open();
    const make = () =>
      copies.make(8, {
        template: 1,
        persistent: true,
        lifetimeNs: 1e9,
        deaths: deathLists.add(NO_DEATHS, 4, EXPIRED),
        plain: false,
      });
    const copy = make();
    expect([copies.message(copy), copies.template(copy)]).toEqual([8, 1]);
    expect([copies.isPersistent(copy), copies.expiresNs(copy)]).toEqual([true, 1e9]);
    expect(deathLists.entries(copies.deaths(copy))).toHaveLength(1);
    copies.free(copy);
    const used = arena.usedBytes();
    copies.free(make());
    expect(arena.usedBytes()).toBe(used);
  });
});
