// Where a run has settled: MSER-5 (White, Cobb, Spratt, A comparison of five steady-state truncation heuristics, 2000).

const BATCH = 5;

/** How many values at the start to leave out of a series so that the rest tells its mean with the smallest standard
 *  error: a multiple of 5. Undefined where the minimum lies in the second half (the series is too short to tell) or
 *  where there are fewer than ten values. */
export function mser5(values: ArrayLike<number>): number | undefined {
  const batches = Math.floor(values.length / BATCH);
  if (batches < 2) return undefined;
  let kept = 0;
  let mean = 0;
  let squares = 0;
  let best = -1;
  let smallest = Infinity;
  // From the end to the start, so that mean and squares grow by one batch at a time (Welford).
  for (let first = batches - 1; first >= 0; first--) {
    const value = batchMean(values, first);
    kept++;
    const difference = value - mean;
    mean += difference / kept;
    squares += difference * (value - mean);
    // A few last batches that happen to be equal say nothing.
    if (kept < BATCH && batches > BATCH) continue;
    const error = squares / (kept * kept);
    // Of equal ones the earliest: what need not go stays.
    if (error <= smallest) {
      smallest = error;
      best = first;
    }
  }
  return best * 2 > batches ? undefined : best * BATCH;
}

function batchMean(values: ArrayLike<number>, batch: number): number {
  let sum = 0;
  for (let i = batch * BATCH; i < (batch + 1) * BATCH; i++) sum += values[i]!;
  return sum / BATCH;
}
