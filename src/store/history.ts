// Undo and redo as plain data: two stacks of patches. Undo many times, copy something, redo to the present:
// the document is unchanged, because only `record` forgets what could be redone.

import { isEmptyPatch, type Patch, reversePatch, squashPatches } from "../model/patch.ts";

/** One step that a person can undo. */
export interface HistoryStep {
  /** What was done, as in "Undo: move Payments". */
  readonly title: string;
  readonly patch: Patch;
  /** Steps of the same key that follow each other quickly become one: typing in one field, a held arrow key. */
  readonly coalesce?: string;
  /** Wall time of its last change [ms]. */
  readonly atMs: number;
}

/** What was done, the latest last, and what was undone, the next to redo last. */
export interface History {
  readonly done: readonly HistoryStep[];
  readonly undone: readonly HistoryStep[];
}

/** Nothing has happened yet. */
export const emptyHistory: History = { done: [], undone: [] };

/** Changes of the same key within this time are one step [ms]. */
export const coalesceMs = 500;

/** The oldest steps beyond this are forgotten. */
const stepsMax = 500;

/** The history after a change of the document. */
export function record(history: History, step: HistoryStep): History {
  const last = history.done.at(-1);
  if (last === undefined || !belongsTo(step, last))
    return { done: [...history.done, step].slice(-stepsMax), undone: [] };
  const patch = squashPatches(last.patch, step.patch);
  const before = history.done.slice(0, -1);
  return { done: isEmptyPatch(patch) ? before : [...before, { ...step, patch }], undone: [] };
}

function belongsTo(step: HistoryStep, last: HistoryStep): boolean {
  return (
    step.coalesce !== undefined &&
    step.coalesce === last.coalesce &&
    step.atMs - last.atMs <= coalesceMs
  );
}

/** One step along the history: the patch to apply, and the history afterwards. */
export interface HistoryMove {
  readonly history: History;
  readonly patch: Patch;
  readonly title: string;
}

/** One step back; undefined when there is none. */
export function undo(history: History): HistoryMove | undefined {
  const step = history.done.at(-1);
  if (step === undefined) return undefined;
  return {
    history: { done: history.done.slice(0, -1), undone: [...history.undone, step] },
    patch: reversePatch(step.patch),
    title: step.title,
  };
}

/** One step forward again; undefined when there is none. */
export function redo(history: History): HistoryMove | undefined {
  const step = history.undone.at(-1);
  if (step === undefined) return undefined;
  return {
    // Without its key, so that what follows does not melt into a step from long ago.
    history: {
      done: [...history.done, { title: step.title, patch: step.patch, atMs: step.atMs }],
      undone: history.undone.slice(0, -1),
    },
    patch: step.patch,
    title: step.title,
  };
}
