// How busy a node was: a service its workers, a store with a limit its places.

import type { LevelSeries } from "../kernel/levelSeries.ts";
import { type LevelFigures, levelFigures, type Span, unknown } from "./certainty.ts";
import { capacityOf } from "./storeWaits.ts";
import type { World } from "./world.ts";

/** Busy workers as a share of those that were there; of a store with a limit, busy places over the whole run. */
export function utilisationOf(world: World, row: number, span: Span): LevelFigures {
  const places = capacityOf(world, row);
  if (places !== undefined) return { mean: places.utilisation(span.untilNs), certainty: unknown };
  const { busy, workers } = world.recorder.nodes[row]!;
  const before = (level: LevelSeries): number => world.warmUp.integralOf(level);
  const worked = busy.integral(span.untilNs) - before(busy);
  const there = workers.integral(span.untilNs) - before(workers);
  if (there === 0) return { mean: 0, certainty: unknown };
  const { mean, certainty } = levelFigures([busy], span, before);
  const half = certainty.halfWidth;
  return {
    mean: worked / there,
    // Of the mean number of busy workers, brought to the share.
    certainty: {
      ...certainty,
      halfWidth: half === null ? null : mean === 0 ? 0 : (half / mean) * (worked / there),
    },
  };
}
