// What the publish steps of services and functions draw beyond whether they publish: how late, how many, under which keys.
// Made only for connections that state any of it, so that nobody else draws anything.

import { msToNs } from "../base/units.ts";
import type { Arena, IntCells } from "../kernel/arena.ts";
import { createSampler, type Sampler } from "../kernel/distributions.ts";
import type { RandomStreams } from "../kernel/random.ts";
import type { Spreads } from "../nodes/context.ts";
import { KeySource } from "../nodes/keys.ts";
import { copiesMax, isDelayed, type SpreadValues } from "../nodes/spreading.ts";
import type { OwnKeys } from "./keySpaces.ts";
import type { World } from "./world.ts";

/** New keys of one connection before they are used again: numbers of keys stay below 2^31. */
const freshMax = 2 ** 20;

/** The events of one publish connection. */
class Outgoing {
  readonly #values: SpreadValues;
  readonly #delays: Sampler | undefined;
  readonly #copies: Sampler | undefined;
  readonly #own: OwnKeys | undefined;
  readonly #source: KeySource | undefined;
  /** New keys so far. */
  readonly #fresh: IntCells;

  constructor(
    id: string,
    values: SpreadValues,
    parts: {
      readonly arena: Arena;
      readonly streams: RandomStreams;
      readonly own: OwnKeys | undefined;
    },
  ) {
    const { arena, streams, own } = parts;
    const random = (purpose: string) => streams.stream(`${id}/${purpose}`);
    this.#values = values;
    this.#own = own;
    this.#fresh = arena.intCells(`${id}/fresh-keys`, 1);
    const { copies, publishDelay: delay } = values;
    if (typeof copies !== "number") this.#copies = createSampler(copies, random("copies"));
    if (isDelayed(values)) this.#delays = createSampler(delay, random("delay"));
    if (values.keyBy === "drawn")
      this.#source = new KeySource(
        id,
        {
          keys: values.ownKeys,
          keyChoice: values.ownKeyChoice,
          zipfExponent: values.ownZipfExponent,
          hotKeys: values.ownHotKeys,
          hotShare: values.ownHotShare,
        },
        { arena, random },
      );
  }

  /** Draws how many events the next step publishes. */
  nextCopies(): number {
    if (this.#copies === undefined) return Number(this.#values.copies);
    return Math.max(1, Math.min(copiesMax, Math.ceil(this.#copies.sample())));
  }

  /** Draws how long after its step an event leaves [ns]. */
  nextDelayNs(): number {
    return this.#delays === undefined ? 0 : msToNs(this.#delays.sample());
  }

  /** The key of the next event, a copy (0, 1, …) of what follows a cause with a key (−1: none). */
  nextKey(cause: number, copy: number): number {
    if (this.#own === undefined) return cause;
    const { firstKey, stride } = this.#own;
    if (this.#source !== undefined) return firstKey + this.#source.next();
    if (this.#values.keyBy === "copy") return firstKey + copy;
    const { cells, at } = this.#fresh;
    const number = cells[at]!;
    cells[at] = (number + 1) % freshMax;
    return firstKey + number * stride;
  }
}

/** The events of all connections of a run. */
export class AllOutgoing implements Spreads {
  readonly #world: World;
  /** By row of the connection, where there is anything to draw. */
  readonly #rows: readonly (Outgoing | undefined)[];

  constructor(world: World) {
    this.#world = world;
    const { arena, streams, plan } = world;
    this.#rows = plan.scenario.connections.map(({ id }, row) => {
      const { spread } = plan.connections[row]!;
      return spread && new Outgoing(id, spread, { arena, streams, own: plan.keys.own.get(id) });
    });
  }

  /** The events of a connection; undefined where they are one at once under the key of its cause. */
  at(connection: number): Outgoing | undefined {
    return this.#rows[connection];
  }

  copies(connection: number): number {
    return this.#rows[connection]?.nextCopies() ?? 1;
  }

  delayNs(connection: number): number {
    return this.#rows[connection]?.nextDelayNs() ?? 0;
  }

  postpone(message: number, delayNs: number): void {
    this.#world.messages.postpone(message, delayNs);
  }

  neverLeft(connection: number, message: number): void {
    this.#world.neverLeft(connection, message);
  }
}
