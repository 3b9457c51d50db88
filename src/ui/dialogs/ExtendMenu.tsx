// A line was drawn into the void: what shall stand there? What is chosen is added and connected.

import { nameOf } from "../../model/elements.ts";
import type { Position } from "../../model/scenario.ts";
import { nodeKinds } from "../../nodes/index.ts";
import { startAdding } from "../../store/adding.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { kindsAfter } from "../../store/linking.ts";
import { Icon } from "../controls/Icon.tsx";
import { MenuList } from "../controls/Menu.tsx";

interface ExtendMenuProps {
  readonly from: string;
  /** Where the line was let go, in the window and in the document [px]. */
  readonly at: Position;
  readonly place: Position;
  readonly onClose: () => void;
}

/** The menu of kinds that may follow. */
export function ExtendMenu({ from, at, place, onClose }: ExtendMenuProps) {
  const scenario = useDocumentStore((state) => state.scenario);
  const title = `Connect ${nameOf(scenario, from)} to a new …`;
  const entries = kindsAfter(scenario, from).map((kind) => ({
    id: kind,
    label: nodeKinds[kind].label,
    note: nodeKinds[kind].summary,
    picture: <Icon name={nodeKinds[kind].icon} size={15} />,
    run: () => startAdding(kind, place, from),
  }));
  return (
    <MenuList
      label={title}
      at={at}
      entries={[{ id: "title", label: title }, ...entries]}
      onClose={onClose}
    />
  );
}
