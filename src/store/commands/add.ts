// The commands that add nodes.

import type { Position } from "../../model/scenario.ts";
import { tools } from "../tools.ts";
import type { Command } from "./command.ts";

/** A kind of node that can be added; `nodeKinds` fits. */
export interface AddableKind {
  readonly id: string;
  readonly label: string;
  readonly icon: string;
  readonly key: string;
}

/** One command per kind of node. A broker first asks for its technology. */
export function addCommands(kinds: readonly AddableKind[]): readonly Command[] {
  return kinds.map((kind) => ({
    id: `add/${kind.id}`,
    title: `Add ${kind.label.toLowerCase()}`,
    group: "Add",
    shortcuts: [kind.key],
    icon: kind.icon,
    run: () => add(kind.id),
  }));
}

/** Adds a node of a kind, at a place or where there is room. */
export function add(kind: string, at?: Position): void | Promise<void> {
  return tools.adding.use(({ startAdding }) => startAdding(kind, at));
}
