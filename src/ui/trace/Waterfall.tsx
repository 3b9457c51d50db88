// The waterfall: a row per span, each below the one in whose course it happened, with a bar over the time since the
// beginning. Only rows that are seen are in the page.

import { type KeyboardEvent, useEffect, useRef } from "react";
import type { Scenario } from "../../model/scenario.ts";
import type { Span } from "../../model/span.ts";
import type { Trace } from "../../model/trace.ts";
import { revealRow, useRowWindow } from "../controls/useRowWindow.ts";
import { colourOf, isWaiting, spanDuration, spanSentence, spanTitle } from "./spanWords.ts";
import styles from "./trace.module.css";

const rowPx = 24;

interface WaterfallProps {
  readonly trace: Trace;
  readonly scenario: Scenario;
  readonly selected: number;
  readonly onSelect: (span: number) => void;
}

/** The rows of a trace. */
export function Waterfall({ trace, scenario, selected, onSelect }: WaterfallProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const isByKey = useRef(false);
  const { from, to, heightPx } = useRowWindow(scroller, trace.spans.length, rowPx);
  useEffect(() => {
    if (selected >= 0) revealRow(scroller.current, selected, rowPx);
    if (!isByKey.current) return;
    isByKey.current = false;
    // The row may come into the page with the scrolling only.
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>("[aria-current=true]")?.focus(),
    );
  }, [selected]);
  const handleKey = (event: KeyboardEvent<HTMLElement>): void => {
    const next = nextRow(event.key, selected, trace.spans);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    isByKey.current = true;
    onSelect(next);
  };
  return (
    <div
      ref={scroller}
      className={styles["rows"]}
      role="table"
      aria-label="Waterfall"
      aria-rowcount={trace.spans.length}
    >
      <div style={{ height: heightPx, position: "relative" }} role="rowgroup">
        {trace.spans.slice(from, to).map((span) => (
          <Row
            key={span.id}
            span={span}
            trace={trace}
            scenario={scenario}
            isSelected={span.id === selected}
            onSelect={onSelect}
            onKey={handleKey}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps extends Omit<WaterfallProps, "selected"> {
  readonly span: Span;
  readonly isSelected: boolean;
  readonly onKey: (event: KeyboardEvent<HTMLElement>) => void;
}

function Row({ span, trace, scenario, isSelected, onSelect, onKey }: RowProps) {
  const wholeNs = Math.max(1, trace.endNs - trace.startNs);
  const endNs = span.endNs ?? trace.endNs;
  const left = ((span.startNs - trace.startNs) / wholeNs) * 100;
  const width = ((endNs - span.startNs) / wholeNs) * 100;
  return (
    <div
      className={styles["row"]}
      style={{ top: span.id * rowPx, height: rowPx }}
      role="row"
      aria-rowindex={span.id + 1}
      data-selected={isSelected}
    >
      <span
        role="cell"
        className={styles["title"]}
        style={{ paddingInlineStart: 8 + Math.min(span.depth, 16) * 6 }}
      >
        <button
          type="button"
          aria-label={spanSentence(span, trace.startNs, scenario)}
          aria-current={isSelected}
          tabIndex={isSelected ? 0 : -1}
          onClick={() => onSelect(span.id)}
          onKeyDown={onKey}
        >
          {spanTitle(span, scenario)}
        </button>
      </span>
      <span role="cell" className={styles["took"]}>
        {span.endNs === undefined ? "…" : spanDuration(span.endNs - span.startNs)}
      </span>
      <span role="cell" className={styles["track"]}>
        <i
          className={styles["bar"]}
          data-waiting={isWaiting(span)}
          data-open={span.endNs === undefined}
          style={{
            left: `${left}%`,
            width: `max(2px, ${width}%)`,
            color: colourOf(span),
          }}
        />
        {span.reason === undefined ? null : (
          <em
            className={styles["reason"]}
            style={
              left < 55
                ? { left: `calc(${left + width}% + 6px)` }
                : { right: `calc(${100 - left}% + 6px)` }
            }
          >
            {span.reason}
          </em>
        )}
      </span>
    </div>
  );
}

/** The row to which a key leads: along the rows, to the parent, to the first child. */
function nextRow(key: string, selected: number, spans: readonly Span[]): number | undefined {
  const last = spans.length - 1;
  switch (key) {
    case "ArrowDown":
      return Math.min(last, selected + 1);
    case "ArrowUp":
      return Math.max(0, selected - 1);
    case "PageDown":
      return Math.min(last, selected + 20);
    case "PageUp":
      return Math.max(0, selected - 20);
    case "Home":
      return 0;
    case "End":
      return last;
    case "ArrowLeft":
      return Math.max(0, spans[selected]?.parent ?? 0);
    case "ArrowRight":
      return spans.findIndex(({ parent }) => parent === selected) > 0
        ? spans.findIndex(({ parent }) => parent === selected)
        : undefined;
    default:
      return undefined;
  }
}
