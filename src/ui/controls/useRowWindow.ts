// Long tables of rows of one height: only the rows near what is seen are in the page.

import { type RefObject, useEffect, useState } from "react";

/** Rows beyond both ends of what is seen. */
const margin = 12;

/** The rows to draw, and how to reach others. */
export interface RowWindow {
  readonly from: number;
  readonly to: number;
  /** Height of all rows [px]. */
  readonly heightPx: number;
}

/** Rows of a scrolling element that are seen, and some around them. */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  rows: number,
  rowPx: number,
): RowWindow {
  const [seen, setSeen] = useState({ topPx: 0, heightPx: 400 });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const look = (): void => setSeen({ topPx: element.scrollTop, heightPx: element.clientHeight });
    look();
    const size = new ResizeObserver(look);
    size.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      size.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [scroller]);
  const first = Math.floor(seen.topPx / rowPx) - margin;
  const last = Math.ceil((seen.topPx + seen.heightPx) / rowPx) + margin;
  const from = Math.max(0, Math.min(first, rows - 1));
  return { from, to: Math.min(rows, last), heightPx: rows * rowPx };
}

/** Scrolls so that a row is seen. */
export function revealRow(element: HTMLElement | null, row: number, rowPx: number): void {
  if (element === null) return;
  const top = row * rowPx;
  if (top < element.scrollTop) element.scrollTop = top;
  const bottom = top + rowPx - element.clientHeight;
  if (bottom > element.scrollTop) element.scrollTop = bottom;
}
