// A fallback: a call that has failed for good is answered from something worse than the real answer, such as yesterday's
// price or an empty list. The caller goes on; that is graceful degradation, and it is counted.

import { choice, type Fields } from "../../base/fields.ts";

/** Fields of a fallback. */
export const fallbackFields = {
  fallback: choice({
    label: "Fallback",
    options: [
      { value: "none", label: "None: the failure is the caller's" },
      { value: "answer", label: "Default answer: the caller goes on" },
    ],
    default: "none",
    help: "What a call gives after its last attempt has failed or was refused. Such answers are counted as degraded.",
    group: "Fallback",
  }),
} as const satisfies Fields;
