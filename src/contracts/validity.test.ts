// The official parser accepts every document that is exported, without a word: all versions, all layouts. To have every application looked at (minutes): ASYNCAPI=full npx vitest run src/contracts/validity.test.ts

import { convert } from "@asyncapi/converter";
import { describe, expect, test } from "vitest";
import { randomScenario } from "../model/scenario.suite.ts";
import { scenarios, typicalScenarios } from "../scenarios/everyScenario.suite.ts";
import { withDrawnContracts } from "./drawnContracts.suite.ts";
import { asyncapiVersions, documentFiles, documentsOf } from "./files.ts";
import {
  allAbout,
  complaintsAbout,
  complaintsAboutFiles,
  missingIn,
  missingParties,
} from "./oracle.suite.ts";
import { rich } from "./rich.suite.ts";
import { awkward } from "./sample.suite.ts";

/** The parser compiles the specification anew for each document: half a second each on a slow machine. */
const patience = { timeout: 300_000 };

const isThorough = process.env["ASYNCAPI"] === "full";

/** All of a list, or the last few: the applications with the most operations come late in most scenarios. */
function some<Item>(items: readonly Item[]): readonly Item[] {
  return isThorough ? items : items.slice(-2);
}

describe.each([...typicalScenarios, awkward, rich].map((one) => [one.id, one] as const))(
  "%s",
  (_id, scenario) => {
    test.each(asyncapiVersions)(
      "as one document of the system in %s",
      patience,
      async (version) => {
        for (const { content } of documentsOf(scenario, { version })) {
          expect(await complaintsAbout(content, "yaml")).toEqual(missingParties(content));
        }
      },
    );

    test("as a catalogue", patience, async () => {
      for (const { content } of documentsOf(scenario, { layout: "catalogue" })) {
        expect(await complaintsAbout(content, "json")).toEqual([]);
      }
    });

    test.each(["3.1.0", "2.6.0"] as const)("as applications in %s", patience, async (version) => {
      const own = documentsOf(scenario, { version, layout: "self-contained" });
      for (const { name, content } of some(own.filter((one) => !isIdle(one.content)))) {
        expect(await complaintsAbout(content, "yaml"), name).toEqual(missingParties(content));
      }
      const files = documentFiles(scenario, { version, layout: "applications", format: "json" });
      const names = some(own.filter((one) => !isIdle(one.content))).map(({ name }) => name);
      const parsed = files.filter(({ name }) =>
        names.some((one) => name.startsWith("common/") || name.startsWith(`${one}.`)),
      );
      const missing = own
        .filter(({ name }) => names.includes(name))
        .flatMap(({ content }) => missingParties(content));
      expect(await complaintsAboutFiles(parsed)).toEqual(missing);
    });

    test("in 2.6, and what the official converter makes of that", patience, async () => {
      for (const { content } of documentsOf(scenario, { version: "2.6.0", embed: false })) {
        const plain: unknown = JSON.parse(JSON.stringify(content));
        // The parser was given an object, so that the converter gives one back.
        const converted = convert(plain as Parameters<typeof convert>[0], "3.0.0") as object;
        expect(await complaintsAbout(converted, "json")).toEqual([]);
      }
    });
  },
);

// Nothing is sent or received, and so there is no server, which linters miss.
function isIdle(document: object): boolean {
  return !("servers" in document);
}

test.each(scenarios)("$id states whom to ask and its licence", (scenario) => {
  for (const version of asyncapiVersions)
    for (const { content } of documentsOf(scenario, { version }))
      expect(missingIn(content)).toEqual([]);
});

test("random contracts and odd names", patience, async () => {
  for (const seed of isThorough
    ? Array.from({ length: 60 }, (_, i) => i + 1)
    : [2, 4, 6, 8, 9, 10]) {
    const scenario = withDrawnContracts(randomScenario(seed, 3), seed);
    const version = asyncapiVersions[seed % 3] ?? "3.1.0";
    for (const { content } of documentsOf(scenario, { version })) {
      const complaints = await complaintsAbout(content, "yaml");
      // The linter follows no references below a channel of this name, and misses what they bring.
      const own = complaints.filter((one) => !one.includes("channels/constructor/"));
      expect(own, `seed ${seed}`).toEqual(missingParties(content));
    }
  }
});

test("nothing is left to remark, and of older versions only that there is a newer one", async () => {
  const all = async (version: (typeof asyncapiVersions)[number]) => {
    const [document] = documentsOf(awkward, { version });
    return allAbout(document?.content ?? {});
  };
  expect(await all("3.1.0")).toEqual([]);
  expect(await all("3.0.0")).toEqual(["asyncapi-latest-version"]);
  expect(await all("2.6.0")).toEqual(["asyncapi-latest-version"]);
});
