// A list that narrows down while one types: the palette of commands and the list of targets are made of it.

import { Command } from "cmdk";
import type { ReactNode } from "react";
import controls from "../controls/controls.module.css";
import { useEffect, useRef } from "react";
import styles from "./dialogs.module.css";

/** One line. */
export interface FilterOption {
  readonly id: string;
  readonly label: string;
  readonly group: string;
  /** A second, smaller line; what one types is looked for in it too. */
  readonly note?: string;
  readonly isRefused?: boolean;
  readonly start?: ReactNode;
  readonly end?: ReactNode;
}

interface FilterListProps {
  readonly label: string;
  readonly placeholder: string;
  readonly options: readonly FilterOption[];
  readonly onChoose: (id: string) => void;
  readonly onClose: () => void;
}

/** The list in a dialog of its own. */
export function FilterList({ label, placeholder, options, onChoose, onClose }: FilterListProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    // The browser would choose the list around it.
    element?.querySelector("input")?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const groups = [...new Set(options.map((option) => option.group))];
  return (
    <dialog
      ref={dialog}
      className={controls["dialog"]}
      data-place="top"
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <Command label={label} loop filter={scoreOf}>
        <Command.Input className={styles["search"]} placeholder={placeholder} />
        <Command.List className={styles["list"]} label={label}>
          <Command.Empty className={styles["none"]}>Nothing fits.</Command.Empty>
          {groups.map((group) => (
            <Command.Group key={group} heading={group}>
              {options
                .filter((option) => option.group === group)
                .map((option) => (
                  <Option key={option.id} option={option} onChoose={onChoose} />
                ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </dialog>
  );
}

interface OptionProps {
  readonly option: FilterOption;
  readonly onChoose: (id: string) => void;
}

function Option({ option, onChoose }: OptionProps) {
  const { id, label, note, isRefused = false, start, end } = option;
  return (
    <Command.Item
      value={id}
      keywords={note === undefined ? [label] : [label, note]}
      disabled={isRefused}
      className={styles["option"] ?? ""}
      onSelect={() => onChoose(id)}
    >
      {start}
      <span className={styles["optionMain"]}>
        {label}
        {note === undefined ? null : (
          <span
            className={
              isRefused ? `${styles["optionNote"]} ${styles["reason"]}` : styles["optionNote"]
            }
          >
            {note}
          </span>
        )}
      </span>
      {end}
    </Command.Item>
  );
}

/** How well a line fits what was typed, 0 (not at all) to 1: every word has to occur, best at the start of the label. */
function scoreOf(_id: string, typed: string, keywords: readonly string[] = []): number {
  const [label = "", ...notes] = keywords.map((text) => text.toLowerCase());
  const words = typed
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
  const scores = words.map((word) => {
    if (label.startsWith(word)) return 1;
    if (label.includes(` ${word}`)) return 0.8;
    if (label.includes(word)) return 0.5;
    return notes.some((note) => note.includes(word)) ? 0.2 : 0;
  });
  return scores.length === 0 ? 1 : Math.min(...scores);
}
