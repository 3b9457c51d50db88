// The fields of a subscription to a store that keeps events, beside those of a call: the store reads its log from a place
// that it remembers, and hands each event over to a service.

import { choice, count, duration, type Fields, grouped } from "../../base/fields.ts";

/** Fields of a subscription. */
export const subscriptionFields = grouped("Reading the log", {
  startsWith: choice({
    label: "Starts with",
    options: [
      { value: "beginning", label: "The first event that there is" },
      { value: "now", label: "What comes from then on" },
    ],
    default: "beginning",
    help: "From the beginning a projection that is added later is built from all that ever happened.",
  }),
  startsAt: duration({
    label: "Added at",
    default: 0,
    help: "The time of the run at which it is there for the first time.",
  }),
  batch: count({
    label: "Events read at once",
    min: 1,
    max: 100_000,
    default: 100,
    help: "The next ones are read when these are handed over.",
  }),
  batchTime: duration({
    label: "Reading them takes",
    default: 5,
    help: "From the moment that there is something to read.",
  }),
  parallel: count({
    label: "Handed over at the same time",
    min: 1,
    max: 100,
    default: 1,
    help: "Events of one entity still go one behind the other.",
  }),
  whenFailed: choice({
    label: "When a call has failed",
    options: [
      { value: "again", label: "Hand the event over again" },
      { value: "pass over", label: "Pass it over" },
    ],
    default: "again",
    help: "Again: nothing is lost, and everything behind it waits.",
  }),
  pause: duration({
    label: "Pause before",
    min: 1,
    default: 1000,
    help: "Comes after the attempts of the call itself.",
    onlyIf: { field: "whenFailed", is: ["again"] },
  }),
} as const satisfies Fields);
