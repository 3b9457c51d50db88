// The event log below the canvas: what happened to messages, filtered, at any instant of the run, following it while it
// goes on. A line opens the life of its message.

import { useEffect, useRef, useState } from "react";
import { parseDurationMs } from "../../base/units.ts";
import type { MessageEvent } from "../../model/events.ts";
import { nameOf } from "../../model/elements.ts";
import { logGroups } from "../../model/logFilter.ts";
import type { Scenario } from "../../model/scenario.ts";
import { latestLiveRun } from "../../store/liveRun.ts";
import { type LogState, useLogStore, watchLog } from "../../store/logStore.ts";
import { useRunStore } from "../../store/runStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Button } from "../controls/Button.tsx";
import { useRowWindow } from "../controls/useRowWindow.ts";
import styles from "./log.module.css";

const rowPx = 22;

/** The panel. */
export function LogPanel() {
  const isLoaded = useRunStore((state) => state.status !== "idle" && state.timeNs > 0);
  const scenario = latestLiveRun()?.scenario;
  if (scenario === undefined || !isLoaded)
    return (
      <p className={styles["empty"]}>
        Press <kbd>Space</kbd> to run; here is then everything that happened to every message.
      </p>
    );
  return <Log scenario={scenario} />;
}

function Log({ scenario }: { readonly scenario: Scenario }) {
  const view = useLogStore();
  useEffect(() => watchLog(), []);
  return (
    <section className={styles["panel"]} aria-label="Event log">
      <div className={styles["tools"]}>
        <Filters scenario={scenario} view={view} />
        <GoTo view={view} />
      </div>
      <Lines scenario={scenario} view={view} />
    </section>
  );
}

interface LogProps {
  readonly scenario: Scenario;
  readonly view: LogState;
}

function Filters({ scenario, view }: LogProps) {
  const { choice, choose: change } = view;
  return (
    <>
      <label>
        At
        <select value={choice.place} onChange={(event) => change({ place: event.target.value })}>
          <option value="">everywhere</option>
          {[...scenario.nodes, ...scenario.channels].map(({ id }) => (
            <option key={id} value={id}>
              {nameOf(scenario, id)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Contract
        <select
          value={choice.contract}
          onChange={(event) => change({ contract: event.target.value })}
        >
          <option value="">any</option>
          {scenario.contracts.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        What
        <select value={choice.group} onChange={(event) => change({ group: event.target.value })}>
          <option value="">everything</option>
          {Object.keys(logGroups).map((group) => (
            <option key={group} value={group}>
              {group}
            </option>
          ))}
        </select>
      </label>
      <label>
        Key
        <input
          value={choice.key}
          placeholder="any"
          onChange={(event) => change({ key: event.target.value })}
        />
      </label>
      <label>
        Text
        <input
          value={choice.text}
          placeholder="any"
          onChange={(event) => change({ text: event.target.value })}
        />
      </label>
    </>
  );
}

function GoTo({ view }: { readonly view: LogState }) {
  const [typed, setTyped] = useState("");
  const ms = parseDurationMs(typed.trim());
  return (
    <form
      className={styles["goTo"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (ms !== undefined) view.goTo(ms * 1e6);
      }}
    >
      <label>
        From
        <input
          value={typed}
          placeholder="12.5s"
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <Button type="submit" disabled={ms === undefined}>
        Go
      </Button>
      <Button aria-pressed={view.isFollowing} onClick={() => view.follow(!view.isFollowing)}>
        Follow
      </Button>
    </form>
  );
}

function Lines({ scenario, view }: { readonly scenario: Scenario; readonly view: LogState }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { records } = view;
  const { from, to, heightPx } = useRowWindow(scroller, records.length, rowPx);
  const goal = view.isFollowing ? heightPx : 0;
  useEffect(() => {
    // Beyond the last line, where the browser stops by itself.
    if (goal > 0) scroller.current?.scrollTo({ top: goal * 2 });
  }, [goal]);
  return (
    <div
      ref={scroller}
      className={styles["lines"]}
      role="table"
      aria-label="Lines of the log"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- It scrolls.
      tabIndex={0}
    >
      <p className={styles["edge"]}>
        {view.isAtStart ? (
          "The beginning of the run"
        ) : (
          <Button disabled={view.isBusy} onClick={view.earlier}>
            Earlier
          </Button>
        )}
        <span role="status">{view.isBusy ? `Looking …` : ""}</span>
      </p>
      <div style={{ height: heightPx, position: "relative" }} role="rowgroup">
        {records.slice(from, to).map((record, i) => (
          <Line key={from + i} record={record} scenario={scenario} topPx={(from + i) * rowPx} />
        ))}
      </div>
      <p className={styles["edge"]}>
        {view.isAtEnd ? (
          records.length === 0 ? (
            "Nothing of that kind has happened."
          ) : (
            "As far as the run has come"
          )
        ) : (
          <Button disabled={view.isBusy} onClick={view.later}>
            Later
          </Button>
        )}
      </p>
    </div>
  );
}

interface LineProps {
  readonly record: MessageEvent;
  readonly scenario: Scenario;
  readonly topPx: number;
}

function Line({ record, scenario, topPx }: LineProps) {
  const place = record.consumer ?? record.channel ?? "";
  const trace = useSessionStore((state) => state.trace);
  return (
    <div
      className={styles["line"]}
      role="row"
      style={{ top: topPx, height: rowPx }}
      data-event={record.event}
    >
      <span role="cell">{record.t.toFixed(6)} s</span>
      <span role="cell" className={styles["event"]}>
        {record.event}
      </span>
      <span role="cell">
        <button
          type="button"
          onClick={() => trace(record.message)}
          aria-label={`Trace message ${record.message}`}
        >
          {record.message}
        </button>
      </span>
      <span role="cell">
        {record.contract === undefined ? "" : nameOf(scenario, record.contract)}
      </span>
      <span role="cell">{place === "" ? "" : nameOf(scenario, place)}</span>
      <span role="cell">
        {record.attempt === undefined || record.attempt < 2 ? "" : `attempt ${record.attempt}`}
      </span>
      <span role="cell">{record.key ?? ""}</span>
      <span role="cell" className={styles["reason"]}>
        {record.reason ?? ""}
      </span>
    </div>
  );
}
