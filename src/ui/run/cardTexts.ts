// The words and bars on nodes and channels while a run goes on: numbers in, texts out.

import { channelKindOf } from "../../model/elements.ts";
import { formatDurationMs, formatNumber } from "../../base/units.ts";
import { type ClusterNode, conditionOf, type Frame } from "../../model/result.ts";
import type { Scenario } from "../../model/scenario.ts";
import { channelNumber, nodeNumber, type RateWindow, type Rows, rowsOf } from "./liveRows.ts";

/** How a node looks right now. */
export interface NodeFace {
  readonly state: "up" | "down" | "partly";
  /** Share of the bar that is filled, 0 to 1. */
  readonly busy: number;
  readonly primary: string;
  readonly secondary: string;
  /** Why nothing moves; "" when it moves. */
  readonly warning: string;
  /** Stores: age of the oldest update that it lacks [ms], −1 where it lacks none. */
  readonly stalenessMs?: number;
}

/** How a channel looks right now. */
export interface ChannelFace {
  readonly text: string;
  /** Share of the bar that is filled, 0 to 1. */
  readonly bar: number;
  readonly warning: string;
}

/** Everything the texts are made of. */
export interface Reading {
  readonly scenario: Scenario;
  readonly frame: Frame;
  readonly rows: Rows;
  readonly rates: RateWindow;
  /** Node or channel → why nothing is delivered, or taken, over one of its connections. */
  readonly blocked: ReadonlyMap<string, string>;
}

/** Puts together what the texts of one moment are made of. */
export function readingOf(scenario: Scenario, frame: Frame, rates: RateWindow): Reading {
  const rows = rowsOf(scenario);
  const blocked = new Map<string, string>();
  for (const [id, sentence] of Object.entries(frame.blocked)) {
    const connection = scenario.connections[rows.connections.get(id) ?? -1];
    if (connection === undefined || sentence === "") continue;
    blocked.set(connection.from, sentence);
    // What is bridged comes from elsewhere into a channel that others may fill all the same.
    if (connection.kind !== "bridge") blocked.set(connection.to, sentence);
  }
  return { scenario, frame, rows, rates, blocked };
}

/** A rate with at most three digits: "20.1/s", "1,204/s". */
export function rateText(perS: number): string {
  return `${perS < 100 ? (Math.round(perS * 10) / 10).toString() : formatNumber(Math.round(perS))}/s`;
}

/** A whole number with separators. */
export function countText(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** The face of the node in this row. */
export function nodeFace(reading: Reading, row: number): NodeFace {
  const { scenario, frame } = reading;
  const node = scenario.nodes[row];
  const code = nodeNumber(frame, row, "state");
  const state = code === 0 ? "up" : code === 1 ? "down" : "partly";
  const capacity = nodeNumber(frame, row, "capacity");
  const busy = capacity === 0 ? 0 : Math.min(1, nodeNumber(frame, row, "busy") / capacity);
  const warning = state === "down" ? "" : (reading.blocked.get(node?.id ?? "") ?? "");
  const rest = { state, busy, warning } as const;
  switch (node?.kind) {
    case "producer":
      return { ...rest, busy: 0, ...producerTexts(reading, row) };
    case "service":
      return { ...rest, ...serviceTexts(reading, row, state === "down") };
    case "store":
      return { ...rest, stalenessMs: stalenessOf(reading, row), ...storeTexts(reading, row) };
    case "broker":
      return { ...rest, ...brokerTexts(reading, row) };
    default:
      return { ...rest, ...stationTexts(reading, row, state === "down") };
  }
}

type Texts = Pick<NodeFace, "primary" | "secondary">;

function producerTexts({ frame, rates }: Reading, row: number): Texts {
  const failed = nodeNumber(frame, row, "failed");
  const sent = nodeNumber(frame, row, "handled");
  return {
    primary: `${rateText(rates.nodeRate(row, "handled"))} · ${countText(sent)} sent`,
    secondary: failed > 0 ? `${countText(failed)} failed` : "none failed",
  };
}

function serviceTexts({ frame, rates, scenario }: Reading, row: number, isDown: boolean): Texts {
  const instances = partsText(frame.clusters[scenario.nodes[row]?.id ?? ""] ?? []);
  const failed = nodeNumber(frame, row, "failed");
  const queued = nodeNumber(frame, row, "queued");
  const rate = rateText(rates.nodeRate(row, "handled"));
  const busy = nodeNumber(frame, row, "busy");
  const details = [
    isDown ? "" : instances,
    queued > 0 ? `${countText(queued)} queued` : "",
    failed > 0 ? `${countText(failed)} failed` : "",
  ].filter((text) => text !== "");
  const handled = `${countText(nodeNumber(frame, row, "handled"))} handled`;
  return {
    primary: isDown ? "crashed" : `busy ${busy} of ${nodeNumber(frame, row, "capacity")} · ${rate}`,
    secondary: details.length === 0 ? handled : details.join(" · "),
  };
}

/** What mechanisms did comes first: it is what tells the kinds apart. */
function stationTexts(reading: Reading, row: number, isDown: boolean): Texts {
  const { primary, secondary } = serviceTexts(reading, row, false);
  const counts = reading.frame.counts[reading.scenario.nodes[row]?.id ?? ""] ?? {};
  return {
    primary: isDown ? "down" : primary,
    secondary: Object.keys(counts).length === 0 ? secondary : countsText(counts),
  };
}

/** "12 rate-limited · 3 overloaded". */
export function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([what, times]) => `${countText(times)} ${what}`)
    .join(" · ");
}

/** How old the oldest update is that a store lacks [ms]; −1 where it lacks none. A store with versions that follows no
 *  other one is the truth itself. */
function stalenessOf({ scenario, frame }: Reading, row: number): number {
  const keepsVersions = scenario.nodes[row]?.parameters?.["versions"] === true;
  const lacks = nodeNumber(frame, row, keepsVersions ? "staleKeys" : "behind") > 0;
  return lacks ? nodeNumber(frame, row, "stalenessMs") : -1;
}

/** The badge of a store: "2.3 s"; nothing where it lacks nothing. */
export function stalenessText(ageMs: number): string {
  return ageMs < 0 ? "" : formatDurationMs(roughMs(ageMs));
}

function storeTexts({ frame }: Reading, row: number): Texts {
  const behind = nodeNumber(frame, row, "behind");
  const oldest = formatDurationMs(roughMs(nodeNumber(frame, row, "stalenessMs")));
  const stale = nodeNumber(frame, row, "staleKeys");
  const anomalies = nodeNumber(frame, row, "anomalies");
  const lag = behind > 0 ? `${countText(behind)} behind by ${oldest}` : "converged";
  return {
    primary: `${countText(nodeNumber(frame, row, "entities"))} keys${stale > 0 ? ` · ${countText(stale)} stale` : ""}`,
    secondary: anomalies > 0 ? `${lag} · ${countText(anomalies)} anomalies` : lag,
  };
}

/** What is the matter with a node of a cluster: "up, leads 4", "cut off, leads 1", "10 times as slow, leads 2". */
export function memberText(node: ClusterNode): string {
  const words = {
    up: "up",
    down: "down",
    isolated: "cut off",
    paused: "paused",
    slow: `${node.slowness} times as slow`,
  }[conditionOf(node)];
  // Instances of services lead nothing.
  return node.up && node.paused === undefined ? `${words}, leads ${node.leads}` : words;
}

/** What is the matter with the nodes of a cluster: "2 of 3 nodes up · 1 slow"; "" when nothing is. */
/** What is the matter with a service: with all of it, or with some of its instances. */
function partsText(parts: readonly ClusterNode[]): string {
  const [only, ...others] = parts;
  if (only === undefined || others.length > 0) return clusterText(parts, "instances");
  const condition = conditionOf(only);
  return condition === "up" ? "" : condition;
}

function clusterText(nodes: readonly ClusterNode[], word = "nodes"): string {
  const conditions = nodes.map(conditionOf);
  const several = (condition: string) => conditions.filter((one) => one === condition).length;
  const [down, isolated, slow] = [several("down"), several("isolated"), several("slow")];
  const paused = several("paused");
  if (nodes.length > 0 && down === nodes.length) return `all ${word} down`;
  return [
    ...(down > 0 ? [`${nodes.length - down} of ${nodes.length} ${word} up`] : []),
    ...(isolated > 0 ? [`${isolated} cut off`] : []),
    ...(paused > 0 ? [`${paused} paused`] : []),
    ...(slow > 0 ? [`${slow} slow`] : []),
  ].join(" · ");
}

function brokerTexts({ frame, scenario, rows }: Reading, row: number): Texts {
  const id = scenario.nodes[row]?.id;
  const own = scenario.channels.filter((channel) => channel.broker === id);
  const total = (metric: "waiting" | "inFlight"): number =>
    own.reduce((sum, { id }) => sum + channelNumber(frame, rows.channels.get(id) ?? -1, metric), 0);
  const nodes = clusterText(frame.clusters[id ?? ""] ?? []);
  const waiting = `${countText(total("waiting"))} waiting`;
  return {
    primary: nodes === "" ? waiting : `${nodes} · ${waiting}`,
    secondary: `${countText(total("inFlight"))} in flight`,
  };
}

/** The face of the channel in this row. */
export function channelFace(reading: Reading, row: number): ChannelFace {
  const { frame, scenario } = reading;
  const id = scenario.channels[row]?.id ?? "";
  const waiting = channelNumber(frame, row, "waiting");
  const dead = channelNumber(frame, row, "deadLettered");
  const dropped = channelNumber(frame, row, "dropped") + channelNumber(frame, row, "expired");
  // What keeps nothing itself, such as an exchange, only passes on.
  if (channelKindOf(scenario, id)?.consumable === false)
    return {
      text: `${countText(channelNumber(frame, row, "published"))} passed on`,
      bar: 0,
      warning: reading.blocked.get(id) ?? "",
    };
  const texts = [
    `${countText(waiting)} waiting`,
    `${countText(channelNumber(frame, row, "inFlight"))} in flight`,
    dead > 0 ? `${countText(dead)} dead-lettered` : "",
    dropped > 0 ? `${countText(dropped)} dropped` : "",
  ];
  return {
    text: texts.filter((text) => text !== "").join(" · "),
    bar: backlogShare(waiting),
    warning: reading.blocked.get(id) ?? "",
  };
}

/** A backlog has no upper end, so the bar is logarithmic: 10 fill a quarter, 10,000 all of it. */
function backlogShare(waiting: number): number {
  return Math.min(1, Math.log10(1 + waiting) / 4);
}

/** Two significant digits: a text that changes ten times a second must be readable. */
function roughMs(durationMs: number): number {
  return Number(durationMs.toPrecision(2));
}

/** One sentence for screen readers about the whole run. */
export function runSummary({ scenario, frame }: Reading): string {
  const down = scenario.nodes.filter((_, row) => nodeNumber(frame, row, "state") !== 0);
  const waiting = scenario.channels.reduce(
    (sum, _, row) => sum + channelNumber(frame, row, "waiting"),
    0,
  );
  const names = down.map((node) => node.name ?? node.id).join(", ");
  const state = names === "" ? "all up" : `down: ${names}`;
  return `${countText(waiting)} messages waiting, ${state}.`;
}
