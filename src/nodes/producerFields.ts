// The parameters of a producer: when its events come, how many, and which keys they have.

import {
  choice,
  count,
  counts,
  type Condition,
  duration,
  durations,
  type Fields,
  number,
  rate,
  ratio,
  table,
  text,
} from "../base/fields.ts";

const atARate: Condition = { field: "arrivals", is: ["poisson", "constant"] };
const open: Condition = { field: "arrivals", is: ["poisson", "constant", "renewal"] };
const closed: Condition = { field: "arrivals", is: ["closed"] };
const onOff: Condition = { field: "bursts", is: ["on-off"] };
const states: Condition = { field: "bursts", is: ["states"] };

const arrivalFields = {
  arrivals: choice({
    label: "Arrivals",
    options: [
      { value: "poisson", label: "Poisson: independent of each other" },
      { value: "constant", label: "Constant: evenly spaced" },
      { value: "renewal", label: "Gaps: by any distribution" },
      { value: "closed", label: "Clients: think, send, wait" },
    ],
    default: "poisson",
    help: "How the gaps between arrivals are distributed.",
  }),
  rate: rate({
    label: "Rate",
    max: 1e6,
    default: 10,
    help: "Arrivals per second.",
    live: true,
    onlyIf: atARate,
  }),
  gap: durations({
    label: "Gap",
    default: { distribution: "exponential", mean: 100 },
    help: "Time from one arrival to the next, the first one included.",
    onlyIf: { field: "arrivals", is: ["renewal"] },
  }),
  clients: count({
    label: "Clients",
    max: 100_000,
    default: 10,
    help: "How many there are. Each thinks, sends one event over every connection, and waits until all are answered or confirmed.",
    live: true,
    onlyIf: closed,
  }),
  think: durations({
    label: "Think time",
    default: { distribution: "exponential", mean: 1000 },
    help: "How long a client thinks before it sends, the first time too.",
    onlyIf: closed,
  }),
  rampUp: duration({
    label: "Ramp-up",
    default: 0,
    help: "Over how long the clients begin, one after the other.",
    onlyIf: closed,
  }),
} as const satisfies Fields;

const burstFields = {
  bursts: choice({
    label: "Bursts",
    options: [
      { value: "none", label: "None" },
      { value: "on-off", label: "On and off" },
      { value: "states", label: "States in turn (MMPP)" },
    ],
    default: "none",
    help: "Whether the source changes between lively and quiet times by itself.",
    onlyIf: open,
  }),
  onTime: durations({
    label: "Time on",
    default: { distribution: "exponential", mean: 1000 },
    help: "How long arrivals come as stated; it begins with such a time.",
    onlyIf: onOff,
  }),
  offTime: durations({
    label: "Time off",
    default: { distribution: "exponential", mean: 1000 },
    help: "How long none come; the gap under way goes on afterwards.",
    onlyIf: onOff,
  }),
  states: table({
    label: "States",
    columns: {
      factor: number({ label: "Times the rate", help: "", max: 1000, default: 1 }),
      mean: duration({ label: "Mean length", help: "", min: 0.001, default: 10_000 }),
    },
    rowsMin: 2,
    rowsMax: 16,
    default: [
      { factor: 1, mean: 10_000 },
      { factor: 0.1, mean: 20_000 },
    ],
    help: "In turn, from the first, and again.",
    onlyIf: states,
  }),
  stateLength: choice({
    label: "State length",
    options: [
      { value: "exponential", label: "Exponential" },
      { value: "constant", label: "Constant" },
    ],
    default: "exponential",
    help: "How the lengths of the states are distributed.",
    onlyIf: states,
  }),
  batch: counts({
    label: "Events at once",
    default: { distribution: "constant", value: 1 },
    help: "Events per arrival, rounded up: from 1 to 10,000. Exponential gives a geometric number.",
    onlyIf: open,
  }),
} as const satisfies Fields;

const keyFields = {
  keys: count({
    label: "Keys",
    min: 1,
    max: 1e6,
    default: 1000,
    help: "How many different entities the events are about.",
  }),
  keyChoice: choice({
    label: "Key choice",
    options: [
      { value: "sequential", label: "Sequential: 0, 1, 2, … and again" },
      { value: "uniform", label: "Uniform: each as likely" },
      { value: "zipf", label: "Zipf: few keys are hot" },
      { value: "hot", label: "Hot set: the first keys get a share" },
      { value: "none", label: "No key" },
    ],
    default: "sequential",
    help: "Which key the next event has; partitions and order depend on it.",
  }),
  zipfExponent: number({
    label: "Zipf exponent",
    min: 1,
    max: 4,
    default: 1,
    help: "How hot the hot keys are: the k-th key is chosen in proportion to 1 / k to this power.",
    onlyIf: { field: "keyChoice", is: ["zipf"] },
  }),
  hotKeys: count({
    label: "Hot keys",
    min: 1,
    max: 1e6,
    default: 10,
    help: "How many of the first keys are hot.",
    onlyIf: { field: "keyChoice", is: ["hot"] },
  }),
  hotShare: ratio({
    label: "Hot share",
    default: 0.9,
    help: "Share of the events that go to the hot keys.",
    onlyIf: { field: "keyChoice", is: ["hot"] },
  }),
  keyName: text({
    label: "Key name",
    maxLength: 40,
    default: "key",
    help: "Keys read as this name, a dash and a number.",
  }),
} as const satisfies Fields;

/** Fields of a producer, in the order of the form. */
export const producerFields = {
  ...arrivalFields,
  ...burstFields,
  ...keyFields,
} as const satisfies Fields;
