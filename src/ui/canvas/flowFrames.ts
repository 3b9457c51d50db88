// From groups and notes of the document to what React Flow draws: frames behind the cards, one card for a collapsed group,
// and notes. As with cards, what has not changed keeps its object.

import { type Node as FlowNode, Position as Side } from "@xyflow/react";
import { boxOfGroup } from "../../drawing/frames.ts";
import { type Group, membersOf, type Note } from "../../model/grouping.ts";
import type { Position, Scenario } from "../../model/scenario.ts";
import { handlePx } from "./flowNodes.ts";

/** What a frame or the card of a collapsed group draws. */
export interface GroupData extends Record<string, unknown> {
  readonly group: Group;
  /** Number of nodes in it. */
  readonly size: number;
}

/** A frame around cards, or the one card of a collapsed group. */
export type GroupItem = FlowNode<GroupData, "frame" | "group">;

/** A note on the canvas. */
export type NoteItem = FlowNode<{ readonly note: Note }, "note">;

/** What decides how groups and notes look. */
export interface FrameInput {
  readonly scenario: Scenario;
  readonly selection: readonly string[];
  /** Places of nodes that are being dragged. */
  readonly dragged: Readonly<Record<string, Position>>;
}

type Item = GroupItem | NoteItem;

/** Makes a function that turns documents into frames and notes and remembers the last ones. */
export function createFlowFrames(): (input: FrameInput) => Item[] {
  let known = new Map<
    string,
    { readonly signature: string; readonly of: object; readonly item: Item }
  >();
  return (input) => {
    const next: typeof known = new Map();
    const remember = (of: Group | Note, item: Item | undefined): Item[] => {
      if (item === undefined) return [];
      const { position, width, height, selected } = item;
      const signature = [position.x, position.y, width, height, selected, sizeOf(item)].join();
      const before = known.get(of.id);
      const kept =
        before !== undefined && before.of === of && before.signature === signature
          ? before.item
          : item;
      next.set(of.id, { signature, of, item: kept });
      return [kept];
    };
    const { groups = [], notes = [] } = input.scenario;
    const items = [
      ...groups.flatMap((group) => remember(group, createGroup(input, group))),
      ...notes.flatMap((note) => remember(note, createNote(input, note))),
    ];
    known = next;
    return items;
  };
}

function sizeOf({ data }: Item): number {
  return "size" in data ? data.size : 0;
}

function createGroup(
  { scenario, selection, dragged }: FrameInput,
  group: Group,
): GroupItem | undefined {
  const box = boxOfGroup(scenario, group, dragged);
  if (box === undefined) return undefined;
  const { x, y, width, height } = box;
  const size = membersOf(scenario, group).length;
  const isCollapsed = group.collapsed === true;
  const name = group.name ?? "Group";
  const dot = { x: width - handlePx / 2, y: height / 2 - handlePx / 2 };
  return {
    id: group.id,
    type: isCollapsed ? "group" : "frame",
    position: { x, y },
    width,
    height,
    measured: { width, height },
    handles: [
      { id: "in", type: "target", position: Side.Left, x: 0, y: 0, width, height },
      {
        id: "out",
        type: "source",
        position: Side.Right,
        ...dot,
        width: handlePx,
        height: handlePx,
      },
    ],
    selected: selection.includes(group.id),
    connectable: false,
    // A frame lies behind everything and takes clicks on its title only, so that one can draw inside of it.
    ...(isCollapsed
      ? {}
      : { zIndex: -1, style: { pointerEvents: "none" }, dragHandle: "[data-frame-title]" }),
    ariaLabel: `Group ${name}, ${size} ${size === 1 ? "node" : "nodes"}${isCollapsed ? ", collapsed" : ""}`,
    data: { group, size },
  };
}

function createNote({ scenario, selection, dragged }: FrameInput, note: Note): NoteItem {
  const { id, width, height } = note;
  return {
    id,
    type: "note",
    position: dragged[id] ?? scenario.layout[id] ?? { x: 0, y: 0 },
    width,
    height,
    measured: { width, height },
    handles: [],
    selected: selection.includes(id),
    connectable: false,
    zIndex: 1,
    ariaLabel: `Note: ${note.text}`,
    data: { note },
  };
}
