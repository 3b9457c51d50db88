// The queue of copies: order of ready, returned and restored copies.

import { describe, expect, it } from "vitest";
import { Arena } from "../../kernel/arena.ts";
import { RandomStreams } from "../../kernel/random.ts";
import { Copies, type CopyTraits } from "./copies.ts";
import { DeathLists, NO_DEATHS } from "./deaths.ts";
import { CopyQueue } from "./queue.ts";

const usual: CopyTraits = {
  template: 0,
  persistent: true,
  lifetimeNs: Infinity,
  deaths: NO_DEATHS,
  plain: true,
};

function open() {
  const arena = new Arena();
  const copies = new Copies(arena, "copies", {
    deathLists: new DeathLists(arena, "deaths"),
    traitsOf: () => usual,
  });
  const queue = new CopyQueue(arena, "queue", copies);
  const add = (message: number, traits = usual) => {
    const copy = copies.make(message, traits);
    queue.append(copy);
    return copy;
  };
  /** Takes the next copy out as one that will come back. */
  const send = () => {
    const copy = queue.take();
    return copies.comeBack(copy, { position: queue.takenPosition(), attempts: 1, failures: 1 });
  };
  const takeAll = () => {
    const messages = [];
    while (queue.size() > 0) messages.push(copies.message(queue.take()));
    return messages;
  };
  return { arena, copies, queue, add, send, takeAll };
}

describe("a queue of copies", () => {
  it("is first in, first out", () => {
    const { add, takeAll } = open();
    for (const message of [1, 2, 3]) add(message);
    expect(takeAll()).toEqual([1, 2, 3]);
  });

  it("puts returned copies in front, in the order of their return", () => {
    const { add, queue, takeAll } = open();
    for (const message of [1, 2, 3, 4]) add(message);
    const [one, two, three] = [queue.take(), queue.take(), queue.take()];
    for (const copy of [three, one, two]) queue.giveBack(copy);
    expect(takeAll()).toEqual([3, 1, 2, 4]);
  });

  it("restores copies to where they were, like a sorted list", () => {
    const random = new RandomStreams(new Arena(), 7).stream("test");
    const { add, copies, queue, send } = open();
    const taken: number[] = [];
    // Messages are numbered in order of arrival.
    let ready: number[] = [];
    for (let step = 0; step < 3000; step++) {
      const choice = random.below(5);
      if (choice < 2) {
        add(step, random.below(3) === 0 ? { ...usual, plain: false } : usual);
        ready.push(step);
      } else if (choice < 4 && ready.length > 0) {
        taken.push(send());
        expect(copies.message(taken.at(-1)!)).toBe(ready.shift());
      } else if (taken.length > 0) {
        const [copy] = taken.splice(random.below(taken.length), 1);
        queue.restore(copy!);
        ready = [...ready, copies.message(copy!)].toSorted((a, b) => a - b);
      }
      expect(queue.size()).toBe(ready.length);
      const head = queue.head();
      expect(head < 0 ? -1 : copies.message(head)).toBe(ready[0] ?? -1);
    }
    while (queue.size() > 0) expect(copies.message(queue.take())).toBe(ready.shift());
  });

  it("restores in order when the positions have gone round", () => {
    const { arena, add, queue, send, takeAll } = open();
    const column = arena.checkpoint().names.indexOf("queue.positions");
    arena.columns()[column]!.data[0] = 2 ** 31 - 2;
    for (const message of [1, 2, 3, 4]) add(message);
    for (const copy of [send(), send(), send()].toReversed()) queue.restore(copy);
    expect(takeAll()).toEqual([1, 2, 3, 4]);
  });

  it("removes what is named and keeps the order of the rest", () => {
    const { add, queue, takeAll } = open();
    const all = [1, 2, 3, 4, 5].map((message) => add(message));
    queue.giveBack(queue.take());
    const gone: number[] = [];
    queue.remove(
      (copy) => copy === all[0] || copy === all[3],
      (copy) => gone.push(copy),
    );
    expect(gone).toEqual([all[0], all[3]]);
    expect(takeAll()).toEqual([2, 3, 5]);
  });
});
