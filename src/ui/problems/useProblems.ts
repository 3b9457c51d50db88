// Everything that is wrong or doubtful: what the check of the document finds at once, and the mistakes in the schemas
// of its events, whose check is larger: it is loaded with the first touch of the page and comes a moment later.

import { useEffect, useMemo, useState } from "react";
import type { Problem } from "../../base/problem.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { firstTouch } from "../../store/firstTouch.ts";

/** Long enough that typing in the editor is not interrupted [ms]. */
const settleMs = 400;

/** Looks for what takes longer to find, after every change; what it finds comes into the store. One part of the page does
 *  that for all. */
export function useLateChecking(): void {
  const contracts = useDocumentStore((state) => state.scenario.contracts);
  const connections = useDocumentStore((state) => state.scenario.connections);
  const timeline = useDocumentStore((state) => state.scenario.timeline);
  const isTouched = useIsTouched();
  useEffect(() => {
    let isGone = false;
    const check = async (): Promise<void> => {
      const { lateProblems: find } = await import("./lateProblems.ts");
      const { scenario } = useDocumentStore.getState();
      const lateProblems = await find({ ...scenario, contracts, connections, timeline });
      if (!isGone) useDocumentStore.setState({ lateProblems });
    };
    const timer = isTouched ? setTimeout(() => void check(), settleMs) : undefined;
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [contracts, connections, timeline, isTouched]);
}

/** The problems of the open document, schemas included. */
export function useProblems(): readonly Problem[] {
  const problems = useDocumentStore((state) => state.problems);
  const late = useDocumentStore((state) => state.lateProblems);
  const contracts = useDocumentStore((state) => state.scenario.contracts);
  const nodes = useDocumentStore((state) => state.scenario.nodes);
  return useMemo(() => {
    const ids = new Set([...contracts, ...nodes].map(({ id }) => id));
    // What was found of an element stands until it is looked at again, or gone.
    const current = late.filter(({ element }) => element !== undefined && ids.has(element));
    return current.length === 0 ? problems : [...problems, ...current];
  }, [problems, contracts, nodes, late]);
}

/** Whether somebody has touched the page since it was opened. */
function useIsTouched(): boolean {
  const [isTouched, setTouched] = useState(false);
  useEffect(() => void firstTouch().then(() => setTouched(true)), []);
  return isTouched;
}
