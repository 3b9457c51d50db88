// What the drawing advises before it has run: risky and allowed, each with a button that mends it. Loaded with the list of
// problems, because the rules of all technologies come with it.

// Makes the manuals known, which rules ask.
import "../../brokers/manuals.ts";
import { useMemo } from "react";
import { hintsOn } from "../../model/advice/index.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { AdviceLines } from "../run/AdviceLines.tsx";
import styles from "./problems.module.css";

/** The list; nothing where there is nothing to advise. */
export function HintList() {
  const scenario = useDocumentStore((state) => state.scenario);
  const hints = useMemo(() => hintsOn(scenario), [scenario]);
  if (hints.length === 0) return null;
  return (
    <section className={styles["hints"]} aria-label="Risks">
      <h3>Allowed, and risky</h3>
      <AdviceLines label="Advice on the drawing" advice={hints} />
    </section>
  );
}
