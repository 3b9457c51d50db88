// Changes of nodes, channels and connections as changes of the places in the texts from which they were imported.

import type { FieldValue, Parameters } from "../base/fields.ts";
import type { Channel, Connection, Node } from "../model/scenario.ts";
import type {
  Bindings,
  ChannelDescription,
  DocumentDescription,
  OperationDescription,
  ServerDescription,
} from "./description.ts";
import { valueIn } from "./bindingParameters.ts";
import { pointerOf } from "./findings.ts";
import { isEqual, isObject } from "../model/equal.ts";
import type { References, Spot } from "./references.ts";
import type { FileEdit } from "./schemaEdits.ts";

/** An element before and after somebody has worked on it. */
export interface Changed<Element> {
  readonly before: Element;
  readonly after: Element;
}

/** Sets a text under a key of an object, or takes it away. */
export function textEdit(
  { file, path }: Pick<Spot, "file" | "path">,
  key: string,
  text: string | undefined,
): FileEdit {
  const place = [...path, key];
  return text === undefined || text === ""
    ? { file, edit: { do: "remove", path: place } }
    : { file, edit: { do: "set", path: place, value: text } };
}

/** Changes of a producer or service: title and description of its document. */
export function applicationEdits(
  { before, after }: Changed<Node>,
  { file }: DocumentDescription,
): readonly FileEdit[] {
  const info = { file, path: ["info"] };
  return [
    ...(before.name === after.name ? [] : [textEdit(info, "title", after.name ?? after.id)]),
    ...describing({ before, after }, info),
  ];
}

/** Changes of a broker: title and description of its server. Version 2 has no titles. */
export function brokerEdits(
  { before, after }: Changed<Node>,
  { spot }: ServerDescription,
  isVersion2: boolean,
): readonly FileEdit[] {
  const renamed = before.name !== after.name && !isVersion2;
  return [
    ...(renamed ? [textEdit(spot, "title", after.name ?? after.id)] : []),
    ...describing({ before, after }, spot),
  ];
}

function describing(
  { before, after }: Changed<Pick<Node, "description">>,
  at: Pick<Spot, "file" | "path">,
): readonly FileEdit[] {
  return before.description === after.description
    ? []
    : [textEdit(at, "description", after.description)];
}

/** Changes of a channel: its name, its description and what its binding says. */
export function channelEdits(
  { before, after }: Changed<Channel>,
  channel: ChannelDescription,
  at: { readonly document: DocumentDescription; readonly references: References },
): readonly FileEdit[] {
  const renamed = before.name === after.name ? [] : renaming(channel, after.name ?? after.id, at);
  return [
    ...describing({ before, after }, channel.spot),
    ...bindingEdits(changesOf(before.parameters, after.parameters), {
      places: channelPlaces,
      ...channel,
    }),
    // Last, because it may change the path of the others.
    ...renamed,
  ];
}

function renaming(
  channel: ChannelDescription,
  name: string,
  {
    document,
    references,
  }: { readonly document: DocumentDescription; readonly references: References },
): readonly FileEdit[] {
  const named: readonly (readonly [protocol: string, path: readonly string[]])[] = [
    ["kafka", ["topic"]],
    ["amqp", ["queue", "name"]],
    ["amqp", ["exchange", "name"]],
  ];
  for (const [protocol, path] of named) {
    const binding = channel.bindings.get(protocol);
    const value = valueIn({ references }, binding, ...path);
    if (binding !== undefined && typeof value === "string" && value !== "")
      return [
        { file: binding.file, edit: { do: "set", path: [...binding.path, ...path], value: name } },
      ];
  }
  if (!document.version.startsWith("2"))
    return [textEdit(channel.spot, channel.address === null ? "title" : "address", name)];
  const path = ["channels", channel.key];
  const { file } = document;
  return [
    ...referencesInto(file.data, pointerOf(path)).map((place): FileEdit => ({
      file,
      edit: {
        do: "set",
        path: place.path,
        value: `#${pointerOf(["channels", name])}${place.rest}`,
      },
    })),
    { file, edit: { do: "rename", path, key: name } },
  ];
}

/** References of a file to a place in itself or below that place. */
function referencesInto(
  data: unknown,
  pointer: string,
): readonly { readonly path: readonly string[]; readonly rest: string }[] {
  const found: { readonly path: readonly string[]; readonly rest: string }[] = [];
  const visit = (value: unknown, path: readonly string[]): void => {
    if (!isObject(value) && !Array.isArray(value)) return;
    for (const [key, part] of Object.entries<unknown>(value)) {
      const rest =
        key === "$ref" && typeof part === "string" && part.startsWith(`#${pointer}`)
          ? part.slice(pointer.length + 1)
          : undefined;
      if (rest === "" || rest?.startsWith("/") === true) found.push({ path: [...path, key], rest });
      visit(part, [...path, key]);
    }
  };
  visit(data, []);
  return found;
}

/** Where in a binding a parameter stands, and how its value is written there. */
type BindingPlace = readonly [
  protocol: string,
  path: readonly string[],
  write?: (value: FieldValue) => unknown,
];

const orUnlimited = (value: FieldValue): unknown => value ?? -1;

const channelPlaces: Readonly<Record<string, BindingPlace>> = {
  partitions: ["kafka", ["partitions"]],
  "replication.factor": ["kafka", ["replicas"]],
  "retention.ms": ["kafka", ["topicConfiguration", "retention.ms"], orUnlimited],
  "retention.bytes": ["kafka", ["topicConfiguration", "retention.bytes"], orUnlimited],
  "min.insync.replicas": ["kafka", ["topicConfiguration", "min.insync.replicas"]],
  "segment.ms": ["kafka", ["topicConfiguration", "segment.ms"]],
  "segment.bytes": ["kafka", ["topicConfiguration", "segment.bytes"]],
  type: ["amqp", ["exchange", "type"]],
};

const operationPlaces: Readonly<Record<string, BindingPlace>> = {
  "group.id": ["kafka", ["groupId"], (value) => ({ type: "string", enum: [value] })],
  ack: ["amqp", ["ack"], (value) => value === "manual"],
  delivery_mode: ["amqp", ["deliveryMode"], Number],
  mandatory: ["amqp", ["mandatory"]],
  expiration: ["amqp", ["expiration"]],
};

/** Whether a parameter has a place in the bindings of AsyncAPI. */
export function isInBindings(parameter: string): boolean {
  return Object.hasOwn(channelPlaces, parameter) || Object.hasOwn(operationPlaces, parameter);
}

/** Changes of a connection: description and bindings of its operation. */
export function operationEdits(
  { before, after }: Changed<Connection>,
  { spot, bindings }: OperationDescription,
): readonly FileEdit[] {
  return [
    ...describing({ before, after }, spot),
    ...bindingEdits(changesOf(before.parameters, after.parameters), {
      places: operationPlaces,
      spot,
      bindings,
    }),
  ];
}

/** Parameters that differ; undefined: back to the default. */
export function changesOf(
  before: Parameters = {},
  after: Parameters = {},
): readonly (readonly [name: string, value: FieldValue | undefined])[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => !isEqual(before[name], after[name]))
    .map((name) => [name, after[name]]);
}

function bindingEdits(
  changes: readonly (readonly [string, FieldValue | undefined])[],
  at: {
    readonly places: Readonly<Record<string, BindingPlace>>;
    readonly spot: Spot;
    readonly bindings: Bindings;
  },
): readonly FileEdit[] {
  return changes.flatMap(([name, value]): readonly FileEdit[] => {
    const place = Object.hasOwn(at.places, name) ? at.places[name] : undefined;
    if (place === undefined) return [];
    const [protocol, path, write = (one: FieldValue): unknown => one] = place;
    const binding = at.bindings.get(protocol);
    const own = binding ?? { file: at.spot.file, path: [...at.spot.path, "bindings", protocol] };
    const whole = [...own.path, ...path];
    return value === undefined
      ? [{ file: own.file, edit: { do: "remove", path: whole } }]
      : [{ file: own.file, edit: { do: "set", path: whole, value: write(value) } }];
  });
}
