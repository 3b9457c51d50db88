// The naive engine: the same documents as the product's engine, run by the simplest code that does what the words
// say. It exists to be compared with (see compare.suite.ts); speed and memory do not matter here.

import { assert } from "../../base/assert.ts";
import type { Readability } from "../../model/readability.ts";
import type { LiveAct } from "../../model/result.ts";
import type { BrokerNode, PublishConnection, Scenario } from "../../model/scenario.ts";
import type { TimelineEntry } from "../../model/timeline.ts";
import { NaiveExternal } from "./external.suite.ts";
import { NaiveLogReader } from "./logReader.suite.ts";
import { NaiveGateway } from "./gateway.suite.ts";
import { NaiveProcessor } from "./processor.suite.ts";
import { NaiveCalls } from "./calls.suite.ts";
import { createProducer } from "./producer.suite.ts";
import { NaiveService } from "./service.suite.ts";
import type { NaiveBroker } from "./things.suite.ts";
import { NaiveWorld } from "./world.suite.ts";

interface Deed {
  readonly timeNs: number;
  readonly act: LiveAct;
}

/** Makes the broker of a node. */
export type BrokerMaker = (world: NaiveWorld, node: BrokerNode) => NaiveBroker;

/** One naive run. */
export class NaiveRun {
  readonly world: NaiveWorld;
  /** Events and deeds so far. */
  events = 0;
  /** How far it has come [ns]. */
  reachedNs = 0;
  readonly #deeds: Deed[];
  readonly #endNs: number;

  constructor(scenario: Scenario, readability: Readability, makeBroker: BrokerMaker) {
    const world = new NaiveWorld(scenario, readability);
    this.world = world;
    this.#endNs = Math.round(scenario.load.duration * 1e6);
    this.#deeds = scenario.timeline.flatMap(deedsOf).toSorted((a, b) => a.timeNs - b.timeNs);
    world.calls = new NaiveCalls(world);
    for (const node of scenario.nodes) {
      if (node.kind === "producer") world.producers.set(node.id, createProducer(world, node));
      if (node.kind === "service") world.services.set(node.id, new NaiveService(world, node));
      if (node.kind === "broker") world.brokers.set(node.id, makeBroker(world, node));
    }
    for (const node of scenario.nodes) {
      if (node.kind === "external") world.services.set(node.id, new NaiveExternal(world, node));
      if (node.kind === "processor") world.services.set(node.id, new NaiveProcessor(world, node));
      if (node.kind === "gateway") world.services.set(node.id, new NaiveGateway(world, node));
    }
    const { warmUp = 0 } = scenario.load;
    if (warmUp > 0) world.events.after(warmUp * 1e6, () => world.endWarmUp());
    // Nothing is published before it can be taken.
    for (const link of scenario.connections) {
      const events = link.kind === "call" ? world.data.eventsOf(link.from) : undefined;
      if (link.kind === "call" && events !== undefined)
        world.readers.set(link.id, new NaiveLogReader(world, link, events));
    }
    for (const kind of [world.services, world.brokers, world.readers, world.producers])
      for (const component of kind.values()) component.start();
  }

  /** Why the run has ended; undefined while it goes on. */
  ended(): string | undefined {
    const isThrough = this.reachedNs >= this.#endNs && this.#nextNs() > this.#endNs;
    return this.world.ending ?? (isThrough ? "finished" : undefined);
  }

  /** Simulates up to a time, at most so many events. */
  advance(untilNs: number, maxEvents: number): void {
    const { world } = this;
    const lastNs = Math.min(untilNs, this.#endNs);
    for (let left = maxEvents; left > 0 && world.ending === undefined; left--) {
      if (this.#nextNs() > lastNs) {
        this.reachedNs = Math.max(this.reachedNs, lastNs);
        return;
      }
      this.#takeNext();
    }
  }

  /** Whether there is no whole microsecond left. */
  isNearEnd(): boolean {
    return this.#nextMicrosecondNs() > this.#endNs;
  }

  /** Does something to the running scenario at the next whole microsecond. False when that is too many events away. */
  act(act: LiveAct, maxEvents: number): boolean {
    const timeNs = this.#nextMicrosecondNs();
    const later = this.#deeds.findIndex((deed) => deed.timeNs > timeNs);
    this.#deeds.splice(later < 0 ? this.#deeds.length : later, 0, { timeNs, act });
    this.advance(timeNs, maxEvents);
    return this.reachedNs >= timeNs && this.#nextNs() > timeNs;
  }

  #nextMicrosecondNs(): number {
    return Math.round(((Math.floor(this.reachedNs / 1000) + 1) / 1000) * 1e6);
  }

  #nextNs(): number {
    return Math.min(this.#deeds[0]?.timeNs ?? Infinity, this.world.events.nextNs());
  }

  #takeNext(): void {
    const { events } = this.world;
    const deed = this.#deeds[0];
    this.events++;
    this.reachedNs = Math.max(this.reachedNs, this.#nextNs());
    if (deed === undefined || deed.timeNs > events.nextNs()) return events.takeNext();
    this.#deeds.shift();
    events.nowNs = deed.timeNs;
    this.#do(deed.act);
  }

  #do(act: LiveAct): void {
    const { world } = this;
    const { target } = act;
    const service = world.services.get(target);
    const broker = world.brokers.get(target);
    world.note(target);
    if (act.act === "set") return this.#set(act);
    if (act.act === "roll out") return world.versions.rollOut(act);
    // Redrives are bridges, which it does not have either.
    if (act.act === "redrive") return;
    assert(act.act === "crash" || act.act === "restart", "nothing else is drawn for this engine.");
    if (act.act === "crash") {
      service?.crash();
      this.#tell(target, (one, link) => one.publisherCrashed?.(link));
      broker?.crashNode(act.member ?? 0);
    } else {
      this.#tell(target, (one, link) => one.publisherRestarts?.(link));
      service?.restart();
      broker?.restartNode(act.member ?? 0);
    }
  }

  /** Tells the brokers into which a service publishes. */
  #tell(service: string, what: (broker: NaiveBroker, link: PublishConnection) => void): void {
    for (const link of this.world.scenario.connections)
      if (link.kind === "publish" && link.from === service)
        what(this.world.brokerOf(link.to), link);
  }

  #set({ target, parameter, value }: Extract<LiveAct, { act: "set" }>): void {
    const { world } = this;
    const node = world.producers.get(target) ?? world.services.get(target);
    if (node !== undefined) return node.set(parameter, value);
    const { channels, connections } = world.scenario;
    const link = connections.find(({ id }) => id === target);
    if (link?.kind === "call") return world.calls.set(target, parameter, value);
    const ends = [target, link?.from, link?.to];
    const channel = channels.find(({ id }) => ends.includes(id));
    const broker = world.brokers.get(channel?.broker ?? target);
    assert(broker !== undefined, `${target} belongs to a broker.`);
    broker.set(target, parameter, value);
  }
}

/** A crash with a duration is a crash and a restart. */
function deedsOf(entry: TimelineEntry): readonly Deed[] {
  const timeNs = Math.round(entry.at * 1e6);
  if (entry.act !== "crash" || entry.duration === undefined) return [{ timeNs, act: entry }];
  const { target, member } = entry;
  const restartNs = Math.round((entry.at + entry.duration) * 1e6);
  const restart = { act: "restart", target, ...(member === undefined ? {} : { member }) } as const;
  return [
    { timeNs, act: entry },
    { timeNs: restartNs, act: restart },
  ];
}
