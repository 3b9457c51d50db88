// Cases of one station that takes customers in another order, works on all at once, or pauses when it is empty.

import type { Parameters } from "../../base/fields.ts";
import { Arena } from "../../kernel/arena.ts";
import { createSampler } from "../../kernel/distributions.ts";
import { RandomStreams } from "../../kernel/random.ts";
import { source } from "../sketch.suite.ts";
import type { Expression } from "./agreement.suite.ts";
import {
  constant,
  type Described,
  describe,
  exponential,
  type QueueingCase,
} from "./cases.suite.ts";
import { type FigureOf, meanOf, ratio } from "./figures.suite.ts";
import { figuresOf, stays, waits } from "./stationFigures.suite.ts";
import { call, calledStation, memoryOf, plenty, server, type Station } from "./stations.suite.ts";

/** Classes of customers of which the first goes first. */
export function priorities({ parameters: p, expected }: QueueingCase): Expression | string {
  const rates: readonly number[] = p["lambda"];
  if (interrupts(p, expected)) return "service that a customer of higher priority interrupts";
  const mu = Array.isArray(p["mu"]) ? p["mu"] : rates.map(() => Number(p["mu"]));
  if (new Set(mu).size > 1) return "a service time for each contract";
  const servers = p["servers"] ?? 1;
  const service = exponential(1 / mu[0]);
  const rate = rates.reduce((sum, one) => sum + one, 0);
  const about: Station = { rate, service, servers, parameters: { order: "priority" } };
  const classes = rates.map((_, i) => `class-${i + 1}`);
  const figures: Record<string, FigureOf> = { Wq_mean: meanOf(waits()) };
  classes.forEach((name, i) => {
    figures[`Wq_class${i + 1}`] = meanOf(waits(undefined, name));
    figures[`W_class${i + 1}`] = meanOf(stays(undefined, name));
  });
  return {
    sketch: {
      nodes: [...classes.map((name, i) => source(name, rates[i]!)), server("server", about)],
      connections: classes.map((name, i) => call(name, "server", { priority: 9 - i })),
    },
    watch: {
      stations: [{ service: "server", servers, meanService: service.mean }],
      sources: Object.fromEntries(classes.map((name, i) => [name, 1 / rates[i]!])),
    },
    memory: memoryOf(about),
    rate,
    figures,
  };
}

/** Whether a case of priorities lets the first interrupt: it says so, or the first class waits only for itself. */
function interrupts(p: QueueingCase["parameters"], expected: QueueingCase["expected"]): boolean {
  const discipline = p["discipline"];
  if (discipline !== undefined) return String(discipline).startsWith("preemptive");
  const mu = Number(Array.isArray(p["mu"]) ? p["mu"][0] : p["mu"]);
  const servers = Number(p["servers"] ?? 1);
  if (servers !== 1) return false;
  const own = p["lambda"][0] / mu;
  const alone = own / (1 - own) / mu;
  return Math.abs((expected["Wq_class1"] ?? 0) - alone) < 1e-6;
}

/** Orders other than first come, first served, and sharing. */
export function otherOrder({ parameters: p }: QueueingCase): Expression | string {
  const service: Described | undefined =
    p["service"] === undefined ? exponential(1 / p["mu"]) : describe(p["service"]);
  if (service === undefined) return "a distribution";
  switch (p["discipline"]) {
    case "PS":
      return sharing(p["lambda"], service);
    case "LCFS": {
      const about = { rate: p["lambda"], service, servers: 1, parameters: { order: "lifo" } };
      return { ...calledStation(about), figures: figuresOf(1) };
    }
    case "LCFS-PR":
      return "service that the latest customer interrupts";
    case "SRPT":
      return "an order by what remains of the work";
    default:
      return `the order ${p["discipline"]}`;
  }
}

/** As many workers as there are customers share one core. How much work each drew is not in the event log, so that
 *  only arrivals are controls. */
function sharing(rate: number, service: Described): Expression {
  const about: Station = { rate, service, servers: plenty, parameters: { cores: 1 } };
  const station = calledStation(about);
  const watched = station.watch.stations.map(({ service: id }) => ({ service: id, servers: 1 }));
  return {
    ...station,
    watch: { ...station.watch, stations: watched },
    memory: memoryOf({ ...about, servers: 1, service: exponential(service.mean) }),
    figures: { ...figuresOf(1), W_given_size_1: stayOfSize(1, service) },
  };
}

/** Mean stay of customers with work of about this size [s], scaled to it: under sharing it is proportional to the work.
 *  The log does not say how much work each drew; the stream from which the service drew it is drawn once more. */
function stayOfSize(size: number, service: Described): FigureOf {
  return ratio(({ seed, station }) => {
    const stream = new RandomStreams(new Arena(), seed).stream("server/work");
    const sampler = createSampler(service.distribution, stream);
    const works: number[] = [];
    let stay = 0;
    let work = 0;
    for (const { stays: all, ranks } of station.times.values())
      all.values().forEach((value, i) => {
        const rank = ranks.values()[i]!;
        while (works.length <= rank) works.push(sampler.sample() / 1000);
        if (Math.abs(works[rank]! - size) > size / 2) return;
        stay += value;
        work += works[rank]!;
      });
    return [stay * size, work];
  });
}

/** A server that pauses when there is nothing to do: it looks again from time to time, or starts cold. */
export function vacations({ parameters: p }: QueueingCase): Expression | string {
  const words = String(p["vacation"] ?? p["setup"]);
  const pause = pauseOf(words);
  if (pause === undefined) return `a pause that is ${words}`;
  const parameters: Parameters =
    p["vacation"] === undefined
      ? { coldStart: pause.distribution }
      : { pollInterval: pause.distribution };
  const about: Station = {
    rate: p["lambda"],
    service: exponential(1 / p["mu"]),
    servers: 1,
    parameters,
  };
  return { ...calledStation(about), figures: figuresOf(1) };
}

/** Reads "exponential mean 5" and "deterministic 4". */
function pauseOf(words: string): Described | undefined {
  const length = Number(/[\d.]+/u.exec(words)?.[0]);
  if (words.startsWith("exponential")) return exponential(length);
  return words.startsWith("deterministic") ? constant(length) : undefined;
}
