// Ways out that set up the brokers of a scenario: what each technology offers for itself, and all of them together as a
// compose file. Nothing here knows a technology by name.

import { stringify } from "yaml";
import type { Deployable, DeploymentFile, SetUp } from "../brokers/deployment.ts";
import { deployments } from "../brokers/deployments.ts";
import { type TechnologyId, technologyIds } from "../brokers/index.ts";
import { technologies } from "../brokers/technologies.ts";
import { brokerConfigOf } from "../model/brokerConfig.ts";
import { nameOf } from "../model/elements.ts";
import type { BrokerNode, Scenario } from "../model/scenario.ts";
import { createNamer, dnsLabel } from "./names.ts";
import type { Choice, ExportFile, WayOut } from "./wayOut.ts";

/** A broker of a scenario, ready to be set up. */
export interface Broker extends Deployable {
  readonly technology: TechnologyId;
}

/** The brokers of a scenario, each with a host name of its own. */
export function brokersOf(scenario: Scenario): readonly Broker[] {
  const name = createNamer(dnsLabel);
  return scenario.nodes
    .filter((node): node is BrokerNode => node.kind === "broker")
    .map(({ id, technology }) => ({
      technology,
      host: name(nameOf(scenario, id)),
      config: brokerConfigOf(scenario, id),
    }));
}

/** The forms that technologies offer, in the order of the technologies. */
export const setUps: readonly WayOut[] = technologyIds.flatMap((technology) =>
  deployments[technology].setUps.map((setUp) => wayOutOf(technology, setUp)),
);

function wayOutOf(technology: TechnologyId, setUp: SetUp): WayOut {
  const { id, label, description, choice } = setUp;
  const choices: readonly Choice[] = choice === undefined ? [] : [choice];
  return {
    id,
    label,
    description,
    group: "Brokers",
    choices,
    concerns: ({ nodes }) =>
      nodes.some((node) => node.kind === "broker" && node.technology === technology),
    make: (scenario, { chosen }) => {
      const own = brokersOf(scenario).filter((broker) => broker.technology === technology);
      const made = own.map((broker) => ({
        host: broker.host,
        ...setUp.files(broker, choice === undefined ? "" : chosen(choice)),
      }));
      const files = made.flatMap(({ host, files: few }) =>
        few.map((file) => written(file, `${host}.${file.name}`)),
      );
      const remarks = made.flatMap((one) => one.remarks);
      if (files.length > 0) return { files, remarks };
      const { label: kind } = technologies[technology];
      const why =
        own.length === 0
          ? `There is no ${kind} broker in this scenario.`
          : `The ${kind} brokers of this scenario have nothing to set up yet.`;
      return { files, remarks: [...remarks, why] };
    },
  };
}

/** A compose file with every broker, and the files that its containers mount. */
export const compose: WayOut = {
  id: "compose",
  label: "Docker Compose",
  description: "All brokers in containers on one machine, with their topics and queues.",
  group: "Brokers",
  choices: [],
  concerns: ({ nodes }) => nodes.some(({ kind }) => kind === "broker"),
  make: (scenario) => {
    const brokers = brokersOf(scenario);
    if (brokers.length === 0)
      return { files: [], remarks: ["There is no broker in this scenario."] };
    const portFrom = createPorts();
    const parts = brokers.map((broker) => ({
      host: broker.host,
      ...deployments[broker.technology].compose(broker, portFrom),
    }));
    const services = Object.fromEntries(parts.flatMap((part) => Object.entries(part.services)));
    const text = yamlOf([{ services }]);
    const mounted = parts.flatMap(({ host, files }) =>
      files.map((file) => written(file, `${host}/${file.name}`)),
    );
    return {
      files: [{ name: "compose.yaml", text }, ...mounted],
      remarks: parts.flatMap(({ remarks }) => remarks),
    };
  },
};

/** Gives ports of this machine, none twice. */
function createPorts(): (wish: number) => number {
  const taken = new Set<number>();
  return (wish) => {
    let port = wish;
    while (taken.has(port)) port++;
    taken.add(port);
    return port;
  };
}

function written(file: DeploymentFile, name: string): ExportFile {
  if ("text" in file) return { name, text: file.text };
  if ("json" in file) return { name, text: `${JSON.stringify(file.json, null, 2)}\n` };
  return { name, text: yamlOf(file.yaml) };
}

/** YAML documents, one after the other; a text such as “no” stands in quotation marks, because readers of older YAML take
 *  it for something else. */
export function yamlOf(documents: readonly object[]): string {
  const how = { lineWidth: 100, aliasDuplicateObjects: false, compat: "yaml-1.1" } as const;
  return documents.map((document) => stringify(document, how)).join("---\n");
}
