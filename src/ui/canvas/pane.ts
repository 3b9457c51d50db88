// The element that React Flow draws in, and its size.

/** Width and height [px]. */
export interface PaneSize {
  readonly width: number;
  readonly height: number;
}

/** The element. */
export function paneOf(): HTMLElement | null {
  return document.querySelector<HTMLElement>(".react-flow");
}

/** Its size; nothing where it is not there. */
export function paneSize(): PaneSize {
  const pane = paneOf();
  return { width: pane?.clientWidth ?? 0, height: pane?.clientHeight ?? 0 };
}
