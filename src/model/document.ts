// The definition of the whole document: strict parser and JSON Schema both come from here.
// Types are in scenario.ts; a field that is in one and not in the other does not compile.

import { durationMsMax } from "../base/distribution.ts";
import { type TechnologyId, technologyIds } from "../brokers/index.ts";
import { technologies } from "../brokers/technologies.ts";
import type { Technology } from "../brokers/technology.ts";
import { bridgeStyleIds } from "../nodes/bridge.ts";
import { callFields, readFields, writeFields } from "../nodes/connections.ts";
import { triggerFieldLists } from "../nodes/functionTriggers.ts";
import { nodeKinds } from "../nodes/index.ts";
import {
  bridgeFieldsOf,
  gatewayCallFields,
  publishFieldsOf,
  subscriptionCallFields,
} from "./elements.ts";
import { group, note } from "./groupingShape.ts";
import { handlers } from "./handlerShape.ts";
import { json, jsonObject, payloadSchema } from "./jsonShape.ts";
import { listMax, positionPxMax, textMax } from "./limits.ts";
import { parameters, parametersOfAny } from "./parameterShape.ts";
import type {
  BindConnection,
  BridgeConnection,
  BrokerNode,
  CallConnection,
  Channel,
  Connection,
  ConsumeConnection,
  Contact,
  Contract,
  ContractExample,
  ContractVersion,
  Licence,
  Load,
  Node,
  Origin,
  PlainNode,
  Position,
  PublishConnection,
  ReadConnection,
  Scenario,
  ServiceNode,
  SourceText,
  StationKind,
  StationNode,
  WriteConnection,
} from "./scenario.ts";
import {
  compatibilityModes,
  schemaFormats,
  securitySchemes,
  stationKinds,
  stepOutcomes,
} from "./scenario.ts";
import {
  boolean,
  choice,
  described,
  id,
  list,
  number,
  object,
  optional,
  recordById,
  type Shape,
  text,
  variants,
} from "./shape.ts";
import { bookmark } from "./bookmarkShape.ts";
import { objective } from "./objectiveShape.ts";
import { timelineEntry } from "./timelineShape.ts";

const all: readonly Technology[] = Object.values(technologies);

const duration = number({ min: 0, max: durationMsMax });

const name = described("Shown name; the id where it is absent.", text({ max: textMax.name }));

const description = text({ max: textMax.description });

const origins = list(
  object<Origin>({
    source: described("Id of the text.", id),
    pointer: described(
      'JSON Pointer into the text, such as "/channels/orders".',
      text({ max: textMax.pointer }),
    ),
  }),
  { min: 1, max: listMax.origins },
);

const element = {
  id,
  name: optional(name),
  description: optional(description),
  origins: optional(described("Where it was imported from.", origins)),
};

const load = object<Load>({
  duration: described("Length of the run [ms].", number({ min: 1, max: durationMsMax })),
  sourcesStopAt: optional(described("When the producers stop [ms]; absent: at the end.", duration)),
  warmUp: optional(
    described(
      "Start of the run that latencies, rates and means leave out [ms]; absent: nothing.",
      duration,
    ),
  ),
});

const security = described(
  "How clients prove who they are; absent: not stated.",
  choice(securitySchemes),
);

function plainNode(kind: PlainNode["kind"]): Shape<Node> {
  const { fields } = nodeKinds[kind];
  return object<PlainNode>({
    ...element,
    kind: choice([kind]),
    parameters: optional(parameters(fields)),
  });
}

function stationNode(kind: StationKind): Shape<Node> {
  const { fields } = nodeKinds[kind];
  return object<StationNode>({
    ...element,
    kind: choice([kind]),
    parameters: optional(parameters(fields)),
  });
}

function brokerNode(technology: TechnologyId): Shape<Node> {
  return object<BrokerNode>({
    ...element,
    kind: choice(["broker"]),
    technology: choice([technology]),
    security: optional(security),
    parameters: optional(parameters(technologies[technology].clusterFields)),
  });
}

const node = variants<Node>("kind", {
  producer: plainNode("producer"),
  service: object<ServiceNode>({
    ...element,
    kind: choice(["service"]),
    handlers: optional(
      described(
        "What it does with what comes to it, and by itself; absent: work, and then what its connections say.",
        handlers,
      ),
    ),
    security: optional(security),
    parameters: optional(parameters(nodeKinds.service.fields)),
  }),
  store: plainNode("store"),
  ...Object.fromEntries(stationKinds.map((kind) => [kind, stationNode(kind)])),
  broker: variants<Node>(
    "technology",
    Object.fromEntries(technologyIds.map((name) => [name, brokerNode(name)])),
  ),
});

function channelOfKind(kind: string): Shape<Channel> {
  const lists = all
    .map((technology) => technology.channelKinds[kind]?.fields)
    .filter((fields) => fields !== undefined);
  return object<Channel>({
    ...element,
    broker: described("Id of the broker node.", id),
    kind: choice([kind]),
    parameters: optional(parametersOfAny(lists)),
  });
}

const channelKinds = new Set(all.flatMap((technology) => Object.keys(technology.channelKinds)));

const channel = variants<Channel>(
  "kind",
  Object.fromEntries([...channelKinds].map((kind) => [kind, channelOfKind(kind)])),
);

const link = { ...element, from: id, to: id };

const contractId = described("Id of the contract of the event or request.", id);

const version = text({ min: 1, max: textMax.version });

const writtenVersion = described("Version in which it writes; absent: the newest.", version);

const after = described(
  "Only after handling one of these contracts (ids).",
  list(id, { min: 1, max: listMax.after }),
);

const step = {
  ...link,
  after: optional(after),
  on: optional(
    described(
      "Happens as long as all goes well, after a final failure, or after a refusal.",
      choice(stepOutcomes),
    ),
  ),
};

const connection = variants<Connection>("kind", {
  publish: object<PublishConnection>({
    ...step,
    kind: choice(["publish"]),
    contract: contractId,
    contractVersion: optional(writtenVersion),
    parameters: optional(parametersOfAny(all.map((one) => publishFieldsOf(one, "service")))),
  }),
  consume: object<ConsumeConnection>({
    ...link,
    kind: choice(["consume"]),
    reads: optional(
      described(
        "Contract id → version with which it reads; absent: the newest of each.",
        recordById(version, { max: listMax.contracts }),
      ),
    ),
    parameters: optional(
      parametersOfAny([...all.map(({ consumeFields }) => consumeFields), ...triggerFieldLists]),
    ),
  }),
  bind: object<BindConnection>({
    ...link,
    kind: choice(["bind"]),
    parameters: optional(parametersOfAny(all.map((technology) => technology.bindFields))),
  }),
  bridge: object<BridgeConnection>({
    ...link,
    kind: choice(["bridge"]),
    as: optional(
      described(
        "The name under which users know such a bridge. It changes nothing in a run.",
        choice(bridgeStyleIds),
      ),
    ),
    only: optional(
      described(
        "Only these contracts (ids) go on; absent: all.",
        list(id, { min: 1, max: listMax.after }),
      ),
    ),
    // Each end has a technology of its own, so each name is looked up in the list of one technology at both ends.
    parameters: optional(parametersOfAny(all.map((one) => bridgeFieldsOf(one, one)))),
  }),
  call: object<CallConnection>({
    ...step,
    kind: choice(["call"]),
    contract: contractId,
    contractVersion: optional(writtenVersion),
    readAs: optional(
      described("Version with which the called service reads; absent: the newest.", version),
    ),
    parameters: optional(parametersOfAny([callFields, gatewayCallFields, subscriptionCallFields])),
  }),
  read: object<ReadConnection>({
    ...step,
    kind: choice(["read"]),
    parameters: optional(parameters(readFields)),
  }),
  write: object<WriteConnection>({
    ...step,
    kind: choice(["write"]),
    parameters: optional(parameters(writeFields)),
  }),
});

const contractVersion = {
  contractVersion: described('Version of the contract, such as "1.0.0".', version),
  schema: described(
    "Schema of the payload: JSON Schema an object, Avro any JSON, Protobuf the text of a .proto file.",
    payloadSchema,
  ),
  headers: optional(described("JSON Schema of the headers.", jsonObject)),
  examples: optional(
    list(
      object<ContractExample>({
        name: optional(text({ max: textMax.name })),
        summary: optional(text({ max: textMax.description })),
        payload: optional(json),
        headers: optional(jsonObject),
      }),
      { max: listMax.examples },
    ),
  ),
};

const contract = object<Contract>({
  id,
  name: described('Name of the event, such as "OrderPlaced".', text({ min: 1, max: textMax.name })),
  description: optional(description),
  ...contractVersion,
  format: optional(
    described(
      "Language of the schemas of all versions; absent: JSON Schema.",
      choice(schemaFormats),
    ),
  ),
  envelope: optional(
    described(
      "How it travels as a CloudEvent: attributes in headers, or around the payload; absent: as none.",
      choice(["binary", "structured"]),
    ),
  ),
  key: optional(
    described(
      'JSON Pointer to the key in the payload, such as "/orderId".',
      text({ max: textMax.pointer }),
    ),
  ),
  owner: optional(text({ max: textMax.name })),
  tags: optional(list(text({ min: 1, max: textMax.name }), { max: listMax.tags })),
  deprecated: optional(boolean),
  compatibility: optional(
    described(
      "What the registry asks of a new version; absent: BACKWARD.",
      choice(compatibilityModes),
    ),
  ),
  earlier: optional(
    described(
      "Earlier versions, the oldest first.",
      list(object<ContractVersion>(contractVersion), { max: listMax.versions }),
    ),
  ),
  origins: optional(described("Where it was imported from.", origins)),
});

const source = object<SourceText>({
  id,
  name: described("Name of the file, with folders.", text({ min: 1, max: textMax.pointer })),
  text: text({ max: textMax.source }),
});

const coordinate = number({ min: -positionPxMax, max: positionPxMax });

const contact = object<Contact>({
  name: optional(text({ max: textMax.name })),
  url: optional(text({ max: textMax.url })),
  email: optional(text({ max: textMax.name })),
});

const licence = object<Licence>({
  name: described('Such as "MIT".', text({ max: textMax.name })),
  url: optional(described("Where its text stands.", text({ max: textMax.url }))),
});

/** The document. */
export const scenarioShape: Shape<Scenario> = object<Scenario>({
  $schema: optional(described("Address of this schema, for editors.", text({ max: 500 }))),
  format: choice(["spillway"]),
  version: choice([1]),
  id,
  title: text({ max: textMax.title }),
  description: optional(description),
  contact: optional(described("Whom to ask about the system.", contact)),
  licence: optional(described("Under which licence its descriptions may be used.", licence)),
  seed: described(
    "Seed of every random stream.",
    number({ min: 0, max: 2 ** 32 - 1, integer: true }),
  ),
  load,
  nodes: list(node, { max: listMax.nodes }),
  channels: list(channel, { max: listMax.channels }),
  connections: list(connection, { max: listMax.connections }),
  contracts: list(contract, { max: listMax.contracts }),
  timeline: list(timelineEntry, { max: listMax.timeline }),
  objectives: list(objective, { max: listMax.objectives }),
  bookmarks: optional(
    described("What one shows of the run, in order.", list(bookmark, { max: listMax.bookmarks })),
  ),
  groups: optional(described("Nodes that are drawn as one.", list(group, { max: listMax.groups }))),
  notes: optional(described("What is written on the canvas.", list(note, { max: listMax.notes }))),
  sources: optional(
    described("Texts from which elements were imported.", list(source, { max: listMax.sources })),
  ),
  layout: recordById(object<Position>({ x: coordinate, y: coordinate }), { max: listMax.layout }),
});
