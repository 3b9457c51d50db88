// Where along its line a particle is: every drawn connection as 64 points of equal distance.
// Reckoned from the curve itself: the browser's own measuring of paths takes a millisecond for each.

import { curveOf } from "../../drawing/linePath.ts";

/** Points of a table; 63 equal stretches. */
const samples = 64;

/** Points along one connection, x and y in turn, in the coordinates of the document [px]. */
export interface EdgePath {
  readonly d: string;
  readonly points: Float32Array;
  readonly lengthPx: number;
}

/** The lines that are drawn now, by connection id. */
export interface EdgePaths {
  /** The points of a connection; undefined while it is not drawn. */
  of(connection: string): EdgePath | undefined;
  /** Looks again at what is drawn. Call when particles are about to move, not for each of them. */
  refresh(): void;
}

/** What is dimmed has no particles. */
const paths = ":not([data-dimmed='true']) > [data-connection-id]";

/** Reads lines below an element: [data-connection-id] is a path or holds one. */
export function createEdgePaths(root: ParentNode): EdgePaths {
  const known = new Map<string, EdgePath>();
  return {
    of: (connection) => known.get(connection),
    refresh: () => {
      const drawn = new Set<string>();
      for (const element of root.querySelectorAll<SVGElement>(paths)) {
        const id = element.dataset["connectionId"];
        const path = element.tagName === "path" ? element : element.querySelector("path");
        const d = path?.getAttribute("d") ?? "";
        if (id === undefined || d === "" || drawn.has(id)) continue;
        drawn.add(id);
        if (known.get(id)?.d !== d) known.set(id, measure(d));
      }
      for (const id of known.keys()) if (!drawn.has(id)) known.delete(id);
    },
  };
}

/** Stretches of the curve from which its length is summed up; a line has no sharp bends. */
const stretches = 4 * samples;

function measure(d: string): EdgePath {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = curveOf(d);
  const xs = new Float64Array(stretches + 1);
  const ys = new Float64Array(stretches + 1);
  const lengths = new Float64Array(stretches + 1);
  for (let i = 0; i <= stretches; i++) {
    const t = i / stretches;
    const rest = 1 - t;
    const [a, b, c, e] = [rest ** 3, 3 * rest * rest * t, 3 * rest * t * t, t ** 3];
    const x = (xs[i] = a * x0 + b * x1 + c * x2 + e * x3);
    const y = (ys[i] = a * y0 + b * y1 + c * y2 + e * y3);
    if (i > 0)
      lengths[i] = (lengths[i - 1] ?? 0) + Math.hypot(x - (xs[i - 1] ?? x), y - (ys[i - 1] ?? y));
  }
  return { d, points: evenly(xs, ys, lengths), lengthPx: lengths[stretches] ?? 0 };
}

/** Points at equal distances along a chain of points, whose lengths up to each are known. */
function evenly(xs: Float64Array, ys: Float64Array, lengths: Float64Array): Float32Array {
  const points = new Float32Array(samples * 2);
  let next = 1;
  for (let i = 0; i < samples; i++) {
    const wanted = ((lengths[stretches] ?? 0) * i) / (samples - 1);
    while (next < stretches && (lengths[next] ?? 0) < wanted) next++;
    const before = lengths[next - 1] ?? 0;
    const step = (lengths[next] ?? 0) - before;
    const share = step > 0 ? Math.min(1, (wanted - before) / step) : 0;
    const [x, y] = [xs[next - 1] ?? 0, ys[next - 1] ?? 0];
    points[i * 2] = x + ((xs[next] ?? x) - x) * share;
    points[i * 2 + 1] = y + ((ys[next] ?? y) - y) * share;
  }
  return points;
}

/** The place at a share of the way, 0 to 1, written into `at` as x and y. */
export function placeAlong(points: Float32Array, share: number, at: Float32Array): void {
  const position = Math.min(1, Math.max(0, share)) * (points.length / 2 - 1);
  const i = Math.min(Math.floor(position), points.length / 2 - 2);
  const rest = position - i;
  const x = points[i * 2] ?? 0;
  const y = points[i * 2 + 1] ?? 0;
  at[0] = x + ((points[i * 2 + 2] ?? x) - x) * rest;
  at[1] = y + ((points[i * 2 + 3] ?? y) - y) * rest;
}
