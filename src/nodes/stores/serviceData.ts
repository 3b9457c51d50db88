// What the steps of one service do with entities: each worker remembers what its message tells of stores and which versions
// it has read, so that every write is judged by what it rests on. Between read and write lies real simulated time.

import type { ValuesOf } from "../../base/fields.ts";
import type { Arena } from "../../kernel/arena.ts";
import type { writeFields } from "../connections.ts";
import { outcome } from "../steps/kind.ts";
import { type Anomalies, anomaly } from "./anomalies.ts";
import { Bases } from "./bases.ts";
import type { Effects } from "./effects.ts";
import { counted, type Entities } from "./entities.ts";
import type { EventLog } from "./eventLog.ts";
import { applied, type Replica } from "./replica.ts";
import { Stamps } from "./stamps.ts";
import type { Awaited } from "./waitingReads.ts";

/** A write connection into a store with versions. */
export interface WritePlan {
  readonly entities: Entities;
  readonly values: ValuesOf<typeof writeFields>;
  readonly effects: Effects;
}

/** What a service's data needs of the run. */
export interface DataContext {
  readonly arena: Arena;
  /** Simulated time [ns] in its only cell. */
  readonly clock: Float64Array;
  readonly anomalies: Anomalies;
  /** By handle of a message. */
  readonly stamps: Stamps;
  keyOf(message: number): number;
  idOf(message: number): number;
  /** Payload of a message [bytes]. */
  sizeOf(message: number): number;
  /** The entities of a store by its number. */
  entitiesOf(store: number): Entities;
}

/** The data of one service's workers. */
export class ServiceData {
  readonly #context: DataContext;
  /** By number of the worker. */
  readonly #stamps: Stamps;
  readonly #bases: Bases;

  constructor(context: DataContext, service: string) {
    this.#context = context;
    this.#stamps = new Stamps(context.arena, `${service}/workers`);
    this.#bases = new Bases(context.arena, `${service}/workers`);
  }

  /** A worker begins an attempt at a message (−1: at what its service does by itself): it knows what that tells, and has
   *  read nothing. */
  begin(worker: number, message: number): void {
    if (message < 0) this.#stamps.clear(worker);
    else this.#stamps.copy(worker, this.#context.stamps, message);
    this.#bases.forget(worker);
  }

  /** What follows from a worker's message tells what the worker knows by then. */
  stamp(worker: number, message: number): void {
    this.#context.stamps.copy(message, this.#stamps, worker);
  }

  /** An answer has come: what the called service knows of stores, its caller knows too. */
  learn(worker: number, stamps: Stamps, row: number): void {
    if (stamps.store(row) >= 0) this.#stamps.copy(worker, stamps, row);
  }

  /** A write begins: it reads by itself what no step has read before. */
  beginWrite({ entities }: WritePlan, worker: number, message: number): void {
    const key = this.#context.keyOf(message);
    if (key < 0) return;
    const entity = entities.row(key);
    const base = this.#bases.take(worker, entities.number, entity);
    if (this.#bases.isImplicit(base))
      this.#bases.set(base, entities.version(entity), entities.value(entity));
  }

  /** How long a write takes to know the state that no step has read before [ns]. */
  loadBeforeNs(plan: WritePlan, worker: number, message: number): number {
    const { entities } = plan;
    if (entities.log === undefined || !needsState(plan)) return 0;
    const key = this.#context.keyOf(message);
    const base = key < 0 ? -1 : this.#bases.of(worker, entities.number, entities.known(key));
    if (base >= 0 && !this.#bases.isImplicit(base)) return 0;
    return this.loadNs(entities, message);
  }

  /** What a read has to wait for: the newest version that its chain of causes has written or read of the entity that a
   *  replica follows; undefined when it is there. */
  awaited(entities: Entities, worker: number, message: number): Awaited | undefined {
    const key = this.#context.keyOf(message);
    const replica = key < 0 ? undefined : this.#viewOf(entities, worker, key);
    if (replica === undefined) return undefined;
    const entity = this.#context.entitiesOf(replica.source).row(key);
    const version = this.#stamps.seen(worker, replica.source, key);
    return replica.lacks(entity, version) ? { replica, entity, version } : undefined;
  }

  /** How long it takes to know the state of what a read is about [ns]. */
  loadNs(entities: Entities, message: number): number {
    const key = this.#context.keyOf(message);
    if (entities.log === undefined || key < 0) return 0;
    const entity = entities.known(key);
    return entities.log.loadNs(entity < 0 ? 0 : entities.version(entity));
  }

  /** A write takes effect; one of `outcome`. What has no key concerns no entity. */
  write(plan: WritePlan, worker: number, message: number): number {
    if (this.#context.keyOf(message) < 0) return outcome.done;
    const replica = this.#replicaFor(plan, worker);
    if (replica === undefined) return this.#commit(plan, worker, message);
    if (plan.values.change === "note") this.#applyState(plan, replica, worker, message);
    else this.#applyChange(plan, replica, worker, message);
    return outcome.done;
  }

  /** A read has its answer. */
  read(entities: Entities, worker: number, message: number): void {
    const key = this.#context.keyOf(message);
    if (key < 0) return;
    const entity = entities.row(key);
    const value = entities.value(entity);
    const base = this.#bases.take(worker, entities.number, entity);
    this.#bases.set(base, entities.version(entity), value);
    this.#bases.setExplicit(base);
    const replica = this.#viewOf(entities, worker, key);
    if (replica === undefined) {
      entities.countRead(0);
      this.#stamps.read(worker, entities.number, key, entities.version(entity));
    } else this.#readReplica(entities, replica, worker, message);
    this.#stamps.setValue(worker, value, 0);
  }

  /** The replica that a write feeds: its store's view of the store of which the worker knows something. */
  #replicaFor({ entities, values }: WritePlan, worker: number): Replica | undefined {
    if (values.change !== "note" && values.change !== "add change") return undefined;
    const source = this.#stamps.store(worker);
    return source < 0 ? undefined : entities.replicas.find((one) => one.source === source);
  }

  /** The view that a reader of a store gets of a key: of the store that the worker knows of, else of any that has it. */
  #viewOf(entities: Entities, worker: number, key: number): Replica | undefined {
    const { replicas } = entities;
    const source = this.#stamps.store(worker);
    return (
      replicas.find((one) => one.source === source) ??
      replicas.find((one) => this.#context.entitiesOf(one.source).known(key) >= 0)
    );
  }

  #commit(plan: WritePlan, worker: number, message: number): number {
    const { entities } = plan;
    const { change, check } = plan.values;
    const entity = entities.row(this.#context.keyOf(message));
    const base = this.#bases.take(worker, entities.number, entity);
    const current = entities.version(entity);
    if (check === "atomic") this.#bases.set(base, current, entities.value(entity));
    const rested = this.#bases.version(base);
    if (check === "version" && rested !== current) {
      entities.count(counted.conflicts);
      return outcome.conflict;
    }
    const before = this.#bases.value(base);
    const value = valueAfter(plan, before, entities.value(entity));
    if (change === "add" && value < (plan.values.atLeast ?? -Infinity)) {
      entities.count(counted.refused);
      return outcome.refused;
    }
    const isBlind = change !== "add" && this.#bases.isImplicit(base);
    if (!isBlind && current > rested)
      this.#find(anomaly.lostUpdate, entities, message, {
        version: current + 1,
        other: rested + 1,
        times: current - rested,
      });
    const again = plan.effects.note(message, this.#context.idOf(message));
    if (again && change !== "set")
      this.#find(anomaly.duplicateEffect, entities, message, {
        version: current + 1,
        other: current,
      });
    if (change === "add") entities.expect(entity, entities.expected(entity) + plan.values.amount);
    else entities.expect(entity, value);
    this.#conclude(plan, worker, message, value);
    return outcome.done;
  }

  /** The new value is there: as the next version, which the worker has seen. */
  #conclude(plan: WritePlan, worker: number, message: number, value: number): void {
    const { entities } = plan;
    const key = this.#context.keyOf(message);
    const entity = entities.row(key);
    const before = entities.value(entity);
    const version = entities.commit(entity, value, this.#context.clock[0]!);
    if (entities.log !== undefined) this.#append(entities.log, entity, value, message);
    this.#bases.set(this.#bases.of(worker, entities.number, entity), version, value);
    this.#stamps.written(worker, entities.number, key, version);
    this.#stamps.setValue(worker, value, value - before);
    this.#checkBounds(entities, message, before, value);
  }

  #append(log: EventLog, entity: number, value: number, message: number): void {
    log.append(entity, value, this.#context.clock[0]!, this.#context.idOf(message));
    log.addBytes(this.#context.sizeOf(message));
  }

  #applyState(plan: WritePlan, replica: Replica, worker: number, message: number): void {
    const { entities, values } = plan;
    const stamps = this.#stamps;
    const source = this.#context.entitiesOf(replica.source).row(stamps.key(worker));
    const order = values.check === "version" ? "kept" : "as it comes";
    const had = replica.version(source);
    const version = stamps.version(worker);
    const came = replica.applyState(source, version, this.#context.clock[0]!, order);
    if (came === applied.again || came === applied.olderIgnored) return;
    if (came === applied.wentBack)
      this.#find(anomaly.outOfOrder, entities, message, { version, other: had });
    const entity = entities.row(this.#context.keyOf(message));
    const before = entities.value(entity);
    const value = stamps.value(worker);
    entities.put(entity, value);
    entities.expect(entity, value);
    this.#checkBounds(entities, message, before, value);
  }

  #applyChange(plan: WritePlan, replica: Replica, worker: number, message: number): void {
    const { entities } = plan;
    const stamps = this.#stamps;
    const source = this.#context.entitiesOf(replica.source).row(stamps.key(worker));
    const version = stamps.version(worker);
    const came = replica.applyChange(source, version, this.#context.clock[0]!);
    const entity = entities.row(this.#context.keyOf(message));
    const before = entities.value(entity);
    const change = stamps.change(worker);
    if (came === applied.again)
      this.#find(anomaly.duplicateEffect, entities, message, { version, other: version });
    else entities.expect(entity, entities.expected(entity) + change);
    entities.put(entity, before + change);
    this.#checkBounds(entities, message, before, before + change);
  }

  #readReplica(entities: Entities, replica: Replica, worker: number, message: number): void {
    const key = this.#context.keyOf(message);
    const stamps = this.#stamps;
    const source = this.#context.entitiesOf(replica.source);
    const entity = source.row(key);
    const version = replica.version(entity);
    entities.countRead(source.version(entity) - version);
    const seen = stamps.seen(worker, replica.source, key);
    if (version < seen)
      this.#find(
        stamps.hasWrittenSeen(worker) ? anomaly.readYourWrites : anomaly.monotonicReads,
        entities,
        message,
        { version, other: seen },
      );
    stamps.read(worker, replica.source, key, version);
  }

  #checkBounds(entities: Entities, message: number, before: number, value: number): void {
    const { valueMin, valueMax } = entities.values;
    const isWithin = (one: number): boolean =>
      one >= (valueMin ?? -Infinity) && one <= (valueMax ?? Infinity);
    if (isWithin(value) || !isWithin(before)) return;
    this.#find(anomaly.invariant, entities, message, { version: value, other: before });
  }

  #find(kind: number, { number: store }: Entities, message: number, found: Found): void {
    const context = this.#context;
    const about = { kind, store, key: context.keyOf(message), message: context.idOf(message) };
    context.anomalies.add({ ...about, ...found }, found.times ?? 1);
  }
}

/** Versions of an anomaly (see anomalies.ts), and how often it counts. */
interface Found {
  readonly version: number;
  readonly other: number;
  readonly times?: number;
}

/** Whether a write must know the state that it changes: else it appends blindly, or the store changes it by itself. */
function needsState({ values }: WritePlan): boolean {
  const { change, check, atLeast } = values;
  if (check === "version" || check === "lock") return true;
  return change === "add" && (check !== "atomic" || atLeast !== null);
}

/** What a write makes of the value that it rests on, and of the present one. */
function valueAfter({ values }: WritePlan, base: number, present: number): number {
  if (values.change === "set") return values.amount;
  return values.change === "add" ? base + values.amount : present;
}
