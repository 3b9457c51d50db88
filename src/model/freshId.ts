// Ids for what is new in a document.

import { createId } from "../base/ids.ts";
import { elementOf } from "./elements.ts";
import type { Scenario } from "./scenario.ts";

const none: ReadonlySet<string> = new Set();

/** A free id close to a wish, such as a name; `given` are ids that are spoken for although not in the document yet. */
export function freshId(
  scenario: Scenario,
  wish: string,
  given: ReadonlySet<string> = none,
): string {
  return createId(wish, (id) => given.has(id) || isTaken(scenario, id));
}

/** Whether an id is in use anywhere in the document. "run" is taken: objectives mean the whole run by it. */
function isTaken(scenario: Scenario, id: string): boolean {
  return (
    id === "run" ||
    elementOf(scenario, id) !== undefined ||
    [scenario.objectives, scenario.bookmarks, scenario.groups, scenario.notes].some((list) =>
      list?.some((one) => one.id === id),
    )
  );
}
