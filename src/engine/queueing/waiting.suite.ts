// Cases of one station that is called: M/M/1, M/M/c, Erlang C, M/G/1, M/D/c, M/G/inf and GI/M/1, batches and bursts;
// and those where the room is limited: M/M/c/K, Erlang B.

import type { Parameters } from "../../base/fields.ts";
import { ln } from "../../kernel/math.ts";
import { source } from "../sketch.suite.ts";
import type { Expression } from "./agreement.suite.ts";
import {
  constant,
  type Described,
  describe,
  exponential,
  type QueueingCase,
} from "./cases.suite.ts";
import { meanOf, shareUpTo } from "./figures.suite.ts";
import {
  arrivalRate,
  atWork,
  figuresOf,
  stationAt,
  turnedAway,
  waits,
} from "./stationFigures.suite.ts";
import { call, calledStation, front, plenty, server, type Station } from "./stations.suite.ts";

/** M/M/1, M/M/c, Erlang C, M/G/1, M/D/c, M/G/inf; a limited room where the case has one. */
export function poissonStation({ parameters: p }: QueueingCase): Expression | string {
  const service = p["service"] === undefined ? exponential(1 / p["mu"]) : describe(p["service"]);
  if (service === undefined) return `the distribution "${p["service"].dist}"`;
  const servers = serversOf(p);
  const capacity = p["capacity_total"];
  const station: Station = {
    rate: p["lambda"],
    service,
    servers,
    ...(capacity === undefined ? {} : { parameters: { mailbox: capacity - servers } }),
  };
  return {
    ...calledStation(station),
    // A room that is soon full or empty forgets soon.
    ...(capacity === undefined ? {} : { memory: 4 * service.mean }),
    figures: {
      ...figuresOf(servers),
      P_block: turnedAway(),
      service_level_1_mean_service: shareUpTo(service.mean, waits()),
    },
  };
}

/** One place, where the kind of customer decides how long it is taken: a worker that waits for one of two others. */
export function kindsOfWork({ parameters: p }: QueueingCase): Expression {
  const shares: readonly number[] = p["class_share"];
  const times: readonly number[] = p["service_mean"];
  const kinds = shares.map((share, i) => ({
    name: `kind-${i + 1}`,
    rate: share * p["lambda"],
    service: exponential(times[i]!),
  }));
  const room = { concurrency: p["servers"], mailbox: p["capacity_total"] - p["servers"] };
  const works = kinds.map(({ name, service }) => ({
    service: `work-${name}`,
    servers: p["servers"],
    meanService: service.mean,
  }));
  return {
    sketch: {
      nodes: [
        ...kinds.map(({ name, rate }) => source(name, rate)),
        front("place", room),
        ...kinds.map(({ name, service }) =>
          server(`work-${name}`, { service, servers: p["servers"] }),
        ),
      ],
      connections: kinds.flatMap(({ name }) => [
        call(name, "place"),
        { ...call("place", `work-${name}`), after: [name] },
      ]),
    },
    watch: {
      stations: [{ service: "place", servers: p["servers"] }, ...works],
      sources: Object.fromEntries(kinds.map(({ name, rate }) => [name, 1 / rate])),
    },
    memory: 4 * Math.max(...times),
    rate: p["lambda"],
    figures: {
      ...figuresOf(p["servers"]),
      P_block: turnedAway(),
      ...Object.fromEntries(
        kinds.map((_, i) => [`P_busy_class${i + 1}`, atWork(stationAt(i + 1))]),
      ),
    },
  };
}

function serversOf(p: QueueingCase["parameters"]): number {
  if (p["servers"] === undefined) return p["service"] === undefined || "mean" in p ? 1 : plenty;
  return p["servers"] === "infinite" ? plenty : p["servers"];
}

/** GI/G/1 with independent gaps between arrivals: GI/M/1, Kingman's bound. */
export function renewalStation({ parameters: p }: QueueingCase): Expression | string {
  const gap = describe(p["interarrival"]);
  const service = p["service"] === undefined ? exponential(1 / p["mu"]) : describe(p["service"]);
  if (gap === undefined || service === undefined) return "a distribution";
  const station: Station = {
    rate: 1 / gap.mean,
    service,
    servers: 1,
    gapCv2: gap.cv2,
    producer: { arrivals: "renewal", gap: gap.distribution },
  };
  return { ...calledStation(station), figures: { ...figuresOf(1), Wq_upper: meanOf(waits()) } };
}

/** D/D/1: constant arrivals, constant work. */
export function clockwork({ parameters: p }: QueueingCase): Expression {
  const station: Station = {
    rate: 1 / p["interarrival"],
    service: constant(p["service"]),
    servers: 1,
    producer: { arrivals: "constant" },
    gapCv2: 0,
  };
  return { ...calledStation(station), figures: figuresOf(1) };
}

/** Poisson arrivals of batches. */
export function batches({ parameters: p }: QueueingCase): Expression | string {
  const { dist, mean = p["batch"].value } = p["batch"];
  const size = batchOf(dist, mean);
  if (size === undefined) return `the distribution "${dist}" of batches`;
  const service = exponential(1 / p["mu"]);
  const about: Station = {
    rate: p["batch_rate"] * mean,
    service,
    servers: 1,
    gapCv2: 2 * mean,
  };
  const station = calledStation({ ...about, producer: { rate: p["batch_rate"], batch: size } });
  return {
    ...station,
    watch: { ...station.watch, sources: { source: 1 / p["batch_rate"] } },
    figures: figuresOf(1),
  };
}

function batchOf(dist: string, mean: number): Described["distribution"] | undefined {
  if (dist === "constant") return { distribution: "constant", value: mean };
  // An exponential number, rounded up, is geometric with 1 − exp(−1 / m) as probability of the next being the last.
  if (dist === "geometric from 1")
    return { distribution: "exponential", mean: 1 / ln(mean / (mean - 1)) };
  return undefined;
}

/** Arrivals whose rate changes by itself, from state to state. */
export function bursts({ parameters: p }: QueueingCase): Expression {
  const rates: readonly number[] = p["rates"];
  const lengths: readonly number[] = p["sojourn_means"];
  const cycle = lengths.reduce((sum, length) => sum + length, 0);
  const rate = rates.reduce((sum, one, i) => sum + one * lengths[i]!, 0) / cycle;
  const states = rates.map((one, i) => ({ factor: one, mean: lengths[i]! * 1000 }));
  const producer: Parameters = { rate: 1, bursts: "states", states };
  const station = calledStation({ rate, service: exponential(1 / p["mu"]), servers: 1, producer });
  return {
    ...station,
    // Gaps between arrivals depend on the state of the source, which nobody sees: they are no control.
    watch: { ...station.watch, sources: {}, rate },
    memory: 10 * cycle,
    figures: { ...figuresOf(1), lambda_mean: arrivalRate() },
    plain: ["lambda_mean"],
  };
}
