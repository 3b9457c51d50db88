// For people who asked for less motion: lines become ribbons whose thickness tells the rate, and nothing moves.

import { outcomes } from "../../model/result.ts";
import type { LiveRun } from "../../store/liveRun.ts";
import { createRateWindow } from "../run/liveRows.ts";
import type { EdgePath } from "./edgePaths.ts";

/** The ribbons of a run. */
export interface Ribbons {
  add(live: LiveRun): void;
  draw(drawing: {
    readonly context: CanvasRenderingContext2D;
    readonly colours: readonly string[];
    readonly pathOf: (row: number) => EdgePath | undefined;
  }): void;
  clear(): void;
  legend(): { readonly oneOf: number; readonly seen: readonly boolean[] };
}

const outcomeOfKind = {
  publish: "normal",
  consume: "normal",
  bind: "normal",
  bridge: "normal",
  call: "request",
  read: "response",
  write: "write",
} as const;

/** Makes the ribbons; a rate of 10 times as much is 3 px thicker. */
export function createRibbons(): Ribbons {
  const rates = createRateWindow();
  let live: LiveRun | null = null;
  let seen = outcomes.map(() => false);

  function add(next: LiveRun): void {
    live = next;
    rates.add(next.frame);
  }

  return {
    add,
    draw: ({ context, colours, pathOf }) => {
      context.lineCap = "round";
      context.globalAlpha = 0.55;
      live?.scenario.connections.forEach(({ kind }, row) => {
        const path = pathOf(row);
        const rate = rates.connectionRate(row, "passed");
        if (path === undefined || rate <= 0) return;
        const isFailing = rates.connectionRate(row, "failed") > rate / 4;
        const outcome = outcomes.indexOf(isFailing ? "failure" : outcomeOfKind[kind]);
        seen[outcome] = true;
        context.strokeStyle = colours[outcome] ?? "";
        context.lineWidth = 3 + 3 * Math.log10(1 + rate);
        trace(context, path.points);
      });
      context.globalAlpha = 1;
    },
    clear: () => {
      rates.clear();
      live = null;
      seen = outcomes.map(() => false);
    },
    legend: () => ({ oneOf: 1, seen }),
  };
}

function trace(context: CanvasRenderingContext2D, points: Float32Array): void {
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) context.lineTo(points[i] ?? 0, points[i + 1] ?? 0);
  context.stroke();
}
