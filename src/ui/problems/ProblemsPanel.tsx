// What is wrong or doubtful in the document, as a list; a click goes to the place. Below it what is risky.

import { lazy, Suspense } from "react";
import type { Problem } from "../../base/problem.ts";
import { elementOf, nameOf } from "../../model/elements.ts";
import { canvas } from "../../store/canvasPort.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Icon } from "../controls/Icon.tsx";
import styles from "./problems.module.css";

const HintList = lazy(async () => ({ default: (await import("./HintList.tsx")).HintList }));

/** The list of problems, and below it what is allowed and risky. */
export function ProblemsPanel({ problems }: { readonly problems: readonly Problem[] }) {
  return (
    <>
      {problems.length === 0 ? (
        <div className={styles["none"]}>
          <strong>No problems</strong>
          <p>The drawing can run. What the check finds while you draw appears here.</p>
        </div>
      ) : (
        <ProblemList problems={problems} />
      )}
      <Suspense>
        <HintList />
      </Suspense>
    </>
  );
}

function ProblemList({ problems }: { readonly problems: readonly Problem[] }) {
  const scenario = useDocumentStore((state) => state.scenario);
  const sorted = problems.toSorted((a, b) => a.severity.localeCompare(b.severity));
  return (
    <ul className={styles["problems"]}>
      {sorted.map(({ code, path, severity, element, message }) => (
        <li key={`${code} ${path} ${message}`}>
          <button
            type="button"
            className={styles["problem"]}
            data-severity={severity}
            onClick={() => visit(element, path)}
          >
            <Icon name={severity} size={15} />
            <span className={styles["place"]}>
              {element === undefined ? "Scenario" : nameOf(scenario, element)}
            </span>
            <span className={styles["message"]}>{message}</span>
            <code className={styles["code"]}>{code}</code>
          </button>
        </li>
      ))}
    </ul>
  );
}

function visit(element: string | undefined, path: string): void {
  const session = useSessionStore.getState();
  const kind =
    element === undefined ? undefined : elementOf(useDocumentStore.getState().scenario, element);
  if (element === undefined || kind === undefined) {
    session.select([]);
  } else if (kind.type === "contract") {
    session.select([element]);
    session.set({ visited: { element, path } });
    session.showTab("contracts");
  } else {
    session.select([element]);
    canvas().centreOn(element);
  }
}
