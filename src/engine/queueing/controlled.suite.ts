// Means of replications with control variates: quantities of known mean 0 that were drawn beside the figure tell how
// lucky each replication was, and what a regression on them explains is taken away. Each replication is corrected by a
// regression over the others, so that nothing is biased. Sources: A. Law, Simulation Modeling and Analysis, 11.4;
// S. Henderson, P. Glynn, Approximating martingales for variance reduction, 2002; A. Avramidis, J. Wilson, A splitting
// scheme for control variates, 1993.

import { studentQuantile } from "../../kernel/confidence.ts";

/** An estimate with half of its confidence interval. */
export interface Interval {
  readonly mean: number;
  readonly half: number;
}

/** Mean of independent values at a confidence level, corrected by controls of mean 0 (one row per value). */
export function controlledMean(
  values: readonly number[],
  controls: readonly (readonly number[])[],
  level: number,
): Interval {
  const usable = independentColumns(centred(controls));
  const n = values.length;
  const corrected = values.map((value, i) => {
    const slopes = slopesWithout(i, values, usable);
    return usable.reduce((rest, { raw }, k) => rest - slopes[k]! * raw[i]!, value);
  });
  const middle = mean(corrected);
  const squares = corrected.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  const freedom = n - 1 - usable.length;
  const error = Math.sqrt(squares / (n - 1) / n);
  return { mean: middle, half: studentQuantile((1 + level) / 2, freedom) * error };
}

/** Slopes of the regression of all values but one on the controls. */
function slopesWithout(
  left: number,
  values: readonly number[],
  columns: readonly Column[],
): readonly number[] {
  if (columns.length === 0) return [];
  const others = values.length - 1;
  const meanOf = (list: readonly number[]): number =>
    (mean(list) * list.length - list[left]!) / others;
  const means = columns.map(({ raw }) => meanOf(raw));
  const middle = meanOf(values);
  const product = (a: readonly number[], b: readonly number[]): number =>
    dot(a, b) - a[left]! * b[left]!;
  const gram = columns.map((a, i) =>
    columns.map((b, k) => product(a.raw, b.raw) - others * means[i]! * means[k]!),
  );
  const cross = columns.map((a, i) => product(a.raw, values) - others * means[i]! * middle);
  return solve(gram, cross);
}

interface Column {
  readonly raw: readonly number[];
  readonly centred: readonly number[];
}

function centred(rows: readonly (readonly number[])[]): readonly Column[] {
  return (rows[0] ?? []).map((_, i) => {
    const column = rows.map((row) => row[i]!);
    const middle = mean(column);
    return { raw: column, centred: column.map((value) => value - middle) };
  });
}

/** Leaves out what does not vary, or varies (nearly) as the columns before it do. */
function independentColumns(columns: readonly Column[]): readonly Column[] {
  const kept: Column[] = [];
  const directions: (readonly number[])[] = [];
  for (const column of columns) {
    const size = Math.sqrt(dot(column.centred, column.centred));
    let rest = [...column.centred];
    for (const direction of directions) {
      const share = dot(rest, direction);
      rest = rest.map((value, i) => value - share * direction[i]!);
    }
    const left = Math.sqrt(dot(rest, rest));
    if (!(left > 1e-6 * size && left > 1e-9)) continue;
    kept.push(column);
    directions.push(rest.map((value) => value / left));
  }
  return kept;
}

/** Solves a small symmetric positive system by elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const n = rows.length;
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const factor = rows[j]![i]! / rows[i]![i]!;
      rows[j] = rows[j]!.map((value, k) => value - factor * rows[i]![k]!);
    }
  const solution: number[] = Array.from({ length: n }, () => 0);
  for (let i = n - 1; i >= 0; i--) {
    let rest = rows[i]![n]!;
    for (let k = i + 1; k < n; k++) rest -= rows[i]![k]! * solution[k]!;
    solution[i] = rest / rows[i]![i]!;
  }
  return solution;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  a.forEach((value, i) => (sum += value * b[i]!));
  return sum;
}
