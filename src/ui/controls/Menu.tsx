// A menu button and its menu: arrows move, letters jump, Escape returns the focus. The page behind stays alive.

import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import styles from "./controls.module.css";
import { Icon, type IconName } from "./Icon.tsx";

/** One line of a menu; without `run` it is a heading, null is a dividing line. */
export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly note?: string;
  readonly icon?: IconName;
  /** Stands in place of an icon. */
  readonly picture?: ReactNode;
  readonly shortcut?: string | undefined;
  readonly tone?: "danger";
  readonly isDisabled?: boolean;
  readonly isChecked?: boolean;
  readonly run?: () => void;
}

interface MenuListProps {
  readonly label: string;
  readonly entries: readonly (MenuEntry | null)[];
  /** Where its corner goes [px in the window]. */
  readonly at: { readonly x: number; readonly y: number };
  readonly align?: "start" | "end";
  /** Columns where there is room for them. */
  readonly columns?: 1 | 2;
  readonly onClose: () => void;
}

/** The open menu itself, at a place of the window. */
export function MenuList({
  label,
  entries,
  at,
  align = "start",
  columns = 1,
  onClose,
}: MenuListProps) {
  const list = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const before = document.activeElement;
    place(element, at, align);
    enabledItems(element)[0]?.focus();
    const handlePress = (event: PointerEvent) => {
      if (event.target instanceof Node && !element.contains(event.target)) close.current();
    };
    window.addEventListener("pointerdown", handlePress, true);
    return () => {
      window.removeEventListener("pointerdown", handlePress, true);
      const isInside =
        element.contains(document.activeElement) || document.activeElement === document.body;
      if (isInside && before instanceof HTMLElement) before.focus();
    };
  }, [at, align]);
  return (
    <div
      ref={list}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      className={styles["menu"]}
      data-columns={columns}
      style={{ zIndex: 50 }}
      onKeyDown={(event) => handleKey(event, onClose)}
    >
      {entries.map((entry, i) => (
        <MenuLine key={entry?.id ?? `line-${i}`} entry={entry} onClose={onClose} />
      ))}
    </div>
  );
}

function MenuLine({
  entry,
  onClose,
}: {
  readonly entry: MenuEntry | null;
  readonly onClose: () => void;
}) {
  if (entry === null) return <hr className={styles["menuLine"]} />;
  const { run } = entry;
  if (run === undefined)
    return (
      <div role="presentation" className={styles["menuTitle"]}>
        {entry.label}
      </div>
    );
  return (
    <button
      type="button"
      role={entry.isChecked === undefined ? "menuitem" : "menuitemradio"}
      aria-checked={entry.isChecked}
      tabIndex={-1}
      disabled={entry.isDisabled}
      data-tone={entry.tone}
      className={styles["menuItem"]}
      onClick={() => {
        onClose();
        run();
      }}
    >
      {entry.icon === undefined ? null : <Icon name={entry.icon} size={15} />}
      {entry.picture}
      <span className={styles["menuLabel"]}>
        {entry.label}
        {entry.note === undefined ? null : <span className={styles["menuNote"]}>{entry.note}</span>}
      </span>
      {entry.isChecked === true ? <Icon name="check" size={15} /> : null}
      {entry.shortcut === undefined ? null : <kbd aria-hidden="true">{entry.shortcut}</kbd>}
    </button>
  );
}

function place(element: HTMLElement, at: { x: number; y: number }, align: "start" | "end"): void {
  const { width, height } = element.getBoundingClientRect();
  const left = align === "end" ? at.x - width : at.x;
  element.style.left = `${Math.max(8, Math.min(left, window.innerWidth - width - 8))}px`;
  element.style.top = `${Math.max(8, Math.min(at.y, window.innerHeight - height - 8))}px`;
}

function enabledItems(list: HTMLElement): readonly HTMLButtonElement[] {
  return [...list.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
}

function handleKey(event: KeyboardEvent<HTMLDivElement>, onClose: () => void): void {
  const items = enabledItems(event.currentTarget);
  const current = items.findIndex((item) => item === document.activeElement);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: current + 1,
    ArrowUp: current <= 0 ? items.length - 1 : current - 1,
    Home: 0,
    End: items.length - 1,
  };
  event.stopPropagation();
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    onClose();
    return;
  }
  const step = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
  if (step !== undefined) {
    event.preventDefault();
    items[step % items.length]?.focus();
  } else if (event.key.length === 1 && /\S/.test(event.key)) {
    const letter = event.key.toLowerCase();
    const rotated = [...items.slice(current + 1), ...items.slice(0, current + 1)];
    rotated.find((item) => item.textContent.trim().toLowerCase().startsWith(letter))?.focus();
  }
}

interface MenuButtonProps {
  readonly label: string;
  readonly entries: () => readonly (MenuEntry | null)[];
  readonly className?: string | undefined;
  readonly align?: "start" | "end";
  readonly tip?: string;
  readonly children: ReactNode;
}

/** A button that opens a menu below itself. */
export function MenuButton({
  label,
  entries,
  className,
  align = "start",
  tip,
  children,
}: MenuButtonProps) {
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const id = useId();
  return (
    <>
      <button
        type="button"
        id={id}
        className={className ?? styles["button"]}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={at !== null}
        data-tip={at === null ? tip : undefined}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setAt({ x: align === "end" ? box.right : box.left, y: box.bottom + 4 });
        }}
      >
        {children}
      </button>
      {at === null ? null : (
        <MenuList
          label={label}
          entries={entries()}
          at={at}
          align={align}
          onClose={() => setAt(null)}
        />
      )}
    </>
  );
}
