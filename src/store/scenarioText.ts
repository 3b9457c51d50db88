// Documents as text. The parser is large and first needed after the page stands, so it is loaded on demand.

import type { Problem } from "../base/problem.ts";
import type { Result } from "../base/result.ts";
import type { Scenario } from "../model/scenario.ts";

/** Reads a document; the failure lists what is wrong with it. */
export async function readScenario(text: string): Promise<Result<Scenario, readonly Problem[]>> {
  const { parseScenarioText } = await import("../model/parse.ts");
  return parseScenarioText(text);
}

/** Writes a document, the same text for the same document. */
export async function printScenario(scenario: Scenario): Promise<string> {
  const { writeScenario } = await import("../model/parse.ts");
  return writeScenario(scenario);
}
