// The scenarios that the bench runs beside the ready-made ones.

import { sketch, source, worker } from "../src/engine/sketch.suite.ts";
import type { Channel, Connection, Node, Scenario } from "../src/model/scenario.ts";
import type { TimelineEntry } from "../src/model/timeline.ts";

/** A broker technology, with what its channels for messages are called. */
export type Technology = "kafka" | "rabbitmq";

/** The longest run that a document may ask for [ms], rounded down: for runs that are stopped by hand. */
const endless = 8.9e9;

const channelKind = { kafka: "topic", rabbitmq: "queue" } as const;

interface Line {
  readonly technology: Technology;
  /** [ms] */
  readonly duration: number;
  readonly sourcesStopAt?: number;
  readonly source: Node;
  readonly service: Node;
  readonly consume?: NonNullable<Connection["parameters"]>;
  readonly timeline?: readonly TimelineEntry[];
}

/** Producer → topic or queue → service. */
function line(about: Line): Scenario {
  const { technology, source: first, service, timeline = [], consume = {} } = about;
  const channel: Channel = { id: "channel", broker: "broker", kind: channelKind[technology] };
  return sketch({
    duration: about.duration,
    ...(about.sourcesStopAt === undefined ? {} : { sourcesStopAt: about.sourcesStopAt }),
    nodes: [first, { id: "broker", kind: "broker", technology }, service],
    channels: [technology === "kafka" ? { ...channel, parameters: { partitions: 6 } } : channel],
    connections: [
      { id: "publish", kind: "publish", from: first.id, to: channel.id, contract: "event" },
      { id: "consume", kind: "consume", from: channel.id, to: service.id, parameters: consume },
    ],
    timeline,
  });
}

/** Producer → topic or queue → service with six workers, 5,000 messages a second at a load of 0.83. */
export function pipeline(technology: Technology, durationMs = endless): Scenario {
  return line({
    technology,
    duration: durationMs,
    source: source("source", 5000),
    service: worker("service", {
      concurrency: 6,
      serviceTime: { distribution: "exponential", mean: 1 },
    }),
  });
}

/** A million messages in ten minutes (or as many in proportion [ms]), through Kafka. Six workers handle them at a
 *  load of 0.83, or keep six of them for ever, so that all others come to wait. */
export function tenMinutes(durationMs: number, about: "handled" | "waiting"): Scenario {
  return line({
    technology: "kafka",
    duration: durationMs,
    source: source("source", 1e6 / 600),
    service: worker("service", {
      concurrency: 6,
      serviceTime:
        about === "handled"
          ? { distribution: "exponential", mean: 3 }
          : { distribution: "constant", value: endless },
    }),
  });
}

/** How long `backlog` takes to publish its messages [ms]. */
export function fillingMs(messages: number): number {
  return messages / 1000;
}

/** As many messages come to wait at a million a second; the only worker keeps one of them for ever. */
export function backlog(technology: Technology, messages: number): Scenario {
  return line({
    technology,
    duration: endless,
    sourcesStopAt: fillingMs(messages),
    source: source("source", 1e6, { arrivals: "constant" }),
    service: worker("service", { serviceTime: { distribution: "constant", value: endless } }),
    consume: technology === "kafka" ? { "max.poll.records": 1 } : { prefetch_count: 1 },
  });
}

/** The same, but then ten workers take 10,000 messages a second and as many are published, for ever. */
export function steadyBacklog(technology: Technology, messages: number): Scenario {
  const slow = { act: "set", target: "source", parameter: "rate", value: 10_000 } as const;
  return line({
    technology,
    duration: endless,
    source: source("source", 1e6, { arrivals: "constant" }),
    service: worker("service", {
      concurrency: 6,
      serviceTime: { distribution: "constant", value: 0.6 },
    }),
    consume: technology === "kafka" ? {} : { prefetch_count: 100 },
    timeline: [{ at: fillingMs(messages), ...slow }],
  });
}

const columns = 10;
const layers = 5;

/** A hundred services and fifty channels: ten columns of five channels in a row, topics and queues in turn.
 *  Of the two services at each channel one publishes on to the next channel, the other calls its neighbour.
 *  One attempt in a hundred fails; services try three times, callers too. */
export function city(durationMs = endless): Scenario {
  const places = Array.from({ length: columns * layers }, (_, i) => ({
    column: i % columns,
    layer: Math.floor(i / columns),
  }));
  return sketch({
    duration: durationMs,
    nodes: [
      ...Array.from({ length: columns }, (_, column) => source(`source-${column}`, 100)),
      { id: "kafka", kind: "broker", technology: "kafka" },
      { id: "rabbitmq", kind: "broker", technology: "rabbitmq" },
      ...places.flatMap(({ column, layer }) =>
        ["mover", "asker"].map((role) =>
          worker(`${role}-${layer}-${column}`, {
            concurrency: 4,
            serviceTime: { distribution: "exponential", mean: 2 },
            errorRate: 0.01,
            attempts: 3,
            backoff: 10,
          }),
        ),
      ),
    ],
    channels: places.map(({ column, layer }) => {
      const technology = layer % 2 === 0 ? "kafka" : "rabbitmq";
      return {
        id: `channel-${layer}-${column}`,
        broker: technology,
        kind: channelKind[technology],
        ...(technology === "kafka" ? { parameters: { partitions: 4 } } : {}),
      };
    }),
    connections: places.flatMap(({ column, layer }) => cityConnections(column, layer)),
  });
}

function cityConnections(column: number, layer: number): Connection[] {
  const place = `${layer}-${column}`;
  const from = layer === 0 ? `source-${column}` : `mover-${layer - 1}-${column}`;
  const consume = layer % 2 === 0 ? {} : { prefetch_count: 20, on_failure: "reject" };
  const links: Connection[] = [
    { id: `publish-${place}`, kind: "publish", from, to: `channel-${place}`, contract: "event" },
    ...["mover", "asker"].map((role): Connection => ({
      id: `consume-${role}-${place}`,
      kind: "consume",
      from: `channel-${place}`,
      to: `${role}-${place}`,
      parameters: consume,
    })),
  ];
  // Calls lead to the right only, and answering one needs no further call.
  if (column + 1 < columns)
    links.push({
      id: `call-${place}`,
      kind: "call",
      from: `asker-${place}`,
      to: `asker-${layer}-${column + 1}`,
      contract: "question",
      after: ["event"],
      parameters: { attempts: 3, backoff: 10, timeout: 200 },
    });
  return links;
}
