// What strict reading of untrusted data carries along: where it is, what it found wrong, and how much is left.

import { pathTo, type Problem } from "../base/problem.ts";
import { isObject } from "./equal.ts";
import { problemsMax, valuesMax } from "./limits.ts";
import type { ProblemCode } from "./problemCatalogue.ts";

/** A place in the document that is being read. `report` collects for the whole reading. */
export interface Place {
  readonly path: string;
  readonly element?: string;
  readonly report: Report;
}

interface Report {
  readonly problems: Problem[];
  /** All complaints, also those that found the list full. */
  failures: number;
  /** Values that extensions and schemas may still hold. */
  valuesLeft: number;
}

/** The root of a new reading. */
export function startReading(): Place {
  return { path: "", report: { problems: [], failures: 0, valuesLeft: valuesMax } };
}

/** The place one step further down. */
export function inside(place: Place, step: string | number): Place {
  return { ...place, path: pathTo(place.path, step) };
}

/** The place with the id of the element that stands there, if the value has one. The document itself is none. */
export function withElement(place: Place, value: Readonly<Record<string, unknown>>): Place {
  const id = place.path !== "" && Object.hasOwn(value, "id") ? value["id"] : undefined;
  return typeof id === "string" && id.length <= 64 ? { ...place, element: id } : place;
}

/** Whether enough problems were found; reading may stop then. */
export function isFull(place: Place): boolean {
  return place.report.problems.length > problemsMax;
}

/** Puts an error on record, and the sentence that there are more once the report is full. */
export function complain(place: Place, code: ProblemCode, message: string): undefined {
  const { problems } = place.report;
  place.report.failures++;
  if (problems.length > problemsMax) return;
  problems.push(
    problems.length === problemsMax
      ? problem(
          "document/too-many-problems",
          "",
          `There are more than ${problemsMax} problems. Repair these first.`,
        )
      : {
          ...problem(code, place.path, message),
          ...(place.element !== undefined && { element: place.element }),
        },
  );
}

/** A problem that keeps a document from running. */
export function problem(code: ProblemCode, path: string, message: string): Problem {
  return { code, severity: "error", path, message };
}

/** What a value is, in words for a sentence. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "an object";
  switch (typeof value) {
    case "string":
      return value.length > 40 ? "a long text" : `the text "${value}"`;
    case "number":
      return `the number ${value}`;
    case "boolean":
      return String(value);
    default:
      return "something that JSON does not know";
  }
}

/** Refuses the key that would change what an object is. */
export function forbiddenKey(place: Place): undefined {
  return complain(
    place,
    "field/forbidden",
    `The key "__proto__" is not allowed anywhere; remove it.`,
  );
}

/** Refuses a value of another type. */
export function wrongType(place: Place, wanted: string, value: unknown): undefined {
  return complain(place, "value/type", `This must be ${wanted}, not ${kindOf(value)}.`);
}
