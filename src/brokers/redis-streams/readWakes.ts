// Codes of the timers of the reading side.

/** A read comes to the primary, its reply to the worker, an acknowledgement to the primary; claims are looked at. */
export const readWakes = { ask: 16, reply: 17, ack: 18, tick: 19 } as const;
