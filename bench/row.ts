// What a row of the bench is: a small function that measures one thing with a clock that is handed in, and what the
// figure is held against. The same rows run in Node and in a web worker, so nothing here knows either.

/** How much work: "full" for figures, "short" for a look at whether the bench itself works. */
export type Size = "full" | "short";

/** Looks at the garbage-collected heap. */
export interface HeapProbe {
  /** Memory of live objects after a full collection, without array buffers [bytes]. */
  settledBytes(): Promise<number>;
  startCounting(): Promise<void>;
  /** What was allocated since counting started. */
  stopCounting(): Promise<Allocation>;
}

/** What was allocated on the heap during some work. */
export interface Allocation {
  /** Collections of the young generation; null where nobody counts them. */
  readonly youngCollections: number | null;
  /** Objects made, dead or alive [bytes]. */
  readonly bytes: number;
}

/** What a row measures with. */
export interface Bench {
  readonly size: Size;
  /** A clock that only goes forward [ms]: processor time in Node, time on the wall in a browser. */
  nowMs(): number;
  readonly heap: HeapProbe;
}

/** A number with its unit. */
export interface Amount {
  readonly figure: number;
  readonly unit: string;
}

/** One measurement: the figure in the unit of its row, and what else was seen. */
export interface Sample {
  readonly figure: number;
  readonly also?: Readonly<Record<string, Amount>>;
}

/** Sets up what is measured, once, and answers the measurement, which may be repeated. */
export type Prepare = (bench: Bench) => () => Sample | Promise<Sample>;

/** The same for what needs no waiting. */
export type PrepareAtOnce = (bench: Bench) => () => Sample;

/** What a figure is compared with in the same run. */
export interface Yardstick {
  readonly name: string;
  /** Measured in Node, by the clock on the wall, wherever the row itself is measured. */
  readonly inNode?: true;
  /** Answers in the unit of the row. */
  readonly prepare: Prepare;
}

/** What has to be reached; for amounts of which less is better, "at least" is the most that is allowed. */
export interface Target {
  /** Whether the figure itself is judged, or its ratio to the yardstick. */
  readonly of: "figure" | "ratio";
  readonly atLeast: number;
  readonly aim?: number;
}

/** One line of the table. */
export interface Row {
  /** What is typed to run this row alone. */
  readonly id: string;
  /** What is typed to run all rows of its kind. */
  readonly group: string;
  readonly title: string;
  readonly unit: string;
  readonly better: "more" | "less";
  readonly target?: Target;
  readonly prepare: Prepare;
  /** Absent where speed plays no part. */
  readonly yardstick?: Yardstick;
  /** How often each is measured, in turns; the first time of all is thrown away. */
  readonly rounds: number;
  /** What exactly is measured. */
  readonly note: string;
}

/** Million events per second. */
export const millionsPerSecond = "M events/s";

/** Does something and answers how long it took [ms]; at least a microsecond, because no clock is finer. */
export function timeMs(bench: Bench, work: () => void): number {
  const start = bench.nowMs();
  work();
  return Math.max(0.001, bench.nowMs() - start);
}

/** Does something that consists of so many events and answers their rate [M events/s]. */
export function rateOf(bench: Bench, events: number, work: () => void): number {
  return events / timeMs(bench, work) / 1000;
}
