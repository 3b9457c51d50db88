// A broker was asked for: which technology? One key each, Enter takes the first.

import { type TechnologyId, technologyIds } from "../../brokers/index.ts";
import { technologies } from "../../brokers/technologies.ts";
import type { Position } from "../../model/scenario.ts";
import { addBroker } from "../../store/adding.ts";
import { useEffect, useState } from "react";
import { MenuList } from "../controls/Menu.tsx";

interface TechnologyDialogProps {
  readonly at: Position | undefined;
  readonly onClose: () => void;
}

/** The menu of technologies. */
export function TechnologyDialog({ at, onClose }: TechnologyDialogProps) {
  const [place] = useState(() => ({ x: window.innerWidth / 2 - 140, y: window.innerHeight / 3 }));
  useEffect(() => {
    const handleKey = (event: KeyboardEvent): void => {
      const [id] = keys.find(([, key]) => key === event.key.toLowerCase()) ?? [];
      if (id === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      onClose();
      addBroker(id, technologies[id].label, at);
    };
    window.addEventListener("keydown", handleKey, true);
    return () => window.removeEventListener("keydown", handleKey, true);
  }, [at, onClose]);
  const entries = keys.map(([id, key]) => ({
    id,
    label: technologies[id].label,
    note: technologies[id].summary,
    shortcut: key.toUpperCase(),
    run: () => addBroker(id, technologies[id].label, at),
  }));
  return (
    <MenuList
      label="Technology of the broker"
      at={place}
      entries={[{ id: "title", label: "Which broker?" }, ...entries]}
      onClose={onClose}
    />
  );
}

/** The first letter of each label that is not taken by one before it. */
const keys = technologyIds.reduce<readonly (readonly [TechnologyId, string])[]>((list, id) => {
  const letters = technologies[id].label
    .replace(/^(Apache|Amazon|Google|Azure) /u, "")
    .toLowerCase();
  const isFree = (letter: string): boolean =>
    /[a-z]/u.test(letter) && !list.some(([, taken]) => taken === letter);
  return [...list, [id, letters.split("").find(isFree) ?? ""] as const];
}, []);
