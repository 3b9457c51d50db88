// Random contracts and odd names on top of a scenario: languages, versions, envelopes, headers, examples, extensions,
// and names that are awkward as keys, addresses and pointers. Drawn from one seed.

import { Dice } from "../model/scenario.suite.ts";
import type {
  Connection,
  Contract,
  ContractVersion,
  Node,
  PayloadSchema,
  Scenario,
  SchemaFormat,
} from "../model/scenario.ts";
import { securitySchemes } from "../model/scenario.ts";

const names = [
  "Order placed",
  "orders.{region}.v1",
  "a/b~c~0~1",
  "{}",
  "a{b c}d",
  "OrderPlaced",
  "OrderPlaced.reply",
  "CloudEvent",
  "100 %",
  "2024",
  "é 🍜 \u2028",
  "yes: *no* & ~null",
  "constructor",
  "x?y#z",
  "",
  "$ref",
  "<<",
];

const schemas: Readonly<Record<SchemaFormat, readonly PayloadSchema[]>> = {
  "json-schema": [
    {},
    { type: "object", properties: { id: { type: "string" }, $ref: { const: { $ref: "#/x" } } } },
    {
      $schema: "http://json-schema.org/draft-07/schema#",
      $id: "https://example.com/a",
      definitions: { "a/b~c": { type: "number" }, "%41 {x}": { title: "odd" } },
      properties: { id: { $ref: "#/definitions/a~1b~0c" }, self: { $ref: "#" } },
    },
    { type: "object", properties: { id: { $ref: "#/$defs/id", title: "Id" } }, $defs: { id: {} } },
    { allOf: [{ $anchor: "a", type: "object" }], properties: { b: { $ref: "#a" } } },
    { properties: { id: { $ref: "https://example.com/elsewhere.json" } } },
  ],
  avro: [
    "string",
    ["null", "long"],
    {
      type: "record",
      name: "Event",
      fields: [
        { name: "id", type: "string" },
        { name: "next", type: ["null", "Event"], default: null },
      ],
    },
  ],
  protobuf: [
    'syntax = "proto3";\nmessage Event { string id = 1; repeated Event parts = 2; }',
    "message Event { required string id = 1; }",
  ],
};

/** The scenario with random contracts and names. Ids stay, so that everything else stays as it is. */
export function withDrawnContracts(scenario: Scenario, seed: number): Scenario {
  const dice = new Dice(seed);
  const others = new Dice(-seed);
  const contracts = scenario.contracts.map((contract) => drawnContract(contract, dice));
  const renamed = <Element extends { readonly id: string }>(element: Element): Element =>
    dice.chance(0.4) ? { ...element, name: dice.pick(names), ...extensionOf(dice) } : element;
  return {
    ...scenario,
    title: dice.pick(["", scenario.title, "(all applications)"]),
    ...(dice.chance(0.5) && { description: dice.pick(["", "What it is.\n\nAnd more."]) }),
    ...extensionOf(dice),
    ...drawnParties(others),
    contracts,
    nodes: scenario.nodes.map((node) => secured(renamed(node), others)),
    channels: scenario.channels.map(renamed),
    connections: scenario.connections.map((one) => spoken(renamed(one), contracts, dice)),
  };
}

const addresses = ["", "https://example.com/a?b#c", "example.com", "https://a b", "a@example.com"];

function drawnParties(dice: Dice): Pick<Scenario, "contact" | "licence"> {
  return {
    ...(dice.chance(0.6) && {
      contact: {
        ...extensionOf(dice),
        ...(dice.chance(0.7) && { name: dice.pick(names) }),
        ...(dice.chance(0.7) && { url: dice.pick(addresses) }),
        ...(dice.chance(0.7) && { email: dice.pick(addresses) }),
      },
    }),
    ...(dice.chance(0.6) && {
      licence: {
        ...extensionOf(dice),
        name: dice.pick(names),
        ...(dice.chance(0.5) && { url: dice.pick(addresses) }),
      },
    }),
  };
}

function secured(node: Node, dice: Dice): Node {
  if ((node.kind !== "broker" && node.kind !== "service") || dice.chance(0.3)) return node;
  return { ...node, security: dice.pick(securitySchemes) };
}

function drawnContract({ id, name, ...contract }: Contract, dice: Dice): Contract {
  const { contractVersion, earlier: before = [] } = contract;
  const format = dice.pick(["json-schema", "json-schema", "avro", "protobuf"] as const);
  const added = Array.from({ length: dice.pick([0, 0, 1, 3]) }, (_, index) =>
    dice.pick([`old ${index}`, `v${index}`, `${index}/ü`]),
  );
  // What the scenario speaks of must stay.
  const versions = [...before.map((version) => version.contractVersion), ...added];
  const earlier = versions.map((version) => drawnVersion(format, version, dice));
  const isStated = format !== "json-schema" || dice.chance(0.5);
  return {
    id,
    name: dice.chance(0.5) ? dice.pick(names.filter((one) => one !== "")) : name,
    ...drawnVersion(format, contractVersion, dice),
    ...(isStated && { format }),
    ...(dice.chance(0.6) && { envelope: dice.pick(["binary", "structured"] as const) }),
    ...(dice.chance(0.5) && { key: dice.pick(["/id", "", "/a~1b/c"]) }),
    ...(dice.chance(0.4) && { owner: dice.pick(["team-a", ""]) }),
    ...(dice.chance(0.5) && { tags: dice.pick([[], ["a", "b"], ["a", "a"], ["deprecated"]]) }),
    ...(dice.chance(0.4) && { deprecated: dice.chance(0.7) }),
    ...(dice.chance(0.4) && { compatibility: "FULL" as const }),
    ...(dice.chance(0.3) && { description: dice.pick(["", "What happened."]) }),
    ...(earlier.length > 0 && { earlier }),
  };
}

function drawnVersion(format: SchemaFormat, contractVersion: string, dice: Dice): ContractVersion {
  const headers = [
    {},
    { type: "object", properties: { a: { $ref: "#/$defs/a" } }, $defs: { a: {} } },
  ];
  const examples = [{ payload: { id: "1" } }, { name: "x" }, { payload: null, headers: { a: 1 } }];
  return {
    contractVersion,
    schema: dice.pick(schemas[format]),
    ...(dice.chance(0.4) && { headers: dice.pick(headers) }),
    ...(dice.chance(0.5) && { examples: examples.filter(() => dice.chance(0.6)) }),
    ...extensionOf(dice),
  };
}

function extensionOf(dice: Dice): Readonly<Record<`x-${string}`, unknown>> {
  if (!dice.chance(0.2)) return {};
  return { "x-own": dice.pick([{ $ref: "#/nowhere" }, [{ "x-json": "{" }], null, "text"]) };
}

function spoken(link: Connection, contracts: readonly Contract[], dice: Dice): Connection {
  const versionOf = (id: string): string | undefined => {
    const contract = contracts.find((one) => one.id === id);
    if (contract === undefined || !dice.chance(0.5)) return undefined;
    return dice.pick([contract, ...(contract.earlier ?? [])]).contractVersion;
  };
  if (link.kind === "publish" || link.kind === "call") {
    const { contractVersion: _, ...rest } = link;
    const contractVersion = versionOf(link.contract);
    return contractVersion === undefined ? rest : { ...rest, contractVersion };
  }
  if (link.kind !== "consume") return link;
  const reads = contracts.flatMap(({ id }) => {
    const version = versionOf(id);
    return version === undefined ? [] : [[id, version] as const];
  });
  return { ...link, reads: Object.fromEntries(reads) };
}
