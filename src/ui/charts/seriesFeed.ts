// Fetches the columns of the charts while the run goes on: one chart per slot, each five times a second at most,
// so that no drawn frame has to carry all of them.

import type { ChartId, Series } from "../../model/result.ts";

/** What a chart on screen wants. */
export interface Wish {
  readonly chart: ChartId;
  /** An element; absent: the whole run. */
  readonly of: string | undefined;
  readonly onSeries: (series: Series) => void;
}

/** The feed of one panel. */
export interface SeriesFeed {
  /** Adds a chart and fetches its columns once; returns how to take it away. */
  add(wish: Wish): () => void;
  /** Call with every frame: fetches for the next chart when its slot has come. */
  tick(nowMs: number): void;
  /** Fetches for all, as when the run stands still or begins anew. */
  refresh(): void;
}

const roundMs = 200;

/** Makes a feed over something that fetches columns. */
export function createSeriesFeed(
  fetchSeries: (chart: ChartId, of?: string) => Promise<Series | null>,
): SeriesFeed {
  const wishes: Wish[] = [];
  const underWay = new Set<Wish>();
  let next = 0;
  let slotMs = 0;

  async function pull(wish: Wish): Promise<void> {
    if (underWay.has(wish)) return;
    underWay.add(wish);
    const series = await fetchSeries(wish.chart, wish.of);
    underWay.delete(wish);
    if (series !== null && wishes.includes(wish)) wish.onSeries(series);
  }

  return {
    add: (wish) => {
      wishes.push(wish);
      void pull(wish);
      return () => {
        wishes.splice(wishes.indexOf(wish), 1);
      };
    },
    tick: (nowMs) => {
      if (wishes.length === 0 || nowMs - slotMs < roundMs / wishes.length) return;
      slotMs = nowMs;
      next = (next + 1) % wishes.length;
      const wish = wishes[next];
      if (wish !== undefined) void pull(wish);
    },
    refresh: () => {
      for (const wish of wishes) void pull(wish);
    },
  };
}
