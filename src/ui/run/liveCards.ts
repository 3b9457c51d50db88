// Writes live values into the cards on the canvas by reference, ten times a second at most and never through React.
// What stood there at rest is remembered before the first write and comes back when the run is reset.
//
// A card offers slots: [data-node-id] with [data-live="state" | "busy-bar" | "primary" | "secondary" | "member-0" …],
// the card of a collapsed group [data-group-id] with "state" | "primary" | "secondary", a channel row [data-channel-id] with [data-live="waiting" | "waiting-bar"], a bridge's mark [data-bridge-id] itself.
// Missing slots are left out.
// Texts are written as text, bars as a horizontal scale, states as the attribute data-state. Every write costs layout
// and paint, so a round over all cards is spread over frames, and from far away only states are written.

import type { LiveRun } from "../../store/liveRun.ts";
import { conditionOf } from "../../model/result.ts";
import {
  channelFace,
  memberText,
  stalenessText,
  nodeFace,
  type Reading,
  readingOf,
  runSummary,
} from "./cardTexts.ts";
import { levelOf } from "../consistency/heatLayout.ts";
import { groupFace } from "./groupFace.ts";
import { connectionNumber, createRateWindow, nodeNumber } from "./liveRows.ts";
import { createSlots, type Slots } from "./liveSlots.ts";

/** The cards of a canvas while a run goes on. */
export interface LiveCards {
  /** Takes a frame in; writes nothing yet. */
  take(live: LiveRun | null): void;
  /** Writes what is new, if the last writing is long enough ago. Tells whether anything is left to write. */
  paint(nowMs: number): boolean;
  /** Brings back what stood there before. */
  reset(): void;
}

/** How the cards speak to screen readers. */
export interface LiveCardsOptions {
  /** The element that holds the cards. */
  readonly root: HTMLElement;
  /** Whether texts and bars are too small to be read. */
  readonly isFar: () => boolean;
  /** Reads a sentence aloud. */
  readonly announce: (sentence: string) => void;
}

const paintEveryMs = 100;
/** Cards written in one frame; a round over more of them takes several. */
const cardsPerFrame = 30;
const labelEveryMs = 1000;
const announceEveryMs = 2000;
/** A summary without news is repeated this seldom. */
const summaryEveryMs = 15_000;

interface Round {
  readonly reading: Reading;
  readonly cards: readonly HTMLElement[];
  readonly next: number;
}

/** Makes the writer of a canvas. */
export function createLiveCards({ root, isFar, announce }: LiveCardsOptions): LiveCards {
  const slots = createSlots();
  const { put } = slots;
  const rates = createRateWindow();
  let live: LiveRun | null = null;
  let isDirty = false;
  let paintedMs = 0;
  let labelledMs = 0;
  let isLabelling = false;
  let round: Round | null = null;
  const speaker = createSpeaker(announce);

  function reset(): void {
    slots.reset();
    rates.clear();
    isDirty = false;
    round = null;
    speaker.reset();
  }

  function take(next: LiveRun | null): void {
    if (next === null || next.generation !== live?.generation) {
      rates.clear();
      round = null;
    }
    live = next;
    if (next !== null) rates.add(next.frame);
    isDirty = true;
  }

  function paintNode(card: HTMLElement, reading: Reading): void {
    const id = card.dataset["nodeId"] ?? card.dataset["groupId"] ?? "";
    const row = reading.rows.nodes.get(id);
    const face = row === undefined ? groupFace(reading, id) : nodeFace(reading, row);
    if (face === undefined) return;
    put(card, "data-live-state", face.state);
    put(slotOf(card, "state"), "data-state", face.state);
    paintMembers(card, reading, id);
    if (isFar()) return;
    put(card, "data-tip", face.warning);
    put(card, "data-blocked", face.warning === "" ? "" : "true");
    put(slotOf(card, "busy-bar"), "scale", face.busy.toFixed(2));
    put(slotOf(card, "primary"), "text", face.primary);
    putStaleness(put, slotOf(card, "staleness"), face.stalenessMs);
    put(slotOf(card, "secondary"), "text", face.secondary + (face.warning === "" ? "" : " ⚠"));
    if (isLabelling) label(card, `${face.primary}, ${face.secondary}. ${face.warning}`.trim());
  }

  function paintMembers(card: HTMLElement, { frame }: Reading, id: string): void {
    frame.clusters[id]?.forEach((node, member) => {
      const dot = slotOf(card, `member-${member}`);
      put(dot, "data-state", conditionOf(node));
      put(dot, "data-tip", `Node ${member}: ${memberText(node)}`);
    });
  }

  function paintChannel(line: HTMLElement, reading: Reading): void {
    const row = reading.rows.channels.get(line.dataset["channelId"] ?? "");
    if (row === undefined || isFar()) return;
    const face = channelFace(reading, row);
    put(slotOf(line, "waiting"), "text", face.text + (face.warning === "" ? "" : " ⚠"));
    put(slotOf(line, "waiting-bar"), "scale", face.bar.toFixed(2));
    put(line, "data-tip", face.warning);
  }

  /** The focusable node around a card carries the name that screen readers say; the values are added to it. */
  function label(card: HTMLElement, values: string): void {
    const node = card.closest(".react-flow__node") ?? card;
    const name = slots.atRest(node, "aria-label");
    if (name !== "") put(node, "aria-label", `${name}. ${values}`);
  }

  /** Begins a round over all cards with the newest frame. */
  function beginRound({ scenario, frame }: LiveRun, nowMs: number): void {
    const reading = readingOf(scenario, frame, rates);
    isLabelling = nowMs - labelledMs >= labelEveryMs || frame.ended !== null;
    if (isLabelling) labelledMs = nowMs;
    const cards = root.querySelectorAll<HTMLElement>(
      "[data-node-id], [data-channel-id], [data-group-id]",
    );
    paintBridges(root, slots, reading);
    round = { reading, cards: [...cards], next: 0 };
    speaker.consider(reading, nowMs);
  }

  function paintSome({ reading, cards, next }: Round): void {
    for (const card of cards.slice(next, next + cardsPerFrame))
      if (card.dataset["channelId"] === undefined) paintNode(card, reading);
      else paintChannel(card, reading);
    const isOver = next + cardsPerFrame >= cards.length;
    round = isOver ? null : { reading, cards, next: next + cardsPerFrame };
  }

  function paint(nowMs: number): boolean {
    if (round === null && isDirty && nowMs - paintedMs >= paintEveryMs) {
      paintedMs = nowMs;
      isDirty = false;
      if (live === null || (live.frame.timeNs === 0 && live.frame.events === 0)) reset();
      else beginRound(live, nowMs);
    }
    if (round !== null) paintSome(round);
    return isDirty || round !== null;
  }

  return { take, paint, reset };
}

/** The badge of a store; other cards have none. */
function putStaleness(put: Slots["put"], badge: Element | null, ageMs = -1): void {
  put(badge, "text", stalenessText(ageMs));
  put(badge, "data-level", String(levelOf(ageMs)));
}

/** The marks of bridges tell whether they are up: they are few and small, so they are written at once. */
function paintBridges(root: HTMLElement, { put }: Slots, { frame, rows }: Reading): void {
  for (const mark of root.querySelectorAll<SVGElement>("[data-bridge-id]")) {
    const row = rows.connections.get(mark.dataset["bridgeId"] ?? "");
    if (row === undefined) continue;
    const state = connectionNumber(frame, row, "state");
    put(mark, "data-state", state === 0 ? "up" : state === 1 ? "down" : "partly");
  }
}

function slotOf(card: Element, name: string): Element | null {
  return card.querySelector(`[data-live="${name}"]`);
}

interface Speaker {
  consider(reading: Reading, nowMs: number): void;
  reset(): void;
}

/** Announces when a node goes down or comes back, when the run ends, and now and then how it stands. */
function createSpeaker(announce: (sentence: string) => void): Speaker {
  let spokenMs = -Infinity;
  let states = "";
  return {
    consider: (reading, nowMs) => {
      const { scenario, frame } = reading;
      const now =
        scenario.nodes.map((_, row) => nodeNumber(frame, row, "state")).join("") +
        (frame.ended?.reason ?? "");
      const waitMs = now === states ? summaryEveryMs : announceEveryMs;
      if (nowMs - spokenMs < waitMs) return;
      spokenMs = nowMs;
      states = now;
      const seconds = Math.round(frame.timeNs / 1e9);
      const ending = frame.ended === null ? "" : ` ${frame.ended.sentence}`;
      announce(`${seconds} seconds: ${runSummary(reading)}${ending}`);
    },
    reset: () => {
      spokenMs = -Infinity;
      states = "";
    },
  };
}
