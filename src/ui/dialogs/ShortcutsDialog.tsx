// The sheet of shortcuts, made of the registry of commands.

import { commands, shown } from "../app/commands.ts";
import { Dialog } from "../controls/Dialog.tsx";
import styles from "./dialogs.module.css";

/** The sheet. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const listed = commands.filter((command) => command.shortcuts.length > 0);
  const groups = [...new Set(listed.map((command) => command.group))];
  return (
    <Dialog title="Keyboard shortcuts" size="wide" onClose={onClose}>
      <div className={styles["sheet"]}>
        {groups.map((group) => (
          <section key={group} className={styles["sheetGroup"]}>
            <h3>{group}</h3>
            {listed
              .filter((command) => command.group === group)
              .map(({ id, title, shortcuts }) => (
                <div key={id} className={styles["sheetLine"]}>
                  <span>{title}</span>
                  <span className={styles["sheetKeys"]}>
                    {shortcuts.map((shortcut) => (
                      <kbd key={shortcut}>{shown(shortcut)}</kbd>
                    ))}
                  </span>
                </div>
              ))}
          </section>
        ))}
        <section className={styles["sheetGroup"]}>
          <h3>Mouse</h3>
          {mouse.map(([what, how]) => (
            <div key={what} className={styles["sheetLine"]}>
              <span>{what}</span>
              <span className={styles["sheetKeys"]}>{how}</span>
            </div>
          ))}
        </section>
      </div>
    </Dialog>
  );
}

const mouse = [
  ["Connect", "drag from a dot"],
  ["Select several", "Shift and drag"],
  ["Move the view", "drag the canvas, or scroll"],
  ["Zoom", "Ctrl and scroll, or pinch"],
] as const;
