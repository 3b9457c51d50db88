// What commands may ask of the canvas without knowing it: the view, and where things are on the screen.

import type { CanvasView } from "../model/bookmarks.ts";
import type { Position } from "../model/scenario.ts";

/** The canvas as commands see it. */
export interface CanvasPort {
  fit(): void;
  zoom(direction: "in" | "out" | "whole"): void;
  /** Brings an element into the middle of the view. */
  centreOn(id: string): void;
  /** What is in view, by its middle and its size, in the coordinates of the document [px]. */
  view(): CanvasView;
  /** Brings a part of the canvas into view, as large as it fits. */
  show(view: CanvasView): void;
  /** The middle of the view, in the coordinates of the document [px]. */
  middle(): Position;
  /** Moves the view only if an element is outside of it. */
  reveal(id: string): void;
  /** Moves the keyboard focus to a node. */
  focus(id: string): void;
  /** Gives some nodes places along the flow, without moving the others, and shows the whole drawing. */
  arrange(direction: "right" | "down", ids: readonly string[]): Promise<void>;
}

const nowhere: CanvasPort = {
  fit: () => undefined,
  zoom: () => undefined,
  centreOn: () => undefined,
  reveal: () => undefined,
  view: () => ({ x: 0, y: 0, width: 1, height: 1 }),
  show: () => undefined,
  middle: () => ({ x: 0, y: 0 }),
  focus: () => undefined,
  arrange: async () => undefined,
};

let port = nowhere;

/** The canvas that is mounted now; one that does nothing when there is none. */
export function canvas(): CanvasPort {
  return port;
}

/** Called by the canvas when it is ready; the returned function takes it away again. */
export function mountCanvas(mounted: CanvasPort): () => void {
  port = mounted;
  return () => {
    if (port === mounted) port = nowhere;
  };
}
