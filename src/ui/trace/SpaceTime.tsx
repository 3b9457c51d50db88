// The space-time diagram: a lane per node and channel in the order in which they were reached, time from left to right,
// thick lines where somebody works, and an arrow for each way of a message from lane to lane.

import type { Scenario } from "../../model/scenario.ts";
import type { Span } from "../../model/span.ts";
import type { Trace } from "../../model/trace.ts";
import { nameOf } from "../../model/elements.ts";
import { colourOf, isWaiting, spanSentence } from "./spanWords.ts";
import styles from "./trace.module.css";

const lanePx = 34;
const namesPx = 150;
const widthPx = 1000;
/** More arrows than this say no more, and hold the page up. */
const arrowsMax = 3000;

interface SpaceTimeProps {
  readonly trace: Trace;
  readonly scenario: Scenario;
  readonly selected: number;
  readonly onSelect: (span: number) => void;
}

/** The diagram. */
export function SpaceTime({ trace, scenario, selected, onSelect }: SpaceTimeProps) {
  const lanes = [...new Set(trace.spans.map(({ place }) => place))];
  const wholeNs = Math.max(1, trace.endNs - trace.startNs);
  const x = (ns: number): number =>
    namesPx + ((ns - trace.startNs) / wholeNs) * (widthPx - namesPx - 20);
  const y = (place: string): number => lanes.indexOf(place) * lanePx + lanePx / 2 + 4;
  const shown = trace.spans.slice(0, arrowsMax);
  return (
    <div className={styles["diagram"]}>
      <svg
        viewBox={`0 0 ${widthPx} ${lanes.length * lanePx + 8}`}
        role="img"
        aria-label={`Space-time diagram: ${trace.messages} messages over ${lanes.length} places`}
      >
        {lanes.map((place) => (
          <g key={place}>
            <text x={8} y={y(place) + 4} className={styles["lane"]}>
              {nameOf(scenario, place)}
            </text>
            <line x1={namesPx} x2={widthPx - 10} y1={y(place)} y2={y(place)} />
          </g>
        ))}
        {shown.map((span) => (
          <Stretch
            key={span.id}
            span={span}
            endNs={span.endNs ?? trace.endNs}
            parent={trace.spans[span.parent]}
            place={{ x, y }}
            isSelected={span.id === selected}
            label={spanSentence(span, trace.startNs, scenario)}
            onSelect={onSelect}
          />
        ))}
      </svg>
      {trace.spans.length > arrowsMax ? (
        <p className={styles["note"]}>
          Drawn are the first {arrowsMax.toLocaleString("en-US")} of{" "}
          {trace.spans.length.toLocaleString("en-US")} spans; the waterfall has all.
        </p>
      ) : null}
    </div>
  );
}

interface StretchProps {
  readonly span: Span;
  readonly endNs: number;
  readonly parent: Span | undefined;
  readonly place: { readonly x: (ns: number) => number; readonly y: (place: string) => number };
  readonly isSelected: boolean;
  readonly label: string;
  readonly onSelect: (span: number) => void;
}

function Stretch({ span, endNs, parent, place, isSelected, label, onSelect }: StretchProps) {
  const { x, y } = place;
  const hasWay = parent !== undefined && parent.place !== span.place;
  return (
    <g
      className={styles["stretch"]}
      data-selected={isSelected}
      data-waiting={isWaiting(span)}
      style={{ color: colourOf(span) }}
      onClick={() => onSelect(span.id)}
    >
      <title>{label}</title>
      {hasWay ? (
        <Way
          from={[x(setOutNs(span, parent)), y(parent.place)]}
          to={[x(span.startNs), y(span.place)]}
        />
      ) : null}
      <line
        x1={x(span.startNs)}
        x2={Math.max(x(span.startNs) + 2, x(endNs))}
        y1={y(span.place)}
        y2={y(span.place)}
      />
    </g>
  );
}

/** When what arrives at another lane set out [ns]: publications and calls take their time, the rest is handed over. */
function setOutNs(span: Span, parent: Span): number {
  const travels = parent.kind === "publish" || parent.kind === "call";
  const isLater = parent.endNs !== undefined && span.startNs > parent.endNs;
  return travels && !isLater ? parent.startNs : span.startNs;
}

function Way({
  from,
  to,
}: {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}) {
  const down = to[1] > from[1] ? -1 : 1;
  return (
    <>
      <path d={`M${from[0]} ${from[1]}L${to[0]} ${to[1]}`} />
      <path className={styles["head"]} d={`M${to[0]} ${to[1]}l-3 ${down * 6}l6 0z`} />
    </>
  );
}
