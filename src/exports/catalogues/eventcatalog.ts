// A folder for EventCatalog: a domain with its services, events, commands, channels and stores, each a page with front
// matter, schemas and AsyncAPI documents beside them (https://www.eventcatalog.dev/docs).

import { exportApplications } from "../../contracts/asyncapi.ts";
import { applicationsOf, deedsOf, type Plan, planOf } from "../../contracts/routes.ts";
import { writeDocument } from "../../contracts/yaml.ts";
import { formatOf, versionsOf } from "../../model/contracts.ts";
import { nameOf } from "../../model/elements.ts";
import { manualOf } from "../../model/manual.ts";
import type { Channel, Contract, ContractVersion, Node, Scenario } from "../../model/scenario.ts";
import { languageFacts, loadLanguage } from "../../schemas/languages.ts";
import { yamlOf } from "../brokers.ts";
import type { ExportFile, WayOut } from "../wayOut.ts";
import { nobody, ownerOf, ownerOfApplication, remarksOn } from "./owners.ts";
import { semanticVersions } from "./semver.ts";

/** A catalogue for EventCatalog. */
export const eventcatalog: WayOut = {
  id: "eventcatalog",
  label: "EventCatalog",
  description: "Pages for EventCatalog: domain, services, events, channels, schemas.",
  group: "Catalogues",
  choices: [],
  make: async (scenario) => {
    if (scenario.nodes.length === 0)
      return { files: [], remarks: ["There is nothing to put into a catalogue yet."] };
    const plan = planOf(scenario);
    const applications = applicationsOf(scenario);
    const owners = [
      ...scenario.contracts.map(ownerOf),
      ...applications.map(({ id }) => ownerOfApplication(plan, id)),
    ];
    const files: ExportFile[] = [
      domainPage(scenario, applications),
      ...applications.flatMap((node) => servicePages(plan, node)),
      ...asyncapiFiles(scenario),
      ...scenario.channels.map((channel) => channelPage(scenario, channel)),
      ...scenario.nodes.filter(({ kind }) => kind === "store").map((node) => storePage(plan, node)),
      ...[...new Set([...owners, nobody])].map(teamPage),
    ];
    for (const contract of scenario.contracts) files.push(...(await messagePages(plan, contract)));
    return { files, remarks: remarksOn(owners) };
  },
};

/** Version of everything that has none of its own. */
const version = "1.0.0";

type Front = Readonly<Record<string, unknown>>;

function page(path: string, front: Front, body: string): ExportFile {
  const present = Object.entries(front).filter(([, value]) => value !== undefined);
  const head = yamlOf([Object.fromEntries(present)]);
  return { name: path, text: `---\n${head}---\n\n${body.trim()}\n` };
}

/** A text as Markdown with components reads it: braces and angles mean themselves. */
function plain(text: string): string {
  return text.replace(/[{}<>]/gu, String.raw`\$&`);
}

function domainPage(scenario: Scenario, applications: readonly Node[]): ExportFile {
  const title = scenario.title || scenario.id;
  const front = {
    id: scenario.id,
    name: title,
    version,
    summary: firstSentence(scenario.description) ?? `Everything of “${title}”.`,
    owners: [nobody],
    services: applications.map(({ id }) => ({ id, version })),
  };
  const body = `${plain(scenario.description ?? `The system “${title}”.`)}\n\n<NodeGraph />`;
  return page(`domains/${scenario.id}/index.mdx`, front, body);
}

function firstSentence(text: string | undefined): string | undefined {
  const first = /^[^]*?[.!?](?=\s|$)/u.exec(text?.trim() ?? "")?.[0] ?? text?.trim();
  return first === undefined || first === "" ? undefined : first.replace(/\s+/gu, " ");
}

function servicePages(plan: Plan, node: Node): readonly ExportFile[] {
  const { scenario, reaching } = plan;
  const { publishes, consumes, calls, answers } = deedsOf(plan, node.id);
  const written = scenario.connections.filter(
    (one) => one.kind === "write" && one.from === node.id,
  );
  const sends = [
    ...publishes.map(({ contract, to }) => ({ ...pointer(plan, contract), to: [{ id: to }] })),
    ...calls.map(({ contract }) => pointer(plan, contract)),
  ];
  const receives = [
    ...consumes.flatMap(({ from }) =>
      (reaching.get(from) ?? []).map((contract) => ({
        ...pointer(plan, contract),
        from: [{ id: from }],
      })),
    ),
    ...answers.map(({ contract }) => pointer(plan, contract.id)),
  ];
  const name = nameOf(scenario, node.id);
  const kind = node.kind === "producer" ? "Sends into" : "Works in";
  const front = {
    id: node.id,
    name,
    version,
    summary: firstSentence(node.description) ?? `${kind} “${scenario.title || scenario.id}”.`,
    owners: [ownerOfApplication(plan, node.id)],
    sends: merged(sends, "to"),
    receives: merged(receives, "from"),
    ...(written.length === 0 ? {} : { writesTo: written.map(({ to }) => ({ id: to, version })) }),
    specifications: [{ type: "asyncapi", path: "asyncapi.yaml", name: "AsyncAPI" }],
  };
  const body = `${plain(node.description ?? `${kind} the system.`)}\n\n<NodeGraph />`;
  return [page(`services/${node.id}/index.mdx`, front, body)];
}

interface Pointer {
  readonly id: string;
  readonly version: string;
  readonly to?: readonly { readonly id: string }[];
  readonly from?: readonly { readonly id: string }[];
}

function pointer({ contracts }: Plan, id: string): Pointer {
  const contract = contracts.get(id);
  const newest = contract && semanticVersions(contract).get(contract.contractVersion);
  return { id, version: newest ?? version };
}

/** Every message once, with all the channels that it takes. */
function merged(pointers: readonly Pointer[], way: "to" | "from"): readonly Pointer[] {
  return [...new Set(pointers.map(({ id }) => id))].flatMap((id) => {
    const same = pointers.filter((one) => one.id === id);
    const channels = [...new Set(same.flatMap((one) => one[way] ?? []).map((one) => one.id))];
    const [first] = same;
    if (first === undefined) return [];
    const where =
      channels.length === 0 ? {} : { [way]: channels.map((channel) => ({ id: channel })) };
    return [{ id, version: first.version, ...where }];
  });
}

function asyncapiFiles(scenario: Scenario): readonly ExportFile[] {
  return exportApplications(scenario).map(({ id, document }) => ({
    name: `services/${id}/asyncapi.yaml`,
    text: writeDocument(document, "yaml"),
  }));
}

function channelPage(scenario: Scenario, channel: Channel): ExportFile {
  const name = nameOf(scenario, channel.id);
  const broker = nameOf(scenario, channel.broker);
  const protocol = manualOf(scenario, channel.id)?.asyncapi.protocol;
  const front = {
    id: channel.id,
    name,
    version,
    summary: firstSentence(channel.description) ?? `A ${channel.kind} of ${broker}.`,
    owners: [nobody],
    address: name,
    protocols: protocol === undefined ? undefined : [protocol],
  };
  const body = `${plain(channel.description ?? `A ${channel.kind} of ${broker}.`)}\n\n<ChannelInformation />`;
  return page(`channels/${channel.id}/index.mdx`, front, body);
}

function storePage(plan: Plan, node: Node): ExportFile {
  const { scenario } = plan;
  const name = nameOf(scenario, node.id);
  const summary = firstSentence(node.description) ?? `Data of “${scenario.title || scenario.id}”.`;
  const writers = scenario.connections.filter((one) => one.kind === "write" && one.to === node.id);
  const owner = writers.map(({ from }) => ownerOfApplication(plan, from))[0] ?? nobody;
  const front = {
    id: node.id,
    name,
    version,
    summary,
    owners: [owner],
    container_type: "database",
  };
  return page(`containers/${node.id}/index.mdx`, front, plain(node.description ?? summary));
}

function teamPage(id: string): ExportFile {
  const isNobody = id === nobody;
  const front = {
    id,
    name: isNobody ? "Not assigned" : id,
    summary: isNobody ? "What has no owner yet." : `Owner of contracts of this system.`,
  };
  return page(`teams/${id}.mdx`, front, isNobody ? "Nobody is named as owner yet." : plain(id));
}

/** The newest version of a message as its page, earlier ones below it; each with its schema. */
async function messagePages(plan: Plan, contract: Contract): Promise<readonly ExportFile[]> {
  const isCommand = plan.scenario.connections.some(
    (one) => one.kind === "call" && one.contract === contract.id,
  );
  const folder = `${isCommand ? "commands" : "events"}/${contract.id}`;
  const { textOf } = await loadLanguage(formatOf(contract));
  const versions = semanticVersions(contract);
  return versionsOf(contract).flatMap((one) => {
    const known = versions.get(one.contractVersion) ?? version;
    const place = one === contract ? folder : `${folder}/versioned/${known}`;
    const schema = `schema${languageFacts[formatOf(contract)].fileEnding.replace(".schema", "")}`;
    return [
      messagePage(contract, one, { path: `${place}/index.mdx`, version: known, schema }),
      { name: `${place}/${schema}`, text: `${textOf(one.schema).trimEnd()}\n` },
    ];
  });
}

function messagePage(
  contract: Contract,
  written: ContractVersion,
  about: { readonly path: string; readonly version: string; readonly schema: string },
): ExportFile {
  const { name, description, tags = [], deprecated } = contract;
  const front = {
    id: contract.id,
    name,
    version: about.version,
    summary: firstSentence(description) ?? `The message ${name}.`,
    owners: [ownerOf(contract)],
    schemaPath: about.schema,
    ...(deprecated === true ? { deprecated: true } : {}),
    ...(tags.length === 0
      ? {}
      : {
          badges: tags.map((content) => ({
            content,
            backgroundColor: "blue",
            textColor: "blue",
          })),
        }),
  };
  const renamed =
    written.contractVersion === about.version
      ? ""
      : `\n\nThe contract calls this version “${plain(written.contractVersion)}”.`;
  const body = `${plain(description ?? `The message ${name}.`)}${renamed}\n\n<SchemaViewer file="${about.schema}" />\n\n<NodeGraph />`;
  return page(about.path, front, body);
}
