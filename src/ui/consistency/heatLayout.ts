// Where the keys of a heat map are, and how old they are in steps that colours can tell apart. All lanes share one grid, so
// that the same key stands above itself.

/** The grid of every lane. */
export interface HeatGrid {
  /** Side of a cell, with the gap to the next one [px]. */
  readonly cellPx: number;
  readonly columns: number;
  /** Cells on top of each other in a lane: keys go down first, then to the right. */
  readonly rows: number;
  /** From the top of one lane to that of the next [px]. */
  readonly lanePx: number;
}

interface Room {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly lanes: number;
  readonly keys: number;
}

const cellPxMin = 3;
const cellPxMax = 18;
const lanePxMin = 20;
const lanePxMax = 72;
/** Between two lanes [px]. */
const gapPx = 4;

/** The largest cells with which all keys have room; below 3 px not all have. */
export function heatGrid({ widthPx, heightPx, lanes, keys }: Room): HeatGrid {
  const wishPx = Math.floor(heightPx / Math.max(1, lanes));
  const lanePx = Math.max(lanePxMin, Math.min(lanePxMax, wishPx));
  for (let cellPx = cellPxMax; ; cellPx--) {
    const columns = Math.max(1, Math.floor(widthPx / cellPx));
    const rows = Math.max(1, Math.floor((lanePx - gapPx) / cellPx));
    if (columns * rows >= keys || cellPx === cellPxMin) return { cellPx, columns, rows, lanePx };
  }
}

/** Keys that a grid has room for. */
export function capacityOf({ columns, rows }: HeatGrid): number {
  return columns * rows;
}

/** Where a key stands in its lane [px]. */
export function placeOfKey(
  { cellPx, rows }: HeatGrid,
  key: number,
): { readonly x: number; readonly y: number } {
  return { x: Math.floor(key / rows) * cellPx, y: (key % rows) * cellPx };
}

/** Lane and key at a place [px]; undefined where there is none. */
export function cellAt(
  grid: HeatGrid,
  { x, y }: { readonly x: number; readonly y: number },
  { lanes, keys }: Pick<Room, "lanes" | "keys">,
): HeatCell | undefined {
  const lane = Math.floor(y / grid.lanePx);
  const row = Math.floor((y - lane * grid.lanePx) / grid.cellPx);
  const column = Math.floor(x / grid.cellPx);
  const key = column * grid.rows + row;
  const isThere =
    lane >= 0 && lane < lanes && row >= 0 && row < grid.rows && column >= 0 && key < keys;
  return isThere && column < grid.columns ? { lane, key } : undefined;
}

/** A cell: which replica, and which of the keys that are shown. */
export interface HeatCell {
  readonly lane: number;
  readonly key: number;
}

/** A cell beside another, by an arrow key; the same at the edge. */
export function neighbour(
  { rows }: HeatGrid,
  { lane, key }: HeatCell,
  pressed: string,
  { lanes, keys }: Pick<Room, "lanes" | "keys">,
): HeatCell {
  const moves: Readonly<Record<string, HeatCell>> = {
    ArrowRight: { lane, key: key + rows },
    ArrowLeft: { lane, key: key - rows },
    ArrowDown:
      key % rows < rows - 1 && key + 1 < keys
        ? { lane, key: key + 1 }
        : { lane: lane + 1, key: key - (key % rows) },
    ArrowUp:
      key % rows > 0
        ? { lane, key: key - 1 }
        : { lane: lane - 1, key: Math.min(keys - 1, key + rows - 1) },
    Home: { lane, key: 0 },
    End: { lane, key: keys - 1 },
  };
  const next = moves[pressed];
  const isThere =
    next !== undefined && next.lane >= 0 && next.lane < lanes && next.key >= 0 && next.key < keys;
  return isThere ? next : { lane, key };
}

/** Ages from which each further step of colour begins [ms]. */
const stepsMs = [0, 100, 1000, 5000, 30_000] as const;

/** What the steps are called; the first one lacks nothing. */
export const levelNames = ["fresh", "< 0.1 s", "< 1 s", "< 5 s", "< 30 s", "older"] as const;

/** The step of an age [ms]; 0 where nothing is missing (a negative age). */
export function levelOf(ageMs: number): number {
  if (ageMs < 0) return 0;
  return stepsMs.filter((step) => ageMs >= step).length;
}
