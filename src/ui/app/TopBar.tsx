// The bar above: the document, the run, and what one does with both.

import { useDocumentStore } from "../../store/documentStore.ts";
import { useSaving } from "../../store/persistence.ts";
import { type ThemeChoice, useSessionStore } from "../../store/sessionStore.ts";
import { chooseTheme } from "../../store/commands/view.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { Icon } from "../controls/Icon.tsx";
import { MenuButton, type MenuEntry } from "../controls/Menu.tsx";
import { Transport } from "../run/Transport.tsx";
import styles from "./app.module.css";
import { runCommand, shownShortcut } from "./commands.ts";
import { entryOf } from "./entries.ts";

/** The bar. */
export function TopBar() {
  return (
    <div className={styles["bar"]}>
      <div className={styles["barStart"]}>
        <img className={styles["brand"]} src="./favicon.svg" alt="Spillway" />
        <DocumentMenu />
        <Saving />
      </div>
      <Transport />
      <div className={styles["barEnd"]}>
        <span className={styles["editOnly"]}>
          <HistoryButtons />
        </span>
        <span className={styles["barLine"]} />
        <PanelButtons />
        <ThemeMenu />
        <span className={styles["barLine"]} />
        <IconButton
          icon="share"
          label="Share as a link"
          onClick={() => runCommand("document/share")}
        />
        <Button
          tone="plain"
          icon="download"
          aria-label="Export"
          onClick={() => runCommand("document/export")}
        >
          <span className={styles["exportWord"]}>Export</span>
        </Button>
      </div>
    </div>
  );
}

function DocumentMenu() {
  const title = useDocumentStore((state) => state.scenario.title);
  const entries = (): readonly (MenuEntry | null)[] => [
    entryOf("document/new"),
    entryOf("document/open"),
    entryOf("document/examples"),
    entryOf("document/import"),
    entryOf("document/import-asyncapi"),
    null,
    entryOf("document/save"),
    entryOf("document/duplicate"),
    entryOf("document/delete", "danger"),
  ];
  return (
    <MenuButton label={`Document: ${title}`} entries={entries} className={styles["documentButton"]}>
      <span className={styles["documentTitle"]}>{title}</span>
      <Icon name="chevron-down" size={14} />
    </MenuButton>
  );
}

function Saving() {
  const { saving, failure } = useSaving();
  const isExample = useDocumentStore((state) => state.origin === "example");
  if (isExample)
    return (
      <span
        className={styles["saving"]}
        data-saving="saved"
        data-tip="Kept in this browser as soon as you change it"
      >
        Example
      </span>
    );
  const words = { saved: "Saved", waiting: "Saving …", failed: "Not saved" } as const;
  return (
    <span
      className={styles["saving"]}
      data-saving={saving}
      data-tip={saving === "failed" ? failure : "Kept in this browser"}
    >
      {words[saving]}
    </span>
  );
}

function HistoryButtons() {
  const undoTitle = useDocumentStore((state) => state.history.done.at(-1)?.title);
  const redoTitle = useDocumentStore((state) => state.history.undone.at(-1)?.title);
  return (
    <>
      <IconButton
        icon="undo"
        label={undoTitle === undefined ? "Undo" : `Undo: ${undoTitle}`}
        shortcut={shownShortcut("edit/undo")}
        disabled={undoTitle === undefined}
        onClick={() => runCommand("edit/undo")}
      />
      <IconButton
        icon="redo"
        label={redoTitle === undefined ? "Redo" : `Redo: ${redoTitle}`}
        shortcut={shownShortcut("edit/redo")}
        disabled={redoTitle === undefined}
        onClick={() => runCommand("edit/redo")}
      />
    </>
  );
}

const panels = [
  { id: "view/palette", icon: "panel-left", label: "Palette", key: "isPaletteOpen" },
  { id: "view/panel", icon: "panel-bottom", label: "Panel below", key: "isPanelOpen" },
  { id: "view/toggle-inspector", icon: "panel-right", label: "Inspector", key: "isInspectorOpen" },
] as const;

function PanelButtons() {
  const session = useSessionStore();
  return panels.map(({ id, icon, label, key }) => (
    <span key={id} className={styles[key === "isInspectorOpen" ? "always" : "wideOnly"]}>
      <IconButton
        icon={icon}
        label={`${session[key] ? "Hide" : "Show"}: ${label.toLowerCase()}`}
        shortcut={shownShortcut(id)}
        onClick={() => runCommand(id)}
      />
    </span>
  ));
}

const themes = [
  { theme: "system", label: "As the system", icon: "monitor" },
  { theme: "light", label: "Light", icon: "sun" },
  { theme: "dark", label: "Dark", icon: "moon" },
] as const satisfies readonly { theme: ThemeChoice; label: string; icon: string }[];

function ThemeMenu() {
  const theme = useSessionStore((state) => state.theme);
  const icon = themes.find((choice) => choice.theme === theme)?.icon ?? "monitor";
  const entries = (): readonly MenuEntry[] =>
    themes.map((choice) => ({
      id: choice.theme,
      label: choice.label,
      icon: choice.icon,
      isChecked: choice.theme === theme,
      run: () => chooseTheme(choice.theme),
    }));
  return (
    <MenuButton
      label="Theme"
      tip="Theme"
      align="end"
      entries={entries}
      className={controls["iconButton"]}
    >
      <Icon name={icon} size={16} />
    </MenuButton>
  );
}
