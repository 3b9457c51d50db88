// Bookmarks: keeping what one sees at a moment of the run, coming back to it, and presenting one after the other.

import { formatDurationMs } from "../base/units.ts";
import { freshId } from "../model/freshId.ts";
import type { Bookmark } from "../model/bookmarks.ts";
import { canvas } from "./canvasPort.ts";
import { useDocumentStore } from "./documentStore.ts";
import { latestLiveRun } from "./liveRun.ts";
import { useRunStore } from "./runStore.ts";
import { useSessionStore } from "./sessionStore.ts";

/** The bookmarks of the document, in their order. */
export function bookmarks(): readonly Bookmark[] {
  return useDocumentStore.getState().scenario.bookmarks ?? [];
}

/** Keeps what is seen now, at the end of the list: moment, view and what stands out. */
export function bookmarkNow(): void {
  const { scenario } = useDocumentStore.getState();
  const seen = whatIsSeen();
  const when = seen.at === undefined ? "" : ` at ${formatDurationMs(seen.at)}`;
  const made = { id: freshId(scenario, "bookmark"), caption: `Look${when}`, ...seen };
  changeBookmarks([...bookmarks(), made], "Add bookmark");
  const session = useSessionStore.getState();
  session.select([]);
  session.notify("good", `Bookmark ${bookmarks().length} kept${when}.`);
}

/** Keeps what is seen now in place of what a bookmark shows; its caption stays. */
export function retake(id: string): void {
  const next = bookmarks().map((one) =>
    one.id === id ? { id, caption: one.caption, ...extensionsOf(one), ...whatIsSeen() } : one,
  );
  changeBookmarks(next, "Retake bookmark");
}

function extensionsOf(bookmark: Bookmark): Partial<Bookmark> {
  return Object.fromEntries(Object.entries(bookmark).filter(([key]) => key.startsWith("x-")));
}

function whatIsSeen(): Omit<Bookmark, "id" | "caption"> {
  const { focus } = useSessionStore.getState();
  const live = latestLiveRun();
  return {
    ...(live !== null && { at: live.frame.timeNs / 1e6 }),
    view: canvas().view(),
    ...(focus !== null && { focus: [...focus] }),
  };
}

/** Gives a bookmark another caption. */
export function changeCaption(id: string, caption: string): void {
  const next = bookmarks().map((one) => (one.id === id ? { ...one, caption } : one));
  changeBookmarks(next, "Change caption", `caption ${id}`);
}

/** Moves a bookmark up (−1) or down (1) in the list. */
export function moveBookmark(id: string, by: -1 | 1): void {
  const next = [...bookmarks()];
  const from = next.findIndex((one) => one.id === id);
  const moved = next[from];
  if (moved === undefined || next[from + by] === undefined) return;
  next.splice(from, 1);
  next.splice(from + by, 0, moved);
  changeBookmarks(next, "Move bookmark");
}

/** Takes a bookmark off the list. */
export function deleteBookmark(id: string): void {
  changeBookmarks(
    bookmarks().filter((one) => one.id !== id),
    "Delete bookmark",
  );
}

function changeBookmarks(next: readonly Bookmark[], title: string, coalesce?: string): void {
  const { scenario, commit } = useDocumentStore.getState();
  const { bookmarks: _, ...rest } = scenario;
  const after = next.length === 0 ? rest : { ...rest, bookmarks: next };
  commit(after, title, coalesce === undefined ? {} : { coalesce });
}

/** Brings into view what a bookmark shows of the canvas. */
export function look({ view }: Bookmark): void {
  if (view === undefined) canvas().fit();
  else canvas().show(view);
}

/** Shows what a bookmark shows: its part of the canvas, its moment of the run, what stands out. The run stands then. */
export async function goTo(bookmark: Bookmark): Promise<void> {
  const { focus, at, caption } = bookmark;
  useSessionStore.getState().set({ focus: focus === undefined ? null : new Set(focus) });
  look(bookmark);
  useSessionStore.getState().announce(caption);
  if (at === undefined) return;
  const run = useRunStore.getState();
  run.pause();
  // A run of an earlier state of the document would show something else.
  if (run.isStale) await run.restart();
  await run.seek(at * 1e6);
}

/** Begins to present, at the first bookmark. */
export function present(): void {
  const session = useSessionStore.getState();
  if (bookmarks().length === 0)
    return session.notify(
      "info",
      "There is nothing to present yet: bookmark what you want to show (M), one after the other.",
    );
  session.select([]);
  showSlide(0);
}

/** Goes to a bookmark of the presentation; beyond the ends of the list it stays at them. */
export function showSlide(index: number): void {
  const slide = Math.max(0, Math.min(bookmarks().length - 1, index));
  useSessionStore.getState().set({ slide });
}

/** Ends the presentation; the view stays. */
export function endPresentation(): void {
  useSessionStore.getState().set({ slide: null, focus: null });
}
