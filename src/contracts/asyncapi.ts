// A scenario as AsyncAPI 3: one document for the whole system, one for each application from its own point of view, or
// a catalogue without operations. Expects a document without errors (`checkScenario`); what AsyncAPI cannot say stands
// in `x-` extensions.

import { nameOf } from "../model/elements.ts";
import type { Node, Scenario } from "../model/scenario.ts";
import { type InfoLens, type InfoLenses, scenarioBesides } from "./carried.ts";
import { channelObject, serverKeyOf, serverObject } from "./components.ts";
import {
  type AsyncApiDocument,
  type Extension,
  type InfoObject,
  type Tag,
  type Version3,
  withoutGaps,
} from "./document.ts";
import { inOrder } from "./messageKeys.ts";
import { componentsOf } from "./messages.ts";
import { type Deed, deedsIn } from "./operations.ts";
import { contactLens, licenceLens } from "./contact.ts";
import { applicationsOf, type Plan, planOf } from "./routes.ts";
import { schemesOf } from "./security.ts";

/** The document of one application. */
export interface ApplicationDocument {
  /** Id of the producer or service; stem of the file name. */
  readonly id: string;
  readonly name: string;
  readonly document: AsyncApiDocument;
}

/** How documents are written. */
export interface Writing {
  readonly version?: Version3;
  /** Whether the document carries its scenario, so that it can be read back (fromExtensions.ts). */
  readonly embed?: boolean;
}

/** One document with every channel and the operations of all applications: for overview and catalogues.
 *  Its title says so, because code generators would take them for the operations of one application. */
export function exportSystem(
  scenario: Scenario,
  { version = "3.1.0", embed = false }: Writing = {},
): AsyncApiDocument {
  const plan = planOf(scenario, { embed });
  const deeds = applicationsOf(scenario).flatMap((application) => {
    const tags = [{ name: nameOf(scenario, application.id) }];
    return deedsIn(plan, application).map((deed) => withTags(deed, tags));
  });
  return assemble(plan, {
    version,
    info: {
      title: titleLens(scenario.id).write(scenario.title),
      description: systemLens.write(scenario.description),
      extension: embed
        ? { view: "system", scenario: scenarioBesides(scenario, infoLenses(scenario.id)) }
        : { scenario: scenario.id, view: "system" },
    },
    deeds,
    needs: [...deeds.flatMap((deed) => deed.needs), ...allChannels(plan)],
    alsoDefine: allMessages(plan),
  });
}

/** A document with every server, channel and message and without operations: it belongs to no application, so that
 *  nobody can take it for one. Who sends and receives stands in extensions of the channels. */
export function exportCatalogue(
  scenario: Scenario,
  { version = "3.1.0" }: Pick<Writing, "version"> = {},
): AsyncApiDocument {
  const plan = planOf(scenario);
  const deeds = applicationsOf(scenario).flatMap((application) => deedsIn(plan, application));
  const { operations: _, ...document } = assemble(plan, {
    version,
    info: {
      title: `${titleOf(scenario)} (catalogue)`,
      description: paragraphs(
        scenario.description,
        "All channels and messages of the system, without the operations of any application.",
      ),
      extension: { scenario: scenario.id, view: "catalogue" },
    },
    deeds: [],
    needs: [...deeds.flatMap(({ needs }) => needs), ...allChannels(plan)],
    alsoDefine: allMessages(plan),
  });
  const channels = Object.entries(document.channels).map(
    ([key, channel]) =>
      [
        key,
        { ...channel, "x-spillway": { ...channel["x-spillway"], ...usersOf(deeds, key) } },
      ] as const,
  );
  return { ...document, channels: Object.fromEntries(channels) };
}

/** One document for each producer and service, in the order of the scenario. */
export function exportApplications(
  scenario: Scenario,
  { version = "3.1.0" }: Pick<Writing, "version"> = {},
): readonly ApplicationDocument[] {
  const plan = planOf(scenario);
  return applicationsOf(scenario).map((application) => ({
    id: application.id,
    name: nameOf(scenario, application.id),
    document: exportApplication(plan, application, version),
  }));
}

function exportApplication(plan: Plan, application: Node, version: Version3): AsyncApiDocument {
  const { scenario } = plan;
  const deeds = deedsIn(plan, application);
  const writes = scenario.connections
    .filter((one) => one.kind === "write" && one.from === application.id)
    .map((one) => nameOf(scenario, one.to));
  return assemble(plan, {
    version,
    info: {
      title: nameOf(scenario, application.id),
      description: paragraphs(
        application.description,
        `What ${nameOf(scenario, application.id)} sends and receives in the system “${scenario.title}”.`,
      ),
      extension: withoutGaps({
        scenario: scenario.id,
        view: "application",
        application: application.id,
        writesInto: writes.length > 0 ? writes : undefined,
      }),
    },
    deeds,
    needs: deeds.flatMap(({ needs }) => needs),
    alsoDefine: [],
  });
}

function withTags(deed: Deed, tags: readonly { name: string }[]): Deed {
  const { bindings, "x-spillway": extension, ...operation } = deed.operation;
  return {
    ...deed,
    operation: withoutGaps({ ...operation, tags, bindings, "x-spillway": extension }),
  };
}

// In the system's document a channel lists all that reaches it, even where nobody publishes or consumes.
function allChannels(plan: Plan): Deed["needs"] {
  return plan.scenario.channels.map(({ id }) => ({
    channel: id,
    messages: plan.passing.get(id) ?? [],
  }));
}

/** Also the events that nobody sends, and the versions that nobody speaks. */
function allMessages(plan: Plan): readonly string[] {
  return [...plan.keys.versions.values()].flatMap((versions) => [...versions.values()]);
}

function usersOf(deeds: readonly Deed[], channel: string): Extension {
  const users = (action: "send" | "receive"): readonly unknown[] | undefined => {
    const found = deeds
      .filter(({ operation }) => operation.action === action)
      .filter(({ operation }) => operation.channel.$ref === `#/channels/${channel}`)
      .map(({ operation }) => operation["x-spillway"]?.["application"]);
    return found.length > 0 ? [...new Set(found)] : undefined;
  };
  return withoutGaps({ sentBy: users("send"), receivedBy: users("receive") });
}

function titleOf(scenario: Scenario): string {
  return scenario.title === "" ? scenario.id : scenario.title;
}

const titleSuffix = " (all applications)";

const systemNote =
  "All applications of the system in one document, for overview. Each operation is seen from the application that its tag names; generate code from the document of that application instead.";

/** How the head of a system's document says what its scenario says of itself. */
export function infoLenses(id: string): InfoLenses {
  return {
    title: titleLens(id),
    description: systemLens,
    contact: contactLens,
    licence: licenceLens,
  };
}

function titleLens(id: string): InfoLens {
  return {
    write: (title) => (title === undefined || title === "" ? id : title) + titleSuffix,
    read: (said) => (typeof said === "string" ? withoutEnd(said, titleSuffix) : undefined),
  };
}

const systemLens: InfoLens = {
  write: (description) => paragraphs(description, systemNote),
  read: (said) => {
    if (typeof said !== "string" || said === systemNote) return undefined;
    return withoutEnd(said, `\n\n${systemNote}`);
  },
};

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}

function paragraphs(...texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== "").join("\n\n");
}

interface Contents {
  readonly version: Version3;
  readonly info: Pick<InfoObject, "title" | "description"> & { readonly extension: Extension };
  readonly deeds: readonly Deed[];
  readonly needs: Deed["needs"];
  /** Messages that belong into the document even when nobody sends them. */
  readonly alsoDefine: readonly string[];
}

function assemble(plan: Plan, contents: Contents): AsyncApiDocument {
  const passing = messagesByChannel(plan, contents.needs);
  const used = new Set([...[...passing.values()].flat(), ...contents.alsoDefine]);
  const servers = new Set([...passing.keys()].map((channel) => serverKeyOf(plan, channel)));
  const brokers = plan.scenario.nodes.filter(({ kind }) => kind === "broker").map(({ id }) => id);
  if (plan.embed) for (const id of brokers) servers.add(id);
  const securitySchemes = schemesOf(plan.scenario.nodes.filter(({ id }) => servers.has(id)));
  return withoutGaps({
    asyncapi: contents.version,
    info: infoOf(plan, contents),
    defaultContentType: "application/json",
    servers:
      servers.size === 0
        ? undefined
        : pick(
            plan.scenario.nodes.map(({ id }) => id),
            servers,
            (key) => serverObject(plan, key),
          ),
    channels: Object.fromEntries(
      [...passing].map(([key, through]) => [key, channelObject(plan, key, through)]),
    ),
    operations: Object.fromEntries(contents.deeds.map(({ key, operation }) => [key, operation])),
    components: securitySchemes
      ? { ...componentsOf(plan, used), securitySchemes }
      : used.size === 0
        ? undefined
        : componentsOf(plan, used),
  });
}

// What a scenario does not say of itself is left out, though linters ask for it: nothing is made up in somebody's name.
function infoOf(plan: Plan, { info: { title, description, extension } }: Contents): InfoObject {
  const { contact, licence } = plan.scenario;
  return withoutGaps({
    title,
    version: "1.0.0",
    description,
    contact: contactLens.write(contact),
    license: licenceLens.write(licence),
    tags: tagsOf(plan),
    "x-spillway": extension,
  });
}

function tagsOf({ scenario }: Plan): readonly Tag[] {
  return [{ name: scenario.id, description: `Belongs to the system “${titleOf(scenario)}”.` }];
}

// Channels in the order of the scenario, requests after them; messages in the order of the contracts.
function messagesByChannel(
  plan: Plan,
  needs: Deed["needs"],
): ReadonlyMap<string, readonly string[]> {
  const channels = [
    ...plan.scenario.channels.map(({ id }) => id),
    ...plan.requests.map(({ key }) => key),
  ];
  const wanted = new Map<string, string[]>();
  for (const { channel, messages } of needs) {
    const known = wanted.get(channel);
    if (known === undefined) wanted.set(channel, [...messages]);
    else known.push(...messages);
  }
  return new Map(
    channels
      .filter((channel) => wanted.has(channel))
      .map((channel) => [channel, inOrder(plan.keys, wanted.get(channel) ?? [])]),
  );
}

function pick<Value>(
  order: readonly string[],
  wanted: ReadonlySet<string | undefined>,
  make: (key: string) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(order.filter((key) => wanted.has(key)).map((key) => [key, make(key)]));
}
