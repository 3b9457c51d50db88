// The lease queue: turns, deadlines, returns, delays, groups and expiry; and against a naive list under random acts.

import { describe, expect, it } from "vitest";
import { Arena } from "../../kernel/arena.ts";
import { RandomStreams } from "../../kernel/random.ts";
import { LeasedCopies } from "./leasedCopies.ts";
import { LeaseQueue } from "./leaseQueue.ts";

/** A queue with a clock of its own that calls it when it is due. */
function open() {
  const arena = new Arena();
  let nowNs = 0;
  let timers: { ns: number; generation: number }[] = [];
  const clock = {
    arena,
    now: () => nowNs,
    schedule: (delayNs: number, _code: number, _a: number, generation: number) =>
      void timers.push({ ns: nowNs + delayNs, generation }),
  };
  const copies = new LeasedCopies(arena, "copies");
  const queue = new LeaseQueue(copies, clock, { name: "queue", number: 0, timerCode: 1 });
  const ended: number[] = [];
  const expired: number[] = [];
  let fired = 0;
  /** Lets time pass; leases that end are given back to their place. */
  const runTo = (ns: number) => {
    for (;;) {
      timers.sort((a, b) => a.ns - b.ns);
      const timer = timers[0];
      if (timer === undefined || timer.ns > ns) break;
      timers = timers.slice(1);
      nowNs = timer.ns;
      if (!queue.timerFired(timer.generation)) continue;
      fired++;
      for (let copy = queue.nextEnded(); copy >= 0; copy = queue.nextEnded()) {
        ended.push(copies.message(copy));
        queue.giveBack(copy, "place");
      }
      for (let copy = queue.nextExpired(); copy >= 0; copy = queue.nextExpired()) {
        expired.push(copies.message(copy));
        queue.remove(copy);
      }
    }
    nowNs = ns;
  };
  /** Lends whatever is on offer until a time. */
  const lendNext = (untilNs: number) => {
    const copy = queue.next();
    if (copy >= 0) queue.lend(copy, 0, untilNs);
    return copy;
  };
  const lendAll = (untilNs = Infinity) => {
    const messages = [];
    for (let copy = lendNext(untilNs); copy >= 0; copy = lendNext(untilNs))
      messages.push(copies.message(copy));
    return messages;
  };
  return { arena, queue, copies, runTo, lendNext, lendAll, ended, expired, fired: () => fired };
}

describe("without groups", () => {
  it("lends in order of arrival and takes back to the old place when the lease ends", () => {
    const { queue, copies, lendNext, lendAll, runTo, ended } = open();
    for (const message of [1, 2, 3, 4]) queue.add(message, -1);
    lendNext(30);
    lendNext(20);
    runTo(19);
    expect([queue.heldCount(), queue.readyCount(), ended]).toEqual([2, 2, []]);
    runTo(30);
    expect(ended).toEqual([2, 1]);
    expect(copies.lentCount(queue.next())).toBe(1);
    expect(lendAll()).toEqual([1, 2, 3, 4]);
  });

  it("puts a copy that is given back to the back behind all others", () => {
    const { queue, lendNext, lendAll } = open();
    for (const message of [1, 2, 3]) queue.add(message, -1);
    queue.giveBack(lendNext(Infinity), "back");
    expect(lendAll()).toEqual([2, 3, 1]);
  });

  it("extends a lease", () => {
    const { queue, lendNext, runTo, ended } = open();
    queue.add(1, -1);
    const copy = lendNext(30);
    runTo(15);
    queue.extend(copy, 45);
    runTo(44);
    expect(ended).toEqual([]);
    runTo(45);
    expect(ended).toEqual([1]);
  });

  it("hides a copy until its turn begins, behind what came meanwhile", () => {
    const { queue, lendAll, runTo } = open();
    queue.hide(queue.add(1, -1), 10);
    queue.add(2, -1);
    expect([queue.delayedCount(), queue.readyCount()]).toEqual([1, 1]);
    expect(lendAll()).toEqual([2]);
    runTo(9);
    expect(lendAll()).toEqual([]);
    runTo(10);
    expect(lendAll()).toEqual([1]);
  });

  it("lets a copy rest and brings it back to its old place", () => {
    const { queue, lendNext, lendAll, runTo } = open();
    for (const message of [1, 2]) queue.add(message, -1);
    queue.rest(lendNext(30), 50);
    expect([queue.heldCount(), queue.delayedCount()]).toEqual([0, 1]);
    runTo(50);
    expect(lendAll()).toEqual([1, 2]);
  });

  it("expires what waits in time, and what is held when it comes back", () => {
    const { queue, lendNext, runTo, expired } = open();
    for (const message of [1, 2]) queue.expireAt(queue.add(message, -1), 100);
    lendNext(150);
    runTo(100);
    expect(expired).toEqual([2]);
    runTo(150);
    expect(expired).toEqual([2, 1]);
    expect([queue.first(), queue.copies.size()]).toEqual([-1, 0]);
  });

  it("sets one timer for many leases", () => {
    const { queue, lendNext, runTo, fired } = open();
    for (let ns = 0; ns < 1000; ns++) {
      runTo(ns);
      queue.add(ns, -1);
      queue.remove(lendNext(ns + 300));
    }
    runTo(5000);
    expect(fired()).toBeLessThanOrEqual(4);
  });

  it("tells a delivery of before from the present one", () => {
    const { queue, copies, lendNext } = open();
    queue.add(1, -1);
    const copy = lendNext(30);
    copies.setDelivery(copy, 7);
    const generation = copies.generation(copy);
    queue.giveBack(copy, "place");
    lendNext(60);
    copies.setDelivery(copy, 8);
    expect([copies.isOf(copy, 7), copies.isOf(copy, 8)]).toEqual([false, true]);
    expect(copies.isStill(copy, generation)).toBe(false);
  });
});

describe("with groups", () => {
  const A = 0;
  const B = 1;

  it("passes a group over while one of it is held, and gives the following to its holder", () => {
    const { queue, copies, lendNext } = open();
    for (const [message, group] of [[1, A] as const, [2, A] as const, [3, B] as const])
      queue.add(message, group);
    const first = lendNext(30);
    expect(copies.message(first)).toBe(1);
    expect(copies.message(queue.nextOf(A))).toBe(2);
    expect(copies.message(lendNext(30))).toBe(3);
    expect(queue.next()).toBe(-1);
    queue.remove(first);
    expect(copies.message(queue.next())).toBe(2);
  });

  it("keeps the order of a group when several come back in disorder", () => {
    const { queue, lendNext, copies } = open();
    for (const message of [1, 2, 3, 4]) queue.add(message, A);
    const held = [lendNext(Infinity)];
    for (let left = 2; left > 0; left--) {
      held.push(queue.nextOf(A));
      queue.lend(held.at(-1)!, 0, Infinity);
    }
    for (const copy of [held[1]!, held[0]!]) queue.giveBack(copy, "place");
    expect(queue.next()).toBe(-1);
    queue.giveBack(held[2]!, "place");
    const order = [];
    for (let copy = queue.next(); copy >= 0; copy = queue.next()) {
      order.push(copies.message(copy));
      queue.remove(copy);
    }
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it("waits for a resting head, but not for a hidden copy", () => {
    const { queue, copies, lendNext, runTo } = open();
    queue.hide(queue.add(1, A), 5);
    queue.add(2, A);
    queue.add(3, A);
    const copy = lendNext(Infinity);
    expect(copies.message(copy)).toBe(2);
    queue.rest(copy, 20);
    expect(queue.next()).toBe(-1);
    runTo(20);
    expect(copies.message(queue.next())).toBe(2);
  });

  it("offers a locked group to nobody until it is unlocked", () => {
    const { queue } = open();
    queue.lock(A);
    const copy = queue.add(1, A);
    expect([queue.next(), queue.nextOf(A)]).toEqual([-1, copy]);
    queue.unlock(A);
    expect(queue.next()).toBe(copy);
  });

  it("removes what is ready, resting or hidden without disturbing its group", () => {
    const { queue, copies, lendNext } = open();
    const [first, second, third] = [1, 2, 3].map((message) => queue.add(message, A));
    queue.hide(third!, 1000);
    queue.remove(third!);
    queue.rest(lendNext(Infinity), 1000);
    queue.remove(first!);
    expect(copies.message(queue.next())).toBe(2);
    queue.remove(second!);
    expect([queue.next(), queue.first(), copies.size()]).toEqual([-1, -1, 0]);
  });
});

// A naive model: a list of records, searched from the front.
interface Plain {
  readonly message: number;
  readonly group: number;
  rank: number;
  state: "ready" | "held" | "hidden" | "resting";
  dueNs: number;
}

function nextOfPlain(list: readonly Plain[]): Plain | undefined {
  const sorted = list.toSorted((a, b) => a.rank - b.rank);
  return sorted.find((one) => {
    if (one.state !== "ready") return false;
    if (one.group < 0) return true;
    const others = list.filter(({ group }) => group === one.group);
    if (others.some(({ state }) => state === "held")) return false;
    return !others.some(({ state, rank }) => state === "resting" && rank < one.rank);
  });
}

it.each([1, 2, 3, 4, 5, 6])("does what a naive list does under random acts (seed %i)", (seed) => {
  const { queue, copies, runTo } = open();
  const random = new RandomStreams(new Arena(), seed).stream("acts");
  let list: Plain[] = [];
  let rank = 0;
  const copyOf = new Map<number, number>();
  let nowNs = 0;
  const of = (state: Plain["state"]) => list.filter((one) => one.state === state);
  const someOf = (state: Plain["state"]) => of(state)[random.below(Math.max(1, of(state).length))];
  const advance = () => {
    nowNs += random.below(8);
    runTo(nowNs);
    // In order of their times, as the queue's timer would: hidden ones are ranked as they appear.
    const due = list.filter(({ state, dueNs }) => state !== "ready" && dueNs <= nowNs);
    for (const one of due.toSorted((a, b) => a.dueNs - b.dueNs || a.rank - b.rank)) {
      if (one.state === "hidden") one.rank = rank++;
      one.state = "ready";
    }
  };
  const acts = [
    () => {
      const group = random.below(5) - 1;
      const one: Plain = { message: rank, group, rank: rank++, state: "ready", dueNs: 0 };
      list.push(one);
      copyOf.set(one.message, queue.add(one.message, group));
      if (!random.chance(0.2)) return;
      Object.assign(one, { state: "hidden", dueNs: nowNs + 1 + random.below(30) });
      queue.hide(copyOf.get(one.message)!, one.dueNs);
    },
    () => {
      const one = nextOfPlain(list);
      if (one === undefined) return;
      Object.assign(one, { state: "held", dueNs: nowNs + 1 + random.below(40) });
      queue.lend(queue.next(), 0, one.dueNs);
    },
    () => {
      const one = someOf("held");
      if (one === undefined) return;
      const copy = copyOf.get(one.message)!;
      const how = random.below(4);
      if (how === 0) {
        list = list.filter((other) => other !== one);
        queue.remove(copy);
      } else if (how === 1) {
        one.state = "ready";
        queue.giveBack(copy, "place");
      } else if (how === 2) {
        Object.assign(one, { state: "ready", rank: rank++ });
        queue.giveBack(copy, "back");
      } else {
        Object.assign(one, { state: "resting", dueNs: nowNs + 1 + random.below(40) });
        queue.rest(copy, one.dueNs);
      }
    },
    () => {
      const one = someOf("held");
      if (one === undefined) return;
      one.dueNs = nowNs + 1 + random.below(60);
      queue.extend(copyOf.get(one.message)!, one.dueNs);
    },
  ];
  for (let step = 0; step < 3000; step++) {
    acts[random.below(acts.length)]!();
    if (random.chance(0.3)) advance();
    const wanted = nextOfPlain(list)?.message ?? -1;
    const found = queue.next();
    expect(found < 0 ? -1 : copies.message(found), `step ${step}`).toBe(wanted);
    expect(queue.readyCount()).toBe(of("ready").length);
    expect(queue.heldCount()).toBe(of("held").length);
    expect(queue.delayedCount()).toBe(of("hidden").length + of("resting").length);
  }
});
