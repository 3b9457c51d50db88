// What stands in a partition's log: a message, and whether its publisher takes it for written already.

/** A log entry: the message, and whether the publisher has been (or never will be) told that it is
 *  written before every in-sync replica has it. */
export function toEntry(message: number, promise: "all" | "early"): number {
  return message * 2 + (promise === "early" ? 1 : 0);
}

/** The message of a log entry. */
export function messageOf(entry: number): number {
  return entry >> 1;
}

/** Whether the loss of an entry that was not yet replicated is a loss to the publisher. */
export function isPromised(entry: number): boolean {
  return (entry & 1) === 1;
}
