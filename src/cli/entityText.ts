// What the terminal says of one entity of a store that keeps events: its state at a time, and the trail that led to it.

import { formatDurationMs, formatNumber } from "../base/units.ts";
import type { EntityHistory } from "../model/entityHistory.ts";
import { table } from "./table.ts";

/** Most events that a terminal shows; `--json` has more. */
const eventsMax = 30;

/** The entity up to a time, ending with a line break. */
export function describeEntity(history: EntityHistory): string {
  const { store, key, until, version, value, events, eventCount, eventsToLoad, loadMs } = history;
  const shown = events.slice(-eventsMax);
  const rows = shown.map((event) => [
    `version ${event.version}`,
    formatDurationMs(event.t * 1000),
    formatNumber(event.before),
    formatNumber(event.value),
    `${event.message}`,
  ]);
  const hidden = eventCount - shown.length;
  const lines = [
    `${key} in ${store} at ${formatDurationMs(until * 1000)}: version ${version}, value ${formatNumber(value)}.`,
    `To load it, ${eventsToLoad} of its ${eventCount} events are read; that takes ${formatDurationMs(loadMs)} beside the read itself.`,
    ...(rows.length === 0 ? [] : ["", "Audit trail"]),
    ...(hidden > 0 ? [`  … ${hidden.toLocaleString("en-US")} earlier events`] : []),
    ...table(["", "appended", "before", "after", "message"], rows),
  ];
  return `${lines.join("\n")}\n`;
}
