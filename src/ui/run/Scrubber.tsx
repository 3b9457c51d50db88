// The handle on the run's time bar: dragging it puts the run to any instant, past or future, running or not. It follows
// the run by reference, like the clock above it.

import { type KeyboardEvent, useEffect, useRef } from "react";
import { latestLiveRun, type LiveRun, subscribeLiveRun } from "../../store/liveRun.ts";
import { useRunStore } from "../../store/runStore.ts";
import { stretchNs } from "../../store/stretch.ts";
import { clockText } from "./clock.ts";
import styles from "./Transport.module.css";

/** The handle, for a run of a length [ns]. */
export function Scrubber({ durationNs }: { readonly durationNs: number }) {
  const input = useRef<HTMLInputElement>(null);
  const isHeld = useRef(false);
  useEffect(() => {
    const show = (live: LiveRun | null): void => {
      const shown = input.current;
      if (shown === null) return;
      const timeNs = live?.frame.timeNs ?? 0;
      if (!isHeld.current) shown.value = String(timeNs / 1e6);
      const text = `${clockText(timeNs, "s")} of ${clockText(durationNs, "s")}`;
      if (shown.getAttribute("aria-valuetext") !== text) shown.setAttribute("aria-valuetext", text);
    };
    show(latestLiveRun());
    return subscribeLiveRun(show);
  }, [durationNs]);
  const letGo = (): void => {
    isHeld.current = false;
    // Single keys belong to the drawing again.
    input.current?.blur();
  };
  return (
    <input
      ref={input}
      type="range"
      className={styles["scrubber"]}
      min={0}
      max={durationNs / 1e6}
      step="any"
      defaultValue={0}
      aria-label="Instant of the run"
      data-tip="Drag to any instant and go on from there; the timeline stays as it is"
      data-tip-key="< >"
      onPointerDown={() => {
        isHeld.current = true;
      }}
      onPointerUp={letGo}
      onPointerCancel={letGo}
      onInput={(event) => void seekTo(Number(event.currentTarget.value) * 1e6)}
      onKeyDown={(event) => handleKey(event, durationNs)}
    />
  );
}

async function seekTo(timeNs: number): Promise<void> {
  await useRunStore.getState().seek(timeNs);
}

/** Arrows go a stretch, with Shift or by page ten; Home and End go to the beginning and as far as the run has been. */
function handleKey(event: KeyboardEvent, durationNs: number): void {
  const live = latestLiveRun();
  const nowNs = live?.frame.timeNs ?? 0;
  const stretch = stretchNs(durationNs) * (event.shiftKey ? 10 : 1);
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: nowNs - stretch,
    ArrowDown: nowNs - stretch,
    ArrowRight: nowNs + stretch,
    ArrowUp: nowNs + stretch,
    PageDown: nowNs - 10 * stretchNs(durationNs),
    PageUp: nowNs + 10 * stretchNs(durationNs),
    Home: 0,
    End: live?.seenNs ?? 0,
  };
  const target = targets[event.key];
  if (target === undefined) return;
  event.preventDefault();
  void seekTo(target);
}
