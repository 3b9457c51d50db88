// Cases of things that break and are repaired, or that start anew: what happens stands on the timeline, drawn from a
// stream of the replication's seed.

import { Arena } from "../../kernel/arena.ts";
import { type RandomStream, RandomStreams } from "../../kernel/random.ts";
import type { Node } from "../../model/scenario.ts";
import type { TimelineEntry } from "../../model/timeline.ts";
import { source, worker } from "../sketch.suite.ts";
import type { Expression } from "./agreement.suite.ts";
import { exponential, type QueueingCase } from "./cases.suite.ts";
import { type FigureOf, mean, meanOf, ratio, type Seen } from "./figures.suite.ts";
import { inside, stays } from "./stationFigures.suite.ts";
import {
  call,
  consume,
  memoryOf,
  publish,
  rabbit,
  server,
  type Station,
} from "./stations.suite.ts";

function dice(seed: number): RandomStream {
  return new RandomStreams(new Arena(), seed).stream("faults");
}

/** Milliseconds of the document, to the microsecond. */
function toMs(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e3;
}

type Timeline = NonNullable<Expression["timeline"]>;

/** A target that works and is repaired in turn, for exponential times with these means [s]. */
function outages(target: string, up: number, down: number): Timeline {
  return (seed, until) => {
    const stream = dice(seed);
    const entries: TimelineEntry[] = [];
    let t = up * stream.exponential();
    while (t < until) {
      entries.push({ at: toMs(t), act: "crash", target });
      t += down * stream.exponential();
      entries.push({ at: toMs(t), act: "restart", target });
      t += up * stream.exponential();
    }
    return entries;
  };
}

/** A server that breaks down at any time and then begins its work anew, which for exponential work is as good as going
 *  on. What it held goes back to the queue. */
export function breakdowns({ parameters: p }: QueueingCase): Expression {
  const about: Station = { rate: p["lambda"], service: exponential(1 / p["mu"]), servers: 1 };
  const availability = p["repair_rate"] / (p["repair_rate"] + p["fail_rate"]);
  const slower = { ...about, service: exponential(1 / p["mu"] / availability) };
  return {
    sketch: {
      nodes: [source("source", p["lambda"]), rabbit, server("server", about)],
      channels: [{ id: "queue", broker: rabbit.id, kind: "queue" }],
      connections: [publish("source", "queue"), consume("queue", "server")],
    },
    watch: {
      stations: [{ service: "server", channel: "queue", servers: 1 }],
      sources: { source: 1 / p["lambda"] },
    },
    timeline: outages("server", 1 / p["fail_rate"], 1 / p["repair_rate"]),
    up: "server",
    memory: memoryOf(slower) + 2 / p["repair_rate"],
    rate: 2 * p["lambda"],
    figures: {
      availability: upShare(1),
      L: inside(),
      W: meanOf(stays()),
      rho_effective: ratio(({ station, upTimes }) => [station.areaBusy, upTimes[1] ?? 0]),
    },
  };
}

/** Share of the time in which at least so many of the target's nodes were up. */
function upShare(least: number): FigureOf {
  return mean((seen) => sumFrom(seen, least) / seen.span);
}

function sumFrom({ upTimes }: Seen, least: number): number {
  return upTimes.slice(least).reduce((sum, time) => sum + time, 0);
}

/** How long a component is up, or enough nodes of a cluster. */
export function availability({ parameters: p }: QueueingCase): Expression {
  return p["nodes"] === undefined ? oneComponent(p) : cluster(p);
}

const minutesPerYear = 525_600;

function oneComponent(p: QueueingCase["parameters"]): Expression {
  return {
    ...standing(worker("component")),
    timeline: outages("component", p["mtbf"], p["mttr"]),
    up: "component",
    memory: p["mtbf"] + p["mttr"],
    rate: 2 / (p["mtbf"] + p["mttr"]),
    figures: {
      availability: upShare(1),
      downtime_minutes_per_year: mean(
        ({ upTimes, span }) => ((upTimes[0] ?? 0) / span) * minutesPerYear,
      ),
    },
  };
}

/** Nothing but one node: nobody comes. */
function standing(node: Node): Pick<Expression, "sketch" | "watch"> {
  return { sketch: { nodes: [node], connections: [] }, watch: { stations: [], sources: {} } };
}

/** Nodes that fail independently and are repaired one after the other. */
function cluster(p: QueueingCase["parameters"]): Expression {
  const nodes: number = p["nodes"];
  const quorum = Math.floor(nodes / 2) + 1;
  return {
    ...standing({ id: "cluster", kind: "broker", technology: "kafka", parameters: { nodes } }),
    timeline: (seed, until) => repairs(dice(seed), p, until),
    up: "cluster",
    memory: p["mtbf"],
    rate: (2 * nodes) / (p["mtbf"] + p["mttr"]),
    figures: {
      P_quorum: upShare(quorum),
      mean_up: mean(
        ({ upTimes, span }) => upTimes.reduce((sum, time, up) => sum + time * up, 0) / span,
      ),
    },
  };
}

function repairs(
  stream: RandomStream,
  p: QueueingCase["parameters"],
  until: number,
): readonly TimelineEntry[] {
  const target = "cluster";
  const up: number[] = Array.from({ length: p["nodes"] }, (_, node) => node);
  const down: number[] = [];
  const entries: TimelineEntry[] = [];
  for (let t = 0; t < until;) {
    const failure = up.length / p["mtbf"];
    const repair = Math.min(down.length, p["crews"]) / p["mttr"];
    t += stream.exponential() / (failure + repair);
    const fails = stream.uniform() * (failure + repair) < failure;
    const from = fails ? up : down;
    const [member] = from.splice(stream.below(fails ? up.length : 1), 1);
    (fails ? down : up).push(member!);
    entries.push({ at: toMs(t), act: fails ? "crash" : "restart", target, member: member! });
  }
  return entries;
}

/** A station that starts empty, again and again: it crashes, loses all, and is back at once. */
export function transient({ parameters: p, expected }: QueueingCase): Expression {
  const names = Object.keys(expected);
  const at = names.map((name) => Number(name.replace("L_at_t", "")));
  // A little longer than the last moment at which it is looked at.
  const every = Math.max(...at) * 1.01;
  const about: Station = { rate: p["lambda"], service: exponential(1 / p["mu"]), servers: 1 };
  return {
    sketch: {
      nodes: [source("source", p["lambda"]), server("server", about)],
      connections: [call("source", "server")],
    },
    watch: {
      stations: [{ service: "server", servers: 1 }],
      sources: { source: 1 / p["lambda"] },
      stops: { every, at },
    },
    timeline: (_, until) => {
      const rounds = Math.floor(until / every);
      return Array.from({ length: rounds }, (__, i): readonly TimelineEntry[] => [
        { at: toMs((i + 1) * every), act: "crash", target: "server" },
        { at: toMs((i + 1) * every), act: "restart", target: "server" },
      ]).flat();
    },
    memory: every,
    rate: p["lambda"],
    figures: Object.fromEntries(names.map((name, i) => [name, meanOf(({ levels }) => levels[i]!)])),
  };
}
