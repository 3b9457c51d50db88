// Formulas of queues against published values. The numbers stand in textbooks (Gross, Shortle, Thompson, Harris;
// Erlang's tables) or follow from solving the birth–death chain exactly.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  erlangB,
  erlangC,
  finiteMarkovQueue,
  generalQueue,
  generalQueueApproximately,
  lossQueue,
  markovQueue,
  markovTimeQuantile,
  type QueueFigures,
  unlimitedQueue,
} from "./queueing.ts";

/** Agreement to nine digits. */
function expectClose(actual: number | undefined, expected: number): void {
  expect(actual).toBeDefined();
  expect(actual! / expected).toBeCloseTo(1, 9);
}

describe("M/M/c", () => {
  it.each([
    [0.5, 1, 1, 0.5, 1],
    [0.9, 1, 1, 0.9, 9],
    [3, 4, 1, 0.75, 3],
    [1.5, 1, 2, 0.6428571428571429, 3.4285714285714284],
    [2, 1, 3, 0.4444444444444444, 2.888888888888889],
    [7.2, 1, 8, 0.701532990131886, 13.513796911186972],
    [8, 1, 10, 0.40918015, 9.6367206],
    [19, 1, 20, 0.7554012321, 33.35262341],
  ])("λ %d, μ %d, %d servers", (arrivalRate, serviceRate, servers, ...of) => {
    const [waits, inSystem] = of;
    const figures = markovQueue({ arrivalRate, serviceRate, servers })!;
    expect(erlangC(servers, arrivalRate / serviceRate)).toBeCloseTo(waits, 8);
    expect(figures.meanInSystem).toBeCloseTo(inSystem, 6);
    expectClose(figures.utilisation, arrivalRate / serviceRate / servers);
  });

  it("is not defined where more comes than can be served", () => {
    expect(markovQueue({ arrivalRate: 2, serviceRate: 1, servers: 2 })).toBeUndefined();
    expect(erlangC(2, 2)).toBe(1);
    expect(markovQueue({ arrivalRate: 1.99, serviceRate: 1, servers: 2 })).toBeDefined();
  });

  it("one server: the time in system is exponential", () => {
    const queue = { arrivalRate: 0.5, serviceRate: 1, servers: 1 };
    expect(markovTimeQuantile(queue, 0.5)).toBeCloseTo(1.386294361, 8);
    expect(markovTimeQuantile(queue, 0.95)).toBeCloseTo(5.991464547, 8);
    expect(markovTimeQuantile(queue, 0.99)).toBeCloseTo(9.210340372, 8);
  });

  it("several servers: the quantile is where the textbook's tail says, equal rates included", () => {
    // Relief c μ − λ = 1 = μ: waits an exponential time of the same mean as the service.
    const queue = { arrivalRate: 2, serviceRate: 1, servers: 3 };
    const t = markovTimeQuantile(queue, 0.9);
    const tail = (5 / 9) * Math.exp(-t) + (4 / 9) * (1 + t) * Math.exp(-t);
    expect(tail).toBeCloseTo(0.1, 9);
    const other = { arrivalRate: 1.5, serviceRate: 1, servers: 2 };
    const u = markovTimeQuantile(other, 0.95);
    const waits = 9 / 14;
    const both = (0.5 * Math.exp(-u) - Math.exp(-0.5 * u)) / (0.5 - 1);
    expect((1 - waits) * Math.exp(-u) + waits * both).toBeCloseTo(0.05, 9);
  });
});

describe("M/M/c/K", () => {
  it.each([
    [0.8, 1, 1, 5, 0.08881949866, 1.868332032, 0.7289444011],
    [1, 1, 1, 10, 0.09090909091, 5, 0.9090909091],
    [1, 1.2, 1, 10, 0.03110379415, 3.289291322, 0.9688962058],
    [3, 2, 2, 5, 0.08511383538, 2.005954466, 2.744658494],
    [4, 1, 3, 8, 0.2795403554, 5.914196262, 2.881838578],
    [3, 4, 2, 3, 0.04936014625, 0.7623400366, 2.851919561],
  ])("λ %d, μ %d, %d servers, room for %d", (arrivalRate, serviceRate, servers, ...of) => {
    const figures = finiteMarkovQueue({ arrivalRate, serviceRate, servers, capacity: of[0] });
    const [, lost, inside, throughput] = of;
    expect(figures.lossProbability).toBeCloseTo(lost, 9);
    expect(figures.meanInSystem).toBeCloseTo(inside, 8);
    expect(figures.throughput).toBeCloseTo(throughput, 8);
    expect(figures.timeInSystem).toBeCloseTo(inside / throughput, 8);
    expect(figures.utilisation).toBeCloseTo(throughput / serviceRate / servers, 9);
  });

  it("with endless room it is M/M/c, with room for the servers only it is Erlang's loss system", () => {
    const queue = { arrivalRate: 7.2, serviceRate: 1, servers: 8 };
    const unbounded = markovQueue(queue)!;
    const wide = finiteMarkovQueue({ ...queue, capacity: 1e7 });
    expectClose(wide.meanInSystem, unbounded.meanInSystem);
    expect(wide.lossProbability).toBeLessThan(1e-15);
    const tight = finiteMarkovQueue({ ...queue, capacity: 8 });
    expectClose(tight.lossProbability, lossQueue(queue).lossProbability);
    expectClose(tight.meanInSystem, lossQueue(queue).meanInSystem);
  });

  it("overloaded it is full most of the time, however large", () => {
    const figures = finiteMarkovQueue({
      arrivalRate: 2000,
      serviceRate: 1,
      servers: 1000,
      capacity: 1e6,
    });
    expect(figures.throughput).toBeCloseTo(1000, 6);
    expect(figures.lossProbability).toBeCloseTo(0.5, 6);
    expect(figures.meanInSystem).toBeCloseTo(1e6 - 1, 3);
  });

  it("without arrivals it is empty", () => {
    const figures = finiteMarkovQueue({ arrivalRate: 0, serviceRate: 1, servers: 1, capacity: 3 });
    expect(figures).toMatchObject({ meanInSystem: 0, throughput: 0, timeInSystem: 1, wait: 0 });
  });
});

describe("M/G/1", () => {
  it.each([
    [0.5, 0, 0.5],
    [0.8, 0, 2],
    [0.9, 0, 4.5],
    [0.8, 0.5, 3],
    [0.8, 0.25, 2.5],
    [0.8, 4, 10],
  ])("ρ %d, cv² %d: mean wait %d", (arrivalRate, serviceCv2, wait) => {
    expectClose(generalQueue({ arrivalRate, serviceMean: 1, serviceCv2 })!.wait, wait);
  });

  it("is not defined where more comes than can be served", () => {
    expect(generalQueue({ arrivalRate: 1, serviceMean: 1, serviceCv2: 0 })).toBeUndefined();
    expect(
      generalQueueApproximately({ arrivalRate: 2, serviceMean: 1, serviceCv2: 0 }, 2),
    ).toBeUndefined();
  });

  it("with exponential service it is M/M/1, and the approximation for several servers is M/M/c", () => {
    const queue = { arrivalRate: 0.7, serviceMean: 1, serviceCv2: 1 };
    const markov = markovQueue({ arrivalRate: 0.7, serviceRate: 1, servers: 1 })!;
    expectClose(generalQueue(queue)!.timeInSystem, markov.timeInSystem);
    const four = markovQueue({ arrivalRate: 0.7, serviceRate: 1, servers: 4 })!;
    expectClose(generalQueueApproximately(queue, 4)!.wait, four.wait);
  });

  it("M/D/2: the approximation is within 3 % of the exact time in system", () => {
    const exact = 1.903283879;
    const queue = { arrivalRate: 1.6, serviceMean: 1, serviceCv2: 0 };
    const { timeInSystem } = generalQueueApproximately(queue, 2)!;
    expect(Math.abs(timeInSystem / exact - 1)).toBeLessThan(0.03);
  });
});

describe("systems in which nobody waits", () => {
  it.each([
    [10, 8, 0.1216610643],
    [20, 15, 0.04559321559],
    [5, 3, 0.1100543478],
  ])("Erlang B, %d servers, %d Erlang", (servers, offered, lost) => {
    expect(erlangB(servers, offered)).toBeCloseTo(lost, 9);
    const figures = lossQueue({ arrivalRate: offered, serviceRate: 1, servers });
    expectClose(figures.meanInSystem, offered * (1 - erlangB(servers, offered)));
  });

  it("M/G/∞ holds its offered load", () => {
    const figures = unlimitedQueue({ arrivalRate: 4, serviceRate: 1 / 2.5, servers: 1000 });
    expectClose(figures.meanInSystem, 10);
    expectClose(figures.timeInSystem, 2.5);
  });
});

it("every queue obeys Little's law, and what is served is what keeps servers busy", () => {
  const load = fc.record({
    arrivalRate: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    serviceRate: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    servers: fc.integer({ min: 1, max: 1000 }),
    room: fc.integer({ min: 0, max: 1000 }),
    serviceCv2: fc.double({ min: 0, max: 100, noNaN: true }),
  });
  fc.assert(
    fc.property(load, ({ arrivalRate, serviceRate, servers, room, serviceCv2 }) => {
      const queue = { arrivalRate, serviceRate, servers };
      const general = { arrivalRate, serviceMean: 1 / serviceRate, serviceCv2 };
      const all: readonly (QueueFigures | undefined)[] = [
        markovQueue(queue),
        finiteMarkovQueue({ ...queue, capacity: servers + room }),
        generalQueueApproximately(general, servers),
        generalQueue(general),
        lossQueue(queue),
      ];
      for (const figures of all) {
        if (figures === undefined) continue;
        const entering = arrivalRate * (1 - figures.lossProbability);
        const scale = Math.max(1, figures.meanInSystem);
        expect(
          Math.abs(figures.meanInSystem - entering * figures.timeInSystem) / scale,
        ).toBeLessThan(1e-6);
        expect(Math.abs(figures.throughput - entering) / arrivalRate).toBeLessThan(1e-6);
        expect(figures.meanWaiting).toBeGreaterThan(-1e-9 * scale);
      }
    }),
    { seed: 20261121 },
  );
});
