// Where the manual of the technology behind an element is found, of every technology. Apart from elements.ts, because what
// only draws, and what only simulates, does without.

import { isTechnologyId } from "../brokers/index.ts";
import { manuals } from "../brokers/manuals.ts";
import type { TechnologyManual } from "../brokers/technology.ts";
import { technologyOf } from "./elements.ts";
import type { Scenario } from "./scenario.ts";

/** The manual of the technology of a broker, of a channel, or of a connection that touches a channel. */
export function manualOf(scenario: Scenario, id: string): TechnologyManual | undefined {
  const technology = technologyOf(scenario, id)?.id ?? "";
  return isTechnologyId(technology) ? manuals[technology] : undefined;
}
