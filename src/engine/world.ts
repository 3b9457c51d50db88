// One run's world: the plan, the state in the arena, and the running components. The contexts that brokers and
// nodes receive (brokerContext.ts, nodeContext.ts) are views of it.

import { Arena, type Float64Column } from "../kernel/arena.ts";
import { EventList } from "../kernel/eventList.ts";
import { RandomStreams } from "../kernel/random.ts";
import type { MessageEvent, MessageHappening } from "../model/events.ts";
import type { Note } from "../model/report.ts";
import type { Outcome, RunEnding } from "../model/result.ts";
import type { Broker } from "../brokers/technology.ts";
import type { ProducerRun } from "../nodes/producerRun.ts";
import type { ServiceRun } from "../nodes/serviceRun.ts";
import type { Calls } from "./calls.ts";
import type { Plan } from "./compile.ts";
import { Deliveries } from "./deliveries.ts";
import { Ledger } from "./ledger.ts";
import { limitEnding, limits } from "./limits.ts";
import { Messages } from "./messages.ts";
import { Movements, Recorder } from "./recorder.ts";
import type { StoreRun } from "../nodes/storeRun.ts";

/** A running component by kind. */
export type Component =
  | { readonly kind: "producer"; readonly run: ProducerRun }
  | { readonly kind: "service"; readonly run: ServiceRun }
  | { readonly kind: "store"; readonly run: StoreRun }
  | { readonly kind: "broker"; readonly run: Broker };

/** What `createRun` may be told. */
export interface RunOptions {
  /** Receives a record of everything that happens to a message. Costs time; changes nothing. */
  readonly onEvent?: (record: MessageEvent) => void;
  /** Most movements remembered between two frames; 0 (the default) remembers none. */
  readonly movesMax?: number;
}

/** Timer codes of a component are below this; a code of the event list is component × 64 + code. */
export const codesPerComponent = 64;

/** State and parts of one run. */
export class World {
  readonly plan: Plan;
  readonly arena = new Arena();
  readonly events: EventList;
  readonly streams: RandomStreams;
  readonly messages: Messages;
  readonly deliveries: Deliveries;
  readonly ledger: Ledger;
  readonly recorder: Recorder;
  readonly moves: Movements;
  /** Filled by `createRun`, in the order of the document's nodes. */
  readonly components: Component[] = [];
  calls!: Calls;
  ending: RunEnding | null = null;
  /** What happened, for the report; not part of the state. */
  readonly notes: Note[] = [];
  readonly #clock: Float64Column;
  readonly #onEvent: ((record: MessageEvent) => void) | undefined;

  constructor(plan: Plan, options: RunOptions) {
    this.plan = plan;
    this.#onEvent = options.onEvent;
    this.#clock = this.arena.float64("clock", 1);
    this.events = new EventList(this.arena);
    this.streams = new RandomStreams(this.arena, plan.scenario.seed);
    this.messages = new Messages(this.arena);
    this.deliveries = new Deliveries(this.arena);
    this.ledger = new Ledger(this.arena, {
      connections: plan.scenario.connections.length,
      channels: plan.scenario.channels.length,
    });
    this.recorder = new Recorder(this.arena, plan);
    this.moves = new Movements(options.movesMax ?? 0);
  }

  /** Simulated time of the latest event or deed [ns]. */
  now(): number {
    return this.#clock.data[0]!;
  }

  /** Sets the simulated time; only the loop of the run does. */
  setNow(timeNs: number): void {
    this.#clock.data[0] = timeNs;
  }

  /** Time after a delay from now [ns], as an integer. */
  after(delayNs: number): number {
    return this.now() + Math.max(0, Math.round(delayNs));
  }

  /** Creates a message that enters or leaves over a connection, as the consequence of another (or of none, −1). */
  createMessage(connection: number, key: number, cause: number): number {
    const contract = this.plan.connections[connection]!.contract;
    const message = this.messages.create(connection, contract, key, this.now());
    if (cause >= 0) this.messages.derive(message, cause);
    if (this.messages.depth.data[message]! > limits.chain)
      this.ending ??= limitEnding("chain", this.plan.scenario.connections[connection]!.id);
    if (this.messages.size() > limits.messages)
      this.ending ??= limitEnding("messages", this.plan.scenario.connections[connection]!.to);
    return message;
  }

  /** Hands a message to the broker behind a publish connection and books it. */
  publish(connection: number, message: number): void {
    const plan = this.plan.connections[connection]!;
    this.ledger.published.data[connection]!++;
    this.ledger.publishing.data[connection]!++;
    this.log("published", message, { channel: this.plan.scenario.connections[connection]!.to });
    this.move(connection, message, this.#outcomeOf(connection));
    const component = this.components[plan.broker]!;
    if (component.kind === "broker") component.run.publish(connection, message);
  }

  #outcomeOf(connection: number): Outcome {
    const link = this.plan.scenario.connections[connection]!;
    return link.kind === "publish" && link.on === "failure" ? "dead-letter" : "normal";
  }

  /** Puts on record what concerns no single message. */
  note(element: string, sentence: string): void {
    if (this.notes.length < limits.notes)
      this.notes.push({ t: this.now() / 1e9, element, sentence });
  }

  /** Remembers a movement for the picture. */
  move(connection: number, message: number, outcome: Outcome): void {
    const { id, contract } = this.messages;
    this.moves.add({
      connection,
      timeNs: this.now(),
      outcome,
      contract: contract.data[message]!,
      message: id.data[message]!,
    });
  }

  /** Writes a line of the event log, when somebody reads it. */
  log(event: MessageHappening, message: number, about: Partial<MessageEvent> = {}): void {
    if (this.#onEvent === undefined) return;
    const { messages, plan } = this;
    const contract = plan.scenario.contracts[messages.contract.data[message]!]?.id;
    const key = messages.key.data[message]!;
    const cause = messages.cause.data[message]!;
    this.#onEvent({
      t: this.now() / 1e9,
      event,
      message: messages.id.data[message]!,
      ...(contract === undefined ? {} : { contract }),
      ...(key < 0 ? {} : { key: plan.keyText(key) }),
      ...(cause === 0 ? {} : { cause }),
      ...about,
    });
  }

  /** Whether anybody reads the event log: building its details can be saved otherwise. */
  isLogging(): boolean {
    return this.#onEvent !== undefined;
  }
}
