// From samples to a result: turns, warm-up, medians, ratios and whether a target is met, with isolates that answer from a list.

import { expect, test } from "vitest";
import type { Order } from "./isolate.ts";
import { measureRow } from "./measure.ts";
import type { Place } from "./place.ts";
import type { Row, Sample } from "./row.ts";

/** A place whose isolates answer with these figures, one after the other; `log` fills with the order of the questions. */
function placeOf(figures: Readonly<Record<string, readonly number[]>>, log: string[]): Place {
  return {
    name: "nowhere",
    clock: "processor time",
    open: ({ side }: Order) => {
      const left = [...(figures[side] ?? [])];
      return Promise.resolve({
        measure: () => {
          log.push(side);
          const sample: Sample = { figure: left.shift()! };
          return Promise.resolve(sample);
        },
        close: () => {
          log.push(`close ${side}`);
          return Promise.resolve();
        },
      });
    },
    close: () => Promise.resolve(),
  };
}

function both(place: Place): { readonly place: Place; readonly node: Place } {
  return { place, node: place };
}

const prepare: Row["prepare"] = () => () => ({ figure: 0 });
const row: Row = {
  id: "row",
  group: "rows",
  title: "a row",
  unit: "M events/s",
  better: "more",
  target: { of: "figure", atLeast: 4, aim: 8 },
  prepare,
  yardstick: { name: "heap", prepare },
  rounds: 3,
  note: "",
};
const figures = { own: [1, 9, 5, 6], yardstick: [1, 30, 20, 10] };

test("both sides are measured in turns; the first turn does not count", async () => {
  const log: string[] = [];
  const result = await measureRow(both(placeOf(figures, log)), row, "full");
  const turn = ["own", "yardstick"];
  expect(log).toEqual([...turn, ...turn, ...turn, ...turn, "close own", "close yardstick"]);
  expect(result).toMatchObject({
    figure: 6,
    yardstick: { name: "heap", figure: 20 },
    ratio: 0.3,
    met: true,
    aimMet: false,
  });
});

test("in the short size, one turn is all", async () => {
  const log: string[] = [];
  const result = await measureRow(both(placeOf(figures, log)), row, "short");
  expect(log).toHaveLength(4);
  expect(result).toMatchObject({ figure: 1, met: false });
});

test("where less is better, a target is the most that is allowed", async () => {
  const less: Row = { ...row, better: "less" };
  expect(await measureRow(both(placeOf(figures, [])), less, "full")).toMatchObject({
    met: false,
    aimMet: true,
  });
});

test("a target of the ratio judges the ratio", async () => {
  const ratio: Row = { ...row, target: { of: "ratio", atLeast: 0.3, aim: 0.31 } };
  expect(await measureRow(both(placeOf(figures, [])), ratio, "full")).toMatchObject({
    met: true,
    aimMet: false,
  });
});

test("without target and yardstick, nothing is judged", async () => {
  const { target: _, yardstick: __, ...bare } = row;
  expect(await measureRow(both(placeOf(figures, [])), bare, "full")).toMatchObject({
    yardstick: null,
    ratio: null,
    target: null,
    met: null,
    aimMet: null,
  });
});

test("a yardstick that belongs into Node is measured there", async () => {
  const [log, logInNode]: string[][] = [[], []];
  const places = { place: placeOf(figures, log!), node: placeOf(figures, logInNode!) };
  const inNode: Row = { ...row, yardstick: { name: "in Node", prepare, inNode: true } };
  await measureRow(places, inNode, "short");
  expect(log).toEqual(["own", "close own"]);
  expect(logInNode).toEqual(["yardstick", "close yardstick"]);
});
