// The icons of node kinds as shapes on a square of 24. They are those of Lucide (ISC licence), which cards draw with React;
// a test compares them.

import { type Attributes, element } from "./svg.ts";

type Shape = readonly [name: string, attributes: Attributes];

const path = (d: string): Shape => ["path", { d }];

/** Shapes by the name of the icon. */
export const iconShapes: Readonly<Record<string, readonly Shape[]>> = {
  "radio-tower": [
    path("M4.9 16.1C1 12.2 1 5.8 4.9 1.9"),
    path("M7.8 4.7a6.14 6.14 0 0 0-.8 7.5"),
    ["circle", { cx: "12", cy: "9", r: "2" }],
    path("M16.2 4.8c2 2 2.26 5.11.8 7.47"),
    path("M19.1 1.9a9.96 9.96 0 0 1 0 14.1"),
    path("M9.5 18h5"),
    path("m8 22 4-11 4 11"),
  ],
  cog: [
    path("M11 10.27 7 3.34"),
    path("m11 13.73-4 6.93"),
    path("M12 22v-2"),
    path("M12 2v2"),
    path("M14 12h8"),
    path("m17 20.66-1-1.73"),
    path("m17 3.34-1 1.73"),
    path("M2 12h2"),
    path("m20.66 17-1.73-1"),
    path("m20.66 7-1.73 1"),
    path("m3.34 17 1.73-1"),
    path("m3.34 7 1.73 1"),
    ["circle", { cx: "12", cy: "12", r: "2" }],
    ["circle", { cx: "12", cy: "12", r: "8" }],
  ],
  signpost: [
    path("M12 13v8"),
    path("M12 3v3"),
    path(
      "M2.354 10.354a1.207 1.207 0 0 1 0-1.708l2.06-2.06A2 2 0 0 1 5.828 6h12.344a2 2 0 0 1 1.414.586l2.06 2.06a1.207 1.207 0 0 1 0 1.708l-2.06 2.06a2 2 0 0 1-1.414.586H5.828a2 2 0 0 1-1.414-.586z",
    ),
  ],
  sigma: [
    path(
      "M18 7V5a1 1 0 0 0-1-1H6.5a.5.5 0 0 0-.4.8l4.5 6a2 2 0 0 1 0 2.4l-4.5 6a.5.5 0 0 0 .4.8H17a1 1 0 0 0 1-1v-2",
    ),
  ],
  globe: [
    ["circle", { cx: "12", cy: "12", r: "10" }],
    path("M12 2a14.5 14.5 0 0 0 0 20 14.5 14.5 0 0 0 0-20"),
    path("M2 12h20"),
  ],
  "square-function": [
    ["rect", { width: "18", height: "18", x: "3", y: "3", rx: "2", ry: "2" }],
    path("M9 17c2 0 2.8-1 2.8-2.8V10c0-2 1-3.3 3.2-3"),
    path("M9 11.2h5.7"),
  ],
  database: [
    ["ellipse", { cx: "12", cy: "5", rx: "9", ry: "3" }],
    path("M3 5V19A9 3 0 0 0 21 19V5"),
    path("M3 12A9 3 0 0 0 21 12"),
  ],
};

/** An icon at a place, in a colour; nothing where there is none of that name. */
export function icon(
  name: string,
  { x, y, sizePx, colour }: { x: number; y: number; sizePx: number; colour: string },
): string {
  const shapes = iconShapes[name] ?? [];
  return element(
    "g",
    {
      transform: `translate(${x} ${y}) scale(${sizePx / 24})`,
      fill: "none",
      stroke: colour,
      "stroke-width": 1.75,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
    },
    shapes.map(([shape, attributes]) => element(shape, attributes)).join(""),
  );
}
