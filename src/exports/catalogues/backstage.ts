// Entities for Backstage's software catalogue: a system, its components, an AsyncAPI of each, and brokers, channels and
// stores as resources (https://backstage.io/docs/features/software-catalog/descriptor-format).

import { deployments } from "../../brokers/deployments.ts";
import { exportApplications } from "../../contracts/asyncapi.ts";
import { deedsOf, type Plan, planOf } from "../../contracts/routes.ts";
import { writeDocument } from "../../contracts/yaml.ts";
import { nameOf, nodeOf } from "../../model/elements.ts";
import type { Node, Scenario } from "../../model/scenario.ts";
import { brokersOf, yamlOf } from "../brokers.ts";
import type { Choice, WayOut } from "../wayOut.ts";
import { ownerOfApplication, nobody, remarksOn } from "./owners.ts";

const lifecycle: Choice = {
  id: "lifecycle",
  label: "Lifecycle",
  help: "How far the system is, as Backstage calls it.",
  options: [
    { value: "experimental", label: "Experimental" },
    { value: "production", label: "Production" },
  ],
};

/** Entities for Backstage. */
export const backstage: WayOut = {
  id: "backstage",
  label: "Backstage",
  description: "A catalog-info.yaml for Backstage: system, components, APIs and resources.",
  group: "Catalogues",
  choices: [lifecycle],
  make: (scenario, { chosen }) => {
    if (scenario.nodes.length === 0)
      return { files: [], remarks: ["There is nothing to put into a catalogue yet."] };
    const entities = entitiesOf(scenario, chosen(lifecycle));
    const owners = entities.map(({ spec }) => spec.owner);
    return {
      files: [{ name: "catalog-info.yaml", text: yamlOf(entities) }],
      remarks: remarksOn(owners),
    };
  },
};

interface Entity {
  readonly apiVersion: "backstage.io/v1alpha1";
  readonly kind: "System" | "Component" | "API" | "Resource";
  readonly metadata: { readonly name: string; readonly title: string };
  readonly spec: { readonly owner: string } & Readonly<Record<string, unknown>>;
}

function entity(
  kind: Entity["kind"],
  about: { readonly id: string; readonly title: string; readonly description?: string | undefined },
  spec: Entity["spec"],
): Entity {
  const { id, title, description } = about;
  const told = description === undefined || description === "" ? {} : { description };
  return {
    apiVersion: "backstage.io/v1alpha1",
    kind,
    metadata: { name: entityName(id), title, ...told },
    spec,
  };
}

/** Identifiers begin with a letter; Backstage wants them to end with a letter or a digit too, within 63 characters. */
function entityName(id: string): string {
  const short = id.slice(0, 60);
  return /[A-Za-z0-9]$/u.test(short) ? short : `${short}end`;
}

function entitiesOf(scenario: Scenario, stage: string): readonly Entity[] {
  const plan = planOf(scenario);
  const system = entityName(scenario.id);
  const about = { id: scenario.id, title: scenario.title || scenario.id };
  return [
    entity("System", { ...about, description: scenario.description }, { owner: nobody }),
    ...exportApplications(scenario).flatMap(({ id, name, document }) => {
      const owner = ownerOfApplication(plan, id);
      const common = { lifecycle: stage, owner, system };
      const node = nodeOf(scenario, id);
      return [
        entity(
          "Component",
          { id, title: name, description: node?.description },
          { type: "service", ...common, ...relationsOf(plan, id) },
        ),
        entity(
          "API",
          { id: apiName(id), title: `${name}: messages` },
          { type: "asyncapi", ...common, definition: writeDocument(document, "yaml") },
        ),
      ];
    }),
    ...brokersIn(scenario, system),
    ...scenario.nodes
      .filter(({ kind }) => kind === "store")
      .map((node) => storeOf(plan, node, system)),
  ];
}

function apiName(id: string): string {
  return `${entityName(id.slice(0, 48))}-messages`;
}

/** What a component has to do with others: it consumes the APIs of those whose events or answers it gets. */
function relationsOf(plan: Plan, id: string): Readonly<Record<string, readonly string[]>> {
  const { scenario, reaching } = plan;
  const { publishes, consumes, calls } = deedsOf(plan, id);
  const events = new Set(consumes.flatMap(({ from }) => reaching.get(from) ?? []));
  const senders = scenario.connections
    .filter((one) => one.kind === "publish" && one.from !== id && events.has(one.contract))
    .map(({ from }) => from);
  const stores = scenario.connections.filter(
    (one) => (one.kind === "write" || one.kind === "read") && one.from === id,
  );
  const apis = [...new Set([...senders, ...calls.map(({ to }) => to)])].map(apiName);
  const resources = [
    ...publishes.map(({ to }) => to),
    ...consumes.map(({ from }) => from),
    ...stores.map(({ to }) => to),
  ];
  const depends = [...new Set(resources)].map((one) => `resource:${entityName(one)}`);
  return {
    providesApis: [apiName(id)],
    ...(apis.length === 0 ? {} : { consumesApis: apis }),
    ...(depends.length === 0 ? {} : { dependsOn: depends }),
  };
}

/** Brokers, and their channels, which depend on them. */
function brokersIn(scenario: Scenario, system: string): readonly Entity[] {
  return brokersOf(scenario).flatMap(({ technology, config }) => {
    const node = nodeOf(scenario, config.id);
    const title = nameOf(scenario, config.id);
    const about = { id: config.id, title, description: node?.description };
    return [
      entity("Resource", about, { type: `${technology}-cluster`, owner: nobody, system }),
      ...config.channels.map((channel) =>
        entity(
          "Resource",
          { id: channel.id, title: channel.name },
          {
            type: deployments[technology].resourceType(channel),
            owner: nobody,
            system,
            dependsOn: [`resource:${entityName(config.id)}`],
          },
        ),
      ),
    ];
  });
}

function storeOf(plan: Plan, { id, description }: Node, system: string): Entity {
  const { scenario } = plan;
  const [writer] = scenario.connections.filter((one) => one.kind === "write" && one.to === id);
  const owner = writer === undefined ? nobody : ownerOfApplication(plan, writer.from);
  const about = { id, title: nameOf(scenario, id), description };
  return entity("Resource", about, { type: "database", owner, system });
}
