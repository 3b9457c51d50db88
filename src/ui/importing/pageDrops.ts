// Files may be dropped anywhere on the page, not only on the canvas, which has a gesture of its own.

import { droppedIn } from "./dropped.ts";
import { openDropped } from "./handed.ts";

/** Opens or imports files that are dropped where nobody else takes them. */
export function listenForDrops(page: Window): void {
  page.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files") === true) event.preventDefault();
  });
  page.addEventListener("drop", (event) => {
    if (event.defaultPrevented || event.dataTransfer === null) return;
    const dropped = droppedIn(event.dataTransfer);
    if (dropped.files.length === 0) return;
    event.preventDefault();
    void openDropped(dropped);
  });
}
