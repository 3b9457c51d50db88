// Checks the open document, anew after every change. The check is not part of the first load: an example that nobody
// has touched has no problems; any other document is checked as soon as the check has arrived.

import type { Problem } from "../base/problem.ts";
import type { Scenario } from "../model/scenario.ts";
import { useDocumentStore } from "./documentStore.ts";

/** Checks from the first touch on, and before that whatever is no example. Returns how to stop. */
export function startChecking(firstTouch: Promise<void>): () => void {
  let check: ((scenario: Scenario) => readonly Problem[]) | undefined;
  let checked: Scenario | undefined;
  let isStopped = false;
  const look = (): void => {
    const { scenario, origin } = useDocumentStore.getState();
    if (isStopped || scenario === checked) return;
    if (check !== undefined) {
      checked = scenario;
      useDocumentStore.setState({ problems: check(scenario) });
    } else if (origin !== "example") void begin();
  };
  const begin = async (): Promise<void> => {
    const [checking] = await Promise.all([
      import("../model/check.ts"),
      // Makes the manuals known, which the check asks.
      import("../model/manual.ts"),
    ]);
    check = checking.checkScenario;
    look();
  };
  look();
  void firstTouch.then(begin);
  const unsubscribe = useDocumentStore.subscribe(look);
  return () => {
    isStopped = true;
    unsubscribe();
  };
}
