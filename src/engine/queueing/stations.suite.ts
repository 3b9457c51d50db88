// Builders of the scenarios behind the cases: sources, calls that take no time, stations that are called.

import type { Parameters } from "../../base/fields.ts";
import type { Connection, Node, PublishConnection } from "../../model/scenario.ts";
import { source, worker } from "../sketch.suite.ts";
import type { Expression } from "./agreement.suite.ts";
import type { Described } from "./cases.suite.ts";

/** Workers that never run out. */
export const plenty = 1000;

/** A station and its arrivals. Times in seconds. */
export interface Station {
  /** Arrivals per second. */
  readonly rate: number;
  readonly service: Described;
  readonly servers: number;
  /** Squared coefficient of variation of the gaps between arrivals; 1 for Poisson. */
  readonly gapCv2?: number;
  /** Further parameters of the producer, and of the service. */
  readonly producer?: Parameters;
  readonly parameters?: Parameters;
}

/** A call that takes no time on the wire and is never given up; the contract is called as who calls. */
export function call(from: string, to: string, more: Parameters = {}): Connection {
  const latency = { distribution: "constant", value: 0 } as const;
  const parameters = { timeout: 1e7, latency, ...more };
  return { id: `${from}-${to}`, kind: "call", from, to, contract: from, parameters };
}

/** A service with this work. */
export function server(
  id: string,
  about: Pick<Station, "service" | "servers" | "parameters">,
): Node {
  return worker(id, {
    serviceTime: about.service.distribution,
    concurrency: about.servers,
    ...about.parameters,
  });
}

/** A service without work of its own that never runs out of workers: it does what its calls do. */
export function front(id: string, parameters: Parameters = {}): Node {
  const serviceTime = { distribution: "constant", value: 0 } as const;
  return worker(id, { concurrency: plenty, serviceTime, ...parameters });
}

/** A broker for queues. */
export const rabbit: Node & { readonly kind: "broker" } = {
  id: "broker",
  kind: "broker",
  technology: "rabbitmq",
};

/** Into a queue, in microseconds. */
export function publish(
  from: string,
  to: string,
  more: Partial<PublishConnection> = {},
): Connection {
  const { parameters, ...rest } = more;
  return {
    id: `${from}-${to}`,
    kind: "publish",
    from,
    to,
    contract: from,
    ...rest,
    parameters: { latency: 0.01, ...parameters },
  };
}

/** From a queue, in microseconds. */
export function consume(from: string, to: string, parameters: Parameters = {}): Connection {
  return {
    id: `${from}-${to}`,
    kind: "consume",
    from,
    to,
    parameters: { prefetch_count: 1, latency: 0.01, ...parameters },
  };
}

/** A source that calls one station. */
export function calledStation(about: Station): Omit<Expression, "figures"> {
  const { service, servers, rate } = about;
  return {
    sketch: {
      nodes: [source("source", rate, about.producer), server("server", about)],
      connections: [call("source", "server")],
    },
    watch: {
      stations: [{ service: "server", servers, meanService: service.mean }],
      sources: { source: 1 / rate },
    },
    memory: memoryOf(about),
    rate,
  };
}

/** Relaxation time of a station [s]: about that of M/M/1, shorter with more servers. */
export function memoryOf({ service, servers, rate, gapCv2 = 1 }: Station): number {
  const free = Math.max(0.02, 1 - (rate * service.mean) / servers);
  const scatter = Math.max(1, (gapCv2 + service.cv2) / 2);
  return service.mean * Math.max(3, (scatter * 4) / (servers * free * free));
}
