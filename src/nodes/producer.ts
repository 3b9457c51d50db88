// A producer: where load enters. Each arrival makes one event, sent over every outgoing connection.

import { choice, count, type Fields, number, rate, text } from "../base/fields.ts";
import type { NodeKind } from "./kind.ts";

const fields = {
  arrivals: choice({
    label: "Arrivals",
    options: [
      { value: "poisson", label: "Poisson: independent of each other" },
      { value: "constant", label: "Constant: evenly spaced" },
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
  }),
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
  keyName: text({
    label: "Key name",
    maxLength: 40,
    default: "key",
    help: "Keys read as this name, a dash and a number.",
  }),
} as const satisfies Fields;

/** The kind "producer". */
export const producer: NodeKind & { readonly fields: typeof fields } = {
  id: "producer",
  label: "Producer",
  summary: "Makes events or requests at a rate: clients, devices, other systems.",
  icon: "radio-tower",
  key: "p",
  accent: "producer",
  fields,
  publishes: true,
  consumes: false,
  calls: true,
  isCalled: false,
  writes: false,
  isWritten: false,
};
