// What changes the drawing: nobody needs it to look at the page, and everybody from the first touch on.

import { late } from "./late.ts";

/** The tools. */
export const tools = {
  adding: late(async () => import("./adding.ts")),
  editing: late(async () => import("./editing.ts")),
  arranging: late(async () => import("./arranging.ts")),
  copying: late(async () => import("./copying.ts")),
  redriving: late(async () => import("./redriving.ts")),
  grouping: late(async () => import("./grouping.ts")),
  presenting: late(async () => import("./presenting.ts")),
  linking: late(async () => import("./linking.ts")),
  link: late(async () => import("./link.ts")),
} as const;
