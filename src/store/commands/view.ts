// What changes only how the page looks: zoom, panels, theme, dialogs.

import { canvas } from "../canvasPort.ts";
import { type Dialog, type ThemeChoice, useSessionStore } from "../sessionStore.ts";
import type { Command } from "./command.ts";

const themes: readonly ThemeChoice[] = ["system", "light", "dark"];

/** Sets the theme; the page follows. */
export function chooseTheme(theme: ThemeChoice): void {
  useSessionStore.getState().set({ theme });
}

function opens(dialog: Dialog): () => void {
  return () => useSessionStore.getState().open(dialog);
}

function toggles(key: "isPanelOpen" | "isPaletteOpen" | "isInspectorOpen"): () => void {
  return () => useSessionStore.getState().set({ [key]: !useSessionStore.getState()[key] });
}

/** Commands on the view. */
export const viewCommands: readonly Command[] = [
  {
    id: "view/fit",
    title: "Fit the drawing into the view",
    group: "View",
    shortcuts: ["f"],
    icon: "fit",
    run: () => canvas().fit(),
  },
  {
    id: "view/zoom-in",
    title: "Zoom in",
    group: "View",
    shortcuts: ["+", "="],
    icon: "plus",
    run: () => canvas().zoom("in"),
  },
  {
    id: "view/zoom-out",
    title: "Zoom out",
    group: "View",
    shortcuts: ["-"],
    icon: "minus",
    run: () => canvas().zoom("out"),
  },
  {
    id: "view/zoom-whole",
    title: "Zoom to 100 %",
    group: "View",
    shortcuts: ["0"],
    run: () => canvas().zoom("whole"),
  },
  {
    id: "view/inspector",
    title: "Go to the inspector",
    group: "View",
    shortcuts: ["Enter"],
    isEnabled: () => useSessionStore.getState().selection.length > 0,
    run: () => {
      useSessionStore.getState().set({ isInspectorOpen: true });
      // After React has shown it.
      setTimeout(
        () =>
          document
            .querySelector<HTMLElement>("[data-inspector] :is(textarea, input, select, button)")
            ?.focus(),
        0,
      );
    },
  },
  {
    id: "view/palette",
    title: "Show or hide the palette",
    group: "View",
    shortcuts: ["Ctrl+B"],
    icon: "panel-left",
    run: toggles("isPaletteOpen"),
  },
  {
    id: "view/panel",
    title: "Show or hide the panel below",
    group: "View",
    shortcuts: ["Ctrl+J"],
    icon: "panel-bottom",
    run: toggles("isPanelOpen"),
  },
  {
    id: "view/toggle-inspector",
    title: "Show or hide the inspector",
    group: "View",
    shortcuts: ["Ctrl+I"],
    icon: "panel-right",
    run: toggles("isInspectorOpen"),
  },
  {
    id: "view/theme",
    title: "Next theme: system, light, dark",
    group: "View",
    shortcuts: [],
    icon: "moon",
    run: () => {
      const next = themes[(themes.indexOf(useSessionStore.getState().theme) + 1) % themes.length];
      chooseTheme(next ?? "system");
    },
  },
  {
    id: "help/commands",
    title: "All commands",
    group: "Help",
    shortcuts: ["Ctrl+K"],
    icon: "command",
    run: opens({ dialog: "commands" }),
  },
  {
    id: "help/shortcuts",
    title: "Keyboard shortcuts",
    group: "Help",
    shortcuts: ["?"],
    icon: "help",
    run: opens({ dialog: "shortcuts" }),
  },
  {
    id: "document/open",
    title: "Open …",
    group: "Document",
    shortcuts: ["Ctrl+O"],
    icon: "folder",
    run: opens({ dialog: "documents" }),
  },
  {
    id: "document/examples",
    title: "Examples …",
    group: "Document",
    shortcuts: ["Ctrl+Shift+O"],
    icon: "waypoints",
    run: opens({ dialog: "examples" }),
  },
  {
    id: "document/share",
    title: "Share as a link …",
    group: "Document",
    shortcuts: [],
    icon: "share",
    run: opens({ dialog: "share" }),
  },
  {
    id: "document/import-asyncapi",
    title: "Import AsyncAPI …",
    group: "Document",
    shortcuts: [],
    icon: "waypoints",
    run: opens({ dialog: "import" }),
  },
  {
    id: "document/export",
    title: "Export …",
    group: "Document",
    shortcuts: ["Ctrl+Shift+E"],
    icon: "download",
    run: opens({ dialog: "export" }),
  },
];
