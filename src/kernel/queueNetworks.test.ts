// Networks of queues against textbook examples.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meanValueAnalysis, solveTraffic } from "./queueNetworks.ts";
import { markovQueue } from "./queueing.ts";

describe("open networks", () => {
  it("three facilities that feed each other (Hillier and Lieberman)", () => {
    const routing = [
      [0, 0.6, 0.3],
      [0.1, 0, 0.3],
      [0.4, 0.4, 0],
    ];
    const rates = solveTraffic([1, 4, 3], routing)!;
    [5, 10, 7.5].forEach((rate, i) => expect(rates[i]).toBeCloseTo(rate, 10));
    const inside = [1, 2, 1].map(
      (servers, i) =>
        markovQueue({ arrivalRate: rates[i]!, serviceRate: 10, servers })!.meanInSystem,
    );
    [1, 4 / 3, 3].forEach((mean, i) => expect(inside[i]).toBeCloseTo(mean, 10));
  });

  it("a quarter comes back for another round", () => {
    expect(solveTraffic([0.5], [[0.25]])![0]).toBeCloseTo(2 / 3, 12);
  });

  it("solves the traffic equations of any network from which everything leaves in the end", () => {
    const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 42,
      maxLength: 42,
    });
    fc.assert(
      fc.property(weights, (numbers) => {
        const external = numbers.slice(0, 6);
        const routing = external.map((_, i) => {
          const row = numbers.slice(6 + 6 * i, 12 + 6 * i);
          const sum = row.reduce((total, share) => total + share, 0.1);
          return row.map((share) => share / sum);
        });
        const rates = solveTraffic(external, routing)!;
        rates.forEach((rate, j) => {
          const arriving = rates.reduce(
            (sum, from, i) => sum + from * routing[i]![j]!,
            external[j]!,
          );
          expect(Math.abs(rate - arriving)).toBeLessThan(1e-9 * (1 + rate));
        });
      }),
      { seed: 20261121 },
    );
    expect(solveTraffic([], [])).toEqual([]);
  });

  it("has no solution when nothing ever leaves", () => {
    expect(solveTraffic([1], [[1]])).toBeUndefined();
    expect(
      solveTraffic(
        [1, 0],
        [
          [0, 1],
          [1, 0],
        ],
      ),
    ).toBeUndefined();
    // More comes back than went: the solution of the equations is negative.
    expect(solveTraffic([1], [[2]])).toBeUndefined();
  });
});

describe("closed networks", () => {
  it("20 users who think for 4 and visit three stations", () => {
    const stations = [
      { visits: 16, serviceMean: 0.125 },
      { visits: 10, serviceMean: 0.3 },
      { visits: 5, serviceMean: 0.2 },
    ];
    const figures = meanValueAnalysis(20, 4, stations);
    expect(figures.throughput).toBeCloseTo(0.3332465122, 9);
    [1.990623285, 16.17665112, 0.4997395445].forEach((mean, i) =>
      expect(figures.meanInStation[i]).toBeCloseTo(mean, 8),
    );
    [0.3733391071, 4.854259693, 0.2999218453].forEach((time, i) =>
      expect(figures.timeInStation[i]).toBeCloseTo(time, 8),
    );
  });

  it("a central server and three disks", () => {
    const stations = [
      { visits: 1, serviceMean: 0.02 },
      { visits: 0.4, serviceMean: 0.2 },
      { visits: 0.2, serviceMean: 0.4 },
      { visits: 0.1, serviceMean: 0.6 },
    ];
    const figures = meanValueAnalysis(6, 0, stations);
    expect(figures.throughput).toBeCloseTo(9.919836337, 8);
    expect(figures.utilisation[0]).toBeCloseTo(0.1983967267, 9);
    expect(figures.utilisation[3]).toBeCloseTo(0.5951901802, 9);
    expect(figures.meanInStation.reduce((sum, mean) => sum + mean, 0)).toBeCloseTo(6, 10);
  });
});
