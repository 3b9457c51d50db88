// Lining up what is selected, and dimming what does not belong to it: used from the first touch on.

import { type Alignment, aligned, spread, type Spread } from "../drawing/align.ts";
import { nameOf, nodeOf } from "../model/elements.ts";
import { belongingTo, between } from "../model/focus.ts";
import { useDocumentStore } from "./documentStore.ts";
import { moveTo } from "./editing.ts";
import { useSessionStore } from "./sessionStore.ts";

function selectedNodes(): readonly string[] {
  const { scenario } = useDocumentStore.getState();
  return useSessionStore.getState().selection.filter((id) => nodeOf(scenario, id) !== undefined);
}

/** Aligns the selected nodes, in one step of the history. */
export function alignSelected(to: Alignment): void {
  moveTo(aligned(useDocumentStore.getState().scenario, selectedNodes(), to));
}

/** Makes the gaps between the selected nodes equal, in one step of the history. */
export function spreadSelected(over: Spread): void {
  moveTo(spread(useDocumentStore.getState().scenario, selectedNodes(), over));
}

/** What part of the drawing one looks at. */
export type View = "around" | "upstream" | "downstream" | "between";

/** Dims what does not belong to the selection. */
export function lookAt(view: View): void {
  const session = useSessionStore.getState();
  const { scenario } = useDocumentStore.getState();
  const ids = session.selection;
  const names = ids.map((id) => nameOf(scenario, id)).join(" and ");
  const shown = partOf(view, ids);
  if (shown.size === 0)
    return session.notify("info", `No way leads from one to the other: ${names}.`);
  session.set({ focus: shown });
  const count = scenario.nodes.filter(({ id }) => shown.has(id)).length;
  session.announce(`${count} of ${scenario.nodes.length} nodes stand out: ${view} ${names}.`);
}

function partOf(view: View, ids: readonly string[]): ReadonlySet<string> {
  const { scenario } = useDocumentStore.getState();
  const [one = "", other = ""] = ids;
  switch (view) {
    case "between":
      return between(scenario, one, other);
    case "around": {
      const before = belongingTo(scenario, ids, "upstream");
      return new Set([...before, ...belongingTo(scenario, ids, "downstream")]);
    }
    default:
      return belongingTo(scenario, ids, view);
  }
}
