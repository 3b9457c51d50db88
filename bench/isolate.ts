// One side of one row (the engine's or the yardstick's) in an isolate of its own, so that no other measurement has
// shaped its machine code. It is asked by messages, in the same words in Node and in a web worker.

import "../src/brokers/simulated.ts";
import "../src/engine/stations/all.ts";
import type { Bench, Prepare, Sample, Size } from "./row.ts";
import { rows } from "./rows/index.ts";

/** The two sides that are measured in turns. */
export type Side = "own" | "yardstick";

/** What an isolate is for. */
export interface Order {
  readonly row: string;
  readonly side: Side;
  readonly size: Size;
}

/** Asked first: to prepare; then as often as wanted: to measure. */
export type Question =
  | { readonly ask: "prepare"; readonly order: Order }
  | { readonly ask: "measure" };

/** A sample (null after preparing), or what went wrong. */
export type Answer = { readonly sample: Sample | null } | { readonly error: string };

/** The part of a bench that depends on the place. */
export type Instruments = Omit<Bench, "size">;

/** Answers the questions of one isolate. */
export function createIsolate(instruments: Instruments): (question: Question) => Promise<Answer> {
  let measure: ReturnType<Prepare> | undefined;
  return async (question) => {
    try {
      if (question.ask === "measure") return { sample: (await measure?.()) ?? null };
      measure = prepare(question.order, instruments);
      return { sample: null };
    } catch (error) {
      return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
}

function prepare({ row: id, side, size }: Order, instruments: Instruments): ReturnType<Prepare> {
  const row = rows.find((candidate) => candidate.id === id);
  const prepareSide = side === "own" ? row?.prepare : row?.yardstick?.prepare;
  if (prepareSide === undefined) throw new Error(`There is no ${side} side of a row "${id}".`);
  return prepareSide({ ...instruments, size });
}
