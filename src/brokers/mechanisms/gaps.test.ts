// Cursors with gaps against a plain model, with random operations.

import fc from "fast-check";
import { expect, test } from "vitest";
import { Arena } from "../../kernel/arena.ts";
import { GapCursors } from "./gaps.ts";

type State = "waiting" | "held" | "parked" | "acknowledged";

interface Model {
  readonly states: State[];
  readonly attempts: number[];
}

function requireAlike(cursors: GapCursors, { states, attempts }: Model): void {
  const open = states.findIndex((state) => state !== "acknowledged");
  const below = open < 0 ? states.length : open;
  expect(cursors.position[0]).toBe(states.length);
  expect(cursors.acknowledgedBelow[0]).toBe(below);
  const waiting = states.flatMap((state, offset) => (state === "waiting" ? [offset] : []));
  const returned = Array.from({ length: cursors.returnedCount(0) }, (_, i) =>
    cursors.returnedAt(0, i),
  );
  expect(returned).toEqual(waiting);
  expect(cursors.parkedCount(0)).toBe(states.filter((state) => state === "parked").length);
  states.forEach((state, offset) => {
    expect(cursors.isAcknowledged(0, offset)).toBe(state === "acknowledged");
    expect(cursors.isParked(0, offset)).toBe(state === "parked");
    expect(cursors.holder(0, offset)).toBe(state === "held" ? offset + 7 : -1);
    if (offset >= below) expect(cursors.attempts(0, offset)).toBe(attempts[offset]);
  });
}

function act(cursors: GapCursors, model: Model, [what, pick]: readonly [number, number]): void {
  const { states, attempts } = model;
  const hold = (offset: number): void => {
    cursors.hold(0, offset, offset + 7);
    states[offset] = "held";
    attempts[offset]!++;
  };
  const offset = pick % Math.max(1, states.length);
  const state = states[offset];
  if (what === 0 || state === undefined) {
    attempts.push(0);
    states.push("held");
    hold(cursors.read(0));
  } else if (what === 1 && (state === "held" || state === "parked")) {
    cursors.giveBack(0, offset);
    states[offset] = "waiting";
  } else if (what === 2) {
    cursors.acknowledge(0, offset);
    states[offset] = "acknowledged";
  } else if (what === 3 && state === "held") {
    cursors.park(0, offset);
    states[offset] = "parked";
  } else if (what === 4 && cursors.returnedCount(0) > 0)
    hold(cursors.takeReturnedAt(0, pick % cursors.returnedCount(0)));
}

test("cursors with gaps do as a list of states does", () => {
  const step = fc.tuple(fc.nat(4), fc.nat(1000));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const cursors = new GapCursors(new Arena(), "cursors", 1);
      const model: Model = { states: [], attempts: [] };
      for (const one of steps) {
        act(cursors, model, one);
        requireAlike(cursors, model);
      }
    }),
    { numRuns: 300 },
  );
});

test("a cursor that opens late has read nothing of before", () => {
  const cursors = new GapCursors(new Arena(), "cursors", 2);
  cursors.open(1, 40);
  expect(cursors.read(1)).toBe(40);
  expect(cursors.isAcknowledged(1, 39)).toBe(true);
  expect(cursors.acknowledge(1, 40)).toBe(1);
  expect([cursors.position[1], cursors.acknowledgedBelow[1], cursors.position[0]]).toEqual([
    41, 41, 0,
  ]);
});
