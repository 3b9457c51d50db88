// Channels of documents on their brokers: which element of the drawing each becomes, what makes two of them the same,
// and which of them nobody publishes into or consumes from.

import type { Parameters } from "../base/fields.ts";
import type { TechnologyId } from "../brokers/index.ts";
import { technologies } from "../brokers/technologies.ts";
import { topicFields } from "../brokers/kafka/fields.ts";
import { exchangeFields } from "../brokers/rabbitmq/fields.ts";
import { isEqual } from "../model/equal.ts";
import { allowed, bindingIn, ownSettings, topicSettings, valueIn } from "./bindingParameters.ts";
import type { ChannelDescription, DocumentDescription } from "./description.ts";
import type { Drawing } from "./drawing.ts";
import type { Findings } from "./findings.ts";
import { placeKey, type References, type Spot } from "./references.ts";
import { securityOf } from "./security.ts";
import type { ServerGroup, ServerGroups } from "./servers.ts";

/** What a channel of a document is on the drawing. */
export interface ChannelTarget {
  /** The same for channels of different documents that are one. */
  readonly identity: string;
  readonly family: string;
  readonly technology: TechnologyId;
  /** One of the technology's kinds of channels. */
  readonly kind: string;
  /** Id of the element; "" until it is drawn. */
  readonly id: string;
  /** Keys with which messages go through an exchange that several channels share. */
  readonly routingKey: { readonly publish: string; readonly bind: string } | undefined;
}

/** Identity of a channel, before it is drawn. */
interface Place {
  readonly kind: ChannelTarget["kind"];
  readonly name: string;
  readonly routingKey: ChannelTarget["routingKey"];
  /** Type of an exchange. */
  readonly type?: string;
}

/** An element that was drawn, as the first document describes it. */
interface Drawn {
  readonly id: string;
  readonly spot: Spot;
  readonly name: string;
  readonly parameters: Parameters;
}

interface Known {
  readonly target: ChannelTarget;
  readonly place: Place;
  readonly group: ServerGroup;
}

interface TargetParts {
  readonly drawing: Drawing;
  readonly references: References;
  readonly findings: Findings;
  readonly groups: ServerGroups;
  /** Whether a channel is drawn as calls instead. */
  readonly isCalled: (target: ChannelTarget) => boolean;
}

/** The channels of all documents. */
export class ChannelTargets {
  private readonly parts: TargetParts;
  private readonly brokers = new Map<ServerGroup, string>();
  private readonly known = new Map<ChannelDescription, Known>();
  private readonly drawn = new Map<string, Drawn>();
  private readonly published = new Set<string>();
  private readonly consumed = new Set<string>();

  constructor(parts: TargetParts) {
    this.parts = parts;
  }

  /** What a channel will be, without drawing it. */
  know(document: DocumentDescription, channel: ChannelDescription): ChannelTarget {
    const known = this.known.get(channel);
    if (known !== undefined) return known.target;
    const group = this.parts.groups.groupOf(document, channel);
    const place = this.placeOf(channel, group);
    const broker = this.parts.groups.groups.indexOf(group);
    // Without an address nobody else can mean the same channel.
    const alone = channel.address === null ? ` of ${placeKey(channel.spot)}` : "";
    const target: ChannelTarget = {
      identity: `${broker} ${place.kind} ${place.name}${alone}`,
      family: group.entry.family,
      technology: group.entry.technology,
      kind: place.kind,
      id: "",
      routingKey: place.routingKey,
    };
    this.known.set(channel, { target, place, group });
    return target;
  }

  /** Draws a channel, and its broker before it; channels that are drawn as calls stay without id. */
  draw(document: DocumentDescription, channel: ChannelDescription): ChannelTarget {
    const target = this.know(document, channel);
    const known = this.known.get(channel);
    if (target.id !== "" || known === undefined || this.parts.isCalled(target)) return target;
    const { place, group } = known;
    const broker = this.brokerOf(group, channel.spot);
    const parameters = this.parametersOf(channel, place, group);
    const { id } = this.parts.drawing.channel(
      target.identity,
      { broker, kind: place.kind },
      {
        name: place.name,
        description: channel.description ?? channel.title,
        parameters,
        spots: [channel.spot],
      },
    );
    const drawn = { ...target, id };
    this.known.set(channel, { ...known, target: drawn });
    this.compare(drawn, { spot: channel.spot, parameters, name: place.name });
    return drawn;
  }

  /** The first document decides about the settings of a channel; that another one has others is a finding. */
  private compare(target: ChannelTarget, found: Omit<Drawn, "id">): void {
    const first = this.drawn.get(target.identity);
    if (first === undefined) {
      this.drawn.set(target.identity, { ...found, id: target.id });
      return;
    }
    if (Object.keys(found.parameters).length === 0 || isEqual(found.parameters, first.parameters))
      return;
    const message = `${found.name} has other settings here than in ${first.spot.file.name}, which count. Make them agree.`;
    this.parts.findings.add("warning", "import/channel-mismatch", found.spot, message);
  }

  /** From where an application consumes: the channel itself, or a queue of its own behind the exchange. */
  queueFor(
    target: ChannelTarget,
    consumer: { readonly application: string; readonly name: string; readonly spot: Spot },
  ): string {
    const technology = technologies[target.technology];
    if (technology.channelKinds[target.kind]?.consumable === true) return target.id;
    const { drawing, findings } = this.parts;
    const channel = this.drawn.get(target.identity);
    const key = target.routingKey?.bind;
    const identity = `${target.identity} > ${consumer.application} ${key ?? ""}`;
    const broker = [...this.known.values()].find(
      ({ target: one }) => one.identity === target.identity,
    );
    const brokerId = broker === undefined ? "" : this.brokerOf(broker.group, consumer.spot);
    const name = `${consumer.name}: ${target.routingKey?.publish ?? channel?.name ?? ""}`;
    const { id: queue } = drawing.channel(
      identity,
      { broker: brokerId, kind: technology.quickConnect.consume },
      { name, spots: [consumer.spot] },
    );
    const parameters = allowed(
      technology.bindFields,
      key === undefined ? [] : [["routing_key", key, consumer.spot]],
      findings,
    );
    drawing.connect(
      `${target.id}-feeds-${queue}`,
      (id) => ({ kind: "bind", id, from: target.id, to: queue }),
      { parameters, spots: [] },
    );
    return queue;
  }

  /** Secures a service as the servers are on which its requests come in. */
  secure(service: string, channel: ChannelDescription): void {
    const group = this.known.get(channel)?.group;
    if (group !== undefined)
      this.parts.drawing.secure(service, securityOf(group, this.parts.findings));
  }

  publishedInto(id: string): void {
    this.published.add(id);
  }

  consumedFrom(id: string): void {
    this.consumed.add(id);
  }

  /** Says which channels have only one end, or none. */
  reportDangling(): void {
    for (const { id, spot, name } of this.drawn.values()) {
      const [isFed, isRead] = [this.published.has(id), this.consumed.has(id)];
      if (isFed && isRead) continue;
      const sentence = isFed
        ? `Nobody consumes from ${name}. Import the documents of those who do, or add a consumer.`
        : isRead
          ? `Nobody publishes into ${name}. Import the documents of those who do, or add a producer.`
          : `Nobody publishes into ${name}, and nobody consumes from it. Import the documents of those who do.`;
      this.parts.findings.add("warning", "import/dangling-channel", spot, sentence);
    }
  }

  private brokerOf(group: ServerGroup, spot: Spot): string {
    const known = this.brokers.get(group);
    if (known !== undefined) return known;
    const { drawing, findings } = this.parts;
    const { entry, servers } = group;
    const [first] = servers;
    const id = drawing.addBroker(entry.technology, {
      name: first === undefined ? technologies[entry.technology].label : this.nameOf(group, first),
      description: first?.description,
      spots: servers.map((server) => server.spot),
    });
    this.brokers.set(group, id);
    drawing.secure(id, securityOf(group, findings));
    const as = technologies[entry.technology].label;
    if (first === undefined)
      findings.add(
        "info",
        "import/no-server",
        spot,
        `No server is named, so the channels are drawn on a broker of the kind ${as}. Choose another one if it is wrong.`,
      );
    else if (!entry.isModelled)
      findings.add(
        "warning",
        "import/protocol",
        first.spot,
        `${entry.label} is not modelled yet: it is drawn as ${as}, whose behaviour comes nearest. The text keeps what it says.`,
      );
    return id;
  }

  private nameOf(group: ServerGroup, { key, title, host }: ServerGroup["servers"][number]): string {
    if (title !== undefined) return title;
    const isAlone = this.parts.groups.groups.every(
      (other) => other === group || other.servers[0]?.key !== key,
    );
    return isAlone ? key : `${key} (${host})`;
  }

  /** Draws the brokers of servers on which there is no channel. */
  drawIdleBrokers(): void {
    const used = new Set([...this.known.values()].map(({ group }) => group));
    for (const group of this.parts.groups.groups) {
      const [first] = group.servers;
      if (first !== undefined && !used.has(group)) this.brokerOf(group, first.spot);
    }
  }

  private placeOf(channel: ChannelDescription, { entry }: ServerGroup): Place {
    const own = channel.address ?? channel.title ?? channel.key;
    if (entry.style === "own") {
      const { publish } = technologies[entry.technology].quickConnect;
      return { kind: publish, name: own, routingKey: undefined };
    }
    if (entry.style === "log") {
      const topic = valueIn(this.parts, bindingIn(channel.bindings, "kafka"), "topic");
      return {
        kind: "topic",
        name: typeof topic === "string" && topic !== "" ? topic : own,
        routingKey: undefined,
      };
    }
    const amqp = entry.family === "amqp" ? bindingIn(channel.bindings, "amqp") : undefined;
    return this.amqpPlace(amqp, own);
  }

  private amqpPlace(amqp: Spot | undefined, address: string): Place {
    const at = (...path: readonly string[]): string => {
      const value = valueIn(this.parts, amqp, ...path);
      return typeof value === "string" ? value : "";
    };
    const exchange = at("exchange", "name");
    const type = at("exchange", "type");
    if (at("is") === "queue")
      return { kind: "queue", name: at("queue", "name") || address, routingKey: undefined };
    if (amqp !== undefined && type === "default")
      return { kind: "queue", name: address, routingKey: undefined };
    if (exchange === "")
      return { kind: "exchange", name: address, routingKey: undefined, type: "fanout" };
    const isPattern = type !== "direct";
    const parameter = /\{[^{}]*\}/gu;
    const routingKey =
      type === "fanout"
        ? undefined
        : {
            publish: isPattern ? address.replace(parameter, "{key}") : address,
            bind: isPattern ? address.replace(parameter, "*") : address,
          };
    return {
      kind: "exchange",
      name: exchange,
      routingKey,
      type: type === "headers" ? "topic" : type,
    };
  }

  private parametersOf(channel: ChannelDescription, place: Place, { entry }: ServerGroup) {
    const { references, findings } = this.parts;
    if (entry.style === "own") {
      const { fields } = technologies[entry.technology].channelKinds[place.kind] ?? { fields: {} };
      return allowed(fields, ownSettings(entry.technology, "channel", channel.bindings), findings);
    }
    if (place.kind === "topic")
      return allowed(
        topicFields,
        topicSettings({ references, findings }, channel.bindings),
        findings,
      );
    if (place.kind === "queue" || place.type === undefined || place.type === "") return {};
    return allowed(exchangeFields, [["type", place.type, channel.spot]], findings);
  }
}
