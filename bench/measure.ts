// From a row to a result: both sides are measured in turns, each in its own isolate, and the medians are compared.

import type { Order } from "./isolate.ts";
import type { Measurer, Place } from "./place.ts";
import type { Amount, Row, Sample, Size, Target } from "./row.ts";

/** A measured row, as it is printed and as `--json` shows it. */
export interface Result {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly note: string;
  readonly unit: string;
  readonly better: "more" | "less";
  readonly figure: number;
  /** What was measured beside it, by the word for it. */
  readonly also: Readonly<Record<string, Amount>>;
  /** Null where speed plays no part. */
  readonly yardstick: { readonly name: string; readonly figure: number } | null;
  /** Figure divided by the yardstick's. */
  readonly ratio: number | null;
  readonly target: Target | null;
  /** Whether "at least" is reached; null without a target. */
  readonly met: boolean | null;
  readonly aimMet: boolean | null;
}

/** Measures a row. A yardstick that belongs into Node is measured in `node`. */
export async function measureRow(
  places: { readonly place: Place; readonly node: Place },
  row: Row,
  size: Size,
): Promise<Result> {
  const { place, node } = places;
  const order = { row: row.id, size };
  const own = await openSide(place, { ...order, side: "own" });
  const other =
    row.yardstick === undefined
      ? null
      : await openSide(row.yardstick.inNode ? node : place, { ...order, side: "yardstick" });
  const rounds = size === "full" ? row.rounds : 1;
  // Machine code is at its best only after a first time.
  const isWarmedUp = rounds > 1;
  for (let round = isWarmedUp ? -1 : 0; round < rounds; round++)
    for (const side of [own, other]) {
      const sample = await side?.measurer.measure();
      if (sample !== undefined && round >= 0) side?.samples.push(sample);
    }
  await own.measurer.close();
  await other?.measurer.close();
  return resultOf(row, medianOf(own.samples), other === null ? null : medianOf(other.samples));
}

interface OpenSide {
  readonly measurer: Measurer;
  readonly samples: Sample[];
}

async function openSide(place: Place, order: Order): Promise<OpenSide> {
  return { measurer: await place.open(order), samples: [] };
}

function medianOf(samples: readonly Sample[]): Sample {
  return samples.toSorted((a, b) => a.figure - b.figure)[samples.length >> 1]!;
}

function resultOf(row: Row, own: Sample, other: Sample | null): Result {
  const ratio = other === null ? null : own.figure / other.figure;
  const judged = row.target?.of === "ratio" ? ratio : own.figure;
  const reaches = (bar: number | undefined): boolean | null => {
    if (bar === undefined || judged === null) return null;
    return row.better === "more" ? judged >= bar : judged <= bar;
  };
  const { id, group, title, note, unit, better, target, yardstick } = row;
  return {
    id,
    group,
    title,
    note,
    unit,
    better,
    figure: own.figure,
    also: own.also ?? {},
    yardstick:
      yardstick === undefined || other === null
        ? null
        : { name: yardstick.name, figure: other.figure },
    ratio,
    target: target ?? null,
    met: reaches(target?.atLeast),
    aimMet: reaches(target?.aim),
  };
}
