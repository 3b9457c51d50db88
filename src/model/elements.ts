// Questions about one element of a document: what it is, what it is called, which parameters it has.
// Node kinds and technologies know their fields; this file knows where to ask.

import { obstacleTo } from "../base/conditions.ts";
import {
  type Field,
  type Fields,
  type FieldValue,
  type Parameters,
  valuesOf,
} from "../base/fields.ts";
import { formatValue } from "../base/fieldText.ts";
import { technology } from "../brokers/index.ts";
import type { FunctionTrigger } from "../brokers/functionTrigger.ts";
import type { ChannelKind, Technology } from "../brokers/technology.ts";
import { zoneOf } from "../brokers/zones.ts";
import { bridgeFields } from "../nodes/bridge.ts";
import {
  functionSpreadFields,
  isSpread,
  spreadFields,
  type SpreadValues,
} from "../nodes/spreading.ts";
import { callFields, publishFields, readFields, writeFields } from "../nodes/connections.ts";
import { routeFields } from "../nodes/gateway.ts";
import type { FunctionPlatform } from "../nodes/function.ts";
import { triggerFields } from "../nodes/functionTriggers.ts";
import { sideFields } from "../nodes/sideFields.ts";
import { isNodeKind, nodeKinds } from "../nodes/index.ts";
import { instancesMax } from "../nodes/patterns/instanceFields.ts";
import { service } from "../nodes/service.ts";
import { subscriptionFields } from "../nodes/stores/subscriptionFields.ts";
import { groupOf } from "./grouping.ts";
import type { Channel, Connection, Contract, Node, Scenario } from "./scenario.ts";
import type { ClusterPlace } from "./timeline.ts";

/** Something in a document that has an id and can be selected. */
export type ElementRef =
  | { readonly type: "node"; readonly value: Node }
  | { readonly type: "channel"; readonly value: Channel }
  | { readonly type: "connection"; readonly value: Connection }
  | { readonly type: "contract"; readonly value: Contract };

// Documents never change in place, so an index made once stays right for as long as its document lives.
const indices = new WeakMap<Scenario, ReadonlyMap<string, ElementRef>>();

function indexOf(scenario: Scenario): ReadonlyMap<string, ElementRef> {
  const known = indices.get(scenario);
  if (known !== undefined) return known;
  const index = new Map<string, ElementRef>();
  const add = (element: ElementRef): void => {
    if (!index.has(element.value.id)) index.set(element.value.id, element);
  };
  for (const value of scenario.nodes) add({ type: "node", value });
  for (const value of scenario.channels) add({ type: "channel", value });
  for (const value of scenario.connections) add({ type: "connection", value });
  for (const value of scenario.contracts) add({ type: "contract", value });
  indices.set(scenario, index);
  return index;
}

/** The node, channel, connection or contract with this id; the same object for the same document. */
export function elementOf(scenario: Scenario, id: string): ElementRef | undefined {
  return indexOf(scenario).get(id);
}

/** The node with this id. */
export function nodeOf(scenario: Scenario, id: string): Node | undefined {
  const element = elementOf(scenario, id);
  return element?.type === "node" ? element.value : undefined;
}

/** The channel with this id. */
export function channelOf(scenario: Scenario, id: string): Channel | undefined {
  const element = elementOf(scenario, id);
  return element?.type === "channel" ? element.value : undefined;
}

/** Whether a text is a kind of node that needs no further choice, as a broker needs a technology. */
export function isPlainKind(kind: string): kind is Exclude<Node["kind"], "broker"> {
  return kind !== "broker" && isNodeKind(kind);
}

/** What a kind of node is called. */
export function kindLabel(kind: Node["kind"]): string {
  return nodeKinds[kind].label;
}

/** The technology of a broker, of a channel, or of a connection that touches a channel. */
export function technologyOf(scenario: Scenario, id: string): Technology | undefined {
  const element = elementOf(scenario, id);
  switch (element?.type) {
    case "node":
      return element.value.kind === "broker" ? technology(element.value.technology) : undefined;
    case "channel": {
      const broker = nodeOf(scenario, element.value.broker);
      return broker?.kind === "broker" ? technology(broker.technology) : undefined;
    }
    case "connection": {
      const { from, to } = element.value;
      const channel = channelOf(scenario, from) ?? channelOf(scenario, to);
      return channel === undefined ? undefined : technologyOf(scenario, channel.id);
    }
    default:
      return undefined;
  }
}

/** What the technology says about the kind of a channel; undefined when the technology has no such kind. */
export function channelKindOf(scenario: Scenario, id: string): ChannelKind | undefined {
  const channel = channelOf(scenario, id);
  const kinds = technologyOf(scenario, id)?.channelKinds;
  if (channel === undefined || kinds === undefined) return undefined;
  return Object.hasOwn(kinds, channel.kind) ? kinds[channel.kind] : undefined;
}

const noFields: Fields = {};
const nothingStated: Parameters = {};

// One list per technology and kind of publisher, so that views which compare by identity see no change where there is none.
const publishLists = {
  step: new WeakMap<Technology, Fields>(),
  function: new WeakMap<Technology, Fields>(),
  other: new WeakMap<Technology, Fields>(),
};

const ownPublishFields = { step: spreadFields, function: functionSpreadFields, other: noFields };

/** The fields of a publish connection: those of every one, those of steps where it leads from a service or function, and
 *  those of the technology. */
export function publishFieldsOf(technology: Technology, from: Node["kind"] | undefined): Fields {
  const kind = from === "service" ? "step" : from === "function" ? "function" : "other";
  const known = publishLists[kind].get(technology);
  if (known !== undefined) return known;
  const list = { ...publishFields, ...ownPublishFields[kind], ...technology.publishFields };
  publishLists[kind].set(technology, list);
  return list;
}

/** What a publish step states of delays, copies and keys; undefined where nothing of it has an effect. */
export function spreadingOf(scenario: Scenario, link: Connection): SpreadValues | undefined {
  const kind = link.kind === "publish" ? nodeOf(scenario, link.from)?.kind : undefined;
  if (kind !== "service" && kind !== "function") return undefined;
  const { parameters = {} } = link;
  const { publishDelay: _, ...withoutDelay } = parameters;
  const values = valuesOf(spreadFields, kind === "function" ? withoutDelay : parameters);
  return isSpread(values) ? values : undefined;
}

/** All parameter fields of a node, channel or connection; none for contracts and unknown ids. */
export function fieldsOf(scenario: Scenario, id: string): Fields {
  const element = elementOf(scenario, id);
  switch (element?.type) {
    case "node":
      return element.value.kind === "broker"
        ? (technologyOf(scenario, id)?.clusterFields ?? noFields)
        : nodeKinds[element.value.kind].fields;
    case "channel":
      return channelKindOf(scenario, id)?.fields ?? noFields;
    case "connection":
      return element.value.kind === "bridge"
        ? bridgeFieldsBetween(scenario, element.value)
        : connectionFieldsOf(scenario, element.value);
    default:
      return noFields;
  }
}

// One list per pair of technologies, for the reason above.
const bridgeLists = new WeakMap<Technology, WeakMap<Technology, Fields>>();

/** The fields of a bridge: its own, those of a subscription of one technology, and those of a publication into another. */
export function bridgeFieldsOf(source: Technology, target: Technology): Fields {
  const lists = bridgeLists.get(source) ?? new WeakMap<Technology, Fields>();
  bridgeLists.set(source, lists);
  const known = lists.get(target);
  if (known !== undefined) return known;
  const list = {
    ...bridgeFields,
    ...sideFields("source", source.consumeFields),
    ...sideFields("target", target.publishFields),
  };
  lists.set(target, list);
  return list;
}

function bridgeFieldsBetween(scenario: Scenario, { from, to }: Connection): Fields {
  const [source, target] = [technologyOf(scenario, from), technologyOf(scenario, to)];
  return source === undefined || target === undefined
    ? bridgeFields
    : bridgeFieldsOf(source, target);
}

/** The fields of a gateway's outgoing call: those of every call, and those of a route. */
export const gatewayCallFields: Fields = { ...callFields, ...routeFields };

/** The fields of a subscription to a store that keeps events: those of every call, and how it reads the log. */
export const subscriptionCallFields: Fields = { ...callFields, ...subscriptionFields };

// One list per technology, platform and trigger, for the reason above.
const triggeredLists = new WeakMap<Technology, Map<string, Fields>>();

function consumeFieldsOf(
  scenario: Scenario,
  { from, to }: Connection,
  technology: Technology | undefined,
): Fields {
  if (technology === undefined) return noFields;
  const platform = functionPlatformOf(scenario, to);
  const trigger = channelKindOf(scenario, from)?.functions;
  if (platform === undefined || trigger?.[platform] === undefined) return technology.consumeFields;
  const lists = triggeredLists.get(technology) ?? new Map<string, Fields>();
  triggeredLists.set(technology, lists);
  const name = `${platform} ${trigger[platform]}`;
  const known = lists.get(name) ?? triggeredFields(technology, trigger, platform);
  lists.set(name, known);
  return known;
}

/** The platform of a function; undefined for everything else. */
export function functionPlatformOf(scenario: Scenario, id: string): FunctionPlatform | undefined {
  const node = nodeOf(scenario, id);
  if (node?.kind !== "function") return undefined;
  return node.parameters?.["platform"] === "azure" ? "azure" : "lambda";
}

/** Of the technology's own parameters those that its platform does not set, and those of the trigger. */
function triggeredFields(
  technology: Technology,
  trigger: FunctionTrigger,
  platform: FunctionPlatform,
): Fields {
  const set = Object.keys(
    trigger.subscription({ batch: 1, windowMs: 0, timeoutMs: 0, channel: {} }),
  );
  const conditions = ({ onlyIf }: Field) =>
    onlyIf === undefined ? [] : "field" in onlyIf ? [onlyIf] : onlyIf;
  const own = Object.entries(technology.consumeFields).filter(
    ([name, field]) =>
      !set.includes(name) && conditions(field).every((one) => !set.includes(one.field)),
  );
  return { ...triggerFields(platform, trigger), ...Object.fromEntries(own) };
}

function connectionFieldsOf(scenario: Scenario, connection: Connection): Fields {
  const technology = technologyOf(scenario, connection.id);
  switch (connection.kind) {
    case "publish": {
      if (technology === undefined) return publishFields;
      return publishFieldsOf(technology, nodeOf(scenario, connection.from)?.kind);
    }
    case "consume":
      return consumeFieldsOf(scenario, connection, technology);
    case "bind":
      return technology?.bindFields ?? noFields;
    case "call":
      return callFieldsFrom(nodeOf(scenario, connection.from)?.kind);
    case "read":
      return readFields;
    default:
      return writeFields;
  }
}

function callFieldsFrom(caller: Node["kind"] | undefined): Fields {
  if (caller === "gateway") return gatewayCallFields;
  return caller === "store" ? subscriptionCallFields : callFields;
}

/** What keeps a parameter without effect, as a clause such as `"Arrivals" is "Clients"`; undefined when it has one. What
 *  may itself change during a run is no obstacle. */
export function obstacleOf(scenario: Scenario, id: string, name: string): string | undefined {
  const fields = fieldsOf(scenario, id);
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const values = parametersOf(scenario, id);
  const obstacle = field && obstacleTo(fields, field, values);
  if (obstacle === undefined || obstacle.live === true) return undefined;
  const value = Object.keys(fields).find((key) => fields[key] === obstacle) ?? "";
  return `"${obstacle.label}" is "${formatValue(obstacle, values[value] ?? null)}"`;
}

/** What a person reads: the name or, where it is absent, the id; "Orders → orders topic" for connections. */
export function nameOf(scenario: Scenario, id: string): string {
  const element = elementOf(scenario, id);
  if (element === undefined) return groupOf(scenario, id)?.name ?? id;
  if (element.value.name !== undefined && element.value.name !== "") return element.value.name;
  if (element.type !== "connection") return id;
  return `${endName(scenario, element.value.from)} → ${endName(scenario, element.value.to)}`;
}

function endName(scenario: Scenario, id: string): string {
  const kind = channelKindOf(scenario, id);
  const name = nameOf(scenario, id);
  return kind === undefined ? name : `${name} ${kind.label.toLowerCase()}`;
}

/** The parameters that the document states for an element. */
export function statedParameters(scenario: Scenario, id: string): Parameters {
  const element = elementOf(scenario, id);
  if (element === undefined || element.type === "contract") return nothingStated;
  return element.value.parameters ?? nothingStated;
}

/** Every parameter of an element: what the document states, and the defaults for the rest. */
export function parametersOf(scenario: Scenario, id: string): Parameters {
  return valuesOf(fieldsOf(scenario, id), statedParameters(scenario, id));
}

/** The value of a parameter: stated or default; null when the element has no such parameter. */
export function parameterOf(scenario: Scenario, id: string, name: string): FieldValue {
  const fields = fieldsOf(scenario, id);
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const stated = statedParameters(scenario, id);
  const value = Object.hasOwn(stated, name) ? stated[name] : undefined;
  return value ?? field?.default ?? null;
}

/** Number of nodes of the cluster of a broker; 1 for everything else. */
export function memberCount(scenario: Scenario, id: string): number {
  const names = technologyOf(scenario, id)?.nodeFields ?? ["nodes"];
  const counts = names.map((name) => parameterOf(scenario, id, name));
  return counts.reduce<number>((sum, one) => sum + (typeof one === "number" ? one : 0), 0) || 1;
}

/** The most instances that a service can have; 0 where it is not divided, or is no service. */
export function instanceCount(scenario: Scenario, id: string): number {
  const node = nodeOf(scenario, id);
  if (node?.kind !== "service") return 0;
  const { instances, autoscaling, maxReplicas } = valuesOf(service.fields, node.parameters ?? {});
  if (instances === null) return 0;
  return Math.min(instancesMax, Math.max(instances, autoscaling === "none" ? 0 : maxReplicas));
}

/** Number of zones in which these nodes lie: what the technology says, or one for each node (as managed services have
 *  their zones as nodes). */
export function zoneCount(scenario: Scenario, id: string): number {
  const nodes = memberCount(scenario, id);
  const value = parameterOf(scenario, id, "zones");
  return typeof value === "number" ? Math.min(value, nodes) : nodes;
}

/** The nodes of a cluster that are meant, ascending: one, all of a zone, or without either the first. */
export function membersAt(scenario: Scenario, id: string, place: ClusterPlace): readonly number[] {
  const { member, zone } = place;
  if (zone === undefined) return [member ?? 0];
  const zones = zoneCount(scenario, id);
  const all = Array.from({ length: memberCount(scenario, id) }, (_, node) => node);
  return all.filter(
    (node) => zoneOf(node, zones) === zone && (member === undefined || member === node),
  );
}
