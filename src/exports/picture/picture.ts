// The canvas as an SVG picture: the same cards, lines, arrows and names, in the colours of a theme, readable without
// fonts, styles or scripts from elsewhere.

import { type CardSize, cardSizeOf, rowsOf } from "../../drawing/cardSize.ts";
import { boxOfGroup } from "../../drawing/frames.ts";
import { hidingGroup } from "../../model/grouping.ts";
import { labelOf, rowEnds } from "../../drawing/lineEnds.ts";
import { type Box, linePath } from "../../drawing/linePath.ts";
import { channelOf, nodeOf } from "../../model/elements.ts";
import type { Connection, Node, Position, Scenario } from "../../model/scenario.ts";
import type { Choice, WayOut } from "../wayOut.ts";
import { card, type Sheet } from "./cards.ts";
import { groupPart, notePart } from "./frames.ts";
import { palettes, type Theme } from "./palette.ts";
import { element, escapeXml, fitText } from "./svg.ts";

const theme: Choice = {
  id: "theme",
  label: "Colours",
  help: "Colours on a light or on a dark ground.",
  options: [
    { value: "light", label: "Light" },
    { value: "dark", label: "Dark" },
  ],
};

/** The picture of the canvas. */
export const picture: WayOut = {
  id: "svg",
  label: "Picture",
  description: "The canvas as SVG, sharp at any size and editable in drawing programs.",
  group: "Pictures",
  choices: [theme],
  make: (scenario, { chosen }) => {
    if (scenario.nodes.length === 0)
      return { files: [], remarks: ["There is nothing to draw yet."] };
    const text = svgOf(scenario, chosen(theme) === "dark" ? "dark" : "light");
    return { files: [{ name: `${scenario.id}.svg`, text }], remarks: [] };
  },
};

/** Room around everything [px]. */
const margin = 32;

/** The canvas of a scenario as the text of an SVG file. */
export function svgOf(scenario: Scenario, colours: Theme): string {
  const sheet: Sheet = { scenario, palette: palettes[colours] };
  const bounds = boundsOf(scenario);
  const { x, y, width, height } = bounds;
  const contracts = new Map(scenario.contracts.map(({ id, name }) => [id, name]));
  const lines = (areBindings: boolean) =>
    scenario.connections
      .filter(({ kind }) => (kind === "bind") === areBindings)
      .map((one) => line(sheet, one, labelOf(one, contracts)));
  const body = [
    element("title", {}, escapeXml(scenario.title || scenario.id)),
    element("defs", {}, `\n${arrowHeads(sheet)}\n`),
    element("rect", { x, y, width, height, fill: sheet.palette.canvas }),
    // Bindings run within the card of their broker, so they lie above it.
    ...(scenario.groups ?? []).map((group) => groupPart(sheet, group)),
    ...lines(false),
    ...shownNodes(scenario).map((node) => card(sheet, node, placeOf(scenario, node.id))),
    ...lines(true),
    ...(scenario.notes ?? []).map((note) => notePart(sheet, note)),
  ].filter((part) => part !== "");
  const root = element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `${x} ${y} ${width} ${height}`,
      width,
      height,
      "font-family": "system-ui, sans-serif",
    },
    `\n${body.join("\n")}\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

function placeOf({ layout }: Scenario, id: string): Position {
  return layout[id] ?? { x: 0, y: 0 };
}

/** What is in a collapsed group is not seen. */
function shownNodes(scenario: Scenario): readonly Node[] {
  return scenario.nodes.filter(({ id }) => hidingGroup(scenario, id) === undefined);
}

function boundsOf(scenario: Scenario): Position & CardSize {
  const { groups = [], notes = [] } = scenario;
  const boxes = [
    ...shownNodes(scenario).map((node) => ({
      ...placeOf(scenario, node.id),
      ...cardSizeOf(scenario, node),
    })),
    ...groups.flatMap((group) => boxOfGroup(scenario, group) ?? []),
    ...notes.map(({ id, width, height }) => ({ ...placeOf(scenario, id), width, height })),
  ];
  const left = Math.min(...boxes.map(({ x }) => x)) - margin;
  const top = Math.min(...boxes.map(({ y }) => y)) - margin;
  const right = Math.max(...boxes.map(({ x, width }) => x + width)) + margin;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + margin;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The card or row at an end of a line, where it stands. */
function boxOf(scenario: Scenario, id: string): Box | undefined {
  const channel = channelOf(scenario, id);
  const node = nodeOf(scenario, channel?.broker ?? id);
  if (node === undefined) return undefined;
  const group = hidingGroup(scenario, node.id);
  const groupBox = group && boxOfGroup(scenario, group);
  if (groupBox !== undefined) return { ...groupBox, isRow: false };
  const corner = placeOf(scenario, node.id);
  const size = cardSizeOf(scenario, node);
  const row = rowsOf(scenario, node.id).find((place) => place.channel.id === id);
  if (row === undefined) return { ...corner, ...size, isRow: false };
  const { left, right } = rowEnds(row, size.width);
  return {
    x: corner.x + left,
    y: corner.y + row.y,
    width: right - left,
    height: row.height,
    isRow: true,
  };
}

const strokes = {
  publish: { colour: "edge", width: 1.75, dashes: undefined },
  consume: { colour: "edge", width: 1.75, dashes: undefined },
  bind: { colour: "edge", width: 1.25, dashes: undefined },
  bridge: { colour: "edge", width: 2.5, dashes: "10 3" },
  call: { colour: "edge-call", width: 1.75, dashes: "7 4" },
  read: { colour: "edge-write", width: 1.75, dashes: "2 4" },
  write: { colour: "edge-write", width: 1.75, dashes: "2 4" },
} as const;

/** What runs within a collapsed group is not seen. */
function isWithinGroup(scenario: Scenario, { from, to }: Connection): boolean {
  const [start, end] = [from, to].map((id) =>
    hidingGroup(scenario, channelOf(scenario, id)?.broker ?? id),
  );
  return start !== undefined && start === end;
}

const labelWidthMax = 220;

function line({ scenario, palette }: Sheet, one: Connection, label: string): string {
  const [from, to] = [boxOf(scenario, one.from), boxOf(scenario, one.to)];
  if (from === undefined || to === undefined || isWithinGroup(scenario, one)) return "";
  const { d, labelX, labelY } = linePath(from, to);
  const { colour, width, dashes } = strokes[one.kind];
  const stroke = element("path", {
    d,
    fill: "none",
    stroke: palette[colour],
    "stroke-width": width,
    "stroke-dasharray": dashes,
    "stroke-linecap": one.kind === "write" || one.kind === "read" ? "round" : undefined,
    // What is read comes to the reader.
    [one.kind === "read" ? "marker-start" : "marker-end"]: `url(#arrow-${one.kind})`,
  });
  if (label.trim() === "") return stroke;
  const text = element(
    "text",
    {
      x: labelX,
      y: labelY - 6,
      "font-size": one.kind === "bind" ? 10 : 11,
      "text-anchor": "middle",
      fill: palette["ink-2"],
      stroke: one.kind === "bind" ? palette.surface : palette.canvas,
      "stroke-width": 5,
      "stroke-linejoin": "round",
      "paint-order": "stroke",
    },
    escapeXml(fitText(label, labelWidthMax, 11)),
  );
  return `${stroke}\n${text}`;
}

function arrowHeads({ palette }: Sheet): string {
  return Object.entries(strokes)
    .map(([kind, { colour }]) => {
      const isFilled = kind === "call";
      const head = element("path", {
        d: isFilled ? "M1 1 L9 5 L1 9 Z" : "M1.5 1.5 L8.5 5 L1.5 8.5",
        fill: isFilled ? palette[colour] : "none",
        stroke: palette[colour],
        "stroke-width": isFilled ? 1 : 1.75,
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
      });
      const place = { refX: 8.5, refY: 5, markerWidth: 9, markerHeight: 9 };
      const how = {
        viewBox: "0 0 10 10",
        markerUnits: "userSpaceOnUse",
        orient: "auto-start-reverse",
      };
      return element("marker", { id: `arrow-${kind}`, ...how, ...place }, head);
    })
    .join("\n");
}
