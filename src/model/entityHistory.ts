// What became of one entity of a store that keeps events: its audit trail up to a time, and its state then.

/** Most events that are listed, the latest of them. */
export const historyEventsMax = 1000;

/** An event of an entity's stream. */
export interface HistoryEvent {
  readonly version: number;
  /** When it was appended [s]. */
  readonly t: number;
  /** Number of the message that caused it. */
  readonly message: number;
  /** Value of the entity before and after it. */
  readonly before: number;
  readonly value: number;
}

/** An entity up to a time. */
export interface EntityHistory {
  /** Id of the store, and text of the key. */
  readonly store: string;
  readonly key: string;
  /** Up to when [s]. */
  readonly until: number;
  /** Its state then. */
  readonly version: number;
  readonly value: number;
  /** Events that are read to know the state in this version, from the start or from the last snapshot, and how long that
   *  takes beside the read itself [ms]. */
  readonly eventsToLoad: number;
  readonly loadMs: number;
  /** The latest events up to then, in order of time, and how many there are in all. */
  readonly events: readonly HistoryEvent[];
  readonly eventCount: number;
}
