// Where along its line a particle is: every drawn connection as 64 points of equal distance.
// The browser's own path measuring is slow, so it is asked only when a line has changed.

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

/** Reads lines below an element: [data-connection-id] is a path or holds one. */
export function createEdgePaths(root: ParentNode): EdgePaths {
  const known = new Map<string, EdgePath>();
  return {
    of: (connection) => known.get(connection),
    refresh: () => {
      const drawn = new Set<string>();
      for (const element of root.querySelectorAll<SVGElement>("[data-connection-id]")) {
        const id = element.dataset["connectionId"];
        const path = element.tagName === "path" ? element : element.querySelector("path");
        const d = path?.getAttribute("d") ?? "";
        if (id === undefined || d === "" || drawn.has(id)) continue;
        drawn.add(id);
        if (known.get(id)?.d !== d && isMeasurable(path)) known.set(id, measure(path, d));
      }
      for (const id of known.keys()) if (!drawn.has(id)) known.delete(id);
    },
  };
}

function isMeasurable(path: Element | null): path is SVGPathElement {
  return path !== null && "getPointAtLength" in path && "getTotalLength" in path;
}

function measure(path: SVGPathElement, d: string): EdgePath {
  const lengthPx = path.getTotalLength();
  const points = new Float32Array(samples * 2);
  for (let i = 0; i < samples; i++) {
    const { x, y } = path.getPointAtLength((lengthPx * i) / (samples - 1));
    points[i * 2] = x;
    points[i * 2 + 1] = y;
  }
  return { d, points, lengthPx };
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
