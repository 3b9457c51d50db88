// What one can do with the thing under the pointer: commands, as everywhere.

import { elementOf, nameOf } from "../../model/elements.ts";
import { groupOf, noteOf } from "../../model/grouping.ts";
import type { Position, Scenario } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { MenuList } from "../controls/Menu.tsx";
import { entryOf } from "../app/entries.ts";

interface ContextMenuProps {
  readonly at: Position;
  /** Id of an element; null: the empty canvas. */
  readonly on: string | null;
  readonly onClose: () => void;
}

/** The context menu. */
export function ContextMenu({ at, on, onClose }: ContextMenuProps) {
  const scenario = useDocumentStore((state) => state.scenario);
  const title = on === null ? "Canvas" : nameOf(scenario, on);
  const ids = on === null ? canvasEntries : entriesFor(typeOf(scenario, on));
  const entries = ids.map((id) =>
    id === "" ? null : entryOf(id, id === "edit/delete" ? "danger" : undefined),
  );
  return (
    <MenuList
      label={title}
      at={at}
      entries={[{ id: "title", label: title }, ...entries]}
      onClose={onClose}
    />
  );
}

const canvasEntries = [
  "add/producer",
  "add/broker",
  "add/service",
  "add/store",
  "grouping/note",
  "",
  "clipboard/paste",
  "edit/select-all",
  "arrange/right",
  "arrange/down",
  "",
  "view/fit",
];

function typeOf(scenario: Scenario, id: string): string | undefined {
  if (groupOf(scenario, id) !== undefined) return "group";
  return noteOf(scenario, id) === undefined ? elementOf(scenario, id)?.type : "note";
}

function entriesFor(type: string | undefined): readonly string[] {
  if (type === "connection") return ["view/inspector", "", "edit/delete"];
  const edits = ["clipboard/copy", "clipboard/cut", "clipboard/duplicate", "", "edit/delete"];
  if (type === "note") return edits;
  if (type === "group") return ["grouping/toggle", "grouping/ungroup", "", ...edits];
  if (type === "channel")
    return ["edit/connect", "view/inspector", "", "run/redrive", "", ...edits];
  const looks = ["focus/around", "focus/upstream", "focus/downstream"];
  return [
    "edit/connect",
    "view/inspector",
    "",
    "run/crash",
    "run/revive",
    "",
    ...looks,
    "",
    "grouping/group",
    "grouping/toggle",
    "",
    ...edits,
  ];
}
