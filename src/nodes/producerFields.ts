// The parameters of a producer: when its events come, how many, and which keys they have.

import {
  choice,
  count,
  counts,
  type Condition,
  duration,
  durations,
  type Fields,
  flag,
  number,
  rate,
  ratio,
  table,
  text,
} from "../base/fields.ts";

const atARate: Condition = { field: "arrivals", is: ["poisson", "constant"] };
const open: Condition = { field: "arrivals", is: ["poisson", "constant", "renewal"] };
const closed: Condition = { field: "arrivals", is: ["closed"] };
const replay: Condition = { field: "arrivals", is: ["replay"] };
const shaped = (shape: string): Condition => ({ field: "shape", is: [shape] });
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
      { value: "replay", label: "Replay of a recording" },
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
    onlyIf: [atARate, { field: "shape", is: ["steady", "ramp", "step", "spike", "wave"] }],
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
  recording: {
    kind: "recording",
    label: "Recording",
    maxLength: 1_000_000,
    default: "",
    help: "CSV: a line of column names, then a line per arrival. time: seconds from the start, or points in time. contract: only connections of it send. key and size, if you like.",
    onlyIf: replay,
  },
  recordingSpeed: number({
    label: "Speed",
    min: 0.001,
    max: 1000,
    default: 1,
    help: "How many times as fast as recorded.",
    onlyIf: replay,
  }),
  recordingRepeats: flag({
    label: "Repeat",
    default: false,
    help: "Whether it begins again, one mean gap after its last arrival.",
    onlyIf: replay,
  }),
} as const satisfies Fields;

const shapeFields = {
  shape: choice({
    label: "Over time",
    options: [
      { value: "steady", label: "Steady" },
      { value: "ramp", label: "Ramp" },
      { value: "step", label: "Step" },
      { value: "spike", label: "Spike" },
      { value: "wave", label: "Wave, as day and night" },
      { value: "schedule", label: "Schedule" },
    ],
    default: "steady",
    help: "How the rate changes over the simulated time.",
    onlyIf: atARate,
  }),
  rampFrom: rate({
    label: "First rate",
    max: 1e6,
    default: 0,
    help: "Rate before the ramp; it leads to the stated one.",
    onlyIf: shaped("ramp"),
  }),
  rampStart: duration({
    label: "Ramp begins",
    default: 0,
    help: "When.",
    onlyIf: shaped("ramp"),
  }),
  rampTime: duration({
    label: "Ramp takes",
    default: 60_000,
    help: "How long the ramp takes.",
    onlyIf: shaped("ramp"),
  }),
  stepAt: duration({ label: "Step at", default: 30_000, help: "When.", onlyIf: shaped("step") }),
  stepRate: rate({
    label: "Rate after it",
    max: 1e6,
    default: 50,
    help: "Rate from the step on.",
    onlyIf: shaped("step"),
  }),
  spikeAt: duration({ label: "Spike at", default: 30_000, help: "When.", onlyIf: shaped("spike") }),
  spikeTime: duration({
    label: "Spike takes",
    default: 10_000,
    help: "How long.",
    onlyIf: shaped("spike"),
  }),
  spikeFactor: number({
    label: "Times the rate",
    max: 1e4,
    default: 5,
    help: "How much higher the rate is in the spike.",
    onlyIf: shaped("spike"),
  }),
  wavePeriod: duration({
    label: "Period",
    min: 1,
    default: 60_000,
    help: "From peak to peak: 24 h for a day.",
    onlyIf: shaped("wave"),
  }),
  waveSwing: ratio({
    label: "Swing",
    default: 0.5,
    help: "How far the rate goes above and below the stated one.",
    onlyIf: shaped("wave"),
  }),
  wavePeak: duration({
    label: "First peak",
    default: 0,
    help: "When the rate is highest for the first time.",
    onlyIf: shaped("wave"),
  }),
  schedule: table({
    label: "Schedule",
    columns: {
      at: duration({ label: "From", help: "", default: 0 }),
      rate: rate({ label: "Rate", help: "", max: 1e6, default: 10 }),
    },
    rowsMin: 1,
    rowsMax: 1000,
    rising: "at",
    default: [
      { at: 0, rate: 10 },
      { at: 30_000, rate: 50 },
      { at: 60_000, rate: 10 },
    ],
    help: "Rates by time. The first holds before its time too, the last one for good.",
    onlyIf: shaped("schedule"),
  }),
  scheduleKind: choice({
    label: "Between rows",
    options: [
      { value: "steps", label: "Steps" },
      { value: "linear", label: "Lines" },
    ],
    default: "steps",
    help: "Whether the rate jumps or goes in a straight line.",
    onlyIf: shaped("schedule"),
  }),
  scheduleRepeats: flag({
    label: "Repeat",
    default: false,
    help: "Whether it begins again at the time of the last row.",
    onlyIf: shaped("schedule"),
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
    help: "Which key the next event has; partitions and order depend on it. A recording with keys has its own.",
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
  ...shapeFields,
  ...burstFields,
  ...keyFields,
} as const satisfies Fields;
