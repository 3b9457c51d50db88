// The model against what a real Mosquitto 2.0.11 did in the scenarios of conformance.suite.ts; `npm run conformance` asks again.

import { describe, expect, it } from "vitest";
import { observed, scenarios } from "./conformance.suite.ts";
import { play } from "./conformancePlay.suite.ts";

describe(`what a real Mosquitto ${observed.server} did`, () => {
  it.each(scenarios.map((scenario) => [scenario.title, scenario] as const))("%s", (_, scenario) => {
    expect(play(scenario, observed.version)).toEqual(scenario.seen);
  });
});

it("2.0.13 sends no retained message to a shared subscription", () => {
  const scenario = scenarios.find(({ title }) =>
    title.startsWith("a retained message for a shared"),
  );
  expect(play(scenario!, "2.0.13")).toEqual({ shared: [], plain: ["v"] });
});
