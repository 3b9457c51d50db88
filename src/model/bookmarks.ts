// What one shows of a run: moments to come back to and to present. They change nothing in a run.

import type { Extensible, Position } from "./scenario.ts";

/** What one sees at a moment of the run, to come back to and to present. */
export interface Bookmark extends Extensible {
  readonly id: string;
  /** What there is to see, in a sentence or two. */
  readonly caption: string;
  /** Instant of the run [ms]; absent: the run stays where it is. */
  readonly at?: number;
  /** Part of the canvas; absent: all of the drawing. */
  readonly view?: CanvasView;
  /** Ids of what stands out while the rest is dimmed; absent: nothing is dimmed. Unknown ids are passed over. */
  readonly focus?: readonly string[];
}

/** A part of the canvas by its middle and its size [px], so that it fits a screen of any size. */
export interface CanvasView extends Position {
  readonly width: number;
  readonly height: number;
}
