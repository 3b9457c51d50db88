// Classes of errors: what a further attempt may cure, and what none will. Who tells them apart does not try again in vain.

import { choice, duration, type Fields, ratio } from "../../base/fields.ts";

/** Fields of a call about what is worth another attempt, and for how long. */
export const persistenceFields = {
  retryOn: choice({
    label: "Retries",
    options: [
      { value: "everything", label: "Whatever has failed" },
      { value: "transient", label: "All but permanent errors" },
    ],
    default: "everything",
    help: "After which failures it tries again. A permanent error is the same at every attempt.",
    group: "Retries",
  }),
  deadline: duration({
    label: "Deadline",
    min: 0.001,
    none: "no deadline",
    default: null,
    help: "Most time for all attempts and waits of a call together; then it fails.",
    group: "Retries",
  }),
} as const satisfies Fields;

/** Fields of a service about the class of its errors. */
export const errorClassFields = {
  permanentErrors: ratio({
    label: "Permanent errors",
    default: 0,
    help: "Share of its errors that no further attempt cures; it does not try those again itself.",
    group: "Failures",
    live: true,
  }),
} as const satisfies Fields;

/** The reason of an error that is permanent. */
export const permanentError = "permanent-error";

/** Whether no further attempt cures a failure, also where it comes from a call: "call-permanent-error". */
export function isPermanent(failure: string): boolean {
  return failure.endsWith(permanentError);
}
