// One tip for the whole page: it shows the `data-tip` of whatever is hovered or has the keyboard focus.

import { useEffect, useRef, useState } from "react";
import styles from "./controls.module.css";

interface Tip {
  readonly text: string;
  readonly key: string | undefined;
  readonly box: DOMRect;
}

const delayMs = 350;

/** Listens on the document; render it once. The tip only repeats accessible names and descriptions. */
export function Tips() {
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => listen(setTip), []);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const shown = element.current;
    if (shown === null || tip === null) return;
    // A popover stands above open dialogs; where the browser has none, the tip is an ordinary box.
    if (typeof shown.showPopover === "function" && !shown.matches(":popover-open"))
      shown.showPopover();
    const { width, height } = shown.getBoundingClientRect();
    const left = tip.box.left + tip.box.width / 2 - width / 2;
    const isBelow = tip.box.bottom + height + 14 < window.innerHeight;
    shown.style.left = `${Math.max(8, Math.min(left, window.innerWidth - width - 8))}px`;
    shown.style.top = `${isBelow ? tip.box.bottom + 6 : tip.box.top - height - 6}px`;
  }, [tip]);
  if (tip === null) return null;
  return (
    <div ref={element} popover="manual" className={styles["tip"]} aria-hidden="true">
      {tip.text}
      {tip.key === undefined ? null : <kbd>{tip.key}</kbd>}
    </div>
  );
}

function listen(show: (tip: Tip | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const handleShow = (event: Event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-tip]") : null;
    clearTimeout(timer);
    const text = target?.getAttribute("data-tip") ?? "";
    if (target === null || text === "") return;
    if (event.type === "focusin" && !target.matches(":focus-visible")) return;
    const key = target.getAttribute("data-tip-key") ?? undefined;
    timer = setTimeout(() => show({ text, key, box: target.getBoundingClientRect() }), delayMs);
  };
  const handleHide = () => {
    clearTimeout(timer);
    show(null);
  };
  const shows = ["pointerover", "focusin"];
  const hides = ["pointerout", "focusout", "pointerdown", "keydown", "wheel"];
  for (const name of shows) document.addEventListener(name, handleShow);
  for (const name of hides) document.addEventListener(name, handleHide, { passive: true });
  return () => {
    clearTimeout(timer);
    for (const name of shows) document.removeEventListener(name, handleShow);
    for (const name of hides) document.removeEventListener(name, handleHide);
  };
}
