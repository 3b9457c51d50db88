// Logarithm, exponential and power in 300-bit fixed-point arithmetic, and the distance of a double
// from such a value: what the tests of math.ts measure against.

const BITS = 300n;
const ONE = 1n << BITS;

/** A double as a fixed-point number with 300 bits after the point, exact for |x| >= 2^-240. */
export function toFixed(x: number): bigint {
  const words = new BigUint64Array(new Float64Array([Math.abs(x)]).buffer);
  const exponent = words[0]! >> 52n;
  const mantissa = (words[0]! & 0xfffffffffffffn) | (exponent === 0n ? 0n : 1n << 52n);
  const shift = (exponent === 0n ? 1n : exponent) - 1075n + BITS;
  const size = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  return x < 0 ? -size : size;
}

function multiply(a: bigint, b: bigint): bigint {
  return (a * b) >> BITS;
}

function atanhSeries(s: bigint): bigint {
  const square = multiply(s, s);
  let power = s;
  let sum = 0n;
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n;
    power = multiply(power, square);
  }
  return sum;
}

const LN2 = 2n * atanhSeries(ONE / 3n);

/** ln x for fixed-point x > 0. */
export function exactLn(x: bigint): bigint {
  let k = 0n;
  let m = x;
  while (2n * m > 3n * ONE) {
    m >>= 1n;
    k++;
  }
  while (4n * m < 3n * ONE) {
    m <<= 1n;
    k--;
  }
  // Shifting right loses bits only far below the precision asked for.
  return k * LN2 + 2n * atanhSeries(((m - ONE) << BITS) / (m + ONE));
}

/** e^x as mantissa (fixed-point) and power of two. */
export function exactExp(x: bigint): { mantissa: bigint; k: bigint } {
  const k = x / LN2;
  const r = x - k * LN2;
  let term = ONE;
  let sum = 0n;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    sum += term;
    term = multiply(term, r) / n;
  }
  return { mantissa: sum, k };
}

/** Distance of a normal double from mantissa 2^k in units of its last place. */
export function distanceUlp(actual: number, mantissa: bigint, k = 0n): number {
  const words = new BigUint64Array(new Float64Array([Math.abs(actual)]).buffer);
  const exponent = words[0]! >> 52n;
  const digits = (words[0]! & 0xfffffffffffffn) | (1n << 52n);
  // actual = digits 2^(exponent - 1075); bring the exact value to the same unit, with 20 bits more.
  const shift = BITS + exponent - 1075n - k - 20n;
  const size = mantissa < 0n ? -mantissa : mantissa;
  const exact = shift >= 0n ? size >> shift : size << -shift;
  const sign = actual < 0 === mantissa < 0n ? 1n : -1n;
  return Math.abs(Number(sign * (digits << 20n) - exact)) / 2 ** 20;
}
