// Sine and cosine from IEEE operations alone, because engines differ in the last bit of Math.sin. Angles are in turns:
// there the reduction to an eighth of a turn is exact. Errors stay below 2^-51.

const TWO_PI = 6.283185307179586;

/** Sine of an angle [turns]. */
export function sinOfTurns(turns: number): number {
  // Rounding prefers one side; the sine of the opposite angle is the opposite to the last bit all the same.
  if (turns < 0) return -sinOfTurns(-turns);
  return sinOfReduced(turns - Math.round(turns));
}

/** Cosine of an angle [turns]. */
export function cosOfTurns(turns: number): number {
  // A quarter is taken off after the reduction, where it is exact.
  return sinOfReduced(0.25 - Math.abs(turns - Math.round(turns)));
}

/** Sine for -1/2 … 1/2 turns. */
function sinOfReduced(turns: number): number {
  const quarters = Math.round(4 * turns);
  const angle = TWO_PI * (turns - quarters / 4);
  switch (quarters) {
    case 0:
      return sinNearZero(angle);
    case 1:
      return cosNearZero(angle);
    case -1:
      return -cosNearZero(angle);
    default:
      return -sinNearZero(angle);
  }
}

/** Taylor series for |x| <= pi / 4. */
function sinNearZero(x: number): number {
  const z = x * x;
  const tail = 1 / 6227020800 - z * (1 / 1307674368000 - z / 355687428096000);
  const middle = 1 / 362880 - z * (1 / 39916800 - z * tail);
  return x - x * z * (1 / 6 - z * (1 / 120 - z * (1 / 5040 - z * middle)));
}

/** Taylor series for |x| <= pi / 4. */
function cosNearZero(x: number): number {
  const z = x * x;
  const tail = 1 / 479001600 - z * (1 / 87178291200 - z / 20922789888000);
  const middle = 1 / 40320 - z * (1 / 3628800 - z * tail);
  return 1 - z * (1 / 2 - z * (1 / 24 - z * (1 / 720 - z * middle)));
}
