// The presentation: caption and place in the list, over the canvas that stays alive. Arrow keys step, Escape ends;
// the drawing can be edited and the run can be played meanwhile.

import { useEffect, useRef } from "react";
import type { Bookmark } from "../../model/bookmarks.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { endPresentation, goTo, look, showSlide } from "../../store/presenting.ts";
import { isTyping } from "../app/shortcuts.ts";
import { IconButton } from "../controls/Button.tsx";
import { Transport } from "../run/Transport.tsx";
import styles from "./presenting.module.css";

/** The bar of the presentation, at a place of the list of bookmarks (0-based). */
export function Presenter({ slide }: { readonly slide: number }) {
  const bookmarks = useDocumentStore((state) => state.scenario.bookmarks) ?? [];
  const count = bookmarks.length;
  const bookmark = bookmarks[slide];
  useFullScreen();
  useShown(bookmark);
  useEffect(() => {
    const handleKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (event.target instanceof Element && isTyping(event.target)) return;
      const deed = deedOf(event.key, slide, count);
      if (deed === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      deed();
    };
    window.addEventListener("keydown", handleKey, true);
    return () => window.removeEventListener("keydown", handleKey, true);
  }, [slide, count]);
  return (
    <section className={styles["bar"]} aria-label="Presentation">
      <p className={styles["caption"]} aria-live="polite">
        {bookmark?.caption}
      </p>
      <div className={styles["steps"]}>
        <Transport />
        <IconButton
          icon="chevron-right"
          className={styles["back"]}
          label="Before"
          shortcut="←"
          disabled={slide === 0}
          onClick={() => showSlide(slide - 1)}
        />
        <span>
          {slide + 1} / {count}
        </span>
        <IconButton
          icon="chevron-right"
          label="Next"
          shortcut="→"
          disabled={slide + 1 >= count}
          onClick={() => showSlide(slide + 1)}
        />
        <IconButton
          icon="x"
          label="End the presentation"
          shortcut="Esc"
          onClick={endPresentation}
        />
      </div>
    </section>
  );
}

function deedOf(key: string, slide: number, count: number): (() => void) | undefined {
  const go = (index: number) => () => showSlide(index);
  const deeds: Readonly<Record<string, () => void>> = {
    ArrowRight: go(slide + 1),
    PageDown: go(slide + 1),
    ArrowLeft: go(slide - 1),
    PageUp: go(slide - 1),
    Home: go(0),
    End: go(count - 1),
    Escape: endPresentation,
  };
  return Object.hasOwn(deeds, key) ? deeds[key] : undefined;
}

/** Goes where a bookmark leads, once the canvas has its size, and looks at the same part again when that changes. */
function useShown(bookmark: Bookmark | undefined): void {
  const id = bookmark?.id;
  const shown = useRef(bookmark);
  useEffect(() => {
    shown.current = bookmark;
  });
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      // Only another bookmark leads elsewhere, not another caption of the same.
      if (shown.current?.id === id && shown.current !== undefined) void goTo(shown.current);
    });
    return () => cancelAnimationFrame(frame);
  }, [id]);
  useEffect(() => {
    const handleResize = (): void => {
      if (shown.current !== undefined) look(shown.current);
    };
    window.addEventListener("resize", handleResize);
    return () => window.removeEventListener("resize", handleResize);
  }, []);
}

/** The whole screen as long as it is there, where the browser grants it. */
function useFullScreen(): void {
  useEffect(() => {
    // Refused in a frame of another page; the presentation works without it.
    void document.documentElement.requestFullscreen?.().catch(() => undefined);
    return () => {
      if (document.fullscreenElement !== null)
        void document.exitFullscreen().catch(() => undefined);
    };
  }, []);
}
