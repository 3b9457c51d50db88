// The model against what a real RabbitMQ 3.10.8 did in the scenarios of conformance.suite.ts; `npm run conformance` asks again.

import { describe, expect, it } from "vitest";
import { limitScenarios } from "./conformanceLimits.suite.ts";
import { moreScenarios } from "./conformanceMore.suite.ts";
import { observed, scenarios } from "./conformance.suite.ts";
import { play } from "./conformancePlay.suite.ts";
import { rabbitmqManual } from "./manual.ts";

const recorded = [...scenarios, ...moreScenarios, ...limitScenarios].map(
  (scenario) => [scenario.title, scenario] as const,
);

describe(`what a real RabbitMQ ${observed.server} did`, () => {
  it.each(recorded.filter(([, { listed }]) => listed === undefined))("%s", (_, scenario) => {
    const { confirms = [], got = {}, left } = scenario.seen;
    const played = play(scenario, observed.version);
    if (confirms.length > 0) expect(played.confirms).toEqual(confirms);
    expect(played.got).toEqual(got);
    expect(played.left).toEqual(left);
  });
});

describe("what is simplified, and said so on the node", () => {
  it.each(recorded.filter(([, { listed }]) => listed !== undefined))("%s", (_, scenario) => {
    const { listed = "", seen } = scenario;
    expect(play(scenario, observed.version).left).not.toEqual(seen.left);
    expect(rabbitmqManual.simplified.filter((line) => line.startsWith(listed))).toHaveLength(1);
  });
});
