// The timers of a service, each with a worker and the life in which it was set unless it says otherwise.

/** Codes of the timers of a service. */
export const timers = {
  /** The delay of a step is over. */
  over: 0,
  retry: 1,
  /** A cold start is over. */
  warm: 2,
  /** A worker that sleeps looks for something to do. */
  look: 3,
  /** Work on shared cores; carries the number of a plan. */
  shared: 4,
  /** A message that cannot be read is taken up. */
  unreadable: 5,
  /** Of the scaling, which says what it carries. */
  scaling: 6,
  /** A message that was dealt with before is taken up. */
  known: 7,
  /** A step that could not be taken back is tried again. */
  undo: 8,
  /** An attempt takes too long; carries a worker and the number of its attempt. */
  timeout: 9,
  /** What the service does by itself begins; carries the number of the timer. */
  tick: 10,
  /** Of the outbox: a poll (−1), or a row that is read from the log or whose delay is over. */
  outbox: 11,
  /** An event leaves that was delayed; carries its row and the era. */
  delayed: 12,
} as const;
