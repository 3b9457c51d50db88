// An entry of the timeline as a form: which fields it has depends on what happens to whom. What comes back is read and
// checked exactly as a document is.

import {
  choice,
  duration,
  type Field,
  type Fields,
  type FieldValue,
  type Parameters,
} from "../../base/fields.ts";
import { fail, type Result, succeed } from "../../base/result.ts";
import { checkTimeline } from "../../model/checkTimeline.ts";
import { hasVersions, versionsOf } from "../../model/contracts.ts";
import {
  fieldsOf,
  instanceCount,
  memberCount,
  nameOf,
  nodeOf,
  parameterOf,
  technologyOf,
  zoneCount,
} from "../../model/elements.ts";
import { startReading } from "../../model/reading.ts";
import type { Scenario } from "../../model/scenario.ts";
import { isEqual } from "../../model/equal.ts";
import type { NetworkEntry, TimelineEntry } from "../../model/timeline.ts";
import { placeOf } from "../../model/timelineSpans.ts";
import { timelineEntry } from "../../model/timelineShape.ts";
import { dealingsOf } from "../../model/versions.ts";
import { redriveFields } from "../run/redriveFields.ts";
import { type Act, entryKinds, isAct, liveParameters, possibleActs } from "./entryKinds.ts";

/** What the form holds: by the names of its fields. */
export type Draft = Parameters;

/** A draft of an act at a time [ms], with everything that follows from it filled in. */
export function newDraft(scenario: Scenario, act: Act, at: number, target = ""): Draft {
  return completed(scenario, { act, at, target, ...(entryKinds[act].lasts && { duration: 5000 }) });
}

/** An entry as a draft. */
export function draftOf(entry: TimelineEntry): Draft {
  const { member, zone } = placeOf(entry);
  const which =
    zone === undefined ? (member === undefined ? "" : `member ${member}`) : `zone ${zone}`;
  const { act, at, target } = entry;
  const lasting = "duration" in entry ? entry.duration : undefined;
  const rest: Draft =
    entry.act === "set"
      ? { parameter: entry.parameter, value: entry.value }
      : entry.act === "roll out"
        ? { contract: entry.contract, contractVersion: entry.contractVersion }
        : entry.act === "slow"
          ? { factor: entry.factor }
          : entry.act === "redrive"
            ? { rate: entry.rate, count: entry.count ?? null, to: entry.to ?? "" }
            : entry.act === "network"
              ? networkDraft(entry)
              : {};
  return { act, at, target, which, duration: lasting ?? null, ...rest };
}

function networkDraft(entry: NetworkEntry): Draft {
  const { also, to, direction, partition, latency, loss, duplication } = entry;
  const { reordering, reorderDelay, bandwidth } = entry;
  return {
    also: (also ?? []).join(" "),
    to: (to ?? []).join(" "),
    direction: direction ?? "both",
    partition: partition ?? false,
    latency: latency ?? { distribution: "constant", value: 0 },
    loss: loss ?? 0,
    duplication: duplication ?? 0,
    reordering: reordering ?? 0,
    reorderDelay: reorderDelay ?? 100,
    bandwidth: bandwidth ?? null,
  };
}

/** What says nothing any more when a field has changed. */
const forgotten: Readonly<Record<string, readonly string[]>> = {
  act: ["which", "parameter", "value", "contract", "contractVersion", "also", "to"],
  target: ["which", "parameter", "value", "contract", "contractVersion", "also", "to"],
  parameter: ["value"],
  contract: ["contractVersion"],
};

/** The draft with one field changed, and what no longer fits replaced. */
export function changeDraft(
  scenario: Scenario,
  draft: Draft,
  name: string,
  value: FieldValue,
): Draft {
  const kept = Object.entries(draft).filter(([key]) => forgotten[name]?.includes(key) !== true);
  return completed(scenario, { ...Object.fromEntries(kept), [name]: value });
}

/** The fields of a draft, in the order of the form. */
export function formFields(scenario: Scenario, draft: Draft): Fields {
  const act = actOf(draft);
  const kind = entryKinds[act];
  const target = textOf(draft["target"]);
  const places = kind.hasPlace ? placesOf(scenario, target) : [];
  return {
    act: options(
      "What",
      "What happens.",
      possibleActs(scenario).map((one) => [one, entryKinds[one].label]),
    ),
    target: options("To whom", "Whom it happens to.", namesOf(scenario, kind.targets(scenario))),
    ...(places.length > 1 && {
      which: options("Which part", "One of its nodes or instances, or all in a zone.", places),
    }),
    at: duration({ label: "At", default: 0, help: "Moment of the run." }),
    ...(kind.lasts && {
      duration: duration({
        label: "Lasts",
        none: "until it is ended",
        default: null,
        help: "Ends by itself after this time; without one, another entry or the end of the run does.",
      }),
    }),
    ...(act === "network" && sideFields(scenario, draft)),
    ...kind.fields,
    ...(act === "set" && settingFields(scenario, draft)),
    ...(act === "roll out" && versionFields(scenario, draft)),
    ...(act === "redrive" && redriveFields(scenario, target)),
  };
}

/** The entry that a draft stands for; the failure is a sentence with the remedy. */
export function entryOf(scenario: Scenario, draft: Draft): Result<TimelineEntry, string> {
  const place = startReading();
  const entry = timelineEntry.read(rawEntry(scenario, draft), place);
  if (entry === undefined) return fail(place.report.problems[0]?.message ?? "Complete the form.");
  const [problem] = checkTimeline({ ...scenario, timeline: [entry] });
  return problem?.severity === "error" ? fail(problem.message) : succeed(entry);
}

function rawEntry(scenario: Scenario, draft: Draft): unknown {
  const fields = formFields(scenario, draft);
  const [kind = "", number = ""] = textOf(draft["which"]).split(" ");
  const own = Object.entries(draft).filter(
    ([name, value]) =>
      Object.hasOwn(fields, name) &&
      name !== "which" &&
      (value !== null || name === "value") &&
      (value !== "" || name !== "to"),
  );
  if (draft["act"] === "network") return networkEntry(Object.fromEntries(own));
  const hasPart = Object.hasOwn(fields, "which") && kind !== "";
  return { ...Object.fromEntries(own), ...(hasPart && { [kind]: Number(number) }) };
}

/** What is as usual is not stated. */
function networkEntry(draft: Draft): unknown {
  const stated = Object.entries(draft).filter(
    ([name, value]) =>
      value !== 0 &&
      value !== false &&
      value !== "" &&
      value !== "both" &&
      !isEqual(value, { distribution: "constant", value: 0 }) &&
      (name !== "reorderDelay" || (draft["reordering"] ?? 0) !== 0),
  );
  const lists = ["also", "to"].flatMap((name) => {
    const ids = textOf(draft[name]);
    return ids === "" ? [] : [[name, ids.split(" ")] as const];
  });
  return { at: 0, ...Object.fromEntries(stated), ...Object.fromEntries(lists) };
}

/** Who else is on the side of the target, and who is on the other: nobody and all others, one, or what is stated. */
function sideFields(scenario: Scenario, draft: Draft): Fields {
  const others = entryKinds.network.targets(scenario).filter((id) => id !== draft["target"]);
  const sides = (name: string, none: string): readonly Option[] => {
    const stated = textOf(draft[name]);
    const names = (ids: string): string =>
      ids
        .split(" ")
        .map((id) => nameOf(scenario, id))
        .join(", ");
    const isList = stated.includes(" ");
    return [
      ["", none],
      ...(isList ? [[stated, names(stated)] as const] : []),
      ...namesOf(scenario, others),
    ].map(([value, label]) => [value, label] as const);
  };
  return {
    also: options("And", "Who is on the same side.", sides("also", "nobody else")),
    to: options("Towards", "Who is on the other side.", sides("to", "all others")),
  };
}

/** Everything that has to be said is said: the first choice where there was none. */
function completed(scenario: Scenario, draft: Draft): Draft {
  let full: Draft = draft;
  // Each field may decide which others there are, at most one after the other.
  for (let round = 0; round < 4; round++) {
    const fields = Object.entries(formFields(scenario, full));
    const missing = fields.filter(([name, field]) => !fits(field, full[name]));
    if (missing.length === 0) return full;
    full = {
      ...full,
      ...Object.fromEntries(
        missing.map(([name, field]) => [name, firstOf(scenario, full, name, field)]),
      ),
    };
  }
  return full;
}

function fits(field: Field, value: FieldValue | undefined): boolean {
  if (value === undefined) return false;
  return field.kind !== "choice" || field.options.some((option) => option.value === value);
}

function firstOf(scenario: Scenario, draft: Draft, name: string, field: Field): FieldValue {
  if (name === "value")
    return parameterOf(scenario, textOf(draft["target"]), textOf(draft["parameter"]));
  return field.kind === "choice" ? (field.options[0]?.value ?? "") : field.default;
}

function settingFields(scenario: Scenario, draft: Draft): Fields {
  const target = textOf(draft["target"]);
  const fields = fieldsOf(scenario, target);
  const names = liveParameters(scenario, target);
  const value = fields[textOf(draft["parameter"])];
  return {
    parameter: options(
      "Parameter",
      "What changes.",
      names.map((name) => [name, fields[name]?.label ?? name]),
    ),
    ...(value !== undefined && { value: withoutCondition(value) }),
  };
}

/** The form shows what a person has chosen, whatever its conditions in another form are. */
function withoutCondition(field: Field): Field {
  const { onlyIf: _, group: __, ...rest } = field;
  return rest;
}

function versionFields(scenario: Scenario, draft: Draft): Fields {
  const target = textOf(draft["target"]);
  const contracts = scenario.contracts.filter(
    (one) => hasVersions(one) && dealingsOf(scenario, target, one.id).length > 0,
  );
  const contract = contracts.find(({ id }) => id === draft["contract"]) ?? contracts[0];
  const versions = contract === undefined ? [] : versionsOf(contract);
  return {
    contract: options(
      "Event",
      "The contract whose version changes.",
      contracts.map(({ id, name }) => [id, name]),
    ),
    contractVersion: options(
      "Version",
      "What is spoken from then on.",
      versions.map(({ contractVersion }) => [contractVersion, contractVersion]),
    ),
  };
}

type Option = readonly [value: string, label: string];

function placesOf(scenario: Scenario, target: string): readonly Option[] {
  const numbered = (kind: string, label: string, many: number): readonly Option[] =>
    Array.from({ length: many }, (_, i) => [`${kind} ${i}`, `${label} ${i}`]);
  if (nodeOf(scenario, target)?.kind === "broker") {
    const [nodes, zones] = [memberCount(scenario, target), zoneCount(scenario, target)];
    const word = technologyOf(scenario, target)?.words.node ?? "node";
    return [
      ["", `first ${word}`],
      ...numbered("member", word, nodes),
      ...(zones > 1 && zones < nodes ? numbered("zone", "zone", zones) : []),
    ];
  }
  const instances = instanceCount(scenario, target);
  return instances === 0
    ? []
    : [["", "all instances"], ...numbered("member", "instance", instances)];
}

function namesOf(scenario: Scenario, ids: readonly string[]): readonly Option[] {
  return ids.map((id) => [id, nameOf(scenario, id)]);
}

function options(label: string, help: string, list: readonly Option[]): Field {
  return choice({
    label,
    help,
    options: list.map(([value, text]) => ({ value, label: text })),
    default: list[0]?.[0] ?? "",
  });
}

function actOf(draft: Draft): Act {
  const act = textOf(draft["act"]);
  return isAct(act) ? act : "crash";
}

function textOf(value: FieldValue | undefined): string {
  return typeof value === "string" ? value : "";
}
