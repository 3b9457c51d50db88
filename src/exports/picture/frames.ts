// Groups and notes as SVG: frames behind the cards, the card of a collapsed group, and notes with their lines of text.

import { boxOfGroup } from "../../drawing/frames.ts";
import { type Group, membersOf, type Note } from "../../model/grouping.ts";
import type { Sheet } from "./cards.ts";
import { element, escapeXml, fitText, linesOf } from "./svg.ts";

const titlePx = 13;

/** A group where it stands: its frame, or one card for all of it. */
export function groupPart({ scenario, palette }: Sheet, group: Group): string {
  const box = boxOfGroup(scenario, group);
  if (box === undefined) return "";
  const { x, y, width, height } = box;
  const isCollapsed = group.collapsed === true;
  const name = fitText(group.name ?? "Group", width - 40, titlePx * 1.12);
  const size = membersOf(scenario, group).length;
  const edge = (shift: number): string =>
    element("rect", {
      x: x + shift + 0.5,
      y: y + shift + 0.5,
      width: width - 1,
      height: height - 1,
      rx: isCollapsed ? 7.5 : 12,
      fill: isCollapsed ? palette.surface : "none",
      stroke: isCollapsed ? palette.line : palette["line-strong"],
      "stroke-dasharray": isCollapsed ? undefined : "4 3",
    });
  const text = { x: x + 16, fill: palette["ink-2"], "font-size": titlePx };
  return [
    ...(isCollapsed ? [edge(8), edge(4)] : []),
    edge(0),
    element("text", { ...text, y: y + 21, "font-weight": 600 }, escapeXml(name)),
    isCollapsed
      ? element("text", { ...text, y: y + 54.5 }, `${size} ${size === 1 ? "node" : "nodes"}`)
      : "",
  ].join("\n");
}

const [notePx, noteLinePx, notePad] = [13, 18.2, 10];

/** A note; lines that do not fit are left out. */
export function notePart({ scenario, palette }: Sheet, { id, text, width, height }: Note): string {
  const { x, y } = scenario.layout[id] ?? { x: 0, y: 0 };
  const room = Math.floor((height - notePad) / noteLinePx);
  const lines = linesOf(text, width - 2 * notePad, notePx).slice(0, Math.max(0, room));
  return [
    element("rect", {
      x: x + 0.5,
      y: y + 0.5,
      width: width - 1,
      height: height - 1,
      rx: 4.5,
      fill: palette.note,
      stroke: palette.line,
    }),
    ...lines.map((line, row) =>
      element(
        "text",
        {
          x: x + notePad,
          y: y + notePad + notePx - 1 + row * noteLinePx,
          "font-size": notePx,
          fill: palette.ink,
        },
        escapeXml(line),
      ),
    ),
  ].join("\n");
}
