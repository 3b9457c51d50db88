// Assignments as people type them behind `--set`: "payment.serviceTime=constant 20ms", "seed=7".

import { parseTyped } from "../base/fieldText.ts";
import { durationMsMax } from "../base/distribution.ts";
import { fail, type Result, succeed } from "../base/result.ts";
import { formatDurationMs, parseDurationMs } from "../base/units.ts";
import { setParameter } from "./edit.ts";
import { elementOf, fieldsOf, nameOf } from "./elements.ts";
import { nearest } from "./near.ts";
import type { Scenario } from "./scenario.ts";

/** Applies "id.parameter=value", "seed=…", "duration=…", "sourcesStopAt=…" or "warmUp=…". The first dot separates id and
 *  parameter, the first equals sign the value. The failure is a sentence that says what to type instead. */
export function assignParameter(scenario: Scenario, assignment: string): Result<Scenario, string> {
  const equals = assignment.indexOf("=");
  if (equals < 0)
    return fail(
      `"${assignment}" assigns nothing. Write for example payment.concurrency=4 or seed=7.`,
    );
  const target = assignment.slice(0, equals).trim();
  const typed = assignment.slice(equals + 1).trim();
  const dot = target.indexOf(".");
  return dot < 0
    ? assignField(scenario, target, typed)
    : assignElement(scenario, { id: target.slice(0, dot), name: target.slice(dot + 1), typed });
}

function assignField(scenario: Scenario, name: string, typed: string): Result<Scenario, string> {
  switch (name) {
    case "seed": {
      const seed = /^\d+$/.test(typed) ? Number(typed) : -1;
      if (seed < 0 || seed >= 2 ** 32)
        return fail(`The seed must be a whole number from 0 to ${2 ** 32 - 1}, not "${typed}".`);
      return succeed({ ...scenario, seed });
    }
    case "duration":
    case "sourcesStopAt":
    case "warmUp": {
      const value = parseDurationMs(typed);
      const min = name === "duration" ? 1 : 0;
      if (value === undefined || value < min || value > durationMsMax)
        return fail(
          `"${name}" must be a time from ${min} ms to ${formatDurationMs(durationMsMax)}, such as 60s, not "${typed}".`,
        );
      return succeed({ ...scenario, load: { ...scenario.load, [name]: value } });
    }
    default:
      return fail(
        `"${name}" is not known. Write seed=…, duration=…, sourcesStopAt=…, warmUp=…, or an id, a dot and a parameter: ${name === "" ? "payment" : name}.concurrency=4.`,
      );
  }
}

function assignElement(
  scenario: Scenario,
  { id, name, typed }: { readonly id: string; readonly name: string; readonly typed: string },
): Result<Scenario, string> {
  const element = elementOf(scenario, id);
  if (element === undefined || element.type === "contract")
    return fail(unknownElement(scenario, id));
  const fields = fieldsOf(scenario, id);
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined)
    return fail(unknownParameter(nameOf(scenario, id), name, Object.keys(fields)));
  const value = parseTyped(field, typed);
  return value.ok
    ? succeed(setParameter(scenario, id, name, value.value))
    : fail(`${id}.${name}: ${value.failure} Typed was "${shorten(typed)}".`);
}

function unknownElement(scenario: Scenario, id: string): string {
  const ids = [...scenario.nodes, ...scenario.channels, ...scenario.connections].map((it) => it.id);
  const near = nearest(id, ids);
  const shown = near.length > 0 ? near : ids.slice(0, 20);
  const names = near.length > 0 ? "Did you mean" : "There are";
  return shown.length === 0
    ? `There is no element "${id}"; this document is empty.`
    : `There is no element "${id}". ${names} ${shown.join(", ")}${near.length > 0 ? "?" : "."}`;
}

function unknownParameter(element: string, name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  const meant = near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
  const known = names.length === 0 ? "It has none." : `It has ${names.join(", ")}.`;
  return `${element} has no parameter "${name}".${meant} ${known}`;
}

/** What was typed may be a whole file. */
function shorten(typed: string): string {
  return typed.length > 100 ? `${typed.slice(0, 100)}…` : typed;
}
