// What the rules say about a line, as soon as they have arrived: they are no part of the first load.

import type { ConnectVerdict } from "../../model/rules.ts";
import type { Scenario } from "../../model/scenario.ts";

type Rules = (scenario: Scenario, from: string, to: string) => ConnectVerdict;
let rules: Rules | undefined;

/** Fetches the rules, so that the first line finds them there. */
export async function loadRules(): Promise<void> {
  ({ mayConnect: rules } = await import("../../store/linking.ts"));
}

/** Whether a line may be drawn; undefined until the rules are there. Whoever ends it asks them again (link.ts). */
export function verdictOf(
  scenario: Scenario,
  from: string,
  to: string,
): ConnectVerdict | undefined {
  if (rules === undefined) void loadRules();
  return rules?.(scenario, from, to);
}
