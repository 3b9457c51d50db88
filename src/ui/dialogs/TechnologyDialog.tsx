// A broker was asked for: which technology? One key each, Enter takes the first.

import { isTechnologyId, type TechnologyId, technologyIds } from "../../brokers/index.ts";
import { technologies } from "../../brokers/technologies.ts";
import type { Position } from "../../model/scenario.ts";
import { addBroker } from "../../store/adding.ts";
import { useEffect, useState } from "react";
import { TechnologyMark } from "../canvas/TechnologyMark.tsx";
import { type MenuEntry, MenuList } from "../controls/Menu.tsx";
import { families } from "./technologyFamilies.ts";

interface TechnologyDialogProps {
  readonly at: Position | undefined;
  /** What is connected to the new broker. */
  readonly from: string | undefined;
  readonly onClose: () => void;
}

/** The menu of technologies. */
export function TechnologyDialog({ at, from, onClose }: TechnologyDialogProps) {
  const [place] = useState(() => ({ x: window.innerWidth / 2 - 320, y: window.innerHeight / 6 }));
  useEffect(() => {
    const handleKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const id = [...keys].find(([, key]) => key === event.key.toLowerCase())?.[0];
      if (id === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      onClose();
      addBroker(id, technologies[id].label, { at, from });
    };
    window.addEventListener("keydown", handleKey, true);
    return () => window.removeEventListener("keydown", handleKey, true);
  }, [at, from, onClose]);
  const entries = families.flatMap(({ label, ids }): readonly MenuEntry[] => [
    { id: label, label },
    ...ids.filter(isTechnologyId).map((id) => ({
      id,
      label: technologies[id].label,
      note: technologies[id].summary,
      picture: <TechnologyMark technology={id} />,
      shortcut: keys.get(id)?.toUpperCase(),
      run: () => addBroker(id, technologies[id].label, { at, from }),
    })),
  ]);
  return (
    <MenuList
      label="Technology of the broker"
      at={place}
      entries={entries}
      columns={2}
      onClose={onClose}
    />
  );
}

/** The key of each technology: the first letter of its name that is not taken by one before it. */
const keys: ReadonlyMap<TechnologyId, string> = technologyIds.reduce((taken, id) => {
  const name = technologies[id].label.replace(/^(Apache|Amazon|Google|Azure) /u, "");
  const letters = name
    .toLowerCase()
    .replaceAll(/[^a-z]/gu, "")
    .split("");
  const used = new Set(taken.values());
  return taken.set(id, letters.find((letter) => !used.has(letter)) ?? "");
}, new Map<TechnologyId, string>());
