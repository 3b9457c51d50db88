// The seed of the run, as a small field: the same seed gives the same run, another one another.

import { type KeyboardEvent, useState } from "react";
import { useDocumentStore } from "../../store/documentStore.ts";
import styles from "./Transport.module.css";

const seedMax = 2 ** 32 - 1;

/** Shows and sets the seed of the document. */
export function SeedField() {
  const seed = useDocumentStore((state) => state.scenario.seed);
  const [typed, setTyped] = useState<string | null>(null);

  function commit(): void {
    const value = Number(typed);
    setTyped(null);
    const isSeed = typed !== null && /^\d+$/u.test(typed.trim()) && value <= seedMax;
    if (!isSeed || value === seed) return;
    const open = useDocumentStore.getState();
    open.commit({ ...open.scenario, seed: value }, `Set the seed to ${value}`);
  }

  function handleKey(event: KeyboardEvent<HTMLInputElement>): void {
    event.stopPropagation();
    if (event.key === "Enter") event.currentTarget.blur();
    if (event.key === "Escape") setTyped(null);
  }

  return (
    <label className={styles["seed"]} data-tip="The same seed gives the same run">
      <span>seed</span>
      <input
        inputMode="numeric"
        autoComplete="off"
        spellCheck={false}
        value={typed ?? String(seed)}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={handleKey}
      />
    </label>
  );
}
