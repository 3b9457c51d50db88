// Deleting and moving what is drawn, each as one step of history.

import { placeOf, placesOf } from "../drawing/frames.ts";
import { gridPx, moveNodes, withoutElements } from "../model/edit.ts";
import { nameOf } from "../model/elements.ts";
import type { Position } from "../model/scenario.ts";
import { useDocumentStore } from "./documentStore.ts";
import { useSessionStore } from "./sessionStore.ts";

/** Removes elements and everything that would dangle without them. */
export function deleteElements(ids: readonly string[]): void {
  const { scenario, commit } = useDocumentStore.getState();
  const [only] = ids;
  if (only === undefined) return;
  const what = ids.length === 1 ? nameOf(scenario, only) : `${ids.length} elements`;
  commit(withoutElements(scenario, ids), `Delete ${what}`);
  useSessionStore.getState().select([]);
  useSessionStore.getState().announce(`${what} deleted.`);
}

/** Moves nodes, notes and groups (by the corner of their box) to new places as one step of history. */
export function moveTo(positions: Readonly<Record<string, Position>>, coalesce?: string): void {
  const { scenario, commit } = useDocumentStore.getState();
  const ids = Object.keys(positions);
  const [only] = ids;
  if (only === undefined) return;
  const what = ids.length === 1 ? nameOf(scenario, only) : `${ids.length} nodes`;
  commit(
    moveNodes(scenario, placesOf(scenario, positions)),
    `Move ${what}`,
    coalesce === undefined ? {} : { coalesce },
  );
}

/** Moves nodes by steps of the grid; what is held down is one step of history. */
export function moveBy(ids: readonly string[], x: number, y: number): void {
  const { scenario } = useDocumentStore.getState();
  const places = ids.map((id) => {
    const place = placeOf(scenario, id);
    return [id, { x: place.x + x * gridPx, y: place.y + y * gridPx }] as const;
  });
  moveTo(Object.fromEntries(places), `move ${ids.join(" ")}`);
}
