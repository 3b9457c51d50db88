// A scenario as AsyncAPI 3.0: one document for the whole system, and one for each application from its own point of view.
// Expects a document without errors (`checkScenario`); what AsyncAPI cannot say stands in `x-` extensions.

import { nameOf } from "../model/elements.ts";
import type { Node, Scenario } from "../model/scenario.ts";
import {
  channelObject,
  messageObjects,
  schemaObjects,
  serverKeyOf,
  serverObject,
} from "./components.ts";
import { type AsyncApiDocument, withoutGaps } from "./document.ts";
import { type Deed, deedsIn, messageKey, replyKey } from "./operations.ts";
import { applicationsOf, type Plan, planOf } from "./routes.ts";

/** The document of one application. */
export interface ApplicationDocument {
  /** Id of the producer or service; stem of the file name. */
  readonly id: string;
  readonly name: string;
  readonly document: AsyncApiDocument;
}

/** One document with every channel and the operations of all applications: for overview and catalogues.
 *  Its title says so, because code generators would take them for the operations of one application. */
export function exportSystem(scenario: Scenario): AsyncApiDocument {
  const plan = planOf(scenario);
  const applications = applicationsOf(scenario);
  const deeds = applications.flatMap((application) => {
    const tags = [{ name: nameOf(scenario, application.id) }];
    return deedsIn(plan, application).map((deed) => withTags(deed, tags));
  });
  const needs = [...deeds.flatMap((deed) => deed.needs), ...allChannels(plan)];
  const title = scenario.title === "" ? scenario.id : scenario.title;
  return assemble(plan, {
    title: `${title} (all applications)`,
    description: paragraphs(
      scenario.description,
      "All applications of the system in one document, for overview. Each operation is seen from the application that its tag names; generate code from the document of that application instead.",
    ),
    extension: { scenario: scenario.id, view: "system" },
    deeds,
    needs,
    alsoDefine: scenario.contracts.map(({ id }) => messageKey(plan, id)),
  });
}

/** One document for each producer and service, in the order of the scenario. */
export function exportApplications(scenario: Scenario): readonly ApplicationDocument[] {
  const plan = planOf(scenario);
  return applicationsOf(scenario).map((application) => ({
    id: application.id,
    name: nameOf(scenario, application.id),
    document: exportApplication(plan, application),
  }));
}

function exportApplication(plan: Plan, application: Node): AsyncApiDocument {
  const { scenario } = plan;
  const deeds = deedsIn(plan, application);
  const writes = scenario.connections
    .filter((one) => one.kind === "write" && one.from === application.id)
    .map((one) => nameOf(scenario, one.to));
  return assemble(plan, {
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
    deeds,
    needs: deeds.flatMap(({ needs }) => needs),
    alsoDefine: [],
  });
}

function withTags(deed: Deed, tags: readonly { name: string }[]): Deed {
  const { "x-spillway": extension, ...operation } = deed.operation;
  return { ...deed, operation: withoutGaps({ ...operation, tags, "x-spillway": extension }) };
}

// In the system's document a channel lists all that reaches it, even where nobody publishes or consumes.
function allChannels(plan: Plan): Deed["needs"] {
  return plan.scenario.channels.map(({ id }) => ({
    channel: id,
    messages: (plan.reaching.get(id) ?? []).map((contract) => messageKey(plan, contract)),
  }));
}

function paragraphs(...texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== "").join("\n\n");
}

interface Contents {
  readonly title: string;
  readonly description: string;
  readonly extension: Readonly<Record<string, unknown>>;
  readonly deeds: readonly Deed[];
  readonly needs: Deed["needs"];
  /** Messages that belong into the document even when nobody sends them. */
  readonly alsoDefine: readonly string[];
}

function assemble(plan: Plan, contents: Contents): AsyncApiDocument {
  const passing = messagesByChannel(plan, contents.needs);
  const used = new Set([...[...passing.values()].flat(), ...contents.alsoDefine]);
  const servers = new Set([...passing.keys()].map((channel) => serverKeyOf(plan, channel)));
  const messages = messageObjects(plan, used);
  return withoutGaps({
    asyncapi: "3.0.0",
    info: {
      title: contents.title,
      version: "1.0.0",
      description: contents.description,
      "x-spillway": contents.extension,
    },
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
    components: used.size === 0 ? undefined : { messages, schemas: schemaObjects(plan, used) },
  } as const);
}

// Channels in the order of the scenario, requests after them; messages in the order of the contracts.
function messagesByChannel(
  plan: Plan,
  needs: Deed["needs"],
): ReadonlyMap<string, readonly string[]> {
  const order = plan.scenario.contracts.flatMap(({ id }) => {
    const key = messageKey(plan, id);
    return [key, replyKey(key)];
  });
  const channels = [
    ...plan.scenario.channels.map(({ id }) => id),
    ...plan.requests.map(({ key }) => key),
  ];
  const wanted = new Map<string, Set<string>>();
  for (const { channel, messages } of needs)
    wanted.set(channel, new Set([...(wanted.get(channel) ?? []), ...messages]));
  return new Map(
    channels
      .filter((channel) => wanted.has(channel))
      .map((channel) => [channel, order.filter((key) => wanted.get(channel)?.has(key))]),
  );
}

function pick<Value>(
  order: readonly string[],
  wanted: ReadonlySet<string | undefined>,
  make: (key: string) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(order.filter((key) => wanted.has(key)).map((key) => [key, make(key)]));
}
