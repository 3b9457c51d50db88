// What the person looks at, as opposed to what the document says: selection, panels, theme, open dialog, notices.
// Every key has a row in `savedKeys`; a new key does not compile without one.

import { create } from "zustand";
import type { Position } from "../model/scenario.ts";

/** Follow the system, or not. */
export type ThemeChoice = "system" | "light" | "dark";

/** The tabs of the panel below the canvas, in their order. */
const panelTabs = [
  "charts",
  "log",
  "trace",
  "consistency",
  "contracts",
  "problems",
  "report",
] as const;

/** One of them. */
export type PanelTab = (typeof panelTabs)[number];
/** The life that is looked at: of a message by its number, or of one that has to be found. */
export type Traced = number | "slowest" | "dead letters" | "failures";

/** A file that was dropped onto the page, with the folders inside what was dropped. */
export interface HandedOver {
  readonly name: string;
  readonly file: File;
}

/** The one dialog that may be open, with what it is about. */
export type Dialog =
  | { readonly dialog: "technology"; readonly at?: Position; readonly from?: string }
  | {
      readonly dialog: "extend";
      readonly from: string;
      /** Where the line was let go, in the window and in the document [px]. */
      readonly at: Position;
      readonly place: Position;
    }
  | { readonly dialog: "swap"; readonly of: string }
  | { readonly dialog: "targets"; readonly from: string }
  | { readonly dialog: "link"; readonly from: string; readonly to: string }
  | { readonly dialog: "menu"; readonly at: Position; readonly on: string | null }
  | { readonly dialog: "commands" }
  | { readonly dialog: "shortcuts" }
  | { readonly dialog: "documents" }
  | { readonly dialog: "examples" }
  | { readonly dialog: "twin" }
  | { readonly dialog: "export" }
  | { readonly dialog: "import"; readonly files?: readonly HandedOver[] }
  | { readonly dialog: "share" };

/** A short message that goes away by itself, unless it is a failure. */
export interface Notice {
  readonly id: number;
  readonly tone: "info" | "good" | "failure";
  readonly text: string;
}

/** What the session knows. */
export interface SessionData {
  /** Ids of selected nodes, channels and connections. */
  readonly selection: readonly string[];
  /** Ids of what stands out while the rest of the drawing is dimmed; null: everything. */
  readonly focus: ReadonlySet<string> | null;
  /** Place of the bookmark that is presented (0-based); null: nothing is presented. */
  readonly slide: number | null;
  /** The place in the document on which somebody clicked last, as a problem names it; a new object for each click. */
  readonly visited: { readonly element: string; readonly path: string } | null;
  /** Whose life the panel shows. */
  readonly traced: Traced | null;
  readonly theme: ThemeChoice;
  readonly tab: PanelTab;
  readonly isPanelOpen: boolean;
  /** 0 until somebody has chosen a height. */
  readonly panelHeightPx: number;
  readonly isPaletteOpen: boolean;
  readonly isInspectorOpen: boolean;
  /** What was open last: the key of a stored document, or "example/" and the id of an example. */
  readonly lastDocument: string;
  readonly dialog: Dialog | null;
  readonly notices: readonly Notice[];
  /** Read out by screen readers. */
  readonly announcement: string;
}

const savedKeys: Readonly<Record<keyof SessionData, boolean>> = {
  selection: false,
  focus: false,
  slide: false,
  visited: false,
  traced: false,
  theme: true,
  tab: true,
  isPanelOpen: true,
  panelHeightPx: true,
  isPaletteOpen: true,
  isInspectorOpen: true,
  lastDocument: true,
  dialog: false,
  notices: false,
  announcement: false,
};

interface SessionState extends SessionData {
  select(ids: readonly string[]): void;
  open(dialog: Dialog): void;
  closeDialog(): void;
  showTab(tab: PanelTab): void;
  /** Opens the life of a message in the panel below. */
  trace(traced: Traced): void;
  set(part: Partial<SessionData>): void;
  announce(sentence: string): void;
  notify(tone: Notice["tone"], text: string): void;
  dismiss(id: number): void;
}

const initial: SessionData = {
  selection: [],
  focus: null,
  slide: null,
  visited: null,
  traced: null,
  theme: "system",
  tab: "charts",
  isPanelOpen: true,
  panelHeightPx: 0,
  isPaletteOpen: true,
  isInspectorOpen: true,
  lastDocument: "",
  dialog: null,
  notices: [],
  announcement: "",
};

const noticesMax = 4;
let lastNotice = 0;

/** The session. */
export const useSessionStore = create<SessionState>()((set) => ({
  ...initial,
  select: (ids) => set((state) => (isSame(state.selection, ids) ? state : { selection: ids })),
  open: (dialog) => set({ dialog }),
  closeDialog: () => set({ dialog: null }),
  showTab: (tab) => set({ tab, isPanelOpen: true }),
  trace: (traced) => set({ traced, tab: "trace", isPanelOpen: true }),
  set: (part) => set(part),
  announce: (sentence) => set({ announcement: sentence }),
  notify: (tone, text) =>
    set((state) => ({
      notices: [
        ...state.notices.filter((notice) => notice.text !== text),
        { id: ++lastNotice, tone, text },
      ].slice(-noticesMax),
      announcement: text,
    })),
  dismiss: (id) =>
    set((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) })),
}));

/** Where the saved part of the session is kept; `localStorage` fits. */
export interface SessionStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const storageKey = "spillway.session";

/** How a phone begins: the drawing, the run and the report; the panels wait behind their buttons. */
export const phoneSession: Partial<SessionData> = {
  isPanelOpen: false,
  isPaletteOpen: false,
  isInspectorOpen: false,
};

/** Restores the saved keys and keeps saving them; without any, `first` holds. A blocked storage only means that
 *  nothing is remembered. */
export function keepSession(storage: () => SessionStorage, first: Partial<SessionData> = {}): void {
  useSessionStore.setState(first);
  try {
    const text = storage().getItem(storageKey);
    if (text !== null) useSessionStore.setState(parseSaved(JSON.parse(text)));
  } catch {
    // Storage is blocked or holds something foreign: the defaults serve.
  }
  useSessionStore.subscribe((state, before) => {
    const keys = savedKeyNames();
    if (keys.every((key) => state[key] === before[key])) return;
    try {
      const saved = Object.fromEntries(keys.map((key) => [key, state[key]]));
      storage().setItem(storageKey, JSON.stringify(saved));
    } catch {
      // As above.
    }
  });
}

function savedKeyNames(): readonly (keyof SessionData)[] {
  return Object.keys(savedKeys)
    .filter(isSessionKey)
    .filter((key) => savedKeys[key]);
}

function isSessionKey(text: string): text is keyof SessionData {
  return Object.hasOwn(savedKeys, text);
}

/** The saved keys of an untrusted value whose types fit; everything else is left out. */
export function parseSaved(value: unknown): Partial<SessionData> {
  if (typeof value !== "object" || value === null) return {};
  const entries = Object.entries(value).filter(([key, entry]) => {
    if (!isSessionKey(key) || !savedKeys[key] || typeof entry !== typeof initial[key]) return false;
    if (key === "theme") return ["system", "light", "dark"].includes(String(entry));
    if (key === "tab") return panelTabs.some((tab) => tab === entry);
    return key !== "panelHeightPx" || (Number(entry) >= 120 && Number(entry) <= 900);
  });
  return Object.fromEntries(entries);
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((id, i) => id === right[i]);
}
