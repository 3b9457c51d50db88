// What was simulated, in the terms of formulas: a whole service with the channel before it, while the producers produced.

import { estimateFromBatches } from "../../kernel/batches.ts";
import { halfWidth } from "../../kernel/confidence.ts";
import type { Observations } from "../../kernel/observations.ts";
import type { LevelSeries } from "../../kernel/levelSeries.ts";
import type { LatencyFigures } from "../../model/report.ts";
import { latencyFigures, noLatency, type Span, sumOfMeans } from "../certainty.ts";
import { accountOf } from "../progress.ts";
import type { World } from "../world.ts";
import type { Arrivals } from "./traffic.ts";

/** A mean with half of its 95 % interval. */
export interface Measured {
  readonly mean: number | null;
  readonly halfWidth: number | null;
}

const nothing: Measured = { mean: null, halfWidth: null };

/** A service as it was simulated. */
export interface Simulated {
  readonly utilisation: Measured;
  readonly meanInSystem: Measured;
  readonly latency: LatencyFigures;
  /** Share of the requests that found no room. */
  readonly lossRatio: number;
  /** Requests and messages that came, per second of load. */
  readonly arrivalsPerS: number;
  readonly arrivals: number;
  /** Mean time for which a message held a worker [ms]; NaN where none did. */
  readonly heldMs: number;
}

/** What was simulated of a service over a span of load. `hasOwnCount` is false where the broker counts messages as
 *  inside that the service is done with. */
export function simulatedAt(
  world: World,
  at: { readonly node: number; readonly span: Span; readonly nowNs: number },
  own: Arrivals,
  hasOwnCount: boolean,
): Simulated {
  const { node, span, nowNs } = at;
  const { recorder, ledger, plan } = world;
  const history = recorder.nodes[node]!;
  const component = plan.components[node]!;
  const workers = component.kind === "service" ? component.plan.values.concurrency : 1;
  const measure = (levels: readonly LevelSeries[]): Measured => measuredOf(levels, span, nowNs);
  const busy = measure([history.busy]);
  const ended = history.latency.count();
  const seconds = (span.untilNs - span.fromNs) / 1e9;
  const calls = own.streams.filter(({ leaves, arrives }) => leaves === arrives);
  const accounts = own.streams.flatMap(({ leaves, arrives }) =>
    leaves === arrives ? [] : [ledger.accounts[accountOf(world, arrives)]!.inSystem],
  );
  const isCalled = calls.length > 0;
  const isFed = accounts.length > 0;
  const refused = sum(calls.map(({ leaves }) => ledger.callFailedBy.at(leaves)["overloaded"] ?? 0));
  const asked = sum(calls.map(({ leaves }) => ledger.called.data[leaves]!));
  const scale = (of: Measured): Measured => ({
    mean: of.mean === null ? null : of.mean / workers,
    halfWidth: of.halfWidth === null ? null : of.halfWidth / workers,
  });
  return {
    utilisation: scale(busy),
    meanInSystem:
      isCalled === isFed
        ? nothing
        : isCalled
          ? measure([history.inside])
          : hasOwnCount
            ? measure([...new Set(accounts)])
            : nothing,
    latency: isCalled
      ? latencyFigures(history.latency)
      : latencyThrough(world, node, own, hasOwnCount),
    lossRatio: asked === 0 ? 0 : refused / asked,
    arrivals: ended,
    arrivalsPerS: seconds > 0 ? ended / seconds : 0,
    heldMs: ended === 0 ? NaN : ((busy.mean ?? NaN) * seconds * 1000) / ended,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function measuredOf(levels: readonly LevelSeries[], span: Span, nowNs: number): Measured {
  if (levels.length === 0) return nothing;
  const { means } = sumOfMeans(levels, span, nowNs);
  if (means.length === 0) return nothing;
  const estimate = estimateFromBatches(means);
  return {
    mean: sum([...means]) / means.length,
    halfWidth: estimate.verdict === "told" ? halfWidth(estimate, 0.95) : null,
  };
}

/** Time from publication to the end of handling: that of the flow, where one leads straight here; else that of the
 *  subscription, where the broker is told at once. */
function latencyThrough(
  world: World,
  node: number,
  { streams }: Arrivals,
  isAckedAtOnce: boolean,
): LatencyFigures {
  const [only, another] = streams;
  if (only === undefined || another !== undefined) return noLatency;
  const flow = world.plan.flows.findIndex(
    ({ entry, end }) => entry === only.leaves && end === node,
  );
  const observations: Observations | undefined =
    flow >= 0
      ? world.recorder.flows[flow]!.latency
      : isAckedAtOnce
        ? world.ledger.accounts[accountOf(world, only.arrives)]!.latency
        : undefined;
  return observations === undefined ? noLatency : latencyFigures(observations);
}
