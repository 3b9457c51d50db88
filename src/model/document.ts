// The definition of the whole document: strict parser and JSON Schema both come from here.
// Types are in scenario.ts; a field that is in one and not in the other does not compile.

import { durationMsMax } from "../base/distribution.ts";
import { type TechnologyId, technologyIds } from "../brokers/index.ts";
import { technologies } from "../brokers/technologies.ts";
import type { Technology } from "../brokers/technology.ts";
import { nodeKinds } from "../nodes/index.ts";
import { group, note } from "./groupingShape.ts";
import { connection } from "./connectionShape.ts";
import { contract } from "./contractShape.ts";
import { description, element } from "./elementShape.ts";
import { handlers } from "./handlerShape.ts";
import { listMax, positionPxMax, textMax } from "./limits.ts";
import { parameters, parametersOfAny } from "./parameterShape.ts";
import type {
  BrokerNode,
  Channel,
  Contact,
  Licence,
  Load,
  Node,
  PlainNode,
  Position,
  Scenario,
  ServiceNode,
  SourceText,
  StationKind,
  StationNode,
} from "./scenario.ts";
import { securitySchemes, stationKinds } from "./scenario.ts";
import {
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
