// Catalogues as the tools that read them see them: EventCatalog's linter and Backstage's validators.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  DefaultNamespaceEntityPolicy,
  type Entity,
  EntityPolicies,
  FieldFormatEntityPolicy,
  NoForeignRootFieldsEntityPolicy,
  resourceEntityV1alpha1Validator,
  SchemaValidEntityPolicy,
  systemEntityV1alpha1Validator,
} from "@backstage/catalog-model";
import {
  DEFAULT_RULES,
  parseAllFiles,
  scanCatalogFiles,
  validateCatalog,
} from "@eventcatalog/linter";
import { afterAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { awkward } from "../../contracts/sample.suite.ts";
import { emptyScenario, randomScenario } from "../../model/scenario.suite.ts";
import type { Contract, Scenario } from "../../model/scenario.ts";
import { typicalScenarios } from "../../scenarios/everyScenario.suite.ts";
import { choosing, type ExportFile, type WayOut } from "../wayOut.ts";
import { backstage } from "./backstage.ts";
import { eventcatalog } from "./eventcatalog.ts";
import { semanticVersions } from "./semver.ts";

const root = mkdtempSync(join(tmpdir(), "spillway-catalogue-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const make = async (way: WayOut, scenario: Scenario) =>
  way.make(scenario, { chosen: choosing({}) });

/** With an owner, tags and an earlier version, and with texts that mean something to MDX. */
const told: Scenario = {
  ...awkward,
  id: "told",
  description: "Braces {like this} and <b>angles</b>. A second sentence.",
  contracts: awkward.contracts.map((contract, index) =>
    index === 0
      ? {
          ...contract,
          owner: "Team Köche!",
          tags: ["food: hot"],
          deprecated: true,
          earlier: [{ contractVersion: "1", schema: { type: "object" } }],
        }
      : contract,
  ),
};

const all = [...typicalScenarios, awkward, told, randomScenario(6, 5), randomScenario(11, 6)];
const cases = all.map((scenario, index) => [`${index} ${scenario.id}`, scenario] as const);

describe("EventCatalog", () => {
  async function errorsIn(files: readonly ExportFile[], name: string): Promise<readonly string[]> {
    const folder = join(root, name.replaceAll(" ", "-"));
    for (const { name: path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { parsed, errors } = await parseAllFiles(await scanCatalogFiles(folder));
    // Of messages that nobody sends, or that are deprecated, the linter only warns.
    const warned = Object.keys(DEFAULT_RULES).filter((rule) => DEFAULT_RULES[rule] === "warn");
    const found = validateCatalog(parsed).filter(({ rule = "" }) => !warned.includes(rule));
    return [...errors, ...found].map((error) => JSON.stringify(error));
  }

  test.each(cases)("reads %s without an error", async (name, scenario) => {
    const { files } = await make(eventcatalog, scenario);
    expect(await errorsIn(files, name)).toEqual([]);
    const paths = files.map((file) => file.name);
    expect(new Set(paths).size).toBe(paths.length);
    for (const { id } of scenario.channels) expect(paths).toContain(`channels/${id}/index.mdx`);
  });

  test("does find fault with a catalogue that is wrong", async () => {
    const { files } = await make(eventcatalog, awkward);
    const broken = files.filter(({ name }) => !name.startsWith("channels/orders/"));
    expect(await errorsIn(broken, "broken")).not.toEqual([]);
  });

  const frontOf = async (path: string): Promise<Record<string, unknown>> => {
    const { files } = await make(eventcatalog, told);
    const text = files.find(({ name }) => name === path)?.text ?? "";
    expect(text, path).not.toBe("");
    return parse(text.split("---\n")[1] ?? "");
  };

  test("learns who sends what through which channel", async () => {
    const front = await frontOf("services/kitchen/index.mdx");
    expect(front["sends"]).toEqual([
      { id: "order-placed", version: "1.2.0", to: [{ id: "events" }] },
      { id: "order-cancelled", version: "1.0.0", to: [{ id: "events" }] },
      { id: "charge", version: "1.0.0" },
    ]);
    expect(front["receives"]).toEqual([
      { id: "order-placed", version: "1.2.0", from: [{ id: "orders" }] },
    ]);
    expect(front["owners"]).toEqual(["Team-Koche"]);
  });

  test("keeps earlier versions, and what nobody sends by calls apart from commands", async () => {
    const earlier = await frontOf("events/order-placed/versioned/1.0.0/index.mdx");
    expect(earlier).toMatchObject({
      version: "1.0.0",
      deprecated: true,
      schemaPath: "schema.json",
    });
    expect(await frontOf("commands/charge/index.mdx")).toMatchObject({ name: "Charge" });
  });

  test("does not take texts for components", async () => {
    const { files } = await make(eventcatalog, told);
    const domain = files.find(({ name }) => name === "domains/told/index.mdx")?.text;
    expect(domain).toContain(String.raw`Braces \{like this\} and \<b\>angles\</b\>.`);
  });
});

describe("Backstage", () => {
  const policy = EntityPolicies.allOf([
    new SchemaValidEntityPolicy(),
    new DefaultNamespaceEntityPolicy(),
    new NoForeignRootFieldsEntityPolicy(),
    new FieldFormatEntityPolicy(),
  ]);
  const kinds = [
    apiEntityV1alpha1Validator,
    componentEntityV1alpha1Validator,
    resourceEntityV1alpha1Validator,
    systemEntityV1alpha1Validator,
  ];

  const entitiesOf = async (scenario: Scenario): Promise<readonly Entity[]> => {
    const { files } = await make(backstage, scenario);
    return parseAllDocuments(files[0]?.text ?? "").map((document) => document.toJS() as Entity);
  };

  const isValid = async (entity: Entity): Promise<boolean> => {
    const allowed = await policy.enforce(entity);
    const checks = await Promise.all(kinds.map(async (kind) => kind.check(allowed ?? entity)));
    return checks.includes(true);
  };

  test.each(cases)("accepts every entity of %s", async (_name, scenario) => {
    const entities = await entitiesOf(scenario);
    for (const entity of entities) expect(await isValid(entity), JSON.stringify(entity)).toBe(true);
    const names = entities.map(({ kind, metadata }) => `${kind}:${metadata.name}`.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    const refer = (list: unknown) => (Array.isArray(list) ? list.map(String) : []);
    for (const { spec } of entities) {
      for (const one of refer(spec?.["dependsOn"])) expect(names).toContain(one.toLowerCase());
      for (const one of [...refer(spec?.["providesApis"]), ...refer(spec?.["consumesApis"])])
        expect(names).toContain(`api:${one.toLowerCase()}`);
    }
  });

  test("does refuse an entity without an owner", async () => {
    const [, component] = await entitiesOf(awkward);
    const { owner: _owner, ...spec } = component?.spec ?? {};
    await expect(isValid({ ...component!, spec })).rejects.toThrow(/owner/u);
  });

  test("learns which APIs and resources a component needs", async () => {
    const entities = await entitiesOf(told);
    const kitchen = entities.find(({ metadata }) => metadata.name === "kitchen");
    expect(kitchen?.spec).toMatchObject({
      owner: "Team-Koche",
      providesApis: ["kitchen-messages"],
      consumesApis: ["shop-messages", "billing-messages"],
      dependsOn: ["resource:events", "resource:orders"],
    });
    const queue = entities.find(({ metadata }) => metadata.name === "placed-queue");
    expect(queue?.spec?.["type"]).toBe("rabbitmq-queue");
  });
});

test("nothing gives no catalogue and says so", async () => {
  for (const way of [eventcatalog, backstage]) {
    const { files, remarks } = await make(way, emptyScenario());
    expect(files).toEqual([]);
    expect(remarks).toHaveLength(1);
  }
});

describe("semantic versions", () => {
  test.each([
    [
      ["1.0.0", "1.2.0"],
      ["1.0.0", "1.2.0"],
    ],
    [
      ["1", "v2.1"],
      ["1.0.0", "2.1.0"],
    ],
    [
      ["2024-01", "2024-02"],
      ["1.0.0", "2.0.0"],
    ],
    [
      ["1", "1.0"],
      ["1.0.0", "2.0.0"],
    ],
    [
      ["1.0.0-rc.1", "01.0.0"],
      ["1.0.0-rc.1", "1.0.0"],
    ],
  ])("of %j are %j", (written, semantic) => {
    const [newest, ...rest] = written.toReversed();
    const contract: Contract = {
      id: "c",
      name: "C",
      schema: {},
      contractVersion: newest ?? "",
      earlier: rest.toReversed().map((contractVersion) => ({ contractVersion, schema: {} })),
    };
    expect([...semanticVersions(contract).values()]).toEqual(semantic);
  });
});
