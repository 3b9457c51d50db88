// Cases of several stations. A line of stations is a front of as many workers as there are customers, which calls one
// station after the other; a network with probabilities is queues, with services that choose where to publish.

import { assert } from "../../base/assert.ts";
import type { Channel, Connection, Node } from "../../model/scenario.ts";
import { source } from "../sketch.suite.ts";
import type { Expression } from "./agreement.suite.ts";
import { exponential, type QueueingCase } from "./cases.suite.ts";
import { type FigureOf, mean, meanOf, ratio, varianceOf } from "./figures.suite.ts";
import type { StationWatch } from "./observer.suite.ts";
import {
  arrivalRate,
  atWork,
  inside,
  stationAt,
  stays,
  throughput,
  turnedAway,
} from "./stationFigures.suite.ts";
import {
  call,
  consume,
  front,
  memoryOf,
  plenty,
  publish,
  rabbit,
  server,
  type Station,
} from "./stations.suite.ts";

interface Line {
  readonly stations: readonly Station[];
  readonly watches: readonly StationWatch[];
  readonly nodes: readonly Node[];
}

function lineOf(stations: readonly Station[]): Line {
  return {
    stations,
    watches: stations.map(({ servers, service }, i) => ({
      service: `station-${i + 1}`,
      servers,
      meanService: service.mean,
    })),
    nodes: stations.map((about, i) => server(`station-${i + 1}`, about)),
  };
}

/** Stations in a row; the figures of station i end in i, those of the whole are of the front, which is watched last. */
export function tandem({ parameters: p }: QueueingCase): Expression {
  const rates: readonly number[] = p["mu"];
  const stations = rates.map((mu, i): Station => ({
    rate: p["lambda"],
    service: exponential(1 / mu),
    servers: p["servers"]?.[i] ?? 1,
    ...(i === 1 && p["capacity_second"] !== undefined
      ? { parameters: { mailbox: p["capacity_second"] - 1 } }
      : {}),
  }));
  const line = lineOf(stations);
  const whole = stationAt(stations.length);
  return {
    sketch: {
      nodes: [source("source", p["lambda"]), front("front"), ...line.nodes],
      connections: [
        call("source", "front"),
        ...line.watches.map(({ service }) => call("front", service)),
      ],
    },
    watch: {
      stations: [...line.watches, { service: "front", servers: plenty }],
      sources: { source: 1 / p["lambda"] },
    },
    memory: Math.max(...stations.map((about) => memoryOf(about))),
    rate: p["lambda"],
    figures: {
      ...numbered("W_station", stations.length, (i) => meanOf(stays(stationAt(i)))),
      ...numbered("L_", stations.length, (i) => inside(stationAt(i))),
      W_total: meanOf(stays(whole)),
      L_total: inside(whole),
      var_W_total: varianceOf(stays(whole)),
      loss_fraction: turnedAway(stationAt(1)),
      throughput: throughput(stationAt(stations.length - 1)),
    },
  };
}

/** One figure for each of some stations, numbered from 1. */
function numbered(
  prefix: string,
  count: number,
  figure: (index: number) => FigureOf,
): Record<string, FigureOf> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${prefix}${i + 1}`, figure(i)]),
  );
}

/** A station whose work has to be done again with a probability: the caller calls again, behind all who wait. */
function feedback({ parameters: p }: QueueingCase): Expression {
  const rate = p["lambda"] / (1 - p["feedback"]);
  const about: Station = { rate, service: exponential(1 / p["mu"]), servers: 1 };
  return {
    sketch: {
      nodes: [
        source("source", p["lambda"]),
        front("front"),
        server("server", { ...about, parameters: { errorRate: p["feedback"] } }),
      ],
      connections: [
        call("source", "front"),
        call("front", "server", { attempts: 100, backoff: 0, jitter: "none" }),
      ],
    },
    watch: {
      stations: [
        { service: "server", servers: 1, meanService: about.service.mean },
        { service: "front", servers: plenty },
      ],
      sources: { source: 1 / p["lambda"] },
    },
    memory: memoryOf(about) / (1 - p["feedback"]),
    rate: p["lambda"],
    figures: {
      arrival_rate_effective: arrivalRate(),
      rho: atWork(),
      L: inside(),
      W_total: meanOf(stays(stationAt(1))),
      visits: ratio(({ stations }) => [stations[0]!.arrivals, stations[1]!.arrivals]),
    },
  };
}

/** Jackson networks. */
export function jackson(about: QueueingCase): Expression {
  return about.parameters["feedback"] === undefined ? routed(about) : feedback(about);
}

/** Where customers go from a station: targets with probabilities; the rest leaves. */
interface Fork {
  readonly target: number;
  readonly share: number;
}

/** A network in which a customer goes from station i to station j with a probability. Of two targets one is for
 *  failures, which are as probable as it is; further targets hang on routers, which have no work. */
function routed({ parameters: p }: QueueingCase): Expression {
  const external: readonly number[] = p["external"];
  const routing: readonly (readonly number[])[] = p["routing"];
  const flows = trafficOf(external, routing);
  const stations = external.map((_, i): Station => ({
    rate: flows[i]!,
    service: exponential(1 / p["mu"][i]),
    servers: p["servers"]?.[i] ?? 1,
  }));
  const parts = new NetworkParts();
  external.forEach((rate, i) => parts.addSource(i, rate));
  stations.forEach((about, i) => parts.addStation(i, about, forksOf(routing[i]!)));
  const sources = external.flatMap((rate, i) => (rate > 0 ? [[`source-${i + 1}`, 1 / rate]] : []));
  return {
    sketch: { nodes: parts.nodes, channels: parts.channels, connections: parts.connections },
    watch: {
      stations: stations.map(({ servers, service }, i) => ({
        service: `station-${i + 1}`,
        channel: `queue-${i + 1}`,
        servers,
        meanService: service.mean,
      })),
      sources: Object.fromEntries(sources),
    },
    memory: 2 * Math.max(...stations.map((about) => memoryOf(about))),
    rate: 2 * flows.reduce((sum, flow) => sum + flow, 0),
    figures: {
      ...numbered("lambda_", stations.length, (i) => arrivalRate(stationAt(i))),
      ...numbered("L_", stations.length, (i) => inside(stationAt(i))),
      L_total: mean(
        ({ stations: all, span }) => all.reduce((sum, s) => sum + s.areaInside, 0) / span,
      ),
      // By Little's law, with the arrivals from outside that there were.
      W_total: ratio(({ stations: all, entered }) => [
        all.reduce((sum, station) => sum + station.areaInside, 0),
        entered,
      ]),
    },
  };
}

/** Solves the traffic equations by iteration. */
function trafficOf(external: readonly number[], routing: readonly (readonly number[])[]): number[] {
  let flows = [...external];
  for (let round = 0; round < 1000; round++)
    flows = external.map(
      (rate, i) => rate + flows.reduce((sum, flow, from) => sum + flow * routing[from]![i]!, 0),
    );
  return flows;
}

function forksOf(row: readonly number[]): readonly Fork[] {
  return row.flatMap((share, target) => (share > 0 ? [{ target, share }] : []));
}

/** The elements of a network, as they are added. */
class NetworkParts {
  readonly nodes: Node[] = [rabbit];
  readonly channels: Channel[] = [];
  readonly connections: Connection[] = [];

  addSource(i: number, rate: number): void {
    if (rate === 0) return;
    this.nodes.push(source(`source-${i + 1}`, rate));
    this.#publish(`source-${i + 1}`, `queue-${i + 1}`, `source-${i + 1}`);
  }

  addStation(i: number, about: Station, forks: readonly Fork[]): void {
    this.#addQueue(`queue-${i + 1}`);
    this.#addFork(`station-${i + 1}`, `queue-${i + 1}`, about, forks);
  }

  /** A service behind a queue whose customers go on to several targets. */
  #addFork(id: string, queue: string, about: Station, forks: readonly Fork[]): void {
    const [first, second, ...others] = forks;
    const errorRate = second === undefined ? 0 : second.share;
    this.nodes.push(server(id, { ...about, parameters: { errorRate } }));
    this.connections.push(consume(queue, id));
    if (first === undefined) return;
    if (second !== undefined) this.#publish(id, `queue-${second.target + 1}`, "failed");
    if (others.length === 0) {
      this.#publish(id, `queue-${first.target + 1}`, "done", first.share / (1 - errorRate));
      return;
    }
    const rest = [first, ...others].map(({ target, share }) => ({
      target,
      share: share / (1 - errorRate),
    }));
    const router: Station = { ...about, servers: plenty, service: exponential(1e-6) };
    this.#addQueue(`${id}-rest-queue`);
    this.#publish(id, `${id}-rest-queue`, "done");
    this.#addFork(`${id}-rest`, `${id}-rest-queue`, router, [rest[0]!, ...rest.slice(1)]);
  }

  #addQueue(id: string): void {
    this.channels.push({ id, broker: rabbit.id, kind: "queue" });
  }

  #publish(from: string, to: string, contract: string, probability = 1): void {
    this.connections.push(
      publish(from, to, {
        id: `${from}-${to}-${contract}`,
        contract,
        ...(contract === "failed" ? { on: "failure" } : {}),
        parameters: { probability },
      }),
    );
  }
}

/** A closed network: clients think and call a front that visits each station as often as the case says. Which visits
 *  come first does not matter to the product form (Baskett, Chandy, Muntz, Palacios 1975). */
export function closed({ parameters: p }: QueueingCase): Expression {
  return p["demands"] === undefined ? closedByVisits(p) : closedByDemands(p);
}

function closedByVisits(p: QueueingCase["parameters"]): Expression {
  const ratios: readonly number[] = p["visits"];
  const times: readonly number[] = p["service_mean"];
  const scale = wholeScaleOf(ratios);
  const visits = ratios.map((visit) => Math.round(visit * scale));
  const stations = times.map((time): Station => ({
    rate: 0,
    service: exponential(time),
    servers: 1,
  }));
  const line = lineOf(stations);
  const think = p["think"] ?? 0;
  const slowest = Math.max(...visits.map((visit, i) => visit * times[i]!));
  const whole = stationAt(stations.length);
  const perRound: FigureOf = mean(
    ({ stations: all, span }) => (all[stations.length]!.handled / span) * scale,
  );
  return {
    sketch: {
      nodes: [clients("clients", p["population"], think), front("front"), ...line.nodes],
      connections: [
        call("clients", "front"),
        ...line.watches.flatMap(({ service }, i) => visitsOf("front", service, visits[i]!)),
      ],
    },
    watch: { stations: [...line.watches, { service: "front", servers: plenty }], sources: {} },
    memory: 2 * (slowest * p["population"] + think),
    rate: visits.reduce((sum, visit) => sum + visit, 0) / slowest,
    figures: {
      X: perRound,
      ...numbered("Q_", stations.length, (i) => inside(stationAt(i))),
      ...numbered("U_", stations.length, (i) => atWork(stationAt(i))),
      ...Object.fromEntries(
        stations.map((_, i) => [`R_${i + 1}_per_visit`, meanOf(stays(stationAt(i)))]),
      ),
      R_system: ratio((seen) => [stays(whole)(seen).sum() / scale, stays(whole)(seen).count()]),
    },
  };
}

/** Classes of clients with demands of their own at stations that share their time among all who are there: a demand of
 *  d units is d visits of one unit. */
function closedByDemands(p: QueueingCase["parameters"]): Expression {
  const demands: readonly (readonly number[])[] = p["demands"];
  const population: readonly number[] = p["population"];
  const scale = wholeScaleOf(demands.flat());
  const everybody = population.reduce((sum, clientsOfClass) => sum + clientsOfClass, 0);
  const unit = exponential(1 / scale);
  const shared = { concurrency: everybody, cores: 1 };
  const stations = demands[0]!.map((): Station => ({
    rate: 0,
    service: unit,
    servers: 1,
    parameters: shared,
  }));
  const line = lineOf(stations);
  const classes = demands.map((_, r) => `class-${r + 1}`);
  const figures: Record<string, FigureOf> = {};
  classes.forEach((name, r) => {
    const whole = stationAt(stations.length + r);
    figures[`X_class${r + 1}`] = throughput(whole);
    stations.forEach((_, i) => {
      figures[`R_${r + 1}_${i + 1}`] = ratio((seen) => [
        stays(stationAt(i), `front-${name}`)(seen).sum(),
        stays(whole)(seen).count(),
      ]);
    });
  });
  const round = Math.max(...demands.map((row) => row.reduce((sum, demand) => sum + demand, 0)));
  return {
    sketch: {
      nodes: [
        ...classes.flatMap((name, r) => [clients(name, population[r]!, 0), front(`front-${name}`)]),
        ...line.nodes,
      ],
      connections: classes.flatMap((name, r) => [
        call(name, `front-${name}`),
        ...line.watches.flatMap(({ service }, i) =>
          visitsOf(`front-${name}`, service, Math.round(demands[r]![i]! * scale)),
        ),
      ]),
    },
    watch: {
      stations: [
        ...line.watches.map(({ service }) => ({ service, servers: everybody })),
        ...classes.map((name) => ({ service: `front-${name}`, servers: plenty })),
      ],
      sources: {},
    },
    memory: round * 8,
    rate: (everybody * scale) / 2,
    figures,
  };
}

function clients(id: string, population: number, think: number): Node {
  const thinkTime =
    think === 0
      ? ({ distribution: "constant", value: 0 } as const)
      : ({ distribution: "exponential", mean: think * 1000 } as const);
  return source(id, 1, { arrivals: "closed", clients: population, think: thinkTime });
}

function visitsOf(from: string, to: string, visits: number): readonly Connection[] {
  return Array.from({ length: visits }, (_, i) => ({
    ...call(from, to),
    id: `${from}-${to}-${i + 1}`,
  }));
}

/** The smallest number that makes whole numbers of all ratios. */
function wholeScaleOf(ratios: readonly number[]): number {
  for (let scale = 1; scale <= 100; scale++)
    if (ratios.every((one) => Math.abs(one * scale - Math.round(one * scale)) < 1e-9)) return scale;
  assert(false, "visits are multiples of a hundredth.");
}
