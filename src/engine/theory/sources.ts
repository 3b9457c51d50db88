// How events leave a producer, as queueing theory sees it: at which rate, and whether as a Poisson stream.

import { formatDurationMs } from "../../base/units.ts";
import { meanOf } from "../../base/distribution.ts";
import type { ProducerPlan } from "../../nodes/producerRun.ts";

/** Events per arrival where that is certain. */
function eventsAtOnce({ values }: ProducerPlan): number | undefined {
  const { batch } = values;
  return batch.distribution === "constant" ? Math.max(1, Math.ceil(batch.value)) : undefined;
}

/** Mean rate over each of its connections [1/s]; undefined where no formula tells it. */
export function rateOf(plan: ProducerPlan): number | undefined {
  const { arrivals, bursts, rate, gap } = plan.values;
  const atOnce = eventsAtOnce(plan);
  if (arrivals === "closed" || bursts !== "none" || atOnce === undefined) return undefined;
  return (arrivals === "renewal" ? 1000 / meanOf(gap) : rate) * atOnce;
}

/** Why its events are no Poisson stream; undefined when they are. */
export function whyNotPoisson(plan: ProducerPlan): string | undefined {
  const { arrivals, bursts, gap, clients, think } = plan.values;
  if (arrivals === "closed")
    return `${clients} clients wait for their answers before they send again, and think ${formatDurationMs(meanOf(think))} in between: the more wait, the fewer come.`;
  if (bursts !== "none") return "Arrivals come in bursts, not independently of each other.";
  if (eventsAtOnce(plan) !== 1) return "Several events come at once.";
  if (arrivals === "constant") return "Arrivals are evenly spaced, not random.";
  if (arrivals === "renewal" && gap.distribution !== "exponential")
    return `The gaps between arrivals are not exponential (${gap.distribution}).`;
  return undefined;
}
