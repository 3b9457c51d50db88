// The inspector of what is selected, which comes with the first touch of the page.

import { useEffect, useState } from "react";
import { late } from "../../store/late.ts";

/** It, as soon as it is there. */
export const selectionInspector = late(
  async () => (await import("./SelectionInspector.tsx")).SelectionInspector,
);

/** It, or undefined until it has come. Not `lazy`: React would show an empty panel for 300 ms, even if it came sooner. */
export function useSelectionInspector(): ReturnType<typeof selectionInspector.now> {
  const [, setHasCome] = useState(false);
  const inspector = selectionInspector.now();
  useEffect(() => {
    if (inspector === undefined)
      void selectionInspector.load().then(
        () => setHasCome(true),
        () => undefined,
      );
  }, [inspector]);
  return inspector;
}
