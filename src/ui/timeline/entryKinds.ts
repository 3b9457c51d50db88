// What can stand on the timeline, as forms and menus offer it. A new act is one line in `entryKinds`; moving, resizing and
// drawing follow from the timeline's spans.

import type { Fields } from "../../base/fields.ts";
import { choice, count, duration, durations, flag, number, ratio } from "../../base/fields.ts";
import { formatValue } from "../../base/fieldText.ts";
import { formatNumber } from "../../base/units.ts";
import { slownessMax } from "../../model/limits.ts";
import { fieldsOf, nameOf } from "../../model/elements.ts";
import { canSuffer } from "../../model/faults.ts";
import { deadLetterChannels } from "../../model/redrives.ts";
import { faultWords } from "../../model/networkFault.ts";
import type { LiveFault } from "../../model/result.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { TimelineEntry } from "../../model/timeline.ts";
import { dealingsOf } from "../../model/versions.ts";
import { hasVersions } from "../../model/contracts.ts";
import type { IconName } from "../controls/Icon.tsx";

/** An act. */
export type Act = TimelineEntry["act"];

/** What a form has to know of an act. */
export interface EntryKind {
  readonly label: string;
  readonly icon: IconName;
  /** Elements that it can happen to. */
  readonly targets: (scenario: Scenario) => readonly string[];
  /** Whether it is of nodes or instances of its target. */
  readonly hasPlace: boolean;
  /** Whether it can end by itself. */
  readonly lasts: boolean;
  /** What it says besides, by the names of its entry. */
  readonly fields: Fields;
}

const factor = number({
  label: "Times slower",
  min: 1,
  max: slownessMax,
  default: 5,
  help: "How many times as long everything takes there.",
});

const share = (label: string, help: string) => ratio({ label, help, default: 0 });

/** What can be the matter with a network. */
const networkFields = {
  direction: choice({
    label: "Direction",
    options: [
      { value: "both", label: "Both ways" },
      { value: "out", label: "What it sends" },
      { value: "in", label: "What it receives" },
    ],
    default: "both",
    help: "Which way is concerned, seen from the one to whom it happens.",
  }),
  partition: flag({ label: "Nothing passes", default: false, help: "A partition." }),
  latency: durations({
    label: "Latency",
    default: { distribution: "constant", value: 0 },
    help: "Added to each passage.",
  }),
  loss: share("Loss", "Packets that are lost; TCP sends them again after 200 ms, 400 ms …"),
  duplication: share("Sent twice", "Publications and requests that are sent twice."),
  reordering: share("Late", "Packets that come later; on an ordered connection others wait."),
  reorderDelay: duration({ label: "How late", default: 100, help: "How much later they come." }),
  bandwidth: count({
    label: "Bandwidth",
    none: "unlimited",
    default: null,
    min: 1,
    help: "Bytes per second, connection and direction.",
  }),
} satisfies Fields;

/** Every act, in the order of menus. */
export const entryKinds: Readonly<Record<Act, EntryKind>> = {
  crash: fault("crash", { label: "Crash", icon: "unplug" }),
  restart: fault("restart", { label: "Restart", icon: "reset" }),
  isolate: fault("isolate", { label: "Cut off", icon: "cut-off" }),
  reconnect: fault("reconnect", { label: "Reconnect", icon: "reset" }),
  pause: fault("pause", { label: "Pause", icon: "minus" }),
  resume: fault("resume", { label: "Go on after a pause", icon: "reset" }),
  slow: fault("slow", { label: "Slow down", icon: "slow", fields: { factor } }),
  network: {
    label: "Network fault",
    icon: "unplug",
    targets: placesInNetwork,
    hasPlace: false,
    lasts: true,
    fields: networkFields,
  },
  heal: {
    label: "Network as before",
    icon: "reset",
    targets: placesInNetwork,
    hasPlace: false,
    lasts: false,
    fields: {},
  },
  set: {
    label: "Change a parameter",
    icon: "cog",
    targets: (scenario) =>
      everything(scenario).filter((id) => liveParameters(scenario, id).length > 0),
    hasPlace: false,
    lasts: false,
    fields: {},
  },
  "roll out": {
    label: "Roll out a version",
    icon: "copy",
    targets: (scenario) => {
      const contracts = scenario.contracts.filter(hasVersions);
      return everything(scenario).filter((id) =>
        contracts.some((contract) => dealingsOf(scenario, id, contract.id).length > 0),
      );
    },
    hasPlace: false,
    lasts: false,
    fields: {},
  },
  redrive: {
    label: "Redrive dead letters",
    icon: "reset",
    targets: (scenario) => deadLetterChannels(scenario).map(({ id }) => id),
    hasPlace: false,
    lasts: false,
    fields: {},
  },
};

/** Acts that can happen in a document, in the order of menus. */
export function possibleActs(scenario: Scenario): readonly Act[] {
  return acts.filter((act) => entryKinds[act].targets(scenario).length > 0);
}

/** Names of the parameters of an element that can change during a run. */
export function liveParameters(scenario: Scenario, id: string): readonly string[] {
  const fields = fieldsOf(scenario, id);
  return Object.keys(fields).filter((name) => fields[name]?.live === true);
}

/** What happens, where it is clear to whom: "Crash", "Slow down 5×", "Rate 50/s", "OrderPlaced 2.0.0". */
export function shortWords(scenario: Scenario, entry: TimelineEntry): string {
  if (entry.act === "roll out")
    return `${nameOf(scenario, entry.contract)} ${entry.contractVersion}`;
  if (entry.act === "set") {
    const field = fieldsOf(scenario, entry.target)[entry.parameter];
    const value = field === undefined ? "" : formatValue(field, entry.value);
    return `${field?.label ?? entry.parameter} ${value}`;
  }
  if (entry.act === "network") return `Network: ${faultWords(entry)}`;
  const { label } = entryKinds[entry.act];
  if (entry.act === "redrive") return `Redrive ${formatNumber(entry.rate)}/s`;
  if (entry.act !== "slow") return label;
  return entry.factor === 1 ? "As fast as before" : `${label} ${formatNumber(entry.factor)}×`;
}

const acts = Object.keys(entryKinds).filter(isAct);

/** Whether a text is an act. */
export function isAct(text: string): text is Act {
  return Object.hasOwn(entryKinds, text);
}

function fault(
  act: LiveFault["act"],
  about: { readonly label: string; readonly icon: IconName; readonly fields?: Fields },
): EntryKind {
  return {
    fields: {},
    targets: (scenario) =>
      [...scenario.nodes, ...scenario.connections]
        .filter(({ kind }) => canSuffer(act, kind))
        .map(({ id }) => id),
    hasPlace: true,
    lasts: act === "crash" || act === "isolate" || act === "pause" || act === "slow",
    ...about,
  };
}

function placesInNetwork({ nodes, connections }: Scenario): readonly string[] {
  return [...nodes, ...connections.filter(({ kind }) => kind === "bridge")].map(({ id }) => id);
}

function everything({ nodes, channels, connections }: Scenario): readonly string[] {
  return [...nodes, ...channels, ...connections].map(({ id }) => id);
}
