// The way back from AsyncAPI: the scenario that a document carries under `x-spillway`. What AsyncAPI itself says counts
// where somebody has changed it in another tool; everything comes in through the strict parser.

import { pathTo, type Problem } from "../base/problem.ts";
import { fail, type Result, succeed } from "../base/result.ts";
import { isObject } from "../model/equal.ts";
import { parseScenario } from "../model/parse.ts";
import type { Scenario } from "../model/scenario.ts";
import { infoLenses } from "./asyncapi.ts";
import { withBindings } from "./bindingEdits.ts";
import { addressLens, nameLens } from "./components.ts";
import { contractsIn } from "./contractsBack.ts";
import { recover } from "./lens.ts";
import {
  extensionOf,
  follow,
  type Foreign,
  isExcessive,
  listIn,
  memberOf,
  objectsIn,
  without,
} from "./lookup.ts";
import { descriptionLens } from "./operations.ts";
import { readScheme } from "./security.ts";

/** A scenario that was read from a document. */
export interface CarriedScenario {
  readonly scenario: Scenario;
  /** Warnings about what of the document is not in the scenario. */
  readonly remarks: readonly Problem[];
}

/** Whether a document (the value of its YAML or JSON) says that it carries a scenario. */
export function carriesScenario(document: unknown): boolean {
  const extension = memberOf(memberOf(document, "info"), "x-spillway");
  return isObject(memberOf(extension, "scenario"));
}

/** The scenario that a document carries. The document is foreign data; problems point into it. References to other files
 *  are not followed. */
export function scenarioOfAsyncapi(document: unknown): Result<CarriedScenario, readonly Problem[]> {
  if (isExcessive(document))
    return fail([
      about(
        "asyncapi/too-large",
        "",
        "The document is too large or nested too deeply to be read. Import a smaller one.",
      ),
    ]);
  if (!carriesScenario(document))
    return fail([
      about(
        "asyncapi/no-scenario",
        "/info/x-spillway",
        "The document carries no scenario. Import its channels and operations instead.",
      ),
    ]);
  const { raw, elements, remarks } = assemble(document);
  const parsed = parseScenario(raw);
  if (!parsed.ok) return fail(parsed.failure.map((problem) => placed(problem, elements)));
  const edited = withBindings(parsed.value, document);
  return edited.ok
    ? succeed({ scenario: edited.value, remarks })
    : fail(edited.failure.map((problem) => placed(problem, elements)));
}

/** Where problems of the whole scenario are. */
const scenarioPath = "/info/x-spillway/scenario";

/** An element that is to be parsed, and where in the document it stands. */
export interface Found {
  readonly id: unknown;
  readonly value: unknown;
  readonly pointer: string;
}

interface Assembly {
  readonly raw: unknown;
  readonly elements: Readonly<Record<string, readonly Found[]>>;
  readonly remarks: readonly Problem[];
}

function assemble(document: unknown): Assembly {
  const info = memberOf(document, "info");
  const carried = memberOf(extensionOf(info), "scenario");
  const rest = isObject(carried) ? carried : {};
  const lists = {
    nodes: inOrder(rest, "nodes", brokersIn(document)),
    channels: inOrder(rest, "channels", channelsIn(document)),
    connections: inOrder(rest, "connections", [...feedsIn(document), ...operationsIn(document)]),
    contracts: inOrder(rest, "contracts", contractsIn(document, listIn(rest, "contracts"))),
  };
  const lenses = infoLenses(typeof rest["id"] === "string" ? rest["id"] : "");
  const text = (name: "title" | "description"): unknown =>
    typeof rest[name] === "string"
      ? rest[name]
      : recover(rest[name], memberOf(info, name), lenses[name].read);
  const party = (name: "contact" | "licence", saidAs: string): unknown =>
    isWhole(rest[name])
      ? rest[name]
      : recover(rest[name], memberOf(info, saidAs), lenses[name].read);
  const values = (found: readonly Found[]): readonly unknown[] => found.map(({ value }) => value);
  return {
    raw: {
      ...rest,
      title: text("title"),
      description: text("description"),
      contact: party("contact", "contact"),
      licence: party("licence", "license"),
      nodes: values(lists.nodes),
      channels: values(lists.channels),
      connections: values(lists.connections),
      contracts: values(lists.contracts),
    },
    elements: lists,
    remarks: leftOut(document),
  };
}

// Documents that carry the whole scenario carry no originals beside what they say.
function isWhole(value: unknown): boolean {
  return isObject(value) && !("of" in value);
}

// The list gives the order; elements without an object stand in it themselves. What is in the document but not in the
// list comes last; what is only listed has been removed from the document.
function inOrder(rest: Foreign, list: string, found: readonly Found[]): readonly Found[] {
  const unlisted = new Map(found.map((one) => [one.id, one]));
  const ordered: Found[] = [];
  for (const [index, entry] of listIn(rest, list).entries()) {
    const id = typeof entry === "string" ? entry : memberOf(entry, "id");
    const object = unlisted.get(id);
    const isListedOnly = typeof entry === "string" || memberOf(entry, "versions") !== undefined;
    unlisted.delete(id);
    if (!isListedOnly)
      ordered.push({ id, value: entry, pointer: pathTo(`${scenarioPath}/${list}`, index) });
    else if (object !== undefined) ordered.push(object);
  }
  return [...ordered, ...unlisted.values()];
}

function brokersIn(document: unknown): readonly Found[] {
  return objectsIn(document, "servers").flatMap(([key, server]) => {
    const extension = extensionOf(server);
    const { node: id, technology, name } = extension;
    if (typeof id !== "string") return [];
    const value = {
      ...without(extension, ["node", "modelledVersion"]),
      id,
      kind: "broker",
      technology,
      name: recover(name, server["title"], nameLens(id).read),
      description: server["description"],
      security: readScheme(follow(document, listIn(server, "security")[0]).value),
    };
    return [{ id, value, pointer: pathTo("/servers", key) }];
  });
}

function channelsIn(document: unknown): readonly Found[] {
  return objectsIn(document, "channels").flatMap(([key, channel]) => {
    const extension = extensionOf(channel);
    const { channel: id, name } = extension;
    if (typeof id !== "string") return [];
    const brokers = listIn(channel, "servers").map(
      (server) => extensionOf(follow(document, server).value)["node"],
    );
    const value = {
      ...without(extension, ["channel", "feeds"]),
      id,
      broker: brokers.find((broker) => broker !== undefined),
      name: recover(name, channel["address"], addressLens(id).read),
      description: channel["description"],
    };
    return [{ id, value, pointer: pathTo("/channels", key) }];
  });
}

function feedsIn(document: unknown): readonly Found[] {
  return objectsIn(document, "channels").flatMap(([key, channel]) => {
    const { channel: from, feeds } = extensionOf(channel);
    if (typeof from !== "string" || !Array.isArray(feeds)) return [];
    return feeds.filter(isObject).map((feed, index) => {
      const { connection: id, channel: to } = feed;
      const value = { ...without(feed, ["connection", "channel"]), id, kind: "bind", from, to };
      return { id, value, pointer: pathTo(`${pathTo("/channels", key)}/x-spillway/feeds`, index) };
    });
  });
}

function operationsIn(document: unknown): readonly Found[] {
  const newest = newestVersions(document);
  return objectsIn(document, "operations").flatMap(([key, operation]) => {
    const extension = extensionOf(operation);
    const { connection: id, application } = extension;
    if (typeof id !== "string") return [];
    const channel = extensionOf(follow(document, operation["channel"]).value);
    const link = {
      ...without(extension, ["connection", "application"]),
      id,
      description: descriptionLens(operation["title"]).read(operation["description"]),
    };
    const messages = listIn(operation, "messages").map((one) =>
      extensionOf(follow(document, one).value),
    );
    const value =
      operation["action"] === "receive"
        ? {
            ...link,
            kind: "consume",
            from: channel["channel"],
            to: application,
            reads: readsOf(extension["reads"], messages, newest),
          }
        : {
            ...link,
            ...sending(channel),
            from: application,
            ...written(extension["contractVersion"], messages.at(0), newest),
          };
    return [{ id, value, pointer: pathTo("/operations", key) }];
  });
}

function sending({ channel, answeredBy }: Foreign): Foreign {
  return answeredBy === undefined
    ? { kind: "publish", to: channel }
    : { kind: "call", to: answeredBy };
}

/** Contract → its newest version, as the document says it. */
function newestVersions(document: unknown): ReadonlyMap<unknown, unknown> {
  const carried = memberOf(extensionOf(memberOf(document, "info")), "scenario");
  const lists = listIn(carried, "contracts").filter(isObject);
  return new Map(lists.map((entry) => [entry["id"], listIn(entry, "versions").at(-1)]));
}

// A version that nobody stated is the newest one; another message in the operation states one.
function written(
  kept: unknown,
  message: Foreign | undefined,
  newest: ReadonlyMap<unknown, unknown>,
): Foreign {
  const contract = message?.["contract"];
  const said = message?.["contractVersion"];
  const expected = kept ?? newest.get(contract) ?? said;
  return { contract, contractVersion: said === expected ? kept : said };
}

function readsOf(
  kept: unknown,
  messages: readonly Foreign[],
  newest: ReadonlyMap<unknown, unknown>,
): unknown {
  const changed: Record<string, unknown> = {};
  for (const message of messages) {
    const { contract } = message;
    if (typeof contract !== "string" || !newest.has(contract)) continue;
    const { contractVersion } = written(memberOf(kept, contract), message, newest);
    if (contractVersion !== undefined) changed[contract] = contractVersion;
  }
  return Object.keys(changed).length === 0 || (kept !== undefined && !isObject(kept))
    ? kept
    : { ...(isObject(kept) ? kept : {}), ...changed };
}

// Objects that were added in another tool: nothing says how they behave.
function leftOut(document: unknown): readonly Problem[] {
  const marks = {
    servers: ["node", "service"],
    channels: ["channel", "answeredBy"],
    operations: ["application"],
  };
  const isWhole = objectsIn(document, "operations").length === 0;
  if (isWhole) return [];
  return Object.entries(marks).flatMap(([list, names]) =>
    objectsIn(document, list)
      .filter(([, object]) => !names.some((name) => typeof extensionOf(object)[name] === "string"))
      .map(([key]) => ({
        ...about(
          "asyncapi/left-out",
          pathTo(`/${list}`, key),
          `“${key}” carries nothing of the scenario and was left out. Draw it, or import the document without its scenario.`,
        ),
        severity: "warning" as const,
      })),
  );
}

/** A problem of the assembled scenario, at its place in the document. */
function placed(problem: Problem, elements: Assembly["elements"]): Problem {
  const [, list = "", index = "", ...tail] = problem.path.split("/");
  const found = Object.hasOwn(elements, list) ? elements[list]?.[Number(index)] : undefined;
  if (found === undefined) return { ...problem, path: scenarioPath + problem.path };
  const isOwn = found.pointer.startsWith(scenarioPath);
  const path = isOwn ? [found.pointer, ...tail].join("/") : found.pointer;
  return { ...problem, path };
}

function about(code: string, path: string, message: string): Problem {
  return { code, severity: "error", path, message };
}
