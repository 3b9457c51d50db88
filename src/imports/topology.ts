// Documents as a drawing: each document with operations is an application, its channels are those of the brokers behind
// its servers, and channels of the same name on the same broker are one. So it becomes visible who talks to whom.

import { valuesOf } from "../base/fields.ts";
import { technologies } from "../brokers/technologies.ts";
import { clusterFields, topicFields } from "../brokers/kafka/fields.ts";
import type { Channel, Connection, Node } from "../model/scenario.ts";
import { type ChannelTarget, ChannelTargets } from "./channels.ts";
import {
  allowed,
  amqpConsumeSettings,
  amqpPublishSettings,
  groupSettings,
  ownSettings,
} from "./bindingParameters.ts";
import type { JoinedContracts } from "./contracts.ts";
import type {
  ChannelDescription,
  DocumentDescription,
  MessageDescription,
  OperationDescription,
} from "./description.ts";
import type { Drawing } from "./drawing.ts";
import type { Findings } from "./findings.ts";
import { placeKey, type References, type Spot } from "./references.ts";
import { channelsOf, groupServers } from "./servers.ts";

/** What is drawn. */
export interface Topology {
  readonly nodes: readonly Node[];
  readonly channels: readonly Channel[];
  readonly connections: readonly Connection[];
}

/** What a topology is drawn from. */
export interface TopologyParts {
  readonly documents: readonly DocumentDescription[];
  readonly drawing: Drawing;
  readonly contracts: JoinedContracts;
  readonly references: References;
  readonly findings: Findings;
}

/** Draws documents. */
export function drawTopology(parts: TopologyParts): Topology {
  const drawer = new Drawer(parts);
  for (const document of parts.documents) drawer.addChannels(document);
  for (const document of parts.documents) drawer.addApplication(document);
  for (const document of parts.documents) drawer.addOperations(document);
  return drawer.finish();
}

/** One side of a channel: an application and what it does there. */
interface Side {
  readonly application: string;
  readonly operation: OperationDescription;
}

class Drawer {
  private readonly parts: TopologyParts;
  private readonly targets: ChannelTargets;
  private readonly applications = new Map<
    DocumentDescription,
    { readonly id: string; readonly kind: "producer" | "service" }
  >();
  /** Identity of an HTTP channel → who asks and who answers. */
  private readonly requests = new Map<
    string,
    { readonly senders: Side[]; readonly receivers: Side[] }
  >();
  private readonly calls = new Map<string, Set<string>>();

  constructor(parts: TopologyParts) {
    this.parts = parts;
    const groups = groupServers(parts.documents, parts.findings);
    this.targets = new ChannelTargets({
      ...parts,
      groups,
      isCalled: (target) => this.isCalled(target),
    });
  }

  /** Notes who stands at either end of channels, before anything is drawn. */
  addChannels(document: DocumentDescription): void {
    for (const channel of channelsOf(document)) this.targets.know(document, channel);
  }

  addApplication(document: DocumentDescription): void {
    const { operations, title, description, file } = document;
    if (operations.length === 0) return;
    const kind = operations.some(({ action }) => action === "receive") ? "service" : "producer";
    const spots: readonly Spot[] = [{ file, path: [], value: file.data }];
    const id = this.parts.drawing.addApplication(kind, { name: title, description, spots });
    this.applications.set(document, { id, kind });
    for (const operation of operations) {
      const target = this.targets.know(document, operation.channel);
      if (target.family !== "http") continue;
      const ends = this.requests.get(target.identity) ?? { senders: [], receivers: [] };
      this.requests.set(target.identity, ends);
      ends[operation.action === "send" ? "senders" : "receivers"].push({
        application: id,
        operation,
      });
    }
  }

  /** A request over HTTP is a call where both sides are known and are not the same. */
  private isCalled({ identity, family }: Pick<ChannelTarget, "identity" | "family">): boolean {
    const ends = family === "http" ? this.requests.get(identity) : undefined;
    return (
      ends?.senders.some(({ application }) =>
        ends.receivers.some((receiver) => receiver.application !== application),
      ) ?? false
    );
  }

  addOperations(document: DocumentDescription): void {
    for (const channel of channelsOf(document)) this.targets.draw(document, channel);
    const application = this.applications.get(document);
    if (application === undefined) return;
    for (const operation of document.operations) {
      const target = this.targets.know(document, operation.channel);
      const side: Side = { application: application.id, operation };
      if (this.isCalled(target)) {
        if (operation.action === "send") this.addCalls(target, side);
        continue;
      }
      if (operation.action === "send") this.publish(document, operation.channel, side);
      else this.consume(document, operation.channel, side);
      this.addReply(document, { ...side, kind: application.kind });
    }
    this.reportLoops(document);
  }

  private publish(
    document: DocumentDescription,
    channel: ChannelDescription,
    { application, operation }: Side,
    after?: readonly string[],
  ): void {
    const target = this.targets.draw(document, channel);
    const isReply = after !== undefined;
    const messages = isReply ? (operation.reply?.messages ?? []) : operation.messages;
    const technology = technologies[target.technology];
    const wanted =
      target.technology === "rabbitmq"
        ? [
            ...amqpPublishSettings(this.parts, operation.bindings),
            ...(target.routingKey === undefined
              ? []
              : [["routing_key", target.routingKey.publish, operation.spot] as const]),
          ]
        : target.technology === "kafka"
          ? []
          : ownSettings(target.technology, "publish", operation.bindings);
    const parameters = allowed(technology.publishFields, wanted, this.parts.findings);
    for (const contract of this.contractsOf(messages, channel)) {
      const identity = `${application}-publishes-${contract.id}-${target.id}-${JSON.stringify(parameters)}`;
      this.parts.drawing.connect(
        identity,
        (id) => ({
          kind: "publish",
          id,
          from: application,
          to: target.id,
          contract: contract.id,
          ...(contract.version !== undefined && { contractVersion: contract.version }),
          ...(after !== undefined && after.length > 0 && { after }),
        }),
        { description: operation.description, parameters, spots: [operation.spot] },
      );
    }
    this.targets.publishedInto(target.id);
  }

  private consume(
    document: DocumentDescription,
    channel: ChannelDescription,
    { application, operation }: Side,
    messages: readonly MessageDescription[] = operation.messages,
  ): void {
    const target = this.targets.draw(document, channel);
    const from = this.targets.queueFor(target, {
      application,
      name: document.title,
      spot: operation.spot,
    });
    const wanted =
      target.technology === "kafka"
        ? groupSettings(this.parts, operation.bindings)
        : target.technology === "rabbitmq"
          ? amqpConsumeSettings(this.parts, operation.bindings)
          : ownSettings(target.technology, "consume", operation.bindings);
    const fields = technologies[target.technology].consumeFields;
    const reads = Object.fromEntries(
      this.contractsOf(messages, channel)
        .filter(({ version }) => version !== undefined)
        .map(({ id, version = "" }) => [id, version]),
    );
    this.parts.drawing.connect(
      `${application}-consumes-${from}`,
      (id) => ({
        kind: "consume",
        id,
        from,
        to: application,
        ...(Object.keys(reads).length > 0 && { reads }),
      }),
      {
        description: operation.description,
        parameters: allowed(fields, wanted, this.parts.findings),
        spots: [operation.spot],
      },
    );
    this.targets.consumedFrom(target.id);
  }

  private addReply(
    document: DocumentDescription,
    { kind, ...side }: Side & { readonly kind: "producer" | "service" },
  ): void {
    const { reply, channel, action, messages, spot } = side.operation;
    if (reply === undefined) return;
    if (reply.channel === undefined || kind === "producer") {
      const reason =
        reply.channel === undefined
          ? "goes to an address that is only known when it runs"
          : `comes back to ${document.title}, which is drawn as a producer and cannot consume`;
      const message = `The answer ${reason}; it is not drawn. The text keeps it.`;
      this.parts.findings.add("info", "import/reply", spot, message);
      return;
    }
    if (action === "send") this.consume(document, reply.channel, side, reply.messages);
    else
      this.publish(
        document,
        reply.channel,
        side,
        this.contractsOf(messages, channel).map(({ id }) => id),
      );
  }

  private addCalls(target: ChannelTarget, { application, operation }: Side): void {
    const receivers = this.requests.get(target.identity)?.receivers ?? [];
    for (const receiver of receivers) {
      if (receiver.application === application) continue;
      this.targets.secure(receiver.application, receiver.operation.channel);
      if (this.leadsTo(receiver.application, application)) {
        const message =
          "This request closes a circle of services that wait for each other, so it is not drawn. Publish an event on one of the ways instead.";
        this.parts.findings.add("warning", "import/call-cycle", operation.spot, message);
        continue;
      }
      this.calls.set(
        application,
        (this.calls.get(application) ?? new Set()).add(receiver.application),
      );
      for (const contract of this.contractsOf(operation.messages, operation.channel))
        this.parts.drawing.connect(
          `${application}-calls-${receiver.application}-${contract.id}`,
          (id) => ({
            kind: "call",
            id,
            from: application,
            to: receiver.application,
            contract: contract.id,
            ...(contract.version !== undefined && { contractVersion: contract.version }),
          }),
          { description: operation.description, spots: [operation.spot, receiver.operation.spot] },
        );
    }
  }

  private leadsTo(from: string, to: string): boolean {
    const reached = new Set([from]);
    for (const one of reached) for (const next of this.calls.get(one) ?? []) reached.add(next);
    return reached.has(to);
  }

  /** The contracts of messages; a channel without messages carries one that is named after it. */
  private contractsOf(
    messages: readonly MessageDescription[],
    channel: ChannelDescription,
  ): readonly { readonly id: string; readonly version?: string }[] {
    const places = messages.length > 0 ? messages.map(({ spot }) => spot) : [channel.spot];
    const found = places.flatMap((spot) => this.parts.contracts.byPlace.get(placeKey(spot)) ?? []);
    return [...new Map(found.map((one) => [one.id, one])).values()];
  }

  /** Whoever sends what it receives itself would go on for ever, once load arrives. */
  private reportLoops(document: DocumentDescription): void {
    const received = new Set(
      document.operations
        .filter(({ action }) => action === "receive")
        .flatMap(({ channel, messages }) =>
          messages.map(({ spot }) => `${placeKey(channel.spot)} ${placeKey(spot)}`),
        ),
    );
    for (const { action, channel, messages, spot } of document.operations)
      if (
        action === "send" &&
        messages.some((one) => received.has(`${placeKey(channel.spot)} ${placeKey(one.spot)}`))
      )
        this.parts.findings.add(
          "warning",
          "import/own-message",
          spot,
          `${document.title} sends what it also receives from ${channel.address ?? channel.key}: in a run each message would cause another one without end. Say in the inspector after which messages it is sent.`,
        );
  }

  finish(): Topology {
    this.targets.drawIdleBrokers();
    this.targets.reportDangling();
    const { drawing, findings, documents } = this.parts;
    const { nodes, channels, connections, left } = drawing.finish();
    const [first] = documents;
    if (left > 0 && first !== undefined)
      findings.add(
        "warning",
        "import/too-many-elements",
        { file: first.file, path: [] },
        `${left} elements are not drawn, because a document has no room for more. Import fewer files at once; all texts are kept.`,
      );
    return { nodes: nodes.map((node) => withEnoughNodes(node, channels)), channels, connections };
  }
}

/** A Kafka cluster has at least as many nodes as its topics have replicas. */
function withEnoughNodes(node: Node, channels: readonly Channel[]): Node {
  if (node.kind !== "broker" || node.technology !== "kafka") return node;
  const { nodes } = valuesOf(clusterFields, node.parameters ?? {});
  const replicas = channels
    .filter(({ broker }) => broker === node.id)
    .map(({ parameters = {} }) => valuesOf(topicFields, parameters)["replication.factor"]);
  const most = Math.max(nodes, ...replicas);
  return most > nodes ? { ...node, parameters: { ...node.parameters, nodes: most } } : node;
}
