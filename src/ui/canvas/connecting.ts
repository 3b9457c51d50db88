// While a line is being drawn: where it comes from, and what the rules say about every possible end.
// Only cards whose verdict changes render again.

import { type ConnectionState, useConnection } from "@xyflow/react";
import { useDocumentStore } from "../../store/documentStore.ts";
import { elementAt } from "./flowNodes.ts";
import { verdictOf } from "./verdicts.ts";

/** How a card or row looks while a line is being drawn. */
export type DropState = "open" | "closed" | "source" | undefined;

/** What would happen if the line ended here; undefined while no line is being drawn. */
export function useDropState(id: string): DropState {
  const from = useConnection((connection) => sourceOf(connection));
  return useDocumentStore((state) => {
    if (from === null) return undefined;
    if (from === id) return "source";
    const verdict = verdictOf(state.scenario, from, id);
    if (verdict === undefined) return undefined;
    return verdict.allowed ? "open" : "closed";
  });
}

/** The element that a handle belongs to. */
export function elementOfHandle(handle: {
  readonly nodeId: string;
  readonly id?: string | null;
}): string {
  return elementAt(handle.nodeId, handle.id);
}

/** The element from which a line is being drawn. */
export function sourceOf(connection: ConnectionState): string | null {
  if (!connection.inProgress) return null;
  return elementOfHandle(connection.fromHandle);
}

/** The element under the pointer while a line is being drawn. */
export function targetOf(connection: ConnectionState): string | null {
  if (!connection.inProgress || connection.toHandle === null) return null;
  return elementOfHandle(connection.toHandle);
}
