// The functions are compared with 300-bit arithmetic and, more coarsely, with the engine's own.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distanceUlp, exactExp, exactLn, toFixed } from "./exactMath.suite.ts";
import { exp, gammaFunction, ln, pow, powerOfTwo } from "./math.ts";

const fixed = { seed: 20, numRuns: 2000 };

/** Reproducible doubles in [0, 1). */
function points(count: number): number[] {
  let word = 12345;
  return Array.from({ length: count }, () => {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
    return word / 2 ** 32;
  });
}

function ulpsApart(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  const bits = new BigInt64Array(new Float64Array([a, b]).buffer);
  return Math.abs(Number(bits[0]! - bits[1]!));
}

describe("ln", () => {
  it("is within 0.9 units in the last place of the exact value", () => {
    const near1 = points(200).map((u) => 0.6 + u);
    const wide = points(200).map((u) => 2 ** (u * 400 - 200) * (1 + u));
    let worst = 0;
    for (const x of [...near1, ...wide, 1 + 2 ** -52, 1 - 2 ** -53, 1 + 1e-9, Math.SQRT2]) {
      worst = Math.max(worst, distanceUlp(ln(x), exactLn(toFixed(x))));
    }
    expect(worst).toBeLessThan(0.9);
  });

  it("agrees with Math.log everywhere", () => {
    fc.assert(
      fc.property(fc.double({ min: 5e-324, max: Number.MAX_VALUE }), (x) => {
        expect(ulpsApart(ln(x), Math.log(x))).toBeLessThanOrEqual(2);
      }),
      fixed,
    );
  });

  it("treats the edges as Math.log does", () => {
    for (const x of [0, -0, 1, -1, Infinity, -Infinity, NaN]) expect(ln(x)).toBe(Math.log(x));
  });
});

describe("exp", () => {
  it("is within 0.9 units in the last place of the exact value", () => {
    const near0 = points(200).map((u) => 2 * u - 1);
    const wide = points(200).map((u) => 1400 * u - 700);
    let worst = 0;
    for (const x of [...near0, ...wide, 1e-9, -1e-9, Math.LN2 / 2, -Math.LN2 / 2]) {
      const { mantissa, k } = exactExp(toFixed(x));
      worst = Math.max(worst, distanceUlp(exp(x), mantissa, k));
    }
    expect(worst).toBeLessThan(0.9);
  });

  it("agrees with Math.exp everywhere", () => {
    fc.assert(
      fc.property(fc.double({ min: -750, max: 710, noNaN: true }), (x) => {
        expect(ulpsApart(exp(x), Math.exp(x))).toBeLessThanOrEqual(2);
      }),
      fixed,
    );
  });

  it("treats the edges as Math.exp does", () => {
    const edges = [0, -0, 709.782712893384, 709.7827128933841, 710, -745.1, -745.2, -746];
    for (const x of [...edges, Infinity, -Infinity, NaN]) {
      expect(ulpsApart(exp(x), Math.exp(x))).toBeLessThanOrEqual(1);
    }
  });
});

describe("pow", () => {
  it("is within 0.9 units in the last place of the exact value", () => {
    let worst = 0;
    for (const [u, v] of points(400).map((u, i, all) => [u, all[(i * 7 + 3) % 400]!] as const)) {
      const x = 2 ** (40 * u - 20) * (1 + v);
      const y = (600 * v - 300) / Math.max(1, Math.abs(Math.log2(x)));
      const product = (exactLn(toFixed(x)) * toFixed(y)) >> 300n;
      const { mantissa, k } = exactExp(product);
      worst = Math.max(worst, distanceUlp(pow(x, y), mantissa, k));
    }
    expect(worst).toBeLessThan(0.9);
  });

  it("gives exact powers exactly", () => {
    for (let base = 2; base <= 60; base++) {
      let power = 1n;
      for (let n = 0; power < 1n << 53n; n++) {
        expect(pow(base, n)).toBe(Number(power));
        power *= BigInt(base);
      }
    }
    expect(pow(0.25, 0.5)).toBe(0.5);
    expect(pow(2, -1074)).toBe(5e-324);
  });

  it("agrees with Math.pow", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-100, max: 1e100, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (x, y) => {
          expect(ulpsApart(pow(x, y), Math.pow(x, y))).toBeLessThanOrEqual(2);
        },
      ),
      fixed,
    );
  });

  it("treats the edges as Math.pow does", () => {
    const edges = [0, -0, 1, -1, 2, -2, 3, 0.5, -0.5, 1e300, -1e300, Infinity, -Infinity, NaN];
    for (const x of edges) {
      for (const y of edges) {
        const expected = Math.pow(x, y);
        const exact = Number.isInteger(expected) || !Number.isFinite(expected);
        if (exact) expect(pow(x, y), `${x} ^ ${y}`).toBe(expected);
        else expect(ulpsApart(pow(x, y), expected), `${x} ^ ${y}`).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe("powerOfTwo", () => {
  it("is exact over the normal range", () => {
    for (let k = -1022; k <= 1023; k++) expect(powerOfTwo(k)).toBe(2 ** k);
  });
});

describe("gamma function", () => {
  it("is the factorial, and the square root of pi at one half", () => {
    let factorial = 1;
    for (let n = 1; n <= 25; n++) {
      expect(Math.abs(gammaFunction(n) / factorial - 1)).toBeLessThan(1e-13);
      factorial *= n;
    }
    expect(gammaFunction(0.5)).toBeCloseTo(Math.sqrt(Math.PI), 13);
  });

  it("satisfies the reflection formula everywhere between 0 and 1", () => {
    for (let x = 0.01; x < 1; x += 0.01) {
      const product = (gammaFunction(x) * gammaFunction(1 - x) * Math.sin(Math.PI * x)) / Math.PI;
      expect(Math.abs(product - 1)).toBeLessThan(1e-13);
    }
  });
});
