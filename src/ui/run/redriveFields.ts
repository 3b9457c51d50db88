// What a person says of a redrive of dead letters, in the inspector of their channel and on the timeline.

import { choice, count, type FieldValue, rate } from "../../base/fields.ts";
import { channelKindOf, nameOf } from "../../model/elements.ts";
import { redriveRateMax } from "../../model/limits.ts";
import { destinationsOf } from "../../model/redrives.ts";
import type { LiveRedrive } from "../../model/result.ts";
import type { Scenario } from "../../model/scenario.ts";

const pace = {
  rate: rate({
    label: "Rate",
    default: 20,
    min: 0.001,
    max: redriveRateMax,
    help: "How many dead letters per second go back.",
  }),
  count: count({
    label: "Messages",
    min: 1,
    max: 1_000_000_000,
    none: "all",
    default: null,
    help: "How many at most. All: what lies there at that moment.",
  }),
} as const;

/** The fields of a redrive of a channel: its pace, and where it goes. */
export function redriveFields(scenario: Scenario, id: string) {
  return { ...pace, to: destination(scenario, id) };
}

/** The redrive that values of these fields stand for. */
export function redriveOf(
  target: string,
  values: Readonly<Record<string, FieldValue>>,
): LiveRedrive {
  const { rate: perS, count: most, to } = values;
  return {
    act: "redrive",
    target,
    rate: Number(perS),
    ...(typeof most === "number" ? { count: most } : {}),
    ...(typeof to === "string" && to !== "" ? { to } : {}),
  };
}

/** Back where that is known (""), or into any channel that takes publications. */
function destination(scenario: Scenario, id: string) {
  const others = scenario.channels.filter(
    (channel) => channel.id !== id && channelKindOf(scenario, channel.id)?.publishable === true,
  );
  const known = destinationsOf(scenario, { target: id });
  const names = known.ok ? [...new Set(known.value.values())] : [];
  const back = `back to ${names.map((one) => nameOf(scenario, one)).join(" and ")}`;
  return choice({
    label: "Into",
    options: [
      { value: "", label: known.ok ? back : "where they came from" },
      ...others.map((channel) => ({ value: channel.id, label: nameOf(scenario, channel.id) })),
    ],
    default: "",
    help: "Where they go: to where they came from, or into another channel.",
  });
}
