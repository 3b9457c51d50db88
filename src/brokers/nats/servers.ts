// The servers of a NATS cluster and who leads which stream: a stream works while it has a leader and more than half of its
// servers are in touch; a new leader takes an election, which a stream with one server never holds.

import type { RandomStream } from "../../kernel/random.ts";
import { NOBODY, type Settings, toNs } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

/** Code of the timer that ends an election: stream, term. */
export const ELECT = 8;

/** Servers of one cluster. */
export class Servers {
  readonly #settings: Settings;
  readonly #context: BrokerContext;
  readonly #up: Int32Array;
  readonly #isolated: Int32Array;
  readonly #factor: Float64Array;
  readonly #leader: Int32Array;
  readonly #term: Int32Array;
  readonly #elections: RandomStream;

  constructor(settings: Settings, context: BrokerContext) {
    this.#settings = settings;
    this.#context = context;
    const { arena } = context;
    const { id, streams } = settings;
    const { nodes } = settings.cluster;
    this.#up = arena.int32(`${id}.up`, nodes).data;
    this.#isolated = arena.int32(`${id}.isolated`, nodes).data;
    this.#factor = arena.float64(`${id}.factor`, nodes).data;
    this.#leader = arena.int32(`${id}.leader`, streams.length).data;
    this.#term = arena.int32(`${id}.term`, streams.length).data;
    this.#elections = context.random("elections");
    this.#up.fill(1, 0, nodes);
    this.#factor.fill(1, 0, nodes);
    streams.forEach(({ members }, at) => {
      this.#leader[at] = members[0]!;
    });
  }

  isUp(node: number): boolean {
    return this.#up[node] === 1;
  }

  /** Whether a server runs and is reached. */
  isThere(node: number): boolean {
    return this.#up[node] === 1 && this.#isolated[node] === 0;
  }

  /** Whether any server takes core messages. */
  anyThere(): boolean {
    return this.#up.some((_, node) => node < this.#settings.cluster.nodes && this.isThere(node));
  }

  /** Whether a stream has a leader with a majority. */
  works(stream: number): boolean {
    return this.#leader[stream] !== NOBODY && this.#hasMajority(stream);
  }

  leads(node: number): number {
    const { streams } = this.#settings;
    return streams.filter((_, at) => this.#leader[at] === node && this.works(at)).length;
  }

  /** How many times as long as usual a stream's leader takes. */
  slowness(stream: number): number {
    const leader = this.#leader[stream]!;
    return leader === NOBODY ? 1 : this.#factor[leader]!;
  }

  slow(node: number, factor: number): void {
    this.#factor[node] = factor;
  }

  crash(node: number): void {
    this.#up[node] = 0;
    this.#lost(node);
  }

  /** A server is there again; returns the streams that work from now on. */
  restart(node: number): readonly number[] {
    this.#up[node] = 1;
    return this.#found(node);
  }

  isolate(node: number, isolated: boolean): readonly number[] {
    this.#isolated[node] = isolated ? 1 : 0;
    if (!this.isUp(node)) return [];
    if (!isolated) return this.#found(node);
    this.#lost(node);
    return [];
  }

  /** An election ends; whether the stream works now. */
  elect(stream: number, term: number): boolean {
    if (this.#term[stream] !== term || this.#leader[stream] !== NOBODY) return false;
    if (!this.#hasMajority(stream)) return false;
    const { members, name, id } = this.#settings.streams[stream]!;
    const leader = members.find((node) => this.isThere(node)) ?? NOBODY;
    this.#leader[stream] = leader;
    this.#context.note(id, `stream ${name}: server ${leader} is the leader now`);
    return true;
  }

  #lost(node: number): void {
    this.#settings.streams.forEach((_, stream) => {
      if (this.#leader[stream] !== node) return;
      this.#leader[stream] = NOBODY;
      this.#callElection(stream);
    });
  }

  #found(node: number): readonly number[] {
    const back: number[] = [];
    this.#settings.streams.forEach(({ members }, stream) => {
      if (!members.includes(node) || !this.isThere(node)) return;
      if (this.#leader[stream] !== NOBODY) {
        if (this.works(stream)) back.push(stream);
      } else if (members.length === 1) {
        this.#leader[stream] = node;
        back.push(stream);
      } else this.#callElection(stream);
    });
    return back;
  }

  #callElection(stream: number): void {
    if (this.#settings.streams[stream]!.members.length === 1) return;
    const { election_least: least, election_most: most } = this.#settings.cluster;
    const share = this.#elections.uniform();
    const delayNs = toNs(least + share * Math.max(0, most - least));
    this.#context.schedule(delayNs, ELECT, stream, ++this.#term[stream]!);
  }

  #hasMajority(stream: number): boolean {
    const { members } = this.#settings.streams[stream]!;
    return 2 * members.filter((node) => this.isThere(node)).length > members.length;
  }
}
