// Turns a described distribution into a sampler on a random stream. Samplers hold parameters only;
// what changes is the stream, in the arena. Results are not rounded: who needs integer nanoseconds
// rounds where the value is drawn.

import { assertNever } from "../base/assert.ts";
import type { Distribution, WeightedValue } from "../base/distribution.ts";
import { AliasTable } from "./alias.ts";
import { exp, gammaFunction, ln, pow } from "./math.ts";
import type { RandomStream } from "./random.ts";

/** Draws values of one distribution, in the unit of the distribution's parameters. */
export interface Sampler {
  sample(): number;
}

const CONSTANT = 0;
const UNIFORM = 1;
const EXPONENTIAL = 2;
const ERLANG = 3;
const GAMMA = 4;
const LOGNORMAL = 5;
const HYPEREXPONENTIAL = 6;
const STEEP_GAMMA = 7;
const WEIBULL = 8;
const PARETO = 9;
const TRIANGULAR = 10;
const EMPIRICAL = 11;

/** Up to this shape an Erlang value is a sum of exponentials, which is as fast and simpler. */
const LONGEST_SUM = 8;

/** A distribution in the form of the sampler: what it is, and up to three parameters or a table. */
interface Recipe {
  readonly kind: number;
  readonly p: number;
  readonly q: number;
  readonly r: number;
  readonly table?: ValueTable;
}

/** The values of an empirical distribution, and how to draw the number of one. */
interface ValueTable {
  readonly values: Float64Array;
  readonly numbers: AliasTable;
}

/** A sampler for the distribution that draws from the stream. Parameters that describe nothing (a
 *  negative mean, max below min, cv2 below 1) throw: the document is checked long before. */
export function createSampler(distribution: Distribution, stream: RandomStream): Sampler {
  return new DistributionSampler(recipeOf(distribution), stream);
}

// One class with a switch rather than one per distribution, so that calls stay monomorphic.
class DistributionSampler implements Sampler {
  /** Register for a value on its way from `draw` to the caller: see ARCHITECTURE.md on doubles. */
  private value = NaN;
  #kind: number;
  #p: number;
  #q: number;
  #r: number;
  #table: ValueTable | undefined;
  #stream: RandomStream;

  constructor(recipe: Recipe, stream: RandomStream) {
    this.#table = recipe.table;
    this.#kind = recipe.kind;
    this.#p = recipe.p;
    this.#q = recipe.q;
    this.#r = recipe.r;
    this.#stream = stream;
  }

  sample(): number {
    this.draw();
    return this.value;
  }

  private draw(): void {
    const stream = this.#stream;
    switch (this.#kind) {
      case CONSTANT:
        this.value = this.#p;
        break;
      case UNIFORM:
        this.value = this.#p + this.#q * stream.uniform();
        break;
      case EXPONENTIAL:
        this.value = this.#p * stream.exponential();
        break;
      case ERLANG:
        this.value = this.#p * sumOfExponentials(stream, this.#q);
        break;
      case GAMMA:
        this.value = this.#p * gamma(stream, this.#q, this.#r);
        break;
      case LOGNORMAL:
        this.value = exp(this.#p + this.#q * stream.normal());
        break;
      case HYPEREXPONENTIAL:
        this.value = (stream.chance(this.#r) ? this.#p : this.#q) * stream.exponential();
        break;
      default:
        this.value = this.#sampleOther();
    }
  }

  /** The distributions that cost more than a call. */
  #sampleOther(): number {
    const stream = this.#stream;
    switch (this.#kind) {
      case STEEP_GAMMA:
        return this.#p * steepGamma(stream, this.#q, this.#r);
      case WEIBULL:
        return this.#p * pow(stream.exponential(), this.#q);
      case PARETO:
        return this.#p * exp(this.#q * stream.exponential());
      case TRIANGULAR:
        return this.#p + triangular(stream.uniform(), this.#q, this.#r);
      default: {
        const { values, numbers } = this.#table!;
        return values[numbers.sample(stream)]!;
      }
    }
  }
}

function sumOfExponentials(stream: RandomStream, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += stream.exponential();
  return sum;
}

/** Gamma with mean d + 1/3 and scale 1, c = 1 / sqrt(9 d). Source: G. Marsaglia, W. W. Tsang 2000. */
function gamma(stream: RandomStream, d: number, c: number): number {
  for (;;) {
    const x = stream.normal();
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = 1 - stream.uniform();
    if (ln(u) < 0.5 * x * x + d - d * v + d * ln(v)) return d * v;
  }
}

/** Gamma with mean d - 2/3, below 1: one with a mean larger by 1, times a power of a uniform number. Source as above. */
function steepGamma(stream: RandomStream, d: number, c: number): number {
  const u = 1 - stream.uniform();
  return gamma(stream, d, c) * pow(u, 1 / (d - 2 / 3));
}

/** Inverse of the triangular distribution function over 0 … width with its peak at `mode`. */
function triangular(u: number, mode: number, width: number): number {
  if (u * width < mode) return Math.sqrt(u * width * mode);
  return width - Math.sqrt((1 - u) * width * (width - mode));
}

function recipeOf(distribution: Distribution): Recipe {
  requirePossible(distribution);
  switch (distribution.distribution) {
    case "constant":
      return { kind: CONSTANT, p: distribution.value, q: 0, r: 0 };
    case "uniform":
      return { kind: UNIFORM, p: distribution.min, q: distribution.max - distribution.min, r: 0 };
    case "exponential":
      return { kind: EXPONENTIAL, p: distribution.mean, q: 0, r: 0 };
    case "erlang":
      return erlangRecipe(distribution.mean, distribution.shape);
    case "lognormal":
      return lognormalRecipe(distribution.mean, distribution.sd);
    case "hyperexponential":
      return hyperexponentialRecipe(distribution.mean, distribution.cv2);
    case "gamma":
      return gammaRecipe(distribution.mean, distribution.shape);
    case "weibull":
      return weibullRecipe(distribution.mean, distribution.shape);
    case "pareto":
      return paretoRecipe(distribution.mean, distribution.shape);
    case "triangular":
      return triangularRecipe(distribution.min, distribution.mode, distribution.max);
    case "empirical":
      return empiricalRecipe(distribution.values);
    default:
      return assertNever(distribution);
  }
}

function erlangRecipe(mean: number, shape: number): Recipe {
  if (shape <= LONGEST_SUM) return { kind: ERLANG, p: mean / shape, q: shape, r: 0 };
  return gammaRecipe(mean, shape);
}

function gammaRecipe(mean: number, shape: number): Recipe {
  const d = shape < 1 ? shape + 2 / 3 : shape - 1 / 3;
  const kind = shape < 1 ? STEEP_GAMMA : GAMMA;
  return { kind, p: mean / shape, q: d, r: 1 / Math.sqrt(9 * d) };
}

/** The scale times the power 1 / shape of an exponential. */
function weibullRecipe(mean: number, shape: number): Recipe {
  return { kind: WEIBULL, p: mean / gammaFunction(1 + 1 / shape), q: 1 / shape, r: 0 };
}

/** The logarithm of value over minimum is exponential with mean 1 / shape. */
function paretoRecipe(mean: number, shape: number): Recipe {
  return { kind: PARETO, p: (mean * (shape - 1)) / shape, q: 1 / shape, r: 0 };
}

function triangularRecipe(min: number, mode: number, max: number): Recipe {
  return { kind: TRIANGULAR, p: min, q: mode - min, r: max - min };
}

function empiricalRecipe(values: readonly WeightedValue[]): Recipe {
  const table = {
    values: Float64Array.from(values, ({ value }) => value),
    numbers: new AliasTable(values.map(({ weight }) => weight)),
  };
  return { kind: EMPIRICAL, p: 0, q: 0, r: 0, table };
}

/** The logarithm has variance ln(1 + sd^2 / mean^2) and mean ln(mean) - variance / 2. */
function lognormalRecipe(mean: number, sd: number): Recipe {
  if (mean === 0) return { kind: CONSTANT, p: 0, q: 0, r: 0 };
  const variance = lnOnePlus(square(sd / mean));
  return { kind: LOGNORMAL, p: ln(mean) - variance / 2, q: Math.sqrt(variance), r: 0 };
}

/** Two exponentials with "balanced means": both branches contribute half of the mean. The first has
 *  probability (1 + sqrt((cv2 - 1) / (cv2 + 1))) / 2. */
function hyperexponentialRecipe(mean: number, cv2: number): Recipe {
  const first = (1 + Math.sqrt((cv2 - 1) / (cv2 + 1))) / 2;
  return { kind: HYPEREXPONENTIAL, p: mean / (2 * first), q: mean / (2 - 2 * first), r: first };
}

/** ln(1 + x) without losing a small x. Source: W. Kahan, see N. Higham, Accuracy and Stability. */
function lnOnePlus(x: number): number {
  const sum = 1 + x;
  return sum === 1 ? x : (ln(sum) * x) / (sum - 1);
}

function requirePossible(distribution: Distribution): void {
  if (!isPossible(distribution)) {
    throw new Error(`No such distribution: ${JSON.stringify(distribution)}.`);
  }
}

function isPossible(distribution: Distribution): boolean {
  switch (distribution.distribution) {
    case "constant":
      return isSize(distribution.value);
    case "uniform":
      return isSize(distribution.min) && isSize(distribution.max - distribution.min);
    case "exponential":
      return isSize(distribution.mean);
    case "erlang":
      return isSize(distribution.mean) && isCount(distribution.shape);
    case "lognormal":
      return isSize(distribution.mean) && isSize(distribution.sd);
    case "hyperexponential":
      return isSize(distribution.mean) && isSize(distribution.cv2 - 1);
    case "gamma":
    case "weibull":
      return isSize(distribution.mean) && isSize(distribution.shape) && distribution.shape > 0;
    case "pareto":
      return isSize(distribution.mean) && isSize(distribution.shape - 1) && distribution.shape > 1;
    case "triangular": {
      const { min, mode, max } = distribution;
      return isSize(min) && isSize(mode - min) && isSize(max - mode);
    }
    case "empirical":
      return distribution.values.length > 0 && distribution.values.every(isWeightedValue);
    default:
      return assertNever(distribution);
  }
}

function isWeightedValue({ value, weight }: WeightedValue): boolean {
  return isSize(value) && isSize(weight) && weight > 0;
}

function isSize(value: number): boolean {
  return value >= 0 && value < Infinity;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function square(value: number): number {
  return value * value;
}
