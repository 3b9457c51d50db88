// A producer of the naive engine: arrivals, each with a key and sent over every outgoing connection. What it does not
// know it leaves to the product's own.

import { type FieldValue, valuesOf } from "../../base/fields.ts";
import { ZipfSampler } from "../../kernel/zipf.ts";
import type { CallConnection, Node, PublishConnection } from "../../model/scenario.ts";
import { producer } from "../../nodes/producer.ts";
import { type Arrivals, NaiveClients, NaiveOpenArrivals } from "./arrivals.suite.ts";
import { HostedProducer } from "./hostedProducer.suite.ts";
import type { RandomStream } from "../../kernel/random.ts";
import type { KeyValues } from "../../nodes/keys.ts";
import type { Key, Message, NaiveProducer } from "./things.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

/** Parameters that the naive producer knows. */
const known: ReadonlySet<string> = new Set(
  [
    "arrivals rate gap clients think rampUp",
    "bursts onTime offTime states stateLength batch",
    "keys keyChoice zipfExponent hotKeys hotShare keyName",
  ].flatMap((names) => names.split(" ")),
);

/** A producer for a node: the naive one, unless it replays, or a parameter is stated that it does not know. */
export function createProducer(world: NaiveWorld, node: Node): NaiveProducer {
  const { parameters = {} } = node;
  const isKnown = Object.keys(parameters).every((name) => known.has(name));
  return isKnown && parameters["arrivals"] !== "replay"
    ? new ObjectProducer(world, node)
    : new HostedProducer(world, node);
}

class ObjectProducer implements NaiveProducer {
  readonly #world: NaiveWorld;
  readonly #id: string;
  readonly #values;
  readonly #publishes: readonly PublishConnection[];
  readonly #calls: readonly CallConnection[];
  readonly #arrivals: Arrivals;
  readonly #nextNumber: () => number;

  constructor(world: NaiveWorld, node: Node) {
    const { connections, load } = world.scenario;
    const out = connections.filter(({ from }) => from === node.id);
    this.#world = world;
    this.#id = node.id;
    this.#values = valuesOf(producer.fields, node.parameters ?? {});
    this.#publishes = out.filter((link) => link.kind === "publish");
    this.#calls = out.filter((link) => link.kind === "call");
    this.#nextNumber = keyNumbers(this.#values, world.random(node.id, "keys"));
    const of = {
      values: this.#values,
      events: world.events,
      stopNs: Math.round(Math.min(load.duration, load.sourcesStopAt ?? load.duration) * 1e6),
      random: (purpose: string) => world.random(node.id, purpose),
      send: (onEnd: (() => void) | undefined) => this.#send(onEnd),
      links: this.#publishes.length + this.#calls.length,
    };
    const isClosed = this.#values.arrivals === "closed";
    this.#arrivals = isClosed ? new NaiveClients(of) : new NaiveOpenArrivals(of);
  }

  start(): void {
    this.#arrivals.start();
  }

  set(parameter: string, value: FieldValue): void {
    this.#arrivals.set(parameter, Number(value));
  }

  #send(onEnd: (() => void) | undefined): void {
    const world = this.#world;
    const number = this.#nextNumber();
    const text = `${this.#values.keyName}-${number}`;
    const key: Key | undefined = number < 0 ? undefined : { producer: this.#id, number, text };
    world.tally.add("handled", this.#id);
    for (const link of this.#publishes) {
      const message = world.createMessage(link, key, undefined);
      if (onEnd !== undefined) this.#tell(message, onEnd);
      world.publish(link, message);
    }
    for (const link of this.#calls)
      world.calls.start(link, world.createMessage(link, key, undefined), onEnd);
  }

  #tell(message: Message, onEnd: () => void): void {
    message.onOutcome = (reason) => {
      if (reason !== "") this.#world.tally.add("failed", this.#id, reason);
      onEnd();
    };
  }
}

/** Numbers of keys in turn, −1 for none. */
export function keyNumbers(
  { keys, keyChoice, zipfExponent, hotKeys, hotShare }: KeyValues,
  stream: RandomStream,
): () => number {
  switch (keyChoice) {
    case "none":
      return () => -1;
    case "uniform":
      return () => stream.below(keys);
    case "zipf": {
      const zipf = new ZipfSampler(keys, zipfExponent, stream);
      return () => zipf.sample();
    }
    case "hot":
      return () => {
        const isHot = stream.chance(hotShare);
        const others = keys - hotKeys;
        if (others <= 0) return stream.below(keys);
        return isHot ? stream.below(hotKeys) : hotKeys + stream.below(others);
      };
    case "sequential": {
      let arrivals = 0;
      return () => arrivals++ % keys;
    }
  }
}
