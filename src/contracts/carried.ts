// What documents carry of a scenario under `x-spillway`, so that it can be read back (fromExtensions.ts): on each object
// what AsyncAPI has no field for, and under `info` all that has no object of its own, with the order of everything.

import { versionsOf } from "../model/contracts.ts";
import { nodeOf } from "../model/elements.ts";
import type {
  Channel,
  Connection,
  Contact,
  Contract,
  Licence,
  Node,
  Scenario,
} from "../model/scenario.ts";
import { type Extension, withoutGaps } from "./document.ts";
import { type Lens, originalOf } from "./lens.ts";
import { quoted } from "./quoted.ts";

/** What the objects of servers, channels and operations say of their elements, so that it is not carried beside. */
const said = "id kind description technology security broker from to contract".split(" ");

/** What an object carries of its element: all that it does not say itself. `name` is how it says the name; objects of
 *  connections do not. */
export function aboutElement(
  element: Node | Channel | Connection,
  name?: Lens<string | undefined, string | null>,
): Extension {
  const kept = name === undefined ? element.name : originalOf(name, element.name);
  const rest = Object.entries(element).filter(([key]) => !said.includes(key));
  return quotedExtension({ ...Object.fromEntries(rest), name: kept });
}

/** The members that begin with `x-`. */
function extensionsOf(element: object): Extension {
  return Object.fromEntries(Object.entries(element).filter(([key]) => key.startsWith("x-")));
}

/** An extension without gaps in which no tool finds a reference. */
export function quotedExtension(extension: object): Extension {
  return Object.fromEntries(
    Object.entries(withoutGaps(extension)).map(([key, value]) => [key, quoted(value)]),
  );
}

/** The scenario without what the objects of a document say. Elements with an object of their own stand in the lists by
 *  their ids, which keeps their order: brokers, channels, contracts, and connections that are operations or bindings. */
export function scenarioBesides(scenario: Scenario, info: InfoLenses): Extension {
  const { format, version, id, seed, load, timeline, objectives } = scenario;
  const { bookmarks, groups, notes, sources, layout } = scenario;
  return quotedExtension({
    format,
    version,
    id,
    title: originalOf(info.title, scenario.title),
    description: originalOf(info.description, scenario.description),
    contact: originalOf(info.contact, scenario.contact),
    licence: originalOf(info.licence, scenario.licence),
    seed,
    load,
    nodes: scenario.nodes.map((node) => (node.kind === "broker" ? node.id : node)),
    channels: scenario.channels.map((channel) => channel.id),
    connections: scenario.connections.map((one) => (hasObject(scenario, one) ? one.id : one)),
    contracts: scenario.contracts.map(contractEntry),
    timeline,
    objectives,
    bookmarks,
    groups,
    notes,
    sources,
    layout,
    ...extensionsOf(scenario),
  });
}

/** How a text under `info` says a text of the scenario. */
export type InfoLens = Lens<string | undefined, string>;

/** How the head of a document says what the scenario says of itself. */
export interface InfoLenses {
  readonly title: InfoLens;
  readonly description: InfoLens;
  readonly contact: Lens<Contact | undefined, object | undefined>;
  readonly licence: Lens<Licence | undefined, object | undefined>;
}

/** The whole scenario, for documents whose objects do not carry it. */
export function wholeScenario(scenario: Scenario): Extension {
  return quotedExtension(scenario);
}

/** Whether an application says a connection; stores, which may hand events over, are none. */
function hasObject(scenario: Scenario, { kind, from }: Connection): boolean {
  if (kind === "call" && nodeOf(scenario, from)?.kind === "store") return false;
  return kind !== "write" && kind !== "read" && kind !== "bridge";
}

// A contract with several messages lists its versions, oldest first.
function contractEntry(contract: Contract): unknown {
  if (contract.earlier === undefined) return contract.id;
  return {
    id: contract.id,
    versions: versionsOf(contract).map(({ contractVersion }) => contractVersion),
  };
}
