// Long lists come into the page a portion per frame, so that hundreds of items never hold it up.

import { useEffect, useState } from "react";

/** Items that are there at once, and those that each frame adds. */
const portions = { first: 64, next: 32 };

/** As many of a list as are to be drawn now: a few at first, a portion more with every frame, in the end all. It begins
 *  again with another `of`. */
export function useGrowing<Item>(list: readonly Item[], of: string): readonly Item[] {
  const [grown, setGrown] = useState({ of, count: portions.first });
  const count = grown.of === of ? grown.count : portions.first;
  const isWhole = count >= list.length;
  useEffect(() => {
    if (isWhole) return undefined;
    const frame = requestAnimationFrame(() => setGrown({ of, count: count + portions.next }));
    return () => cancelAnimationFrame(frame);
  }, [isWhole, count, of]);
  return isWhole ? list : list.slice(0, count);
}
