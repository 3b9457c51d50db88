// Cards and rows as SVG, at rest: measures and texts are those of the canvas.

import { atRestOf } from "../../drawing/atRest.ts";
import { cardMeasures, cardSizeOf, type RowPlace, rowsOf } from "../../drawing/cardSize.ts";
import { markOf } from "../../drawing/technologyMark.ts";
import { channelKindOf, memberCount, nameOf } from "../../model/elements.ts";
import type { Node, Position, Scenario } from "../../model/scenario.ts";
import { nodeKinds } from "../../nodes/index.ts";
import { icon } from "./icons.ts";
import type { Palette } from "./palette.ts";
import { element, escapeXml, fitText } from "./svg.ts";

/** Where cards are drawn, and with which colours. */
export interface Sheet {
  readonly scenario: Scenario;
  readonly palette: Palette;
}

/** Most dots for the nodes of a cluster, as on the canvas. */
const dotsMax = 9;

/** A card with its corner at a place [px]. */
export function card(sheet: Sheet, node: Node, at: Position): string {
  const { palette, scenario } = sheet;
  const { width, height } = cardSizeOf(scenario, node);
  const box = element("rect", {
    x: 0.5,
    y: 0.5,
    width: width - 1,
    height: height - 1,
    rx: 7.5,
    fill: palette.surface,
    stroke: palette.line,
  });
  const inside = node.kind === "broker" ? brokerCard(sheet, node) : plainCard(sheet, node);
  return element("g", { transform: `translate(${at.x} ${at.y})` }, `\n${box}\n${inside}\n`);
}

interface Writing {
  readonly x: number;
  /** The line on which it stands. */
  readonly y: number;
  readonly width: number;
  readonly size: number;
  readonly fill: string;
  readonly weight?: number;
  readonly anchor?: "middle" | "end";
}

/** Bold letters are wider by about this. */
const boldness = 1.12;

function write(content: string, writing: Writing): string {
  const { x, y, width, size, fill, weight, anchor } = writing;
  const fitted = fitText(content, width, weight === undefined ? size : size * boldness);
  const look = { "font-size": size, fill, "font-weight": weight, "text-anchor": anchor };
  return fitted === "" ? "" : element("text", { x, y, ...look }, escapeXml(fitted));
}

function plainCard({ scenario, palette }: Sheet, node: Exclude<Node, { kind: "broker" }>): string {
  const { width } = cardMeasures.plain;
  const kind = nodeKinds[node.kind];
  const { primary, secondary } = atRestOf(scenario, node.id);
  const place = { x: 46, width: width - 46 - 13 };
  return [
    element("rect", {
      x: 10,
      y: 10,
      width: 28,
      height: 28,
      rx: 6,
      fill: palette[`kind-${kind.accent}-soft`],
    }),
    icon(kind.icon, { x: 16, y: 16, sizePx: 16, colour: palette[`kind-${kind.accent}`] }),
    write(nameOf(scenario, node.id), {
      ...place,
      y: 28.5,
      width: place.width - 16,
      size: 13,
      weight: 600,
      fill: palette.ink,
    }),
    element("circle", { cx: width - 17, cy: 24, r: 4, fill: palette["state-rest"] }),
    write(primary, { ...place, y: 54.5, size: 12, fill: palette.ink }),
    write(secondary, { ...place, y: 70.5, size: 12, fill: palette["ink-3"] }),
  ].join("\n");
}

function brokerCard(sheet: Sheet, node: Extract<Node, { kind: "broker" }>): string {
  const { scenario, palette } = sheet;
  const { width } = cardSizeOf(scenario, node);
  const { primary, secondary } = atRestOf(scenario, node.id);
  const dots = Math.min(memberCount(scenario, node.id), dotsMax);
  const dotsLeft = width - 15 - dots * 12 + 4;
  const place = { x: 53, width: dotsLeft - 53 - 9 };
  const rows = rowsOf(scenario, node.id);
  return [
    element("rect", {
      x: 12,
      y: 13,
      width: 32,
      height: 32,
      rx: 6,
      fill: palette["kind-broker-soft"],
    }),
    element("path", {
      d: markOf(node.technology) ?? "",
      transform: `translate(18 19) scale(${20 / 24})`,
      fill: "none",
      stroke: palette["kind-broker"],
      "stroke-width": 1.8,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
    }),
    write(nameOf(scenario, node.id), {
      ...place,
      y: 25.5,
      size: 13,
      weight: 600,
      fill: palette.ink,
    }),
    element(
      "text",
      { x: place.x, y: 42, "font-size": 12 },
      element("tspan", { fill: palette.ink }, escapeXml(primary)) +
        element("tspan", { fill: palette["ink-3"], dx: 8 }, escapeXml(secondary)),
    ),
    ...Array.from({ length: dots }, (_, index) =>
      element("circle", {
        cx: dotsLeft + 4 + index * 12,
        cy: 29,
        r: 4,
        fill: palette["state-rest"],
      }),
    ),
    ...rows.map((row) => channelRow(sheet, row)),
  ].join("\n");
}

function channelRow({ scenario, palette }: Sheet, row: RowPlace): string {
  const { channel, x, y, width, height } = row;
  const kind = (channelKindOf(scenario, channel.id)?.label ?? channel.kind).toLowerCase();
  const kindWidth = kind.length * 5.5 + 8;
  const inner = width - 22;
  return element(
    "g",
    { transform: `translate(${x} ${y})` },
    [
      element("rect", {
        x: 0.5,
        y: 0.5,
        width: width - 1,
        height: height - 1,
        rx: 4.5,
        fill: palette["surface-sunken"],
        stroke: palette.line,
      }),
      write(nameOf(scenario, channel.id), {
        x: 11,
        y: 16.5,
        width: inner - kindWidth,
        size: 12,
        weight: 550,
        fill: palette.ink,
      }),
      write(kind, {
        x: width - 11,
        y: 16.5,
        width: kindWidth,
        size: 10,
        anchor: "end",
        fill: palette["ink-3"],
      }),
      write(atRestOf(scenario, channel.id).primary, {
        x: 11,
        y: 32,
        width: inner,
        size: 11,
        fill: palette["ink-3"],
      }),
    ].join("\n"),
  );
}
