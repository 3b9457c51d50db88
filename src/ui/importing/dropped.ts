// Taking hold of what is dropped, while the browser still tells. Small, because the canvas needs it at once.

import type { Dropped } from "./handed.ts";

/** Files and folders of a drop. */
export function droppedIn(transfer: DataTransfer): Dropped {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return { files: [...transfer.files], entries };
}
