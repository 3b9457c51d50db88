// The queue of copies: order of ready, returned and restored copies.

import { describe, expect, it } from "vitest";
import { Arena } from "../../kernel/arena.ts";
import { RandomStreams } from "../../kernel/random.ts";
import { DeathLists, NO_DEATHS } from "./deaths.ts";
import { CopyQueue, CopyTable } from "./queue.ts";

function open() {
  const arena = new Arena();
  const copies = new CopyTable(arena, "copies", new DeathLists(arena, "deaths"));
  const queue = new CopyQueue(arena, "queue", copies);
  const add = (message: number) => {
    const traits = { template: 0, persistent: true, lifetimeNs: Infinity, deaths: NO_DEATHS };
    const copy = copies.make(message, traits);
    queue.append(copy);
    return copy;
  };
  const takeAll = () => {
    const messages = [];
    while (queue.size() > 0) messages.push(copies.message.data[queue.take()]!);
    return messages;
  };
  return { arena, copies, queue, add, takeAll };
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
    const { add, copies, queue } = open();
    const taken: number[] = [];
    let ready: number[] = [];
    const bySeat = (a: number, b: number) => copies.position.data[a]! - copies.position.data[b]!;
    for (let step = 0; step < 3000; step++) {
      const choice = random.below(5);
      if (choice < 2) ready.push(add(step));
      else if (choice < 4 && ready.length > 0) {
        taken.push(queue.take());
        ready.shift();
      } else if (taken.length > 0) {
        const [copy] = taken.splice(random.below(taken.length), 1);
        queue.restore(copy!);
        ready = [...ready, copy!].toSorted(bySeat);
      }
      expect(queue.size()).toBe(ready.length);
      expect(queue.head()).toBe(ready[0] ?? -1);
    }
    while (queue.size() > 0) expect(queue.take()).toBe(ready.shift());
  });

  it("removes what is named and keeps the order of the rest", () => {
    const { add, queue, takeAll } = open();
    const all = [1, 2, 3, 4, 5].map(add);
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
