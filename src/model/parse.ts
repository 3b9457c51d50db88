// The door through which every document comes in: unknown data or text in, a scenario or a list of problems out.
// It never throws, and whatever it lets through is whole: nothing dangles, every value is allowed.

import type { Problem } from "../base/problem.ts";
import { fail, type Result, succeed } from "../base/result.ts";
import { scenarioShape } from "./document.ts";
import { findExcessiveDepth, findSyntaxError, utf8Bytes } from "./jsonText.ts";
import { depthMax, documentBytesMax } from "./limits.ts";
import { migrate } from "./migrations.ts";
import { problem, startReading } from "./reading.ts";
import { checkReferences } from "./references.ts";
import type { Scenario } from "./scenario.ts";

/** Reads a document of any version from untrusted data. The result is new plain data and shares nothing with it. */
export function parseScenario(value: unknown): Result<Scenario, readonly Problem[]> {
  const migrated = migrate(value);
  if (!migrated.ok) return migrated;
  const root = startReading();
  const scenario = scenarioShape.read(migrated.value, root);
  if (scenario === undefined) return fail(root.report.problems);
  const problems = checkReferences(scenario);
  return problems.length === 0 ? succeed(scenario) : fail(problems);
}

/** Reads a document from the text of a *.spillway.json file or of a link. */
export function parseScenarioText(text: string): Result<Scenario, readonly Problem[]> {
  if (text.length > documentBytesMax || utf8Bytes(text) > documentBytesMax)
    return refuse(
      "document/too-large",
      `The document is larger than ${documentBytesMax / 1e6} MB. Split it, or shorten its schemas and descriptions.`,
    );
  const json = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const deep = findExcessiveDepth(json);
  if (deep !== undefined)
    return refuse(
      "document/too-deep",
      `Line ${deep.line}, column ${deep.column} is nested more than ${depthMax} levels deep. Flatten it.`,
    );
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    const place = findSyntaxError(json);
    const where =
      place === undefined
        ? ""
        : ` Line ${place.line}, column ${place.column}: expected ${place.expected}.`;
    return refuse("document/syntax", `The text is not JSON.${where} Correct it there.`);
  }
  return parseScenario(value);
}

/** The text of a document: fields in the order of their definition, extensions after them, two spaces, a newline. */
export function writeScenario(scenario: Scenario): string {
  // Reading puts the keys in order. A document that is not valid (yet) is written as it is rather than not at all.
  const ordered = scenarioShape.read(scenario, startReading()) ?? scenario;
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

function refuse(
  code: Parameters<typeof problem>[0],
  message: string,
): Result<Scenario, readonly Problem[]> {
  return fail([problem(code, "", message)]);
}
