// The shape of groups and notes in a document.

import type { Group, Note } from "./grouping.ts";
import { listMax, positionPxMax, textMax } from "./limits.ts";
import { boolean, described, id, list, number, object, optional, text } from "./shape.ts";

const size = number({ min: 1, max: positionPxMax });

/** A group. */
export const group = object<Group>({
  id,
  name: optional(text({ max: textMax.name })),
  members: described("Ids of nodes.", list(id, { max: listMax.nodes })),
  collapsed: optional(described("Drawn as one card.", boolean)),
});

/** A note. */
export const note = object<Note>({
  id,
  text: text({ max: textMax.description }),
  width: described("Width [px].", size),
  height: described("Height [px].", size),
});
