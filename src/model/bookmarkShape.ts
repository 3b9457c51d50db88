// The shape of bookmarks in a document.

import { durationMsMax } from "../base/distribution.ts";
import type { Bookmark, CanvasView } from "./bookmarks.ts";
import { listMax, positionPxMax, textMax } from "./limits.ts";
import { described, id, list, number, object, optional, text } from "./shape.ts";

const coordinate = number({ min: -positionPxMax, max: positionPxMax });

/** A bookmark. */
export const bookmark = object<Bookmark>({
  id,
  caption: described("What there is to see.", text({ max: textMax.description })),
  at: optional(described("Instant of the run [ms].", number({ min: 0, max: durationMsMax }))),
  view: optional(
    described(
      "Part of the canvas by its middle and its size [px].",
      object<CanvasView>({
        x: coordinate,
        y: coordinate,
        width: number({ min: 1, max: positionPxMax }),
        height: number({ min: 1, max: positionPxMax }),
      }),
    ),
  ),
  focus: optional(
    described("Ids of what stands out; the rest is dimmed.", list(id, { max: listMax.focus })),
  ),
});
