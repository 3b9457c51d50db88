// The timeline of the scenario under the charts: a lane per target, bars for what lasts, marks for moments. What the loaded
// run does otherwise than the document is drawn too, so that nobody takes a later change for one of this run.

import { type MouseEvent, useMemo, useState } from "react";
import type { Scenario } from "../../model/scenario.ts";
import { entryOfSpan } from "../../model/timelineEdit.ts";
import { timelineSpans, type TimelineSpan } from "../../model/timelineSpans.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { latestLiveRun } from "../../store/liveRun.ts";
import { useRunStore } from "../../store/runStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { stretchNs } from "../../store/stretch.ts";
import { IconButton } from "../controls/Button.tsx";
import { type MenuEntry, MenuList } from "../controls/Menu.tsx";
import { EntryDialog } from "./EntryDialog.tsx";
import { type Draft, draftOf, newDraft } from "./entryForm.ts";
import { entryKinds, possibleActs } from "./entryKinds.ts";
import { ObjectiveLanes } from "./ObjectiveLanes.tsx";
import { type BarActions, SpanBar } from "./SpanBar.tsx";
import { setTimeCursor } from "./timeCursor.ts";
import { changeEnd, changeStart, deleteSpan, putEntry } from "./timelineChanges.ts";
import { TrackLines, TrackTicks } from "./TrackAxis.tsx";
import { type Lane, lanesOf, niceStepMs, shareOf, type TimeRange } from "./trackLayout.ts";
import styles from "./track.module.css";

/** A form that is open: of a span, or of something new. */
interface OpenForm {
  readonly draft: Draft;
  readonly span: TimelineSpan | null;
}

interface OpenMenu {
  readonly at: { readonly x: number; readonly y: number };
  readonly atMs: number;
  /** Of a lane: what is offered is for its target. */
  readonly target: string;
}

/** Spans that are drawn at the most; more are found in the inspector of the scenario. */
const drawnMax = 1000;

/** The track. */
export function FaultTrack() {
  const scenario = useDocumentStore((state) => state.scenario);
  const [form, setForm] = useState<OpenForm | null>(null);
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const range = useMemo(() => ({ fromMs: 0, toMs: scenario.load.duration }), [scenario.load]);
  const openMenu = (event: MouseEvent<HTMLElement>, target = ""): void => {
    event.preventDefault();
    setMenu({ at: { x: event.clientX, y: event.clientY }, atMs: timeAt(event, range), target });
  };
  return (
    <section className={styles["track"]} aria-label="Fault track" data-track>
      <TrackHead
        range={range}
        onAdd={(event) => {
          const { left, top } = event.currentTarget.getBoundingClientRect();
          setMenu({ at: { x: left, y: top }, atMs: roundedNowMs(range), target: "" });
        }}
      />
      <Lanes
        scenario={scenario}
        range={range}
        onMenu={openMenu}
        onOpen={(span) => setForm({ span, draft: draftOf(entryOfSpan(scenario.timeline, span)) })}
      />
      <p id="timeline-keys" className="visually-hidden">
        Left and right move it, with Shift its end; up and down go to others; Enter opens it; Delete
        removes it.
      </p>
      {menu === null ? null : (
        <MenuList
          label="Add to the timeline"
          at={menu.at}
          entries={menuEntries(scenario, menu, (draft) => setForm({ draft, span: null }))}
          onClose={() => setMenu(null)}
        />
      )}
      {form === null ? null : (
        <EntryDialog
          first={form.draft}
          isNew={form.span === null}
          onClose={() => setForm(null)}
          onAccept={(entry) => {
            putEntry(entry, form.span);
            setForm(null);
          }}
          onDelete={() => {
            if (form.span !== null) deleteSpan(form.span);
            setForm(null);
          }}
        />
      )}
    </section>
  );
}

interface HeadProps {
  readonly range: TimeRange;
  readonly onAdd: (event: MouseEvent<HTMLButtonElement>) => void;
}

/** The axis, with the button that adds at the present moment. */
function TrackHead({ range, onAdd }: HeadProps) {
  return (
    <div className={styles["head"]}>
      <div className={styles["gutter"]}>
        <strong>Timeline</strong>
        <IconButton icon="plus" size={14} label="Add to the timeline, here" onClick={onAdd} />
      </div>
      <div className={styles["axis"]} aria-hidden="true">
        <TrackTicks range={range} most={10} />
      </div>
    </div>
  );
}

interface LanesProps {
  readonly scenario: Scenario;
  readonly range: TimeRange;
  readonly onMenu: (event: MouseEvent<HTMLElement>, target?: string) => void;
  readonly onOpen: (span: TimelineSpan) => void;
}

function Lanes({ scenario, range, onMenu, onOpen }: LanesProps) {
  const lanes = useMemo(() => lanesOf(scenario), [scenario]);
  const [current, setCurrent] = useState(-1);
  const [wish, setWish] = useState<{ readonly entry: number } | null>(null);
  const known = useRunStore((state) => state.known);
  const inRun = useMemo(() => (known === null ? null : textsOf(known)), [known]);
  const order = lanes.flatMap(({ spans }) => spans.map(({ span }) => span));
  const drawn = new Set(order.slice(0, drawnMax));
  const focused = order.some(({ entry }) => entry === current) ? current : (order[0]?.entry ?? -1);
  const goTo = (entry: number): void => {
    setCurrent(entry);
    setWish({ entry });
  };
  const actions: BarActions = {
    onMove: (span, atMs) => goTo(changeStart(span, atMs)),
    onResize: (span, toMs) => goTo(changeEnd(span, toMs)),
    onOpen,
    onDelete: (span) => {
      deleteSpan(span);
      // What came behind it has its place now.
      goTo(Math.min(span.entry, order.length - 2));
    },
    onLeave: (span, direction) => {
      const next = order[order.indexOf(span) + direction];
      if (next !== undefined) goTo(next.entry);
    },
    onFocus: ({ entry }) => setCurrent(entry),
  };
  const stepMs = stretchNs(scenario.load.duration * 1e6) / 1e6;
  return (
    <div
      className={styles["lanes"]}
      onPointerMove={(event) => setTimeCursor(pointedAtS(event, range))}
      onPointerLeave={() => setTimeCursor(null)}
    >
      <div className={styles["lines"]} data-lines>
        <TrackLines range={range} />
      </div>
      {lanes.length === 0 ? <NothingYet onMenu={onMenu} /> : null}
      {lanes.map((lane) => (
        <LaneLine key={lane.key} lane={lane} onMenu={onMenu}>
          <Ghosts scenario={scenario} known={known} lane={lane} range={range} />
          {lane.spans
            .filter(({ span }) => drawn.has(span))
            .map(({ span, row }) => (
              <SpanBar
                key={span.entry}
                scenario={scenario}
                span={span}
                row={row}
                range={range}
                stepMs={stepMs}
                isInRun={inRun?.has(textOf(scenario, span)) !== false}
                isCurrent={span.entry === focused}
                wish={span.entry === wish?.entry ? wish : null}
                actions={actions}
              />
            ))}
        </LaneLine>
      ))}
      <ObjectiveLanes range={range} />
      {order.length > drawnMax ? (
        <p className={styles["note"]}>
          {order.length - drawnMax} more are listed in the inspector of the scenario.
        </p>
      ) : null}
    </div>
  );
}

interface LaneLineProps {
  readonly lane: Lane;
  readonly onMenu: LanesProps["onMenu"];
  readonly children: React.ReactNode;
}

function LaneLine({ lane, onMenu, children }: LaneLineProps) {
  return (
    <div className={styles["lane"]} role="group" aria-label={lane.name}>
      <button
        type="button"
        className={styles["laneName"]}
        tabIndex={-1}
        onClick={() => useSessionStore.getState().select([lane.target])}
      >
        {lane.name}
      </button>
      {/* The same is offered by the button that adds, for the keyboard. */}
      <div
        className={styles["laneBody"]}
        data-lane
        style={{ blockSize: `calc(${lane.rows} * var(--row) + 2px)` }}
        onContextMenu={(event) => onMenu(event, lane.target)}
        onDoubleClick={(event) => {
          if (event.target === event.currentTarget) onMenu(event, lane.target);
        }}
      >
        {children}
      </div>
    </div>
  );
}

function NothingYet({ onMenu }: Pick<LanesProps, "onMenu">) {
  return (
    <div className={styles["nothing"]} onContextMenu={(event) => onMenu(event)} role="presentation">
      <span>
        Nothing happens by plan. What you do while it runs is recorded here, and the next run
        repeats it.
      </span>
    </div>
  );
}

interface GhostsProps {
  readonly scenario: Scenario;
  readonly known: Scenario | null;
  readonly lane: Lane;
  readonly range: TimeRange;
}

/** What the loaded run does at the place of a lane although the document no longer says so. */
function Ghosts({ scenario, known, lane, range }: GhostsProps) {
  if (known === null || known.timeline === scenario.timeline) return null;
  const texts = textsOf(scenario);
  return timelineSpans(known)
    .filter((span) => span.place.target === lane.target && !texts.has(textOf(known, span)))
    .slice(0, drawnMax)
    .map((span) => {
      const left = shareOf(range, span.fromMs);
      return (
        <span
          key={span.entry}
          className={styles["ghost"]}
          style={{
            insetInlineStart: `${left}%`,
            inlineSize: `${Math.max(0.3, shareOf(range, span.toMs) - left)}%`,
          }}
        />
      );
    });
}

function textsOf(scenario: Scenario): ReadonlySet<string> {
  return new Set(timelineSpans(scenario).map((span) => textOf(scenario, span)));
}

/** What a span says, as a text to compare. */
function textOf({ timeline }: Scenario, span: TimelineSpan): string {
  return JSON.stringify(entryOfSpan(timeline, span));
}

function menuEntries(
  scenario: Scenario,
  { atMs, target }: OpenMenu,
  onChoose: (draft: Draft) => void,
): readonly (MenuEntry | null)[] {
  const acts = possibleActs(scenario).filter(
    (act) => target === "" || entryKinds[act].targets(scenario).includes(target),
  );
  return acts.map((act) => ({
    id: act,
    label: `${entryKinds[act].label} …`,
    icon: entryKinds[act].icon,
    run: () => onChoose(newDraft(scenario, act, atMs, target)),
  }));
}

/** Where the lanes are in the window [px]. */
function lanesBox(event: MouseEvent<HTMLElement>): DOMRect {
  const track = event.currentTarget.closest("[data-track]");
  return (track?.querySelector("[data-lines]") ?? event.currentTarget).getBoundingClientRect();
}

/** The moment under the pointer [s]; null beside the lanes. */
function pointedAtS(event: MouseEvent<HTMLElement>, range: TimeRange): number | null {
  const { left, right } = lanesBox(event);
  const isInside = event.clientX >= left && event.clientX <= right;
  return isInside ? timeAt(event, range) / 1000 : null;
}

/** The moment under the pointer [ms], as exact as it can be pointed at. */
function timeAt(event: MouseEvent<HTMLElement>, { fromMs, toMs }: TimeRange): number {
  const { left, width } = lanesBox(event);
  const share = Math.min(1, Math.max(0, (event.clientX - left) / Math.max(1, width)));
  const stepMs = niceStepMs(((toMs - fromMs) / Math.max(1, width)) * 2);
  return Math.round((fromMs + share * (toMs - fromMs)) / stepMs) * stepMs;
}

/** Where the run is, to whole steps of the axis [ms]. */
function roundedNowMs({ fromMs, toMs }: TimeRange): number {
  const nowMs = (latestLiveRun()?.frame.timeNs ?? 0) / 1e6;
  const stepMs = niceStepMs((toMs - fromMs) / 1000);
  return Math.min(toMs, Math.ceil(nowMs / stepMs) * stepMs);
}
