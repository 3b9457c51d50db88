// The parameters of connections that belong to no broker technology: what is published or called, and how.

import {
  choice,
  count,
  duration,
  durations,
  type Fields,
  flag,
  grouped,
  ratio,
  sizes,
} from "../base/fields.ts";
import { retryFields } from "./patterns/backoff.ts";
import { guardFields } from "./patterns/callGuard.ts";
import { persistenceFields } from "./patterns/errorClasses.ts";
import { fallbackFields } from "./patterns/fallback.ts";
import { hedgingFields } from "./patterns/hedging.ts";

/** Number of priorities: 0 to 9. */
export const priorities = 10;

const priority = count({
  label: "Priority",
  max: priorities - 1,
  default: 0,
  help: "Counts in services that take the highest priority first.",
});

/** Largest payload of one event [bytes]. */
export const payloadBytesMax = 2 ** 30;

/** Fields of every publish connection, beside those of the technology. */
export const publishFields = {
  probability: ratio({
    label: "Probability",
    default: 1,
    help: "Share of the handled messages after which this event is published.",
  }),
  size: sizes({
    label: "Payload size",
    min: 1,
    max: payloadBytesMax,
    default: 1000,
    help: "Size of one event on the wire; batching, retention by size and length limits in bytes depend on it. A drawn one is rounded up.",
  }),
  priority,
} as const satisfies Fields;

/** Fields of a synchronous call. */
export const callFields = {
  timeout: duration({
    label: "Timeout",
    min: 0.001,
    default: 1000,
    help: "How long the caller waits for the answer of one attempt.",
    live: true,
  }),
  ...grouped("Retries", retryFields),
  ...persistenceFields,
  ...guardFields,
  ...hedgingFields,
  ...fallbackFields,
  latency: durations({
    label: "Network latency",
    default: { distribution: "constant", value: 1 },
    help: "One way between caller and called, for request and for answer.",
  }),
  priority,
} as const satisfies Fields;

/** Fields of a read from a store. */
export const readFields = {
  duration: durations({
    label: "Read time",
    default: { distribution: "constant", value: 1 },
    help: "How long one read holds the worker that makes it.",
  }),
  ...grouped("Waiting for own writes", {
    waits: flag({
      label: "Wait for own writes",
      default: false,
      help: "Where the store is a replica, the answer is held back until it has what the same chain of causes has written or read.",
    }),
    waitAtMost: duration({
      label: "At most",
      min: 1,
      default: 1000,
      help: "After that the read is late.",
      onlyIf: { field: "waits", is: [true] },
    }),
    whenLate: choice({
      label: "When it is late",
      options: [
        { value: "stale", label: "Take the older answer" },
        { value: "fail", label: "Fail the attempt" },
      ],
      default: "stale",
      help: "What a reader does that has waited in vain.",
      onlyIf: { field: "waits", is: [true] },
    }),
  }),
} as const satisfies Fields;

/** Fields of a write into a store. */
export const writeFields = {
  duration: durations({
    label: "Write time",
    default: { distribution: "constant", value: 2 },
    help: "How long one write holds the worker that makes it.",
  }),
  change: choice({
    label: "Change",
    options: [
      { value: "note", label: "Note what the event says" },
      { value: "set", label: "Set to an amount" },
      { value: "add", label: "Add an amount" },
      { value: "add change", label: "Add the change of the event" },
    ],
    default: "note",
    help: "In a store with versions. An event that tells of another store makes this one its replica: its state is noted, or its change is added. Otherwise the write is a new version of its own.",
  }),
  amount: count({
    label: "Amount",
    min: -1e6,
    max: 1e6,
    default: 1,
    help: "What the value is set to, or what is added to it.",
    onlyIf: { field: "change", is: ["set", "add"] },
  }),
  atLeast: count({
    label: "Not below",
    min: -1e9,
    none: "no limit",
    default: null,
    help: "Refuses what would leave less than this, as far as the writer has read: nothing is sold that is not there.",
    onlyIf: { field: "change", is: ["add"] },
  }),
  check: choice({
    label: "Check",
    options: [
      { value: "none", label: "None: read, think, write" },
      { value: "version", label: "Version: optimistic" },
      { value: "atomic", label: "Atomic update" },
      { value: "lock", label: "Lock: pessimistic" },
    ],
    default: "none",
    help: "None: overwrites what others wrote since the read. Version: fails when somebody was faster, and leaves out older events. Atomic: the store reads and writes in one. Lock: others wait from the first read to the write.",
  }),
  lockTimeout: duration({
    label: "Wait for the lock",
    min: 1,
    default: 1000,
    help: "After that the attempt fails. A circle of waiting is found at once: who would close it fails.",
    onlyIf: { field: "check", is: ["lock"] },
  }),
} as const satisfies Fields;
