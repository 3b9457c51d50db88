// Judging random numbers: Kolmogorov–Smirnov distance, moments, serial correlation. For tests only;
// seeds are fixed, so a bound that holds once holds always.

/** sqrt(n) times the largest distance between the values' distribution and a cdf. Below 1.95 with a
 *  probability of 0.999, if the values do have that cdf. */
export function kolmogorovSmirnov(
  values: readonly number[],
  cdf: (value: number) => number,
): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((value, index) => {
    const expected = cdf(value);
    distance = Math.max(distance, expected - index / n, (index + 1) / n - expected);
  });
  return Math.sqrt(n) * distance;
}

/** Mean and variance. */
export function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (n - 1) };
}

/** sqrt(n) times the correlation of values `lag` apart: about standard normal, if independent. */
export function serialCorrelation(values: readonly number[], lag: number): number {
  return correlation(values.slice(lag), values.slice(0, -lag));
}

/** sqrt(n) times the correlation of two equally long lists: about standard normal, if independent. */
export function correlation(one: readonly number[], other: readonly number[]): number {
  const { mean: meanOne, variance: varianceOne } = momentsOf(one);
  const { mean: meanOther, variance: varianceOther } = momentsOf(other);
  const n = one.length;
  const sum = one.reduce((s, value, i) => s + (value - meanOne) * (other[i]! - meanOther), 0);
  return (Math.sqrt(n) * sum) / n / Math.sqrt(varianceOne * varianceOther);
}

/** Chi-square statistic less its mean, in its standard deviations: about standard normal. */
export function chiSquare(counts: readonly number[], probabilities: readonly number[]): number {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const statistic = counts.reduce(
    (sum, count, i) => sum + (count - n * probabilities[i]!) ** 2 / (n * probabilities[i]!),
    0,
  );
  const freedom = counts.length - 1;
  return (statistic - freedom) / Math.sqrt(2 * freedom);
}

/** Distribution function of the standard normal, error below 1e-7 (Abramowitz and Stegun 7.1.26). */
export function normalCdf(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const poly =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * poly * Math.exp((-x * x) / 2);
  return x > 0 ? 1 - tail : tail;
}
