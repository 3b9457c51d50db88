// Ranks by Zipf's law: rank k (from 0) has a probability proportional to 1 / (k + 1)^exponent. Small
// ranges use a table; large ones rejection, which needs neither memory nor preparation.

import { AliasTable } from "./alias.ts";
import { exp, ln, pow } from "./math.ts";
import type { RandomStream } from "./random.ts";

/** Up to this many ranks a table of 12 bytes a rank is made [ranks]. */
const LARGEST_TABLE = 65536;

/** Draws ranks 0 … n - 1, rank 0 being the most frequent; exponent 0 is uniform. */
export class ZipfSampler {
  #stream: RandomStream;
  #table: AliasTable | undefined;
  #law: ZipfLaw;

  constructor(n: number, exponent: number, stream: RandomStream) {
    if (!(Number.isSafeInteger(n) && n >= 1)) throw new Error(`Zipf's law over ${n} ranks.`);
    if (!(exponent >= 0 && exponent < Infinity)) throw new Error(`Zipf exponent ${exponent}.`);
    this.#stream = stream;
    this.#law = lawOf(n, exponent);
    if (n <= LARGEST_TABLE) {
      this.#table = new AliasTable(
        Float64Array.from({ length: n }, (_, k) => pow(k + 1, -exponent)),
      );
    }
  }

  /** A rank 0 … n - 1. */
  sample(): number {
    if (this.#table !== undefined) return this.#table.sample(this.#stream);
    return sampleByRejection(this.#law, this.#stream) - 1;
  }
}

/** What rejection needs to know: H is the integral of x^-exponent. */
interface ZipfLaw {
  readonly n: number;
  readonly exponent: number;
  /** H(3/2) - 1, the upper end of the range of H that is drawn from. */
  readonly first: number;
  /** H(n + 1/2), the lower end. */
  readonly last: number;
  /** Ranks that lie this close to their x are accepted without a look at H. */
  readonly shortcut: number;
}

function lawOf(n: number, exponent: number): ZipfLaw {
  return {
    n,
    exponent,
    first: integral(1.5, exponent) - 1,
    last: integral(n + 0.5, exponent),
    shortcut: 2 - inverse(integral(2.5, exponent) - pow(2, -exponent), exponent),
  };
}

/** Rejection-inversion: draw a value of H, invert it, round to the nearest rank, accept where the
 *  rank's probability covers it. Source: W. Hörmann, G. Derflinger 1996. */
function sampleByRejection(law: ZipfLaw, stream: RandomStream): number {
  for (;;) {
    const u = law.last + stream.uniform() * (law.first - law.last);
    const x = inverse(u, law.exponent);
    const rank = Math.min(Math.max(Math.round(x), 1), law.n);
    if (rank - x <= law.shortcut) return rank;
    if (u >= integral(rank + 0.5, law.exponent) - pow(rank, -law.exponent)) return rank;
  }
}

/** H(x) = (x^(1 - exponent) - 1) / (1 - exponent), and ln x for exponent 1, where both meet. */
function integral(x: number, exponent: number): number {
  const log = ln(x);
  return log * expMinusOneOver((1 - exponent) * log);
}

/** The x with H(x) = u. */
function inverse(u: number, exponent: number): number {
  const t = Math.max(u * (1 - exponent), -1);
  return exp(u * lnOnePlusOver(t));
}

/** (e^x - 1) / x, which is 1 at 0. */
function expMinusOneOver(x: number): number {
  if (Math.abs(x) > 1e-3) return (exp(x) - 1) / x;
  return 1 + (x / 2) * (1 + (x / 3) * (1 + (x / 4) * (1 + x / 5)));
}

/** ln(1 + x) / x, which is 1 at 0. */
function lnOnePlusOver(x: number): number {
  if (Math.abs(x) > 1e-3) return ln(1 + x) / x;
  return 1 - x * (1 / 2 - x * (1 / 3 - x * (1 / 4 - x * (1 / 5 - x / 6))));
}
