// How many pieces of advice the report of a standing run has, on its tab. Loaded when a run stands still.

import { useEffect, useState } from "react";
import type { Report } from "../../model/report.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { latestLiveRun } from "../../store/liveRun.ts";
import { useRunStore } from "../../store/runStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { pendingAdvice } from "./ReportNotes.tsx";
import styles from "./ReportPanel.module.css";

/** The number; nothing where the run advises nothing. Told once to those who do not see it. Give it the moment of the
 *  run as key. */
export function AdviceBadge() {
  const scenario = useDocumentStore((state) => state.scenario);
  const [report, setReport] = useState<Report | null>(null);
  useEffect(() => {
    let isGone = false;
    const fetchReport = async (): Promise<void> => {
      const fetched = await useRunStore.getState().report();
      if (!isGone) setReport(fetched);
    };
    void fetchReport();
    return () => {
      isGone = true;
    };
  }, []);
  const ran = latestLiveRun()?.scenario;
  const count =
    report === null || ran === undefined ? 0 : pendingAdvice(report, ran, scenario).length;
  const words = count === 1 ? "1 piece of advice" : `${count} pieces of advice`;
  useEffect(() => {
    if (count > 0) useSessionStore.getState().announce(`The report has ${words}.`);
  }, [count, words]);
  if (count === 0) return null;
  return (
    <span className={styles["adviceCount"]} data-tip={`${words} for this drawing`}>
      <span aria-hidden="true">{count}</span>
      <span className="visually-hidden">{words}</span>
    </span>
  );
}
