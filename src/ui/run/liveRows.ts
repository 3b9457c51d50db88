// Finds numbers in the columns of a frame by id and name, and turns counters into rates.

import {
  channelMetrics,
  connectionMetrics,
  type Frame,
  type NodeMetric,
  nodeMetrics,
} from "../../model/result.ts";
import type { Scenario } from "../../model/scenario.ts";

/** Name of a number of a channel. */
export type ChannelMetric = (typeof channelMetrics)[number];

/** Name of a number of a connection. */
export type ConnectionMetric = (typeof connectionMetrics)[number];

/** Rows by id. */
export interface Rows {
  readonly nodes: ReadonlyMap<string, number>;
  readonly channels: ReadonlyMap<string, number>;
  readonly connections: ReadonlyMap<string, number>;
}

const known = new WeakMap<Scenario, Rows>();

/** The rows of a scenario's frames. Made once for a document, which never changes in place. */
export function rowsOf(scenario: Scenario): Rows {
  const before = known.get(scenario);
  if (before !== undefined) return before;
  const number = (list: readonly { readonly id: string }[]): ReadonlyMap<string, number> =>
    new Map(list.map(({ id }, row) => [id, row]));
  const rows = {
    nodes: number(scenario.nodes),
    channels: number(scenario.channels),
    connections: number(scenario.connections),
  };
  known.set(scenario, rows);
  return rows;
}

/** A number of a node. */
export function nodeNumber(frame: Frame, row: number, metric: NodeMetric): number {
  return frame.nodes[row * nodeMetrics.length + nodeMetrics.indexOf(metric)] ?? 0;
}

/** A number of a channel. */
export function channelNumber(frame: Frame, row: number, metric: ChannelMetric): number {
  return frame.channels[row * channelMetrics.length + channelMetrics.indexOf(metric)] ?? 0;
}

/** A number of a connection. */
export function connectionNumber(frame: Frame, row: number, metric: ConnectionMetric): number {
  return frame.connections[row * connectionMetrics.length + connectionMetrics.indexOf(metric)] ?? 0;
}

/** Remembers a few frames of about the last simulated second. */
export interface RateWindow {
  /** Takes a frame in; frames of an earlier time begin a new window. */
  add(frame: Frame): void;
  /** How fast a counter of the newest frame grew [1/s]; 0 until two frames are known. */
  nodeRate(row: number, metric: NodeMetric): number;
  connectionRate(row: number, metric: ConnectionMetric): number;
  clear(): void;
}

const windowNs = 1e9;
/** Frames closer than this to the one before are not kept [ns]. */
const gapNs = windowNs / 16;

/** Makes an empty window. */
export function createRateWindow(): RateWindow {
  let frames: Frame[] = [];

  function add(frame: Frame): void {
    const newest = frames.at(-1);
    if (newest !== undefined && frame.timeNs < newest.timeNs) frames = [];
    // Between two kept frames the newest is replaced, so that a rate always reaches up to now.
    const before = frames.at(-2);
    if (before !== undefined && (newest?.timeNs ?? 0) - before.timeNs < gapNs) frames.pop();
    frames.push(frame);
    // The oldest stays as long as the second oldest is younger than the window.
    while (frames.length > 2 && frame.timeNs - (frames[1]?.timeNs ?? 0) >= windowNs) frames.shift();
  }

  function rateOf(read: (frame: Frame) => number): number {
    const oldest = frames[0];
    const newest = frames.at(-1);
    if (oldest === undefined || newest === undefined || newest.timeNs <= oldest.timeNs) return 0;
    return ((read(newest) - read(oldest)) * 1e9) / (newest.timeNs - oldest.timeNs);
  }

  return {
    add,
    nodeRate: (row, metric) => rateOf((frame) => nodeNumber(frame, row, metric)),
    connectionRate: (row, metric) => rateOf((frame) => connectionNumber(frame, row, metric)),
    clear: () => {
      frames = [];
    },
  };
}
