// One span of the timeline on its lane: a bar, or a mark where it is a moment. It is dragged, stretched at its end, and
// moved by keys; what is dragged is written into the document when it is let go.

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { actWords } from "../../model/actTitle.ts";
import { formatDurationMs } from "../../base/units.ts";
import type { Scenario } from "../../model/scenario.ts";
import { canLast } from "../../model/timelineEdit.ts";
import type { TimelineSpan } from "../../model/timelineSpans.ts";
import { Icon } from "../controls/Icon.tsx";
import { entryKinds, shortWords } from "./entryKinds.ts";
import { niceStepMs, shareOf, type TimeRange } from "./trackLayout.ts";
import styles from "./track.module.css";

/** What a bar asks for. */
export interface BarActions {
  readonly onMove: (span: TimelineSpan, atMs: number) => void;
  readonly onResize: (span: TimelineSpan, toMs: number) => void;
  readonly onOpen: (span: TimelineSpan) => void;
  readonly onDelete: (span: TimelineSpan) => void;
  /** Goes to a neighbour: −1 the one before, 1 the next. */
  readonly onLeave: (span: TimelineSpan, direction: 1 | -1) => void;
  readonly onFocus: (span: TimelineSpan) => void;
}

interface SpanBarProps {
  readonly scenario: Scenario;
  readonly span: TimelineSpan;
  readonly row: number;
  readonly range: TimeRange;
  /** By how much an arrow key moves it [ms]. */
  readonly stepMs: number;
  /** Whether the run that is loaded knows it as it is. */
  readonly isInRun: boolean;
  readonly isCurrent: boolean;
  /** A new object whenever it shall take the focus. */
  readonly wish: object | null;
  readonly actions: BarActions;
}

interface Held {
  readonly part: "all" | "end";
  readonly x: number;
  readonly msPerPx: number;
  readonly byMs: number;
}

/** Less than this is a click [px]. */
const dragMinPx = 3;

/** The bar or mark. */
export function SpanBar(props: SpanBarProps) {
  const { scenario, span, row, range, isInRun, isCurrent, wish, actions } = props;
  const entry = scenario.timeline[span.entry]!;
  const [held, setHeld] = useState<Held | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  // A bar that was moved by a key may stand elsewhere in the timeline: the focus goes with it.
  useEffect(() => {
    if (wish !== null) button.current?.focus();
  }, [wish]);
  const { fromMs, toMs } = heldSpan(span, held);
  const isMoment = span.ends === "at once";
  const left = shareOf(range, fromMs);
  const words = `${actWords(scenario, entry)}, ${timesOf(span, fromMs, toMs)}`;
  const later = isInRun ? "" : ", from the next run on";
  const kind = entryKinds[entry.act];

  const take = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    const lane = event.currentTarget.closest("[data-lane]");
    const { width } = (lane ?? event.currentTarget).getBoundingClientRect();
    const part =
      event.target instanceof Element && event.target.closest("[data-end]") !== null
        ? "end"
        : "all";
    event.currentTarget.setPointerCapture(event.pointerId);
    const msPerPx = (range.toMs - range.fromMs) / Math.max(1, width);
    setHeld({ part, x: event.clientX, msPerPx, byMs: 0 });
  };
  const drag = (event: PointerEvent<HTMLElement>): void => {
    if (held === null) return;
    const byPx = event.clientX - held.x;
    // The pointer cannot show more than whole steps of two pixels or so.
    const stepMs = niceStepMs(held.msPerPx * 2);
    const from = held.part === "all" ? span.fromMs : span.toMs;
    const at = Math.round((from + byPx * held.msPerPx) / stepMs) * stepMs;
    setHeld({ ...held, byMs: Math.abs(byPx) < dragMinPx ? 0 : at - from });
  };
  const letGo = (): void => {
    if (held !== null && held.byMs !== 0) {
      if (held.part === "all") actions.onMove(span, Math.max(0, span.fromMs + held.byMs));
      else actions.onResize(span, span.toMs + held.byMs);
    }
    setHeld(null);
  };
  return (
    <button
      ref={button}
      type="button"
      className={styles["bar"]}
      data-act={entry.act}
      data-moment={isMoment}
      data-later={!isInRun}
      data-held={held !== null && held.byMs !== 0}
      data-endless={span.ends === "never"}
      data-tip={held === null ? words + later : undefined}
      aria-label={words + later}
      aria-describedby="timeline-keys"
      tabIndex={isCurrent ? 0 : -1}
      style={{
        insetInlineStart: `${left}%`,
        insetBlockStart: `calc(${row} * var(--row) + 2px)`,
        ...(!isMoment && { inlineSize: `${shareOf(range, toMs) - left}%` }),
      }}
      onPointerDown={take}
      onPointerMove={drag}
      onPointerUp={letGo}
      onPointerCancel={() => setHeld(null)}
      onDoubleClick={() => actions.onOpen(span)}
      onFocus={() => actions.onFocus(span)}
      onKeyDown={(event) => handleKey(event, props)}
    >
      <Icon name={kind.icon} size={12} />
      <span className={styles["barText"]}>
        {held === null || held.byMs === 0
          ? shortWords(scenario, entry)
          : timesOf(span, fromMs, toMs)}
      </span>
      {canLast(entry) ? <span className={styles["barEnd"]} data-end /> : null}
    </button>
  );
}

function heldSpan(
  { fromMs, toMs }: TimelineSpan,
  held: Held | null,
): { readonly fromMs: number; readonly toMs: number } {
  if (held === null) return { fromMs, toMs };
  if (held.part === "end") return { fromMs, toMs: Math.max(fromMs, toMs + held.byMs) };
  const byMs = Math.max(-fromMs, held.byMs);
  return { fromMs: fromMs + byMs, toMs: toMs + byMs };
}

/** "at 12 s", "12 s to 20 s (8 s)". */
function timesOf({ ends }: TimelineSpan, fromMs: number, toMs: number): string {
  const from = formatDurationMs(fromMs);
  if (ends === "at once") return `at ${from}`;
  if (ends === "never") return `from ${from} to the end`;
  return `${from} to ${formatDurationMs(toMs)} (${formatDurationMs(toMs - fromMs)})`;
}

function handleKey(event: KeyboardEvent, { span, stepMs, actions }: SpanBarProps): void {
  const direction = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  const byMs = direction * (event.altKey ? stepMs / 10 : stepMs);
  if (direction !== 0 && event.shiftKey) actions.onResize(span, span.toMs + byMs);
  else if (direction !== 0) actions.onMove(span, Math.max(0, span.fromMs + byMs));
  else if (event.key === "ArrowDown") actions.onLeave(span, 1);
  else if (event.key === "ArrowUp") actions.onLeave(span, -1);
  else if (event.key === "Enter" || event.key === "F2") actions.onOpen(span);
  else if (event.key === "Delete" || event.key === "Backspace") actions.onDelete(span);
  else return;
  event.preventDefault();
}
