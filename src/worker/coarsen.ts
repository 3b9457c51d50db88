// Rates over narrow buckets are noise: what happens 20 times a second jumps between 0 and 40 in tenths of a second.
// The page gets them at the resolution of the screen, and never finer than a second once the run is long enough.

import type { Series } from "../model/result.ts";

const pointsMax = 160;

/** Rates in wider buckets, each the mean of those it is made of. The bucket that is still filling is left out. */
export function coarsenRates(series: Series): Series {
  const { timesS, lines } = series;
  const widthS = timesS.length < 2 ? 0 : (timesS[1] ?? 0) - (timesS[0] ?? 0);
  const spanS = widthS * timesS.length;
  const factor = Math.round(Math.max(Math.min(1, spanS / 20), spanS / pointsMax) / widthS);
  if (widthS === 0 || factor <= 1) return series;
  const length = Math.floor(timesS.length / factor);
  return {
    timesS: Float64Array.from({ length }, (_, i) => timesS[i * factor] ?? 0),
    lines: lines.map((line) => ({ ...line, values: means(line.values, factor, length) })),
  };
}

function means(values: Float64Array, factor: number, length: number): Float64Array {
  return Float64Array.from({ length }, (_, bucket) => {
    let sum = 0;
    for (let i = bucket * factor; i < (bucket + 1) * factor; i++) sum += values[i] ?? 0;
    return sum / factor;
  });
}
