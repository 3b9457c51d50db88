// What stands in a partition's log: a message, and whether its publisher takes it for written already; or nothing that
// a consumer ever sees: a control record of a transaction, or a record that compaction has removed.

/** A log entry: the message, and whether the publisher has been (or never will be) told that it is
 *  written before every in-sync replica has it. */
export function toEntry(message: number, promise: "all" | "early"): number {
  return message * 2 + (promise === "early" ? 1 : 0);
}

/** An entry without a record: its offset is passed over. Differs from -1, with which logs and rings say "none". */
export const hole = -2;

/** The message of a log entry, aborted or not; -1 of a hole. */
export function messageOf(entry: number): number {
  return (entry < hole ? toAborted(entry) : entry) >> 1;
}

/** The entry of a record whose transaction was aborted, and the way back. */
export function toAborted(entry: number): number {
  return hole - 1 - entry;
}

/** Whether the transaction of an entry was aborted. */
export function isAborted(entry: number): boolean {
  return entry < hole;
}

/** Whether the loss of an entry that was not yet replicated is a loss to the publisher. */
export function isPromised(entry: number): boolean {
  return (entry & 1) === 1;
}
