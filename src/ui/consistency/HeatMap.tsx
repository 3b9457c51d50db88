// Keys × replicas as a map on a canvas: the darker (in the dark the brighter) a cell, the longer an update of that key is
// missing there. The pointer and the arrow keys read single cells; a table says the same in words.

import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { formatDurationMs } from "../../base/units.ts";
import type { ConsistencyView } from "../../model/consistencyView.ts";
import { nameOf } from "../../model/elements.ts";
import type { Scenario } from "../../model/scenario.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { useTheme } from "../charts/useTheme.ts";
import styles from "./consistency.module.css";
import {
  capacityOf,
  cellAt,
  type HeatCell,
  heatGrid,
  type HeatGrid,
  levelNames,
  levelOf,
  neighbour,
  placeOfKey,
} from "./heatLayout.ts";

interface HeatMapProps {
  readonly scenario: Scenario;
  readonly view: ConsistencyView;
  /** Tells how many keys there is room for. */
  readonly onCapacity: (keys: number) => void;
}

/** The map with its lanes, and the line that says what is pointed at. */
export function HeatMap({ scenario, view, onCapacity }: HeatMapProps) {
  const room = useRef<HTMLDivElement>(null);
  const { widthPx, heightPx } = useSize(room);
  const theme = useTheme();
  const [cell, setCell] = useState<HeatCell | null>(null);
  const lanes = view.replicas.length;
  const keys = view.names.length;
  const grid = useMemo(
    () => heatGrid({ widthPx, heightPx, lanes, keys: view.keys }),
    [widthPx, heightPx, lanes, view.keys],
  );
  const capacity = capacityOf(grid);
  useEffect(() => onCapacity(capacity), [capacity, onCapacity]);
  const shown = cell !== null && cell.lane < lanes && cell.key < keys ? cell : null;
  const sentence = shown === null ? "" : cellText(scenario, view, shown);
  return (
    <>
      <div
        className={styles["map"]}
        style={{ gridTemplateRows: `repeat(${lanes}, ${grid.lanePx}px)` }}
      >
        {view.replicas.map(({ store, staleKeys, ageMs }) => (
          <button
            key={store}
            type="button"
            className={styles["lane"]}
            onClick={() => useSessionStore.getState().select([store])}
          >
            <span>{nameOf(scenario, store)}</span>
            <small>
              {staleKeys === 0
                ? "all fresh"
                : `${staleKeys} stale, ${formatDurationMs(roughMs(ageMs))}`}
            </small>
          </button>
        ))}
        {/* The cells have no elements of their own; the arrow keys go from one to the other. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <div
          ref={room}
          className={styles["cells"]}
          role="group"
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          aria-label="Keys by replica. Arrow keys go from key to key."
          onFocus={() => setCell((now) => now ?? { lane: 0, key: 0 })}
          onBlur={() => setCell(null)}
          onPointerLeave={() => setCell(null)}
          onPointerMove={(event) => {
            const { left, top } = event.currentTarget.getBoundingClientRect();
            const at = { x: event.clientX - left, y: event.clientY - top };
            setCell(cellAt(grid, at, { lanes, keys }) ?? null);
          }}
          onKeyDown={(event) => {
            const next = steppedCell(event, grid, shown, { lanes, keys });
            if (next === undefined) return;
            setCell(next);
            useSessionStore.getState().announce(cellText(scenario, view, next));
          }}
        >
          <Cells key={theme} view={view} grid={grid} />
          {shown === null ? null : <Marks grid={grid} cell={shown} lanes={lanes} />}
        </div>
      </div>
      <p className={styles["reading"]}>{sentence === "" ? <Legend /> : sentence}</p>
      <InWords scenario={scenario} view={view} />
    </>
  );
}

function steppedCell(
  event: KeyboardEvent,
  grid: HeatGrid,
  cell: HeatCell | null,
  there: { readonly lanes: number; readonly keys: number },
): HeatCell | undefined {
  if (cell === null || !/^(?:Arrow|Home|End)/u.test(event.key)) return undefined;
  event.preventDefault();
  return neighbour(grid, cell, event.key, there);
}

/** The canvas, drawn with each answer; give it the theme as key. */
function Cells({ view, grid }: { readonly view: ConsistencyView; readonly grid: HeatGrid }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current !== null) drawCells(canvas.current, view, grid);
  }, [view, grid]);
  return <canvas ref={canvas} aria-hidden="true" />;
}

function drawCells(canvas: HTMLCanvasElement, view: ConsistencyView, grid: HeatGrid): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const scale = window.devicePixelRatio;
  const width = grid.columns * grid.cellPx;
  const height = grid.lanePx * view.replicas.length;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  // Small cells touch: a gap would be a third of them.
  const side = grid.cellPx - (grid.cellPx > 5 ? 2 : grid.cellPx > 3 ? 1 : 0);
  levelNames.forEach((_, level) => {
    context.fillStyle = style.getPropertyValue(`--stale-${level}`);
    context.beginPath();
    view.replicas.forEach(({ sinceNs }, lane) => {
      for (let key = 0; key < sinceNs.length; key++) {
        if (levelOf(ageMsOf(view, sinceNs[key]!)) !== level) continue;
        const { x, y } = placeOfKey(grid, key);
        context.rect(x, lane * grid.lanePx + y, side, side);
      }
    });
    context.fill();
  });
}

/** A frame around the cell that is read, and around the same key in the other lanes. */
function Marks({
  grid,
  cell,
  lanes,
}: {
  readonly grid: HeatGrid;
  readonly cell: HeatCell;
  readonly lanes: number;
}) {
  const { x, y } = placeOfKey(grid, cell.key);
  return Array.from({ length: lanes }, (_, lane) => (
    <span
      key={lane}
      className={styles["mark"]}
      data-current={lane === cell.lane}
      style={{
        insetBlockStart: lane * grid.lanePx + y - 2,
        insetInlineStart: x - 2,
        blockSize: grid.cellPx + 2,
        inlineSize: grid.cellPx + 2,
      }}
    />
  ));
}

function Legend() {
  return (
    <span className={styles["legend"]}>
      Oldest missing update:
      {levelNames.map((name, level) => (
        <span key={name}>
          <i style={{ background: `var(--stale-${level})` }} aria-hidden="true" />
          {name}
        </span>
      ))}
    </span>
  );
}

/** The same for those who do not see it: figures per replica, and the keys that lack something for longest. */
function InWords({ scenario, view }: Pick<HeatMapProps, "scenario" | "view">) {
  return (
    <table className="visually-hidden">
      <caption>Replicas of {nameOf(scenario, view.source)}</caption>
      <thead>
        <tr>
          <th scope="col">Replica</th>
          <th scope="col">Stale keys of {view.keys}</th>
          <th scope="col">Missing updates</th>
          <th scope="col">Oldest</th>
          <th scope="col">Stalest keys</th>
        </tr>
      </thead>
      <tbody>
        {view.replicas.map((replica) => (
          <tr key={replica.store}>
            <th scope="row">{nameOf(scenario, replica.store)}</th>
            <td>{replica.staleKeys}</td>
            <td>{replica.missing}</td>
            <td>{formatDurationMs(replica.ageMs)}</td>
            <td>{stalestOf(view, replica.sinceNs).join(", ")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const stalestNamed = 5;

function stalestOf({ names }: ConsistencyView, sinceNs: Float64Array): readonly string[] {
  return names
    .map((name, i) => ({ name, since: sinceNs[i]! }))
    .filter(({ since }) => since >= 0)
    .sort((a, b) => a.since - b.since)
    .slice(0, stalestNamed)
    .map(({ name }) => name);
}

/** "order-17 in Rides DB: version 3 of 5, an update is missing for 2.3 s". */
function cellText(scenario: Scenario, view: ConsistencyView, { lane, key }: HeatCell): string {
  const replica = view.replicas[lane]!;
  const [has, newest] = [replica.versions[key] ?? 0, view.versions[key] ?? 0];
  const ageMs = ageMsOf(view, replica.sinceNs[key] ?? -1);
  const state =
    ageMs < 0 ? "fresh" : `an update is missing for ${formatDurationMs(roughMs(ageMs))}`;
  return `${view.names[key]} in ${nameOf(scenario, replica.store)}: version ${has} of ${newest}, ${state}.`;
}

function ageMsOf({ timeNs }: ConsistencyView, sinceNs: number): number {
  return sinceNs < 0 ? -1 : (timeNs - sinceNs) / 1e6;
}

/** To two digits: more would flicker. */
function roughMs(ms: number): number {
  return Number(ms.toPrecision(2));
}

function useSize(element: RefObject<HTMLElement | null>): {
  readonly widthPx: number;
  readonly heightPx: number;
} {
  const [size, setSize] = useState({ widthPx: 400, heightPx: 160 });
  useEffect(() => {
    const watched = element.current?.parentElement?.parentElement ?? null;
    if (watched === null) return undefined;
    const measure = (): void => {
      const widthPx = element.current?.clientWidth ?? 0;
      // Two lines of text below the map.
      setSize({ widthPx, heightPx: Math.max(60, watched.clientHeight - 30) });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
