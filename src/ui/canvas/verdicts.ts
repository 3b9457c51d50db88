// What the rules say about a line, as soon as they have arrived: they are no part of the first load.

import type { ConnectVerdict } from "../../model/rules.ts";
import type { Scenario } from "../../model/scenario.ts";
import { tools } from "../../store/tools.ts";

/** Whether a line may be drawn; undefined until the rules are there. Whoever ends it asks them again (link.ts). */
export function verdictOf(
  scenario: Scenario,
  from: string,
  to: string,
): ConnectVerdict | undefined {
  return tools.linking.now()?.mayConnect(scenario, from, to);
}
