// One run's world: the plan, the state in the arena, and the running components. The contexts that brokers and
// nodes receive (brokerContext.ts, nodeContext.ts) are views of it.

import { assert } from "../base/assert.ts";
import { Arena } from "../kernel/arena.ts";
import { EventList } from "../kernel/eventList.ts";
import { RandomStreams } from "../kernel/random.ts";
import type { MessageEvent, MessageHappening } from "../model/events.ts";
import type { Readability } from "../model/readability.ts";
import type { Outcome, RunEnding } from "../model/result.ts";
import type { Broker } from "../brokers/technology.ts";
import { PayloadSize } from "../nodes/payloadSize.ts";
import type { InstancedService } from "../nodes/instances.ts";
import type { ServiceRun } from "../nodes/serviceRun.ts";
import type { Calls } from "./calls.ts";
import type { Component, Consumer, WorkDetails } from "./component.ts";
import type { Plan } from "./compile.ts";
import { Consistency, hasVersionedStores } from "./consistency.ts";
import { Deliveries } from "./deliveries.ts";
import { Ledger } from "./ledger.ts";
import { limitEnding, limits } from "./limits.ts";
import { Messages } from "./messages.ts";
import type { Network } from "./network/network.ts";
import { Ending, Notes } from "./outcome.ts";
import { AllOutgoing } from "./outgoing.ts";
import { Movements, Recorder } from "./recorder.ts";
import type { Station } from "../nodes/station.ts";
import type { Timeline } from "./timeline.ts";
import { Versions } from "./versions.ts";
import type { WarmUp } from "./warmUp.ts";

/** Who hears of what happens to messages, with more than the event log says: workers and connections, and when writes
 *  and reads begin. */
export interface Ear {
  /** Whether it wants to hear of a message, by its handle. */
  wants(message: number): boolean;
  /** A message was made. */
  made(message: number): void;
  /** A record of now. */
  hear(record: MessageEvent): void;
}

const storeEvents = {
  read: { begins: "reading", over: "read" },
  write: { begins: "writing", over: "written" },
} as const;

/** What `createRun` may be told. */
export interface RunOptions {
  /** Receives a record of everything that happens to a message. Costs time; changes nothing. */
  readonly onEvent?: (record: MessageEvent) => void;
  /** What is known of the versions that are spoken in the run; needed where there are several. */
  readonly readability?: Readability;
  /** Most movements remembered between two frames; 0 (the default) remembers none. */
  readonly movesMax?: number;
  /** Memory for moments to which `seek` and `fork` can go back at once [bytes]; 0 (the default) keeps none, and they
   *  simulate from the beginning. */
  readonly historyBytes?: number;
  /** Look at the objectives on the way, to tell when they were missed. Changes nothing. */
  readonly watchesObjectives?: boolean;
  /** Events between two such moments; by default the size of the run decides. */
  readonly historyEvents?: number;
}

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
  /** Filled by `createRun`, in the order of the document's nodes, then of its bridges. */
  readonly components: Component[] = [];
  calls!: Calls;
  /** Between all of them; hops ask it while it is busy. */
  network!: Network;
  /** Set by the run, which alone takes deeds off it. */
  timeline!: Timeline;
  warmUp!: WarmUp;
  readonly outgoing: AllOutgoing;
  /** Absent where no store keeps versions. */
  readonly consistency: Consistency | undefined;
  /** Absent where every contract has one version. */
  readonly versions: Versions | undefined;
  readonly notes: Notes;
  readonly #ending: Ending;
  /** Simulated time of the latest event or deed [ns], in its only cell. Handed out as an array, because a double
   *  that is read from one needs no object of its own; only the loop of the run writes it. */
  readonly clock: Float64Array;
  /** Whether anybody reads the event log now: building its details can be saved otherwise. */
  isLogging: boolean;
  readonly #onEvent: ((record: MessageEvent) => void) | undefined;
  #ear: Ear | undefined;
  /** By row of the connection. */
  readonly #sizes: readonly PayloadSize[];
  #brokers: readonly (Broker | undefined)[] = [];
  #consumers: readonly (Consumer | undefined)[] = [];

  constructor(plan: Plan, options: RunOptions) {
    this.plan = plan;
    this.#onEvent = options.onEvent;
    this.isLogging = options.onEvent !== undefined;
    this.clock = this.arena.float64("clock", 1).data;
    this.#ending = new Ending(this.arena);
    this.notes = new Notes(this.arena);
    this.events = new EventList(this.arena, "events", this.clock);
    this.streams = new RandomStreams(this.arena, plan.scenario.seed);
    this.messages = new Messages(this.arena, this.clock);
    this.deliveries = new Deliveries(this.arena, this.clock);
    this.ledger = new Ledger(this.arena, this.clock, {
      connections: plan.scenario.connections.length,
      channels: plan.scenario.channels.length,
    });
    this.recorder = new Recorder(this.arena, this.clock, plan);
    this.moves = new Movements(options.movesMax ?? 0, this.clock);
    this.#sizes = plan.scenario.connections.map(
      ({ id }, row) =>
        new PayloadSize(plan.connections[row]!.size, () => this.streams.stream(`${id}/size`)),
    );
    this.outgoing = new AllOutgoing(this);
    if (hasVersionedStores(plan)) this.consistency = new Consistency(this);
    if (plan.versions !== undefined)
      this.versions = new Versions(plan.versions, {
        arena: this.arena,
        scenario: plan.scenario,
        messages: this.messages,
        contractOf: (message) => plan.connections[this.messages.connection(message)]!.contract,
        stream: (id, purpose) => this.streams.stream(`${id}/${purpose}`),
        note: (element, sentence) => this.note(element, sentence),
      });
  }

  /** Simulated time of the latest event or deed [ns]. */
  now(): number {
    return this.clock[0]!;
  }

  /** The limit that ended the run before its time; null while it goes on. */
  ended(): RunEnding | null {
    return this.#ending.get();
  }

  /** Ends the run before its time; the first ending stays. */
  end(ending: RunEnding): void {
    this.#ending.set(ending);
  }

  /** Schedules a timer after a delay from now [ns], which is rounded to an integer that is not negative. */
  schedule(delayNs: number, code: number, a: number, b: number): void {
    this.events.after(delayNs, code, a, b);
  }

  /** Whoever takes requests at a number, where nothing else can be. */
  calledAt(component: number): ServiceRun | InstancedService | Station {
    const called = this.components[component]!;
    assert(
      called.kind === "service" || called.kind === "station",
      "only services and stations are called.",
    );
    return called.run;
  }

  /** Looks up once which component is at the ends of each connection; all components are there. */
  connect(): void {
    const { connections } = this.plan;
    this.#brokers = connections.map(({ broker }) => {
      const component = this.components[broker];
      return component?.kind === "broker" ? component.run : undefined;
    });
    this.#consumers = connections.map(({ to }) => {
      const component = this.components[to];
      const consumes =
        component?.kind === "service" ||
        component?.kind === "station" ||
        component?.kind === "bridge";
      return consumes ? component.run : undefined;
    });
  }

  /** The running broker behind a publish or consume connection. */
  brokerOf(connection: number): Broker {
    return this.#brokers[connection] ?? missing("broker", connection);
  }

  /** The running service or station at the end of a consume connection, or the bridge. */
  consumerOf(connection: number): Consumer {
    return this.#consumers[connection] ?? missing("service", connection);
  }

  /** Creates a message that enters or leaves over a connection, as the consequence of another (or of none, −1). */
  createMessage(connection: number, key: number, cause: number): number {
    const { messages } = this;
    const message = messages.create(connection, key, this.#sizes[connection]!.next());
    if (cause >= 0) messages.derive(message, cause);
    this.consistency?.created(message, cause);
    if (this.isLogging) this.#ear?.made(message);
    if (this.versions !== undefined) this.versions.stamp(message, connection, cause);
    if (messages.depth(message) > limits.chain)
      this.end(limitEnding("chain", this.plan.scenario.connections[connection]!.id));
    if (messages.alive() > limits.messages)
      this.end(limitEnding("messages", this.plan.scenario.connections[connection]!.to));
    return message;
  }

  /** Hands a message to the broker behind a publish connection and books it. */
  publish(connection: number, message: number): void {
    this.ledger.published.data[connection]!++;
    this.ledger.publishing.data[connection]!++;
    if (this.hears(message))
      this.log("published", message, {
        channel: this.plan.scenario.connections[connection]!.to,
        ...this.over(connection),
      });
    this.move(connection, message, this.plan.connections[connection]!.outcome);
    const refusal = this.versions?.published(connection, message) ?? "";
    if (refusal !== "") return this.refused(connection, message, refusal);
    if (this.network.isBusy && this.network.publishes(connection, message)) return;
    this.brokerOf(connection).publish(connection, message);
  }

  /** Books a publication of which its client knows that it has succeeded. */
  confirmed(publisher: number, message: number): void {
    this.ledger.confirmed.data[publisher]!++;
    this.ledger.publishing.data[publisher]!--;
    this.conclude(publisher, message);
  }

  /** Writes down that a publication has succeeded, and lets go of it. */
  conclude(publisher: number, message: number): void {
    if (this.hears(message))
      this.log("confirmed", message, { channel: this.plan.scenario.connections[publisher]!.to });
    this.endPublication(publisher, message, "");
  }

  /** Books a publication that has failed for good, and tells whoever waits for it. */
  refused(publisher: number, message: number, reason: string): void {
    const { ledger } = this;
    ledger.refused.data[publisher]!++;
    ledger.publishing.data[publisher]!--;
    ledger.refusedBy.add(publisher, reason);
    ledger.failures[publisher]!.add(this.now(), 1);
    if (this.hears(message))
      this.log("refused", message, {
        channel: this.plan.scenario.connections[publisher]!.to,
        reason,
      });
    this.move(publisher, message, "failure");
    this.endPublication(publisher, message, reason);
  }

  /** Books an event of a service that was to leave over a connection and is lost before it did. */
  neverLeft(connection: number, message: number): void {
    this.ledger.published.data[connection]!++;
    this.ledger.publishing.data[connection]!++;
    this.refused(connection, message, "crash");
  }

  /** Lets go of a publication and tells whoever waits for it how it ended. */
  endPublication(publisher: number, message: number, failure: string): void {
    const { messages } = this;
    if (failure === "" && !messages.isAwaited(message)) return messages.release(message);
    if (this.network.isBusy && this.network.isExtra(message)) return messages.release(message);
    const worker = messages.waiter(message);
    const life = messages.waiterLife(message);
    const { from } = this.plan.connections[publisher]!;
    messages.endWait(message);
    messages.release(message);
    const component = this.components[from];
    if (component?.kind === "service") {
      // What a service sent later, nobody waits for.
      if (worker >= 0) component.run.published(worker, life, failure);
      return;
    }
    // Stations and bridges book what fails for good themselves: they may have others to try.
    if (component?.kind === "station") return component.run.published(worker, life, failure);
    if (component?.kind === "bridge") return component.run.published(worker, life, failure);
    if (failure !== "") this.recorder.countFailed(from, failure);
    if (worker >= 0 && component?.kind === "producer") component.run.ended(worker);
  }

  /** Starts a call and books it; a worker in its present life waits for it, or nobody (−1). Returns its handle. */
  call(connection: number, message: number, worker: number, life: number): number {
    this.ledger.called.data[connection]!++;
    this.ledger.calling.data[connection]!++;
    this.versions?.called(connection, message);
    return this.calls.start(connection, message, worker, life);
  }

  /** Puts on record what concerns no single message. */
  note(element: string, sentence: string): void {
    this.notes.add(this.now(), element, sentence);
  }

  /** Remembers a movement for the picture. */
  move(connection: number, message: number, outcome: Outcome): void {
    if (!this.moves.isWanted()) return;
    const { contract } = this.plan.connections[this.messages.connection(message)]!;
    const { drawnAs } = this.plan.connections[connection]!;
    // What a bridge publishes has set out on its line when it was delivered to it.
    if (drawnAs >= 0 && outcome !== "failure") return;
    const row = drawnAs < 0 ? connection : drawnAs;
    // Redrives are not drawn.
    if (row >= this.plan.document.connections.length) return;
    this.moves.add(row, outcome, contract, this.messages.id(message));
  }

  /** Who hears of messages from now on, instead of a reader of the event log. */
  listen(ear: Ear | undefined): void {
    this.#ear = ear;
    this.isLogging = ear !== undefined || this.#onEvent !== undefined;
  }

  /** Whether anybody hears of a message now: building what is said can be saved otherwise. */
  hears(message: number): boolean {
    return this.isLogging && (this.#ear === undefined || this.#ear.wants(message));
  }

  /** A line about what a node does with a message. The worker and the connection are for who listens closely: the event
   *  log leaves them out. */
  logWork(event: MessageHappening, message: number, { node, ...more }: WorkDetails): void {
    const { connection, worker, ...plain } = more;
    const consumer = node;
    if (this.#ear === undefined) return this.log(event, message, { consumer, ...plain });
    const over =
      connection === undefined
        ? {}
        : { connection: this.plan.scenario.connections[connection]!.id };
    const by = worker === undefined || worker < 0 ? {} : { worker };
    this.log(event, message, { consumer, ...plain, ...over, ...by });
  }

  /** Puts on record that a write or read is over, or that it begins, which the event log leaves out. */
  logStore(phase: "begins" | "over", connection: number, message: number, worker: number): void {
    if (phase === "begins" && (this.#ear === undefined || message < 0)) return;
    const { kind, to } = this.plan.scenario.connections[connection]!;
    this.logWork(storeEvents[kind === "read" ? "read" : "write"][phase], message, {
      node: to,
      connection,
      worker,
    });
  }

  /** The connection over which something goes, for who listens closely. */
  over(row: number): Partial<MessageEvent> {
    return this.#ear === undefined ? {} : { connection: this.plan.scenario.connections[row]!.id };
  }

  /** Writes a line of the event log, when somebody reads it. */
  log(event: MessageHappening, message: number, about: Partial<MessageEvent> = {}): void {
    if (!this.hears(message)) return;
    const { messages, plan } = this;
    const { contract: row } = plan.connections[messages.connection(message)]!;
    const contract = plan.scenario.contracts[row]?.id;
    const key = messages.key(message);
    const cause = messages.cause(message);
    const version = this.versions?.nameOf(message);
    const record: MessageEvent = {
      t: this.now() / 1e9,
      event,
      message: messages.id(message),
      ...(contract === undefined ? {} : { contract }),
      ...(version === undefined ? {} : { version }),
      ...(key < 0 ? {} : { key: plan.keyText(key) }),
      ...(cause === 0 ? {} : { cause }),
      ...about,
    };
    if (this.#ear === undefined) this.#onEvent?.(record);
    else this.#ear.hear(record);
  }

  /** Does something of which nobody shall hear: nothing is written to the event log, no movement is remembered. */
  unheard(work: () => void): void {
    const { isLogging } = this;
    this.isLogging = false;
    try {
      work();
    } finally {
      this.isLogging = isLogging;
      this.moves.clear();
    }
  }
}

function missing(kind: string, connection: number): never {
  throw new Error(`There is no ${kind} at connection ${connection}.`);
}
