// Logarithm, exponential and power from IEEE + - * / and bit operations alone, because engines differ
// in the last bit of Math.log, Math.exp and Math.pow and a run must be the same everywhere. Errors
// stay below one unit in the last place. Reads the halves of a double as little-endian words.

// ln 2 in two parts; the first has 32 bits, so that its product with an exponent is exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const THIRD = 1 / 3;
/** What 1/3 as a double lacks: 1/3 - THIRD = 2^-54 / 3. */
const THIRD_LOW = 5.551115123125783e-17 / 3;
/** ln(2 pi) / 2. */
const HALF_LN_TWO_PI = 0.9189385332046727;
const TWO_54 = 18014398509481984;

const DOUBLE = new Float64Array(1);
const WORDS = new Int32Array(DOUBLE.buffer);

/** Results of `split`: x = mantissa 2^exponent with mantissa between sqrt(1/2) and sqrt(2). */
const SPLIT = new Float64Array(1);

/** Natural logarithm. ln m = 2 atanh((m - 1) / (m + 1)) by its Taylor series, after taking the power
 *  of two out; the arrangement of the sum that keeps the rounding error small is that of fdlibm. */
export function ln(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x > 0 ? x : NaN;
  const k = split(x);
  const f = SPLIT[0]! - 1;
  const s = f / (2 + f);
  const z = s * s;
  const half = 0.5 * f * f;
  const correction = s * (half + z * (2 / 3 + z * atanhTail(2, z)));
  return k * LN2_HIGH - (half - (correction + k * LN2_LOW) - f);
}

/** e to the power of x. */
export function exp(x: number): number {
  return expOfSum(x, 0);
}

/** The gamma function for positive x: (x - 1)! for integers. Stirling's series, from where it is exact to a few units
 *  in the 15th digit, and down from there by gamma(x) = gamma(x + 1) / x. */
export function gammaFunction(x: number): number {
  let product = 1;
  let z = x;
  for (; z < 16; z++) product *= z;
  const w = 1 / (z * z);
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w / 1188)))) / z;
  return exp((z - 0.5) * ln(z) - z + HALF_LN_TWO_PI + series) / product;
}

/** x to the power of y, with the special cases of `Math.pow`. The product of y and ln x is carried in
 *  two doubles, so that exact powers come out exact. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x !== x || y !== y) return NaN;
  const size = Math.abs(x);
  if (size === 1 && Math.abs(y) === Infinity) return NaN;
  if (x > 0) return powOfPositive(x, y);
  const odd = Math.abs(y % 2) === 1;
  if (size === 0 || size === Infinity) {
    const result = (size === 0) === y > 0 ? 0 : Infinity;
    return odd && (x < 0 || 1 / x < 0) ? -result : result;
  }
  if (Math.abs(y) !== Infinity && y !== Math.floor(y)) return NaN;
  return odd ? -powOfPositive(size, y) : powOfPositive(size, y);
}

function powOfPositive(x: number, y: number): number {
  if (x === 1) return 1;
  // Beyond 2^64 even the double next to 1 over- or underflows; also keeps `multiply` from overflowing.
  if (x === Infinity || Math.abs(y) > 18446744073709551616) {
    return x > 1 === y > 0 ? Infinity : 0;
  }
  lnTwice(x);
  const low = LOG[1]!;
  multiply(LOG[0]!, y);
  return expOfSum(PRODUCT[0]!, PRODUCT[1]! + low * y);
}

/** e^(high + low), where low is a small correction. Taylor series after subtracting k ln 2. */
function expOfSum(high: number, low: number): number {
  if (!(high < 709.782712893384)) {
    if (high !== high) return NaN;
    if (high > 709.782712893385) return Infinity;
  }
  if (high < -745.2) return 0;
  const k = Math.floor(high * Math.LOG2E + 0.5);
  const main = high - k * LN2_HIGH;
  const rest = low - k * LN2_LOW;
  const r = main + rest;
  const lost = main - r + rest;
  return scale(1 + (r + (lost + r * r * expTail(r))), k);
}

/** (e^r - 1 - r) / r^2 for |r| <= 0.35: sum of r^i / (i + 2)!. */
function expTail(r: number): number {
  const r3 =
    1 / 3628800 + r * (1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800 + r / 87178291200)));
  const r2 = 1 / 5040 + r * (1 / 40320 + r * (1 / 362880 + r * r3));
  return 1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * r2))));
}

/** c (1/5 + z/7 + z^2/9 + …) for z <= 0.0295, the rest of the series of atanh. */
function atanhTail(c: number, z: number): number {
  const z6 = c / 17 + z * (c / 19 + z * (c / 21 + z * (c / 23 + z * (c / 25))));
  return c / 5 + z * (c / 7 + z * (c / 9 + z * (c / 11 + z * (c / 13 + z * (c / 15 + z * z6)))));
}

/** Takes the power of two out of a positive finite x: returns it, the rest is in SPLIT. */
function split(x: number): number {
  let exponent = -1023;
  DOUBLE[0] = x;
  if (x < 2.2250738585072014e-308) {
    DOUBLE[0] = x * TWO_54;
    exponent -= 54;
  }
  const high = WORDS[1]!;
  exponent += high >>> 20;
  WORDS[1] = (high & 0xfffff) | 0x3ff00000;
  const mantissa = DOUBLE[0];
  if (mantissa <= Math.SQRT2) {
    SPLIT[0] = mantissa;
    return exponent;
  }
  SPLIT[0] = 0.5 * mantissa;
  return exponent + 1;
}

/** x 2^k for x near 1; in two steps where one would leave the normal numbers on the way. */
function scale(x: number, k: number): number {
  if (k > 1023) return x * 2 * powerOfTwo(k - 1);
  if (k < -1022) return x * powerOfTwo(k + 54) * (1 / TWO_54);
  return x * powerOfTwo(k);
}

/** 2^k exactly, for integer k in -1022 … 1023. */
export function powerOfTwo(k: number): number {
  WORDS[0] = 0;
  WORDS[1] = (k + 1023) << 20;
  return DOUBLE[0]!;
}

// Arithmetic in pairs of doubles (T. J. Dekker 1971). The pairs are returned in these registers.
const PRODUCT = new Float64Array(2);
const LOG = new Float64Array(2);

/** a b exactly, as rounded product and error. */
function multiply(a: number, b: number): void {
  const bigA = 134217729 * a;
  const aHigh = bigA - (bigA - a);
  const aLow = a - aHigh;
  const bigB = 134217729 * b;
  const bHigh = bigB - (bigB - b);
  const bLow = b - bHigh;
  const product = a * b;
  PRODUCT[0] = product;
  PRODUCT[1] = aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

/** ln x to about 64 bits, in LOG. With s = (m - 1) / (m + 1) and z = s^2 it is
 *  k ln 2 + 2 s (1 + z (1/3 + z (1/5 + z/7 + …))), where only the innermost bracket may be rounded. */
function lnTwice(x: number): void {
  const k = split(x);
  const m = SPLIT[0]!;
  const above = m - 1;
  const below = m + 1;
  const belowLow = m - (below - 1);
  const s = above / below;
  multiply(s, below);
  const sLow = (above - PRODUCT[0]! - PRODUCT[1]! - s * belowLow) / below;

  multiply(s, s);
  const z = PRODUCT[0]!;
  const zLow = PRODUCT[1]! + 2 * s * sLow;

  const inner = z * atanhTail(1, z);
  const third = THIRD + inner;
  const thirdLow = THIRD - third + inner + THIRD_LOW;

  multiply(z, third);
  const u = PRODUCT[0]!;
  const uLow = PRODUCT[1]! + z * thirdLow + zLow * third;

  multiply(2 * s, u);
  const logLow = 2 * sLow + (PRODUCT[1]! + 2 * s * uLow + 2 * sLow * u);
  addLog(k, 2 * s, PRODUCT[0]!, logLow);
}

/** LOG = k ln 2 + a + b + low, where |k ln 2| >= |a| >= |b| or k = 0. */
function addLog(k: number, a: number, b: number, low: number): void {
  const shift = k * LN2_HIGH;
  const first = shift === 0 ? a : shift + a;
  const firstLow = shift === 0 ? 0 : shift - first + a;
  const second = first + b;
  const secondLow = first - second + b;
  const rest = firstLow + secondLow + low + k * LN2_LOW;
  LOG[0] = second + rest;
  LOG[1] = second - LOG[0] + rest;
}
