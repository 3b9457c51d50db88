// Cases in which customers come again: retries at the tail or after a delay, back-off, an orbit.

import type { Parameters } from "../../base/fields.ts";
import { source } from "../sketch.suite.ts";
import type { Expression } from "./agreement.suite.ts";
import { constant, exponential, type QueueingCase } from "./cases.suite.ts";
import { mean, meanOf, ratio, type Seen } from "./figures.suite.ts";
import {
  arrivalRate,
  atWork,
  inside,
  stationAt,
  stays,
  throughput,
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

/** Retries of all kinds. */
export function retries(about: QueueingCase): Expression {
  const p = about.parameters;
  if (p["retry_rate_each"] !== undefined) return orbit(p);
  return p["base"] === undefined ? limitedAttempts(p) : backoff(p);
}

/** A front that calls the server again, at once or after a delay, and publishes a dead letter when all was in vain. */
function limitedAttempts(p: QueueingCase["parameters"]): Expression {
  const attempts: number = p["max_attempts"];
  const fail: number = p["failure_probability"];
  const delay = (p["delay"] ?? 0) * 1000;
  const rate = (p["lambda"] * (1 - fail ** attempts)) / (1 - fail);
  const about: Station = {
    rate,
    service: exponential(1 / p["mu"]),
    servers: 1,
    parameters: { errorRate: fail },
  };
  const again = { attempts, backoff: delay, backoffMax: delay, jitter: "none" };
  const whole = stationAt(1);
  const dead = mean(({ stations, span }) => stations[1]!.failed / span);
  return {
    sketch: {
      nodes: [source("source", p["lambda"]), rabbit, front("front"), server("server", about)],
      channels: [{ id: "dead-letters", broker: rabbit.id, kind: "queue" }],
      connections: [
        call("source", "front"),
        call("front", "server", again),
        publish("front", "dead-letters", { contract: "dead-letter", on: "failure" }),
      ],
    },
    watch: {
      stations: [
        { service: "server", servers: 1, meanService: about.service.mean },
        { service: "front", servers: plenty },
      ],
      sources: { source: 1 / p["lambda"] },
    },
    memory: memoryOf(about) + 2 * (p["delay"] ?? 0),
    rate,
    figures: {
      attempt_rate: arrivalRate(),
      attempts_per_message: ratio(({ stations }) => [stations[0]!.arrivals, stations[1]!.arrivals]),
      rho: atWork(),
      dlq_rate: dead,
      dlq_fraction: ratio(({ stations }) => [
        stations[1]!.failed,
        stations[1]!.failed + stations[1]!.handled,
      ]),
      success_rate: throughput(whole),
      L: inside(),
      L_queue: inside(),
      L_delayed: mean(
        ({ stations, span }) => (stations[1]!.areaInside - stations[0]!.areaInside) / span,
      ),
      W_per_attempt: meanOf(stays()),
      W_total: meanOf(stays(whole)),
    },
  };
}

/** Exponential back-off without jitter; customers far apart. */
function backoff(p: QueueingCase["parameters"]): Expression {
  const work = constant(p["service"]);
  const again: Parameters = {
    attempts: p["attempts"],
    backoff: p["base"] * 1000,
    backoffMax: p["base"] * p["factor"] ** p["attempts"] * 1000,
    jitter: "none",
  };
  const about: Station = { rate: 1, service: work, servers: plenty, parameters: { errorRate: 1 } };
  return {
    sketch: {
      nodes: [source("source", 1), front("front"), server("server", about)],
      connections: [call("source", "front"), call("front", "server", again)],
    },
    watch: { stations: [{ service: "front", servers: plenty }], sources: { source: 1 } },
    memory: 20,
    rate: 1,
    services: 100,
    figures: { time_to_dlq: meanOf(stays()) },
  };
}

/** A server without waiting room: who finds it at work goes into an orbit, and tries again after an exponential time,
 *  again and again. The orbit is a service whose work is that time and whose call is the attempt. */
function orbit(p: QueueingCase["parameters"]): Expression {
  const about: Station = {
    rate: p["lambda"],
    service: exponential(1 / p["mu"]),
    servers: 1,
    parameters: { mailbox: 0 },
  };
  const circling: Station = {
    rate: p["lambda"],
    service: exponential(1 / p["retry_rate_each"]),
    servers: plenty,
    parameters: { attempts: 100, backoff: 0 },
  };
  return {
    sketch: {
      nodes: [
        source("source", p["lambda"]),
        rabbit,
        front("front"),
        server("orbit", circling),
        server("server", about),
      ],
      channels: [{ id: "turned-away", broker: rabbit.id, kind: "queue" }],
      connections: [
        call("source", "front"),
        call("front", "server"),
        publish("front", "turned-away", { on: "failure" }),
        consume("turned-away", "orbit"),
        call("orbit", "server"),
      ],
    },
    watch: {
      stations: [
        { service: "server", servers: 1, meanService: about.service.mean },
        { service: "orbit", channel: "turned-away", servers: plenty },
      ],
      sources: { source: 1 / p["lambda"] },
    },
    memory: 2 * memoryOf(about) + 5 * circling.service.mean,
    rate: p["lambda"] * 3,
    figures: {
      P_busy: atWork(),
      orbit_mean: mean((seen) => (seen.stations[1]!.areaInside - fromOrbit(seen)) / seen.span),
      W_orbit: ratio((seen) => [seen.stations[1]!.areaInside - fromOrbit(seen), seen.entered]),
    },
  };
  /** Time that customers from the orbit were served: they are not in it, although their worker waits there. */
  function fromOrbit(seen: Seen): number {
    return stays(stationAt(0), "orbit")(seen).sum();
  }
}
