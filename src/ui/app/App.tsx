// The page: bar above, palette left, canvas in the middle, inspector right, panel below. Each stands in a boundary
// of its own, so that a mistake in one leaves the others alive.

import { lazy, useEffect } from "react";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Canvas } from "../canvas/Canvas.tsx";
import { Boundary } from "../controls/Boundary.tsx";
import { Announcer, Notices } from "../controls/Notices.tsx";
import { Tips } from "../controls/Tips.tsx";
import styles from "./app.module.css";
import { BottomPanel } from "./BottomPanel.tsx";
import { EmptyCanvas } from "./EmptyCanvas.tsx";
import { Palette } from "./Palette.tsx";
import { listenForShortcuts } from "./shortcuts.ts";
import { TopBar } from "./TopBar.tsx";

const Inspector = lazy(async () => ({
  default: (await import("../inspector/Inspector.tsx")).Inspector,
}));
const Presenter = lazy(async () => ({
  default: (await import("../presenting/Presenter.tsx")).Presenter,
}));
const Dialogs = lazy(async () => ({ default: (await import("../dialogs/Dialogs.tsx")).Dialogs }));

/** The whole app. */
export function App() {
  const isPaletteOpen = useSessionStore((state) => state.isPaletteOpen);
  const isInspectorOpen = useSessionStore((state) => state.isInspectorOpen);
  const dialog = useSessionStore((state) => state.dialog);
  const slide = useSessionStore((state) => state.slide);
  const isWorking = slide === null;
  const closeDialog = useSessionStore((state) => state.closeDialog);
  useEffect(() => listenForShortcuts(window), []);
  return (
    <div
      className={styles["app"]}
      data-palette={isWorking && isPaletteOpen}
      data-inspector-open={isWorking && isInspectorOpen}
      data-presenting={!isWorking}
    >
      <header className={styles["top"]}>
        <h1 className="visually-hidden">Spillway</h1>
        {isWorking ? (
          <Boundary name="The bar">
            <TopBar />
          </Boundary>
        ) : null}
      </header>
      {isWorking && isPaletteOpen ? (
        <nav className={styles["left"]} aria-label="Palette and outline">
          <Boundary name="The palette">
            <Palette />
          </Boundary>
        </nav>
      ) : null}
      <main className={styles["middle"]} tabIndex={-1}>
        <div className={styles["drawing"]}>
          <Boundary name="The canvas">
            <Canvas />
            <EmptyCanvas />
          </Boundary>
        </div>
        {isWorking ? (
          <BottomPanel />
        ) : (
          <Boundary name="The presentation">
            <Presenter slide={slide} />
          </Boundary>
        )}
      </main>
      {isWorking && isInspectorOpen ? (
        <aside className={styles["right"]} aria-label="Inspector">
          <Boundary name="The inspector">
            <Inspector />
          </Boundary>
        </aside>
      ) : null}
      {dialog === null ? null : (
        <Boundary name="The dialog" key={dialog.dialog} onDismiss={closeDialog}>
          <Dialogs dialog={dialog} onClose={closeDialog} />
        </Boundary>
      )}
      <Notices />
      <Announcer />
      <Tips />
    </div>
  );
}
