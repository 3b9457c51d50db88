// Channels of a broker under another technology: logs, routers and queues become what plays their part there, with
// connections and bindings led anew. Knows roles, no technology.

import type { ChannelRole, Technology, TechnologyManual } from "../brokers/technology.ts";
import { nameOf } from "./elements.ts";
import { freshId } from "./freshId.ts";
import type { Channel, Connection, Scenario } from "./scenario.ts";

/** A technology with what it says of its channels. */
export interface Side {
  readonly technology: Technology;
  readonly manual: TechnologyManual;
}

/** Channels and connections as the other technology has them. */
export interface Rerouted {
  readonly channels: readonly Channel[];
  readonly connections: readonly Connection[];
  /** New channel → the channel from which it comes. */
  readonly origins: ReadonlyMap<string, string>;
  /** What has become different, in sentences. */
  readonly changes: readonly string[];
}

/** The role of a channel kind: what its technology says, or what the kind can do. */
export function roleOf({ technology, manual }: Side, kind: string): ChannelRole {
  const stated = manual.counterparts?.roles[kind];
  if (stated !== undefined) return stated;
  const { consumable = false, publishable = false } = technology.channelKinds[kind] ?? {};
  if (!consumable) return "router";
  // Only the broker itself fills it, as a queue for dead letters.
  if (!publishable) return "queue";
  const kinds = Object.values(technology.channelKinds);
  return kinds.some(({ bindsTo }) => bindsTo.includes(kind)) ? "queue" : "log";
}

/** The kind of a technology that plays a role: the one for quick connections first. */
function kindFor(side: Side, role: ChannelRole): string | undefined {
  const { publish, consume } = side.technology.quickConnect;
  const { channelKinds } = side.technology;
  const canBeFilled = (kind: string): boolean =>
    channelKinds[kind]?.publishable === true ||
    Object.values(channelKinds).some(({ bindsTo }) => bindsTo.includes(kind));
  const kinds = [publish, consume, ...Object.keys(channelKinds)];
  return kinds.find((kind) => roleOf(side, kind) === role && canBeFilled(kind));
}

/** Leads the channels of a broker anew. */
export function reroute(
  scenario: Scenario,
  broker: string,
  sides: readonly [Side, Side],
): Rerouted {
  const rerouting = new Rerouting(scenario, broker, sides);
  return rerouting.result();
}

class Rerouting {
  readonly #scenario: Scenario;
  readonly #broker: string;
  readonly #from: Side;
  readonly #to: Side;
  readonly #channels: Channel[] = [];
  #connections: readonly Connection[];
  readonly #origins = new Map<string, string>();
  readonly #changes: string[] = [];
  readonly #given = new Set<string>();

  constructor(scenario: Scenario, broker: string, [from, to]: readonly [Side, Side]) {
    this.#scenario = scenario;
    this.#broker = broker;
    this.#from = from;
    this.#to = to;
    this.#connections = scenario.connections;
  }

  result(): Rerouted {
    const own = this.#scenario.channels.filter(({ broker }) => broker === this.#broker);
    for (const channel of own) this.#move(channel);
    return {
      channels: this.#channels,
      connections: this.#connections,
      origins: this.#origins,
      changes: this.#changes,
    };
  }

  #move(channel: Channel): void {
    const role = roleOf(this.#from, channel.kind);
    const same = kindFor(this.#to, role);
    const log = kindFor(this.#to, "log");
    const router = kindFor(this.#to, "router");
    const queue = kindFor(this.#to, "queue");
    const isBehindRouter = role === "queue" && this.#feedersOf(channel.id).length > 0;
    if (isBehindRouter && router === undefined && log !== undefined) return this.#merge(channel);
    if (same !== undefined) return this.#front(channel, same, router);
    if (role === "log" && router !== undefined && queue !== undefined)
      return this.#split(channel, router, queue);
    if (role === "router" && log === undefined) return this.#dissolve(channel);
    if (role === "log")
      this.#changes.push(
        `${this.#name(channel.id)}: its subscriptions compete for messages; before, each read all of them`,
      );
    this.#keep(channel, log ?? queue ?? this.#to.technology.quickConnect.consume);
  }

  /** A queue into which nobody can publish there gets a router in front of it. */
  #front(channel: Channel, kind: string, router: string | undefined): void {
    this.#keep(channel, kind);
    const isPublishable = this.#to.technology.channelKinds[kind]?.publishable === true;
    const isEntry = (link: Connection): boolean =>
      (link.kind === "publish" || link.kind === "bridge") && link.to === channel.id;
    if (isPublishable || router === undefined || !this.#connections.some(isEntry)) return;
    const id = this.#fresh(`${channel.id}-in`);
    this.#channels.push({ id, broker: this.#broker, kind: router });
    this.#origins.set(id, channel.id);
    this.#changes.push(
      `${this.#name(channel.id)}: ${id} is new, feeds it, and takes what was published into it`,
    );
    const bindId = this.#fresh(`${id}-to-${channel.id}`);
    this.#connections = [
      ...this.#connections.map((link) => (isEntry(link) ? { ...link, to: id } : link)),
      { id: bindId, kind: "bind", from: id, to: channel.id },
    ];
  }

  #keep(channel: Channel, kind: string): void {
    this.#channels.push({ ...channel, kind });
    this.#origins.set(channel.id, channel.id);
  }

  /** A log becomes a router with a queue for each subscription. */
  #split(channel: Channel, router: string, queue: string): void {
    this.#keep(channel, router);
    this.#connections = this.#connections.flatMap((link): readonly Connection[] => {
      const takes = link.kind === "consume" || link.kind === "bridge";
      if (!takes || link.from !== channel.id) return [link];
      const consumer = link.kind === "consume" ? link.to : link.id;
      const id = this.#fresh(`${consumer}-${channel.id}`);
      this.#channels.push({ id, broker: this.#broker, kind: queue });
      this.#origins.set(id, channel.id);
      this.#changes.push(
        `${this.#name(channel.id)}: ${id} is new, bound to it for ${this.#name(consumer)}`,
      );
      const bind = {
        id: this.#fresh(`${channel.id}-to-${id}`),
        kind: "bind",
        from: channel.id,
        to: id,
      } as const;
      return [bind, { ...link, from: id }];
    });
  }

  /** A queue behind routers goes up in them: its consumers read each of these as a whole. */
  #merge(channel: Channel): void {
    const feeders = this.#feedersOf(channel.id);
    const isPublishedInto = this.#connections.some(
      ({ kind, to }) => (kind === "publish" || kind === "bridge") && to === channel.id,
    );
    if (isPublishedInto) this.#keep(channel, kindFor(this.#to, "log") ?? channel.kind);
    this.#changes.push(
      `${this.#name(channel.id)} goes up in ${feeders.map((id) => this.#name(id)).join(" and ")}, whose messages each subscription reads as a whole`,
    );
    this.#connections = this.#connections.flatMap((link): readonly Connection[] => {
      if (link.kind === "bind" && link.to === channel.id) return [];
      const takes = link.kind === "consume" || link.kind === "bridge";
      if (!takes || link.from !== channel.id) return [link];
      const [first, ...others] = isPublishedInto ? [channel.id, ...feeders] : feeders;
      const more = others.map((from) => ({ ...link, id: this.#fresh(link.id), from }));
      return [{ ...link, from: first ?? channel.id }, ...more];
    });
  }

  /** Without routers, whoever publishes writes into every queue behind it. */
  #dissolve(channel: Channel): void {
    const queues = this.#behind(channel.id);
    this.#changes.push(
      queues.length === 0
        ? `${this.#name(channel.id)} feeds nothing and goes, with what is published into it`
        : `${this.#name(channel.id)} goes: what was published into it is written into ${queues.map((id) => this.#name(id)).join(" and ")} one by one`,
    );
    this.#connections = this.#connections.flatMap((link): readonly Connection[] => {
      if (link.kind === "bind" && (link.from === channel.id || link.to === channel.id)) return [];
      const gives = link.kind === "publish" || link.kind === "bridge";
      if (!gives || link.to !== channel.id) return [link];
      return queues.map((to, i) => ({ ...link, id: i === 0 ? link.id : this.#fresh(link.id), to }));
    });
  }

  #feedersOf(channel: string): readonly string[] {
    const feeders = this.#scenario.connections.flatMap(({ kind, from, to }) =>
      kind === "bind" && to === channel ? [from] : [],
    );
    return [...new Set(feeders)];
  }

  /** Queues that a router feeds, also through other routers. */
  #behind(router: string): readonly string[] {
    const places = new Set([router]);
    // A Set keeps the order of insertion, so walking over it while it grows reaches everything.
    for (const place of places)
      for (const { kind, from, to } of this.#scenario.connections)
        if (kind === "bind" && from === place) places.add(to);
    const kinds = new Map(this.#scenario.channels.map(({ id, kind }) => [id, kind]));
    return [...places].filter((id) => roleOf(this.#from, kinds.get(id) ?? "") === "queue");
  }

  #fresh(wish: string): string {
    const id = freshId(this.#scenario, wish, this.#given);
    this.#given.add(id);
    return id;
  }

  #name(id: string): string {
    return nameOf(this.#scenario, id);
  }
}
