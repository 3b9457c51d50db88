// The product's producer in the naive world, for arrivals that the naive ones do not know: integers on one side,
// objects on the other. Its arrivals have exact tests of their own (nodes/arrivals).

import { assert } from "../../base/assert.ts";
import { type FieldValue, valuesOf } from "../../base/fields.ts";
import { Arena } from "../../kernel/arena.ts";
import type { Node } from "../../model/scenario.ts";
import type { ProducerContext } from "../../nodes/context.ts";
import { producer } from "../../nodes/producer.ts";
import { ProducerRun } from "../../nodes/producerRun.ts";
import type { Key, NaiveProducer } from "./things.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

/** The running producer. */
export class HostedProducer implements NaiveProducer {
  readonly #world: NaiveWorld;
  readonly #id: string;
  readonly #keyName: string;
  readonly #run: ProducerRun;

  constructor(world: NaiveWorld, node: Node) {
    const { connections, load } = world.scenario;
    const rowsOf = (kind: "publish" | "call"): readonly number[] =>
      connections.flatMap((link, row) =>
        link.from === node.id && link.kind === kind ? [row] : [],
      );
    const values = valuesOf(producer.fields, node.parameters ?? {});
    this.#world = world;
    this.#id = node.id;
    this.#keyName = values.keyName;
    this.#run = new ProducerRun(
      {
        id: node.id,
        values,
        publishes: rowsOf("publish"),
        calls: rowsOf("call"),
        firstKey: 0,
        stopNs: Math.round(Math.min(load.duration, load.sourcesStopAt ?? load.duration) * 1e6),
      },
      this.#context(),
    );
  }

  start(): void {
    this.#run.start();
  }

  /** Changes a live parameter. */
  set(parameter: string, value: FieldValue): void {
    this.#run.set(parameter, Number(value));
  }

  #context(): ProducerContext {
    const world = this.#world;
    return {
      arena: new Arena(),
      now: () => world.now(),
      schedule: (delayNs, code, a, b) =>
        void world.events.after(delayNs, () => this.#run.wake(code, a, b)),
      random: (purpose) => world.random(this.#id, purpose),
      arrived: () => world.tally.add("handled", this.#id),
      publishFirst: (connection, key, client) => {
        const link = world.scenario.connections[connection]!;
        if (link.kind !== "publish") return;
        const message = world.createMessage(link, this.#keyOf(key), undefined);
        if (client >= 0) message.onOutcome = (reason) => this.#published(client, reason);
        world.publish(link, message);
      },
      // Random documents have no recordings; replay has tests of its own (nodes/arrivals).
      publishRecorded: () => assert(false, "nothing is recorded."),
      callFirst: (connection, key, client) => {
        const link = world.scenario.connections[connection]!;
        if (link.kind !== "call") return;
        const message = world.createMessage(link, this.#keyOf(key), undefined);
        world.calls.start(link, message, client < 0 ? undefined : () => this.#run.ended(client));
      },
    };
  }

  #published(client: number, reason: string): void {
    if (reason !== "") this.#world.tally.add("failed", this.#id, reason);
    this.#run.ended(client);
  }

  #keyOf(number: number): Key | undefined {
    const text = `${this.#keyName}-${number}`;
    return number < 0 ? undefined : { producer: this.#id, number, text };
  }
}
