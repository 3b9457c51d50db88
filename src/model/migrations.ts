// From older forms of the document to the newest: numbered, named steps on untyped data, in one list without gaps.
// To change the format: change the types and document.ts, raise `newestVersion`, add a step and a sample of the old form.

import { fail, type Result, succeed } from "../base/result.ts";
import type { Problem } from "../base/problem.ts";
import { isObject } from "./equal.ts";
import { kindOf, problem } from "./reading.ts";
import { suggestion } from "./near.ts";

/** A document of any version, before strict reading. */
export type Untyped = Readonly<Record<string, unknown>>;

/** A step from one version to the next. The data is as strangers wrote it: look before you touch. */
export interface Migration {
  readonly from: number;
  readonly to: number;
  /** What it does, such as "SplitRetry". */
  readonly name: string;
  apply(document: Untyped): Untyped;
}

/** The version that this Spillway writes. */
export const newestVersion = 1;

/** All steps, oldest first. Version 1 is the first form there is, so there is nothing to step over yet. */
export const migrations: readonly Migration[] = [];

/** Brings a document of any known version to the newest one; refuses foreign and newer documents. */
export function migrate(
  value: unknown,
  steps: readonly Migration[] = migrations,
  newest: number = newestVersion,
): Result<unknown, readonly Problem[]> {
  if (!isObject(value))
    return refuse(
      "document/format",
      "",
      `A document is a JSON object, not ${kindOf(value)}. Open a *.spillway.json file.`,
    );
  const format = Object.hasOwn(value, "format") ? value["format"] : undefined;
  if (format !== "spillway") return refuse("document/format", "/format", formatMessage(format));
  const version = Object.hasOwn(value, "version") ? value["version"] : undefined;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1)
    return refuse(
      "document/version",
      "/version",
      `"version" must be a whole number from 1 to ${newest}; write "version": ${newest} for a new document.`,
    );
  if (version > newest)
    return refuse(
      "document/newer",
      "/version",
      `This document was written by a newer Spillway (format ${version}, this one knows ${newest}). Open it with that version.`,
    );
  return stepUp(value, version, steps, newest);
}

function formatMessage(format: unknown): string {
  const meant = typeof format === "string" ? suggestion(format, ["spillway"]) : "";
  return format === undefined
    ? `This is not a Spillway document: it has no "format": "spillway". Open a *.spillway.json file.`
    : `This is not a Spillway document: its "format" is ${kindOf(format)}.${meant} Open a *.spillway.json file.`;
}

function stepUp(
  value: Untyped,
  version: number,
  steps: readonly Migration[],
  newest: number,
): Result<unknown, readonly Problem[]> {
  let document = value;
  for (let at = version; at < newest;) {
    const step = steps.find((each) => each.from === at);
    if (step === undefined)
      return refuse(
        "document/version",
        "/version",
        `There was never a published format ${at}. Write "version": ${newest} and repair what is reported then.`,
      );
    try {
      document = { ...step.apply(document), version: step.to };
    } catch {
      // A step assumes the form of its version; a stranger's document only claims to have it.
      return refuse(
        "document/migration",
        "",
        `This document says that it has format ${at}, but the step "${step.name}" cannot read it. Correct "version", or export it again.`,
      );
    }
    at = step.to;
  }
  return succeed(document);
}

function refuse(
  code: Parameters<typeof problem>[0],
  path: string,
  message: string,
): Result<unknown, readonly Problem[]> {
  return fail([problem(code, path, message)]);
}
