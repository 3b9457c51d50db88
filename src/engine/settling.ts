// When a run has settled: MSER-5 on the number of messages waiting or in service, place by place.

import { mser5 } from "../kernel/truncation.ts";
import { sumOfMeans } from "./certainty.ts";
import type { World } from "./world.ts";

/** Simulated time after which every place has settled [ns], while the producers produced; 0 where all were settled from
 *  the start, undefined where one had not by the middle of the run. */
export function settledNs(world: World, nowNs: number): number | undefined {
  const { sourcesStopAt } = world.plan.scenario.load;
  const untilNs = Math.min(nowNs, sourcesStopAt === undefined ? Infinity : sourcesStopAt * 1e6);
  const levels = [
    ...world.recorder.nodes.map(({ inside }) => inside),
    ...world.ledger.accounts.map(({ inSystem }) => inSystem),
  ];
  let latestNs = 0;
  for (const level of levels) {
    const { means, widthNs } = sumOfMeans([level], { fromNs: 0, untilNs }, nowNs);
    const skipped = mser5(means);
    if (skipped === undefined) return undefined;
    latestNs = Math.max(latestNs, skipped * widthNs);
  }
  return latestNs;
}
