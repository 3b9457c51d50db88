// What nodes, channels and connections have in common in a document.

import { listMax, textMax } from "./limits.ts";
import type { Origin } from "./scenario.ts";
import { described, id, list, object, optional, text } from "./shape.ts";

const name = described("Shown name; the id where it is absent.", text({ max: textMax.name }));

/** What one says about it. */
export const description = text({ max: textMax.description });

/** Where something was imported from. */
export const origins = list(
  object<Origin>({
    source: described("Id of the text.", id),
    pointer: described(
      'JSON Pointer into the text, such as "/channels/orders".',
      text({ max: textMax.pointer }),
    ),
  }),
  { min: 1, max: listMax.origins },
);

/** The fields of every element. */
export const element = {
  id,
  name: optional(name),
  description: optional(description),
  origins: optional(described("Where it was imported from.", origins)),
};
