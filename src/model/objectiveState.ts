// How an objective stands while a run goes on: its value now, and when it was missed, with what came before that.

/** A stretch in which an objective was not met although it could have been. */
export interface Breach {
  /** Simulated time [s]; the end is null while it lasts. */
  readonly fromS: number;
  readonly toS: number | null;
  /** Value at its beginning. */
  readonly actual: number;
  /** What was going on then, as a sentence. */
  readonly cause: string;
}

/** One objective at an instant. */
export interface ObjectiveState {
  readonly id: string;
  readonly title: string;
  /** Null where nothing was observed yet. */
  readonly actual: number | null;
  readonly isMet: boolean;
  /** In order of time; of "at least" those after it had been reached. */
  readonly breaches: readonly Breach[];
}
