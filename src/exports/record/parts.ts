// The parts of a design record that follow from the drawing: nodes, channels, connections and contracts, each with what
// differs from the defaults.

import { formatValue } from "../../base/fieldText.ts";
import { usageOf } from "../../contracts/usage.ts";
import {
  channelKindOf,
  fieldsOf,
  nameOf,
  statedParameters,
  technologyOf,
} from "../../model/elements.ts";
import { formatOf } from "../../model/contracts.ts";
import type { Connection, Node, Scenario } from "../../model/scenario.ts";
import { bridgeStyles } from "../../nodes/bridgeStyles.ts";
import { nodeKinds } from "../../nodes/index.ts";
import { languageFacts } from "../../schemas/languages.ts";
import { plain, table } from "./markdown.ts";

/** The sections on nodes, channels and connections; those without entries are left out. */
export function partSections(scenario: Scenario): readonly (readonly string[])[] {
  const nodes = scenario.nodes.map((node) => [
    plain(nameOf(scenario, node.id)),
    plain(kindOf(scenario, node)),
    plain(node.description ?? ""),
    settingsOf(scenario, node.id),
  ]);
  const channels = scenario.channels.map(({ id, broker, description = "" }) => [
    plain(nameOf(scenario, id)),
    plain(`${channelKindOf(scenario, id)?.label ?? ""} of ${nameOf(scenario, broker)}`),
    plain(description),
    settingsOf(scenario, id),
  ]);
  const connections = scenario.connections.map((one) => [
    plain(nameOf(scenario, one.from)),
    plain(verbOf(scenario, one)),
    plain(nameOf(scenario, one.to)),
    settingsOf(scenario, one.id),
  ]);
  const settings = "Settings that differ from the defaults";
  return [
    section("Nodes", table(["Node", "Kind", "Description", settings], nodes)),
    section("Channels", table(["Channel", "Kind", "Description", settings], channels)),
    section("Connections", table(["From", "What", "To", settings], connections)),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${title}`, "", ...lines];
}

function kindOf(scenario: Scenario, node: Node): string {
  const technology = technologyOf(scenario, node.id);
  return technology === undefined
    ? nodeKinds[node.kind].label
    : `${technology.label} ${technology.version}`;
}

function verbOf(scenario: Scenario, one: Connection): string {
  switch (one.kind) {
    case "publish":
      return `publishes ${nameOf(scenario, one.contract)} into`;
    case "call":
      return `calls with ${nameOf(scenario, one.contract)}`;
    case "consume":
      return "is consumed by";
    case "bind":
      return "is bound to";
    case "bridge": {
      const style = one.as === undefined ? "" : ` by ${bridgeStyles[one.as].label}`;
      const only = one.only?.map((contract) => nameOf(scenario, contract)).join(", ");
      return `is bridged${style}${only === undefined ? "" : `, ${only} only,`} into`;
    }
    case "read":
      return "reads from";
    case "write":
      return "writes into";
  }
}

/** What an element states and is not the default, such as "Workers 3, On failure skip the record". */
function settingsOf(scenario: Scenario, id: string): string {
  const fields = fieldsOf(scenario, id);
  return Object.entries(statedParameters(scenario, id))
    .flatMap(([name, value]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field === undefined || JSON.stringify(value) === JSON.stringify(field.default)) return [];
      return [`${plain(field.label)}: ${plain(formatValue(field, value))}`];
    })
    .join("<br>");
}

/** The section on contracts. */
export function contractSection(scenario: Scenario): readonly string[] {
  const usage = usageOf(scenario);
  const rows = scenario.contracts.map((contract) => {
    const { id, name, contractVersion, key = "", owner = "", deprecated } = contract;
    const used = usage.get(id);
    const names = (list: readonly { readonly name: string }[] = []) =>
      [...new Set(list.map((one) => plain(one.name)))].join("<br>");
    return [
      plain(name) + (deprecated === true ? " (deprecated)" : ""),
      plain(contractVersion),
      languageFacts[formatOf(contract)].label,
      plain(key),
      plain(owner),
      names(used?.writers),
      names(used?.channels),
      names(used?.readers),
    ];
  });
  const head = ["Event", "Version", "Language", "Key", "Owner", "From", "Through", "To"];
  return section("Contracts", table(head, rows));
}
