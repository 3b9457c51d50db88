// Spectral's ruleset for AsyncAPI has nothing to say of what is exported, beyond hints. To have every application looked
// at (minutes): ASYNCAPI=full npx vitest run src/contracts/lint.test.ts

import { describe, expect, test } from "vitest";
import { randomScenario } from "../model/scenario.suite.ts";
import { typicalScenarios } from "../scenarios/everyScenario.suite.ts";
import { withDrawnContracts } from "./drawnContracts.suite.ts";
import { asyncapiVersions, documentsOf } from "./files.ts";
import { missingIn } from "./oracle.suite.ts";
import { rich } from "./rich.suite.ts";
import { awkward } from "./sample.suite.ts";
import { lintOf } from "./spectral.suite.ts";

const patience = { timeout: 120_000 };

const isThorough = process.env["ASYNCAPI"] === "full";

describe.each([...typicalScenarios, awkward, rich].map((one) => [one.id, one] as const))(
  "%s",
  (_id, scenario) => {
    test.each(asyncapiVersions)("in %s", patience, async (version) => {
      const layouts =
        version === "3.1.0" ? (["system", "catalogue"] as const) : (["system"] as const);
      for (const layout of layouts)
        for (const { content } of documentsOf(scenario, { version, layout }))
          expect(await lintOf(content), layout).toEqual(missingIn(content));
    });

    test("as applications", patience, async () => {
      const own = documentsOf(scenario, { layout: "self-contained" });
      for (const { name, content } of isThorough ? own : own.slice(-2)) {
        // Where nothing is sent or received there is no server, which the ruleset misses.
        const missing = "servers" in content ? [] : [expect.stringContaining("asyncapi-servers")];
        expect(await lintOf(content), name).toEqual([...missingIn(content), ...missing]);
      }
    });
  },
);

test("random contracts and odd names", patience, async () => {
  for (let seed = 1; seed <= (isThorough ? 60 : 3); seed++) {
    const scenario = withDrawnContracts(randomScenario(seed, 3), seed);
    for (const { content } of documentsOf(scenario, {
      version: asyncapiVersions[seed % 3] ?? "3.1.0",
    }))
      expect(await lintOf(content), `seed ${seed}`).toEqual(missingIn(content));
  }
});
