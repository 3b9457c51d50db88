// Everything that is wrong or doubtful: what the check of the document finds at once, and the mistakes in the schemas
// of its events, whose check is larger: it is loaded with the first touch of the page and comes a moment later.

import { useEffect, useMemo, useState } from "react";
import type { Problem } from "../../base/problem.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { firstTouch } from "../../store/firstTouch.ts";

/** Long enough that typing in the editor is not interrupted [ms]. */
const settleMs = 400;

/** The problems of the open document, schemas included. */
export function useProblems(): readonly Problem[] {
  const problems = useDocumentStore((state) => state.problems);
  const contracts = useDocumentStore((state) => state.scenario.contracts);
  const [found, setFound] = useState<readonly Problem[]>([]);
  const isTouched = useIsTouched();
  useEffect(() => {
    let isGone = false;
    const check = async (): Promise<void> => {
      const [{ checkContracts }, { languagesOf }] = await Promise.all([
        import("../../schemas/checkContracts.ts"),
        import("../../schemas/languages.ts"),
      ]);
      const scenario = { ...useDocumentStore.getState().scenario, contracts };
      const languages = await languagesOf(contracts);
      if (!isGone) setFound(checkContracts(scenario, languages));
    };
    const timer = isTouched ? setTimeout(() => void check(), settleMs) : undefined;
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [contracts, isTouched]);
  return useMemo(() => {
    const ids = new Set(contracts.map((contract) => contract.id));
    // What was found of a contract stands until it is looked at again, or gone.
    const current = found.filter(({ element }) => element !== undefined && ids.has(element));
    return current.length === 0 ? problems : [...problems, ...current];
  }, [problems, contracts, found]);
}

/** Whether somebody has touched the page since it was opened. */
function useIsTouched(): boolean {
  const [isTouched, setTouched] = useState(false);
  useEffect(() => void firstTouch().then(() => setTouched(true)), []);
  return isTouched;
}
