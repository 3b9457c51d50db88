// The event log as the page shows it: some thousand lines around where one reads, pages more in either direction when they
// are asked for, and the latest lines again and again while one follows the run.

import { create } from "zustand";
import type { MessageEvent } from "../model/events.ts";
import { type LogFilter, logGroups } from "../model/logFilter.ts";
import type { LogPage, LogPlace } from "../model/lookback.ts";
import type { Scenario } from "../model/scenario.ts";
import { latestLiveRun } from "./liveRun.ts";
import { useRunStore } from "./runStore.ts";

const pageLines = 200;
/** Lines that are kept; with more, only the newest page stays. */
const linesMax = 2000;
const maxEvents = 150_000;
const followMs = 500;

/** What the person wants to see; an empty text is anything. */
export interface LogChoice {
  /** Id of a node or channel. */
  readonly place: string;
  readonly contract: string;
  /** One of `logGroups`. */
  readonly group: string;
  readonly key: string;
  readonly text: string;
}

interface Lines {
  readonly records: readonly MessageEvent[];
  readonly from: LogPlace;
  readonly to: LogPlace;
  readonly isAtStart: boolean;
  readonly isAtEnd: boolean;
}

/** The log, and how to see more of it. */
export interface LogState extends Lines {
  readonly choice: LogChoice;
  readonly isBusy: boolean;
  readonly isFollowing: boolean;
  choose(part: Partial<LogChoice>): void;
  follow(isFollowing: boolean): void;
  /** Reads on from an instant [ns]. */
  goTo(timeNs: number): void;
  earlier(): void;
  later(): void;
}

const end: LogPlace = { timeNs: Infinity, line: 0 };
const noLines: Lines = { records: [], from: end, to: end, isAtStart: false, isAtEnd: true };

/** Counts questions: only the answer to the last one is shown. */
let asked = 0;
/** The moment of the run whose end is shown. */
let shown = "";

/** The state of the log. */
export const useLogStore = create<LogState>()((set, get) => ({
  ...noLines,
  choice: { place: "", contract: "", group: "", key: "", text: "" },
  isBusy: false,
  isFollowing: true,
  choose: (part) => {
    set({ choice: { ...get().choice, ...part } });
    const { timeNs } = get().from;
    if (get().isFollowing) void showEnd();
    else void show({ timeNs: Number.isFinite(timeNs) ? Math.max(0, timeNs) : 0, line: 0 });
  },
  follow: (isFollowing) => {
    set({ isFollowing });
    if (isFollowing) void showEnd();
  },
  goTo: (timeNs) => {
    set({ isFollowing: false });
    void show({ timeNs, line: 0 });
  },
  earlier: () => void more("earlier"),
  later: () => void more("later"),
}));

/** Follows the run while the log is looked at; returns how to stop that. */
export function watchLog(): () => void {
  shown = "";
  const look = (): void => {
    const { generation, timeNs, status } = useRunStore.getState();
    const moment = `${generation}/${status}/${timeNs}`;
    if (moment === shown || !useLogStore.getState().isFollowing || latestLiveRun() === null) return;
    shown = moment;
    void showEnd();
  };
  look();
  const timer = setInterval(look, followMs);
  return () => clearInterval(timer);
}

async function showEnd(): Promise<void> {
  const page = await load(end, "earlier");
  if (page !== undefined)
    useLogStore.setState({ ...linesOf(page), isAtStart: page.isEnd, isAtEnd: true });
}

async function show(place: LogPlace): Promise<void> {
  const page = await load(place, "later");
  if (page === undefined) return;
  useLogStore.setState({ ...linesOf(page), isAtStart: place.timeNs <= 0, isAtEnd: page.isEnd });
}

async function more(towards: "earlier" | "later"): Promise<void> {
  useLogStore.setState({ isFollowing: false });
  const { from, to } = useLogStore.getState();
  const page = await load(towards === "earlier" ? from : to, towards);
  if (page !== undefined) useLogStore.setState((before) => joined(before, page, towards));
}

/** Asks until there are lines, or no more; where nothing was found yet, the search goes on from where it came to. */
async function load(at: LogPlace, towards: "earlier" | "later"): Promise<LogPage | undefined> {
  const number = ++asked;
  const scenario = latestLiveRun()?.scenario;
  if (scenario === undefined) return undefined;
  const filter = filterOf(useLogStore.getState().choice, scenario);
  useLogStore.setState({ isBusy: true });
  let place = at;
  for (;;) {
    const request = { filter, at: place, towards, count: pageLines, maxEvents };
    const page = await useRunStore.getState().past((past) => past.log(request));
    if (number !== asked) return undefined;
    if (page === null || page.records.length > 0 || page.isEnd) {
      useLogStore.setState({ isBusy: false });
      if (page === null) return undefined;
      return towards === "later" ? { ...page, from: at } : { ...page, to: at };
    }
    place = towards === "later" ? page.to : page.from;
  }
}

function filterOf({ place, contract, group, key, text }: LogChoice, scenario: Scenario): LogFilter {
  const channels = scenario.channels.filter(({ broker }) => broker === place).map(({ id }) => id);
  return {
    ...(place === "" ? {} : { places: [place, ...channels] }),
    ...(contract === "" ? {} : { contract }),
    ...(group === "" ? {} : { events: logGroups[group] ?? [] }),
    ...(key === "" ? {} : { key }),
    ...(text === "" ? {} : { text }),
  };
}

function linesOf({ records, from, to }: LogPage): Pick<Lines, "records" | "from" | "to"> {
  return { records, from, to };
}

function joined(before: Lines, page: LogPage, towards: "earlier" | "later"): Lines {
  const isEarlier = towards === "earlier";
  const records = isEarlier
    ? [...page.records, ...before.records]
    : [...before.records, ...page.records];
  // Too many: the page alone, in the middle of the log.
  const isTooLong = records.length > linesMax;
  return {
    records: isTooLong ? page.records : records,
    from: isEarlier || isTooLong ? page.from : before.from,
    to: !isEarlier || isTooLong ? page.to : before.to,
    isAtStart: isEarlier ? page.isEnd : before.isAtStart && !isTooLong,
    isAtEnd: isEarlier ? before.isAtEnd && !isTooLong : page.isEnd,
  };
}
