// The controls of the run: play, step, restart, speed, clock, pace and seed. Space and the other keys are commands
// of the app. The clock is written by reference with every frame; React hears of it five times a second.

import { ChevronsRight, Pause, Play, RotateCcw, StepBack, StepForward } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { useDocumentStore } from "../../store/documentStore.ts";
import { latestLiveRun, type LiveRun, subscribeLiveRun } from "../../store/liveRun.ts";
import { speeds, useRunStore } from "../../store/runStore.ts";
import controls from "../controls/controls.module.css";
import { clockText, paceText, speedText } from "./clock.ts";
import { faultPeriods } from "./faultPeriods.ts";
import { Scrubber } from "./Scrubber.tsx";
import { SeedField } from "./SeedField.tsx";
import styles from "./Transport.module.css";

const ObjectiveBadge = lazy(async () => ({
  default: (await import("./ObjectiveBadge.tsx")).ObjectiveBadge,
}));

/** The transport: one compact line. */
export function Transport() {
  const status = useRunStore((state) => state.status);
  const isRunning = status === "running";
  return (
    <div className={styles["transport"]} role="group" aria-label="Run" data-status={status}>
      <button
        type="button"
        className={styles["play"]}
        aria-label={isRunning ? "Pause" : "Run"}
        data-tip={isRunning ? "Pause" : "Run"}
        data-tip-key="Space"
        onClick={() => void useRunStore.getState().toggle()}
      >
        {isRunning ? <Pause size={16} aria-hidden /> : <Play size={16} aria-hidden />}
      </button>
      <Control
        label="One event back"
        shortcut=","
        onClick={() => void useRunStore.getState().stepBack()}
      >
        <StepBack size={16} aria-hidden />
      </Control>
      <Control
        label="One event further"
        shortcut="."
        onClick={() => void useRunStore.getState().step()}
      >
        <StepForward size={16} aria-hidden />
      </Control>
      <Control
        label="Back to the beginning"
        shortcut="Shift+R"
        onClick={() => void useRunStore.getState().restart()}
      >
        <RotateCcw size={15} aria-hidden />
      </Control>
      <Clock />
      <SpeedSelect />
      <Pace />
      <SeedField />
      <Objectives />
      <StateLine />
    </div>
  );
}

interface ControlProps {
  readonly label: string;
  readonly shortcut: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Control({ label, shortcut, onClick, children }: ControlProps) {
  return (
    <button
      type="button"
      className={controls["iconButton"]}
      aria-label={label}
      data-tip={label}
      data-tip-key={shortcut}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

function Clock() {
  const time = useRef<HTMLSpanElement>(null);
  const bar = useRef<HTMLSpanElement>(null);
  const seen = useRef<HTMLSpanElement>(null);
  const scenario = useDocumentStore((state) => state.scenario);
  const loadedNs = useRunStore((state) => state.durationNs);
  const durationNs = loadedNs === 0 ? scenario.load.duration * 1e6 : loadedNs;
  useEffect(() => {
    const show = (live: LiveRun | null): void => {
      const timeNs = live?.frame.timeNs ?? 0;
      if (time.current !== null) time.current.textContent = clockText(timeNs);
      scaleTo(bar.current, timeNs / Math.max(1, durationNs));
      scaleTo(seen.current, (live?.seenNs ?? 0) / Math.max(1, durationNs));
    };
    show(latestLiveRun());
    return subscribeLiveRun(show);
  }, [durationNs]);
  return (
    <div className={styles["clock"]} role="timer" aria-label="Simulated time">
      <span ref={time} className={styles["time"]} data-testid="clock" />
      <span className={styles["of"]}> / {clockText(durationNs, "s")}</span>
      <span className={styles["track"]} aria-hidden="true">
        {faultPeriods(scenario).map(({ fromS, toS, target }) => (
          <span
            key={`${target}/${fromS}`}
            className={styles["fault"]}
            style={{
              left: `${(fromS * 1e11) / durationNs}%`,
              width: `${((toS - fromS) * 1e11) / durationNs}%`,
            }}
          />
        ))}
        <span ref={seen} className={styles["seen"]} />
        <span ref={bar} className={styles["passed"]} />
      </span>
      <Scrubber durationNs={durationNs} />
    </div>
  );
}

function scaleTo(bar: HTMLElement | null, share: number): void {
  if (bar !== null) bar.style.transform = `scaleX(${Math.min(1, share)})`;
}

function SpeedSelect() {
  const speed = useRunStore((state) => state.speed);
  return (
    <label className={styles["speed"]} data-tip="Simulated seconds per second">
      <ChevronsRight size={14} aria-hidden />
      <span className="visually-hidden">Speed</span>
      <select
        value={String(speed)}
        onChange={(event) => useRunStore.getState().setSpeed(Number(event.currentTarget.value))}
      >
        {speeds.map((offered) => (
          <option key={offered} value={String(offered)}>
            {speedText(offered)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Pace() {
  const status = useRunStore((state) => state.status);
  const eventsPerS = useRunStore((state) => state.eventsPerS);
  const events = useRunStore((state) => state.events);
  // Empty rather than absent: nothing may move under the pointer when a run begins.
  if (status === "idle" || events === 0) return <span className={styles["pace"]} />;
  return (
    <span className={styles["pace"]} data-tip={`${events.toLocaleString("en-US")} events so far`}>
      {status === "running"
        ? `${paceText(eventsPerS)} events/s`
        : `${events.toLocaleString("en-US")} events`}
    </span>
  );
}

/** Nothing where the run has no targets, or has not begun. */
function Objectives() {
  const isThere = useRunStore(
    ({ known, timeNs }) => known !== null && known.objectives.length > 0 && timeNs > 0,
  );
  if (!isThere) return null;
  return (
    <Suspense fallback={null}>
      <ObjectiveBadge />
    </Suspense>
  );
}

/** Why it stands, or that the drawing has moved on. */
function StateLine() {
  const status = useRunStore((state) => state.status);
  const ending = useRunStore((state) => state.ending);
  const notice = useRunStore((state) => state.notice);
  if (notice?.kind === "stale")
    return (
      <button
        type="button"
        className={styles["stale"]}
        onClick={() => void useRunStore.getState().restart()}
      >
        {notice.text}
      </button>
    );
  if (notice !== null)
    return (
      <span className={styles["trouble"]} role="alert">
        {notice.text}
      </span>
    );
  if (status !== "ended" || ending === null) return null;
  return (
    <span
      className={styles["ended"]}
      data-reason={ending.reason}
      data-tip={ending.sentence}
      role="status"
    >
      {ending.sentence}
    </span>
  );
}
