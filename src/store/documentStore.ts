// The document that is open, its history and its problems. Everything that changes it goes through `commit`,
// which records the step and lets subscribers (the check, autosave, the run) see it.

import { create } from "zustand";
import type { Problem } from "../base/problem.ts";
import { applyPatch, diffScenario, isEmptyPatch } from "../model/patch.ts";
import type { Scenario } from "../model/scenario.ts";
import { emptyHistory, type History, type HistoryMove, record, redo, undo } from "./history.ts";

/** How a commit appears in the history. */
export interface CommitOptions {
  /** Commits of the same key within half a second become one step to undo. */
  readonly coalesce?: string;
}

/** Where an open document comes from: it is to be kept, it is kept already, or it is an example that nobody has changed
 *  and that need not be kept. */
export type DocumentOrigin = "new" | "stored" | "example";

/** The open document and what can be done with it. */
export interface DocumentState {
  readonly scenario: Scenario;
  /** Under which the document is stored in this browser. */
  readonly key: string;
  /** An example is a document of one's own as soon as it is changed. */
  readonly origin: DocumentOrigin;
  readonly history: History;
  /** What checking.ts has found. */
  readonly problems: readonly Problem[];
  /** What the checks have found that are too large for the first load: schemas, and versions that do not go together. */
  readonly lateProblems: readonly Problem[];
  /** The only way to change the document. `title` says what was done: "Add Payments". */
  commit(after: Scenario, title: string, options?: CommitOptions): void;
  undo(): void;
  redo(): void;
  /** Puts another document in the place of this one, with a history of its own. */
  open(scenario: Scenario, key: string, origin?: DocumentOrigin): void;
}

/** A document with nothing in it. */
export const blankScenario: Scenario = {
  format: "spillway",
  version: 1,
  id: "untitled",
  title: "Untitled",
  seed: 1,
  load: { duration: 60_000 },
  nodes: [],
  channels: [],
  connections: [],
  contracts: [],
  timeline: [],
  objectives: [],
  layout: {},
};

/** The document. */
export const useDocumentStore = create<DocumentState>()((set, get) => {
  const move = (step: HistoryMove | undefined): void => {
    if (step === undefined) return;
    const scenario = applyPatch(get().scenario, step.patch);
    set({ scenario, history: step.history });
  };
  return {
    scenario: blankScenario,
    key: "untitled",
    origin: "new",
    history: emptyHistory,
    problems: [],
    lateProblems: [],
    commit: (after, title, options = {}) => {
      const { scenario, history } = get();
      const patch = diffScenario(scenario, after);
      if (isEmptyPatch(patch)) return;
      // Rebuilt from the patch, so that what did not change keeps its identity however the edit was written.
      const next = applyPatch(scenario, patch);
      const step = { title, patch, atMs: Date.now(), ...options };
      set({
        scenario: next,
        origin: "stored",
        history: record(history, step),
      });
    },
    undo: () => move(undo(get().history)),
    redo: () => move(redo(get().history)),
    open: (scenario, key, origin = "new") => set({ scenario, key, origin, history: emptyHistory }),
  };
});
