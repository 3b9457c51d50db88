// The panel below the canvas: tabs, each loaded when it is first looked at; its height is the person's.

import {
  type KeyboardEvent,
  lazy,
  type PointerEvent,
  Suspense,
  useEffect,
  useRef,
  useState,
} from "react";
import type { Problem } from "../../base/problem.ts";
import { useRunStore } from "../../store/runStore.ts";
import { type PanelTab, useSessionStore } from "../../store/sessionStore.ts";
import { Boundary } from "../controls/Boundary.tsx";
import { IconButton } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { useLateChecking, useProblems } from "../problems/useProblems.ts";
import styles from "./app.module.css";

const ChartPanel = lazy(async () => ({
  default: (await import("../charts/ChartPanel.tsx")).ChartPanel,
}));
const ConsistencyPanel = lazy(async () => ({
  default: (await import("../consistency/ConsistencyPanel.tsx")).ConsistencyPanel,
}));
const LogPanel = lazy(async () => ({
  default: (await import("../log/LogPanel.tsx")).LogPanel,
}));
const TracePanel = lazy(async () => ({
  default: (await import("../trace/TracePanel.tsx")).TracePanel,
}));
const ContractsPanel = lazy(async () => ({
  default: (await import("../contracts/ContractsPanel.tsx")).ContractsPanel,
}));
const ProblemsPanel = lazy(async () => ({
  default: (await import("../problems/ProblemsPanel.tsx")).ProblemsPanel,
}));
const AdviceBadge = lazy(async () => ({
  default: (await import("../run/AdviceBadge.tsx")).AdviceBadge,
}));
const ReportPanel = lazy(async () => ({
  default: (await import("../run/ReportPanel.tsx")).ReportPanel,
}));

const tabs: readonly { readonly tab: PanelTab; readonly label: string }[] = [
  { tab: "charts", label: "Charts" },
  { tab: "consistency", label: "Consistency" },
  { tab: "log", label: "Log" },
  { tab: "trace", label: "Trace" },
  { tab: "contracts", label: "Contracts" },
  { tab: "problems", label: "Problems" },
  { tab: "report", label: "Report" },
];

const heightMin = 120;
/** More than most windows have; the style sheet leaves a strip of the drawing. */
const heightMax = 1600;

/** The panel with its tabs. */
export function BottomPanel() {
  const { tab, isPanelOpen, panelHeightPx, set, showTab } = useSessionStore();
  useLateChecking();
  const problems = useProblems();
  // Until somebody drags its edge, the style sheet chooses a share of the window.
  const style = isPanelOpen && panelHeightPx > 0 ? { height: panelHeightPx } : undefined;
  return (
    <section
      className={styles["panel"]}
      style={style}
      data-open={isPanelOpen}
      aria-label="Panel below"
    >
      {isPanelOpen ? <Resizer /> : null}
      <div className={styles["tabs"]}>
        <div
          className={styles["tabList"]}
          role="tablist"
          aria-label="Panel below"
          onKeyDown={handleTabKey}
          tabIndex={-1}
        >
          {tabs.map((choice) => (
            <button
              key={choice.tab}
              type="button"
              role="tab"
              id={`tab-${choice.tab}`}
              aria-selected={isPanelOpen && choice.tab === tab}
              aria-controls="panel-body"
              tabIndex={choice.tab === tab ? 0 : -1}
              className={styles["tab"]}
              onClick={() => showTab(choice.tab)}
            >
              {choice.label}
              {choice.tab === "problems" ? <ProblemCount problems={problems} /> : null}
              {choice.tab === "report" ? <ReportMark /> : null}
            </button>
          ))}
        </div>
        <div id="panel-tools" className={styles["panelTools"]} />
        {isPanelOpen ? <Enlarge isLarge={panelHeightPx >= heightMax} /> : null}
        <IconButton
          icon={isPanelOpen ? "chevron-down" : "panel-bottom"}
          label={isPanelOpen ? "Hide the panel" : "Show the panel"}
          onClick={() => set({ isPanelOpen: !isPanelOpen })}
        />
      </div>
      {isPanelOpen ? (
        <div
          id="panel-body"
          role="tabpanel"
          aria-labelledby={`tab-${tab}`}
          className={styles["tabBody"]}
        >
          <Boundary
            key={tab}
            name="The panel"
            waiting={<p className={controls["empty"]}>Loading …</p>}
          >
            <TabBody tab={tab} problems={problems} />
          </Boundary>
        </div>
      ) : null}
    </section>
  );
}

/** Editors want room; the drawing keeps a strip. */
function Enlarge({ isLarge }: { readonly isLarge: boolean }) {
  return (
    <IconButton
      icon={isLarge ? "minus" : "fit"}
      label={isLarge ? "Make the panel smaller" : "Enlarge the panel"}
      aria-pressed={isLarge}
      onClick={() => useSessionStore.getState().set({ panelHeightPx: isLarge ? 0 : heightMax })}
    />
  );
}

interface TabBodyProps {
  readonly tab: PanelTab;
  readonly problems: readonly Problem[];
}

function TabBody({ tab, problems }: TabBodyProps) {
  switch (tab) {
    case "charts":
      return <ChartPanel />;
    case "consistency":
      return <ConsistencyPanel />;
    case "log":
      return <LogPanel />;
    case "trace":
      return <TracePanel />;
    case "contracts":
      return <ContractsPanel />;
    case "problems":
      return <ProblemsPanel problems={problems} />;
    default:
      return <ReportPanel />;
  }
}

/** A run that stands still may have advice to give. */
function ReportMark() {
  const moment = useRunStore(({ status, generation, timeNs }) =>
    status === "paused" || status === "ended" ? `${generation}/${timeNs}` : "",
  );
  if (moment === "") return null;
  return (
    <Suspense fallback={null}>
      <AdviceBadge key={moment} />
    </Suspense>
  );
}

function ProblemCount({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  const severity = problems.some((problem) => problem.severity === "error") ? "error" : "warning";
  return (
    <span className={styles["count"]} data-severity={severity}>
      {problems.length}
    </span>
  );
}

/** Where a key leads from a tab, as people know it from tabs elsewhere. */
const tabKeys: Readonly<Record<string, (at: number) => number>> = {
  ArrowRight: (at) => (at + 1) % tabs.length,
  ArrowLeft: (at) => (at - 1 + tabs.length) % tabs.length,
  Home: () => 0,
  End: () => tabs.length - 1,
};

function handleTabKey(event: KeyboardEvent<HTMLElement>): void {
  const lead = Object.hasOwn(tabKeys, event.key) ? tabKeys[event.key] : undefined;
  if (lead === undefined) return;
  event.preventDefault();
  const { tab, showTab } = useSessionStore.getState();
  const next = tabs[lead(tabs.findIndex((choice) => choice.tab === tab))]?.tab ?? "charts";
  showTab(next);
  document.getElementById(`tab-${next}`)?.focus();
}

function setHeight(heightPx: number): void {
  const panelHeightPx = Math.round(Math.min(heightMax, Math.max(heightMin, heightPx)));
  useSessionStore.getState().set({ panelHeightPx });
}

function Resizer() {
  const separator = useRef<HTMLDivElement>(null);
  const [heightPx, setShown] = useState(heightMin);
  useEffect(() => {
    const panel = separator.current?.parentElement ?? null;
    if (panel === null) return undefined;
    const observer = new ResizeObserver(() => setShown(panel.offsetHeight));
    observer.observe(panel);
    return () => observer.disconnect();
  }, []);
  const handleMove = (event: PointerEvent<HTMLElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const bottom = event.currentTarget.parentElement?.getBoundingClientRect().bottom ?? 0;
    setHeight(bottom - event.clientY);
  };
  return (
    <div
      ref={separator}
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the panel"
      aria-valuenow={heightPx}
      aria-valuemin={heightMin}
      aria-valuemax={heightMax}
      tabIndex={0}
      className={styles["resizer"]}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={handleMove}
      onKeyDown={(event) => {
        const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
        if (direction !== 0) setHeight(heightPx + direction * 24);
      }}
    />
  );
}
