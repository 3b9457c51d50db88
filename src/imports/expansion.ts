// How large a document is once every reference is written out. References to references multiply like aliases do, and the
// official parser walks through all of it; so it is only asked about documents of which we know that this ends.

import { isObject } from "../model/equal.ts";
import { placeKey, referenceAt, type References, type Spot } from "./references.ts";

/** Values of a document with its references written out, for the official parser to walk through. */
export const expandedValuesMax = 2_000_000;

/** Nesting through references that is followed. */
const depthMax = 1_000;

/** Number of values with references written out; what leads back to itself counts once. May be Infinity. */
export function expandedSize(references: References, root: Spot): number {
  const sizes = new Map<string, number>();
  const sizeOf = (spot: Spot, depth: number): number => {
    if (depth > depthMax) return Number.POSITIVE_INFINITY;
    if (referenceAt(spot.value) !== undefined) {
      const target = references.follow(spot);
      const key = placeKey(target);
      const known = sizes.get(key);
      if (known !== undefined) return known;
      // While it is being counted, it leads back to itself.
      sizes.set(key, 1);
      const size = target.value === undefined ? 1 : sizeOf(target, depth + 1);
      sizes.set(key, size);
      return size;
    }
    const { file, path, value } = spot;
    if (!isObject(value) && !Array.isArray(value)) return 1;
    let size = 1;
    for (const [key, part] of Object.entries<unknown>(value)) {
      size += sizeOf({ file, path: [...path, key], value: part }, depth + 1);
      if (size > expandedValuesMax) return size;
    }
    return size;
  };
  return sizeOf(root, 0);
}
