// Pictures are XML, show everything, and have the colours and icons of the canvas.
// @vitest-environment happy-dom

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { awkward } from "../../contracts/sample.suite.ts";
import { nameOf } from "../../model/elements.ts";
import { groupNodes, replaceGroup, withNotes } from "../../model/groupingEdits.ts";
import { randomScenario } from "../../model/scenario.suite.ts";
import type { Scenario } from "../../model/scenario.ts";
import { foodDelivery } from "../../scenarios/foodDelivery.ts";
import { typicalScenarios } from "../../scenarios/everyScenario.suite.ts";
import { iconShapes } from "./icons.ts";
import { palettes, tokens } from "./palette.ts";
import { svgOf } from "./picture.ts";
import { element, escapeXml, fitText } from "./svg.ts";

/** The picture as a document; throws where it is no XML. */
function read(text: string): Document {
  const document = new DOMParser().parseFromString(text, "image/svg+xml");
  const error = document.querySelector("parsererror");
  if (error !== null) throw new Error(error.textContent);
  return document;
}

test("the reader does find fault with what is no XML", () => {
  expect(() => read('<svg xmlns="http://www.w3.org/2000/svg"><text>a & b</g></svg>')).toThrow();
});

describe.each(
  [...typicalScenarios, awkward, randomScenario(5, 6)].map((one) => [one.id, one] as const),
)("%s", (_id, scenario) => {
  test.each(["light", "dark"] as const)("is drawn with every line (%s)", (theme) => {
    const svg = read(svgOf(scenario, theme));
    expect(svg.querySelectorAll("path[marker-end]")).toHaveLength(scenario.connections.length);
    expect(svgOf(scenario, theme)).toBe(svgOf(scenario, theme));
  });

  test("has room for all of it", () => {
    const root = read(svgOf(scenario, "light")).documentElement;
    const [left = 0, top = 0] = root.getAttribute("viewBox")?.split(" ").map(Number) ?? [];
    for (const { x, y } of Object.values(scenario.layout)) {
      expect(x).toBeGreaterThan(left);
      expect(y).toBeGreaterThan(top);
    }
  });
});

test("a collapsed group is one card, with the lines that lead out of it; a note is shown in lines", () => {
  const members = foodDelivery.nodes.map(({ id }) => id).filter((id) => id !== "payment");
  const grouped = groupNodes(foodDelivery, { id: "rest", name: "The rest", members });
  const noted = withNotes(grouped, [{ id: "n", text: "Why so few words?", width: 96, height: 96 }]);
  const texts = (scenario: Scenario) =>
    [...read(svgOf(scenario, "light")).querySelectorAll("text")].map((one) => one.textContent);
  expect(texts(noted)).toEqual(expect.arrayContaining(["The rest", "Why so few", "words?"]));
  const collapsed = replaceGroup(noted, { ...noted.groups![0]!, collapsed: true });
  expect(texts(collapsed)).toContain(`${members.length} nodes`);
  expect(texts(collapsed)).not.toContain(nameOf(foodDelivery, members[0]!));
  const outward = foodDelivery.connections.filter(
    ({ from, to }) => (from === "payment") !== (to === "payment"),
  );
  const lines = read(svgOf(collapsed, "light")).querySelectorAll("path[marker-end]");
  expect(lines).toHaveLength(outward.length);
});

test("shows names, channels, what stands on cards, and events", () => {
  const texts = [...read(svgOf(awkward, "light")).querySelectorAll("text")].map((one) =>
    one.textContent?.trim(),
  );
  for (const shown of ["Shop", "Log: main #1", "orders", "topic", "OrderPlaced", "10/s poisson"])
    expect(texts).toContain(shown);
});

test("any name gives XML without what XML forbids", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      const written = element("text", { "data-name": name }, escapeXml(name));
      expect(written).not.toMatch(
        // oxlint-disable-next-line no-control-regex
        /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\p{Surrogate}]/u,
      );
      expect(written.replaceAll(/&(?:amp|lt|gt|quot|apos);/gu, "").slice(6, -7)).not.toMatch(/&/u);
      read(`<svg xmlns="http://www.w3.org/2000/svg">${written}</svg>`);
    }),
  );
});

describe("texts without room", () => {
  test.each([
    ["Orders", 100, "Orders"],
    ["A service with a long name", 100, "A service wit…"],
    ["", 10, ""],
    ["两个服务的很长的名字", 60, "两个服…"],
  ])("%s in %i px is %s", (text, width, shown) => {
    expect(fitText(text, width, 13)).toBe(shown);
  });

  test("are never longer than they were", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 300 }), (text, width) => {
        expect(fitText(text, width, 12).length).toBeLessThanOrEqual(Math.max(2, text.length));
      }),
    );
  });
});

test("the colours are those of the page", () => {
  const [light = "", dark = ""] = readFileSync("src/ui/theme/tokens.css", "utf8").split(
    ':root[data-theme="dark"]',
  );
  const colourIn = (css: string, token: string) => css.match(`--${token}: (#[0-9a-f]+);`)?.[1];
  for (const token of tokens) {
    expect(palettes.light[token], token).toBe(colourIn(light, token));
    expect(palettes.dark[token], token).toBe(colourIn(dark, token));
  }
});

test("the icons are those of the cards", () => {
  for (const [name, shapes] of Object.entries(iconShapes)) {
    const source = readFileSync(`node_modules/lucide-react/dist/esm/icons/${name}.mjs`, "utf8");
    const values = shapes.flatMap(([, attributes]) => Object.values(attributes));
    for (const value of values) expect(source).toContain(`"${value}"`);
    expect(source.match(/key:/gu)).toHaveLength(shapes.length);
  }
});
