// Parts of the inspector that come after the page stands: what is selected with the first touch, the rest when asked for.

import { useEffect, useState } from "react";
import { type Late, late } from "../../store/late.ts";

/** The inspector of what is selected. */
export const selectionInspector = late(
  async () => (await import("./SelectionInspector.tsx")).SelectionInspector,
);

/** Contact and licence of the scenario. */
export const partiesForm = late(async () => (await import("./PartiesForm.tsx")).PartiesForm);

/** The bookmarks of the scenario. */
export const bookmarkList = late(async () => (await import("./BookmarkList.tsx")).BookmarkList);

/** A part, or undefined until it has come. Not `lazy`: React would show an empty panel for 300 ms, even if it came sooner. */
export function useLate<Part>(part: Late<Part>): Part | undefined {
  const [, setHasCome] = useState(false);
  const now = part.now();
  useEffect(() => {
    if (now === undefined)
      void part.load().then(
        () => setHasCome(true),
        () => undefined,
      );
  }, [part, now]);
  return now;
}
