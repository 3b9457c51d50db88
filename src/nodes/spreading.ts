// The parameters of a publish step that makes more of one event than the same at once: later, several, under other keys.

import {
  choice,
  count,
  durations,
  type Fields,
  grouped,
  number,
  ratio,
  text,
  type ValuesOf,
  type VariableField,
} from "../base/fields.ts";

/** Most events that one step publishes at once. */
export const copiesMax = 1000;

const named = { field: "keyBy", is: ["drawn", "fresh", "copy"] } as const;
const drawn = { field: "keyBy", is: ["drawn"] } as const;

const copies = {
  kind: "variable",
  unit: "count",
  label: "Copies",
  min: 1,
  max: copiesMax,
  default: 1,
  help: "How many events leave at once, each of its own size; the step is done when all are confirmed. A drawn number is rounded up.",
} as const satisfies VariableField;

/** Fields of the publish connections of services and functions, beside those of every one. */
export const spreadFields = grouped("Delay, copies and key", {
  publishDelay: durations({
    label: "Delay",
    default: { distribution: "constant", value: 0 },
    help: "How long after its step an event leaves; the handler goes on without waiting. A crash loses what has not left, unless it stands in an outbox.",
  }),
  copies,
  keyBy: choice({
    label: "Key of the event",
    options: [
      { value: "cause", label: "That of its cause" },
      { value: "drawn", label: "One of its own, drawn" },
      { value: "fresh", label: "A new one for each event" },
      { value: "copy", label: "The number of the copy" },
    ],
    default: "cause",
    help: "What the event is about: the same as the message that caused it, or something else.",
  }),
  ownKeys: count({
    label: "Keys",
    min: 1,
    max: 1e6,
    default: 1000,
    help: "Of how many keys one is drawn.",
    onlyIf: drawn,
  }),
  ownKeyChoice: choice({
    label: "Key choice",
    options: [
      { value: "sequential", label: "Sequential: 0, 1, 2, … and again" },
      { value: "uniform", label: "Uniform: each as likely" },
      { value: "zipf", label: "Zipf: few keys are hot" },
      { value: "hot", label: "Hot set: the first keys get a share" },
    ],
    default: "uniform",
    help: "How the key is drawn, as a producer does it.",
    onlyIf: drawn,
  }),
  ownZipfExponent: number({
    label: "Zipf exponent",
    min: 1,
    max: 4,
    default: 1,
    help: "How hot the hot keys are: the k-th key is chosen in proportion to 1 / k to this power.",
    onlyIf: [drawn, { field: "ownKeyChoice", is: ["zipf"] }],
  }),
  ownHotKeys: count({
    label: "Hot keys",
    min: 1,
    max: 1e6,
    default: 10,
    help: "How many of the first keys are hot.",
    onlyIf: [drawn, { field: "ownKeyChoice", is: ["hot"] }],
  }),
  ownHotShare: ratio({
    label: "Hot share",
    default: 0.9,
    help: "Share of the events that go to the hot keys.",
    onlyIf: [drawn, { field: "ownKeyChoice", is: ["hot"] }],
  }),
  ownKeyName: text({
    label: "Key name",
    maxLength: 40,
    default: "item",
    help: "Keys read as this name, a dash and a number. What reads the same is the same thing.",
    onlyIf: named,
  }),
} as const satisfies Fields);

const { publishDelay: _, ...withoutDelay } = spreadFields;

/** The same for functions: what an environment has not sent at the end of its invocation never leaves, so nothing is
 *  delayed there. */
export const functionSpreadFields: Fields = withoutDelay;

/** How one publish connection spreads events. */
export type SpreadValues = ValuesOf<typeof spreadFields>;

/** Whether any event of a connection leaves later than its step. */
export function isDelayed({ publishDelay: delay }: SpreadValues): boolean {
  return delay.distribution !== "constant" || delay.value > 0;
}

/** Whether a connection does anything beyond publishing one event at once under the key of its cause. */
export function isSpread(values: SpreadValues): boolean {
  return isDelayed(values) || values.copies !== 1 || values.keyBy !== "cause";
}
