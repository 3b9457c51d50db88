// Transactions: what a service publishes, and the offsets of what it has consumed for that, take effect together or not at
// all. One transactional producer per service stands for all its workers; the coordinator is always there.

import type { KafkaPlan } from "./plan.ts";
import type { TransactionalPlan } from "./transactionPlan.ts";
import type { StableOffsets } from "./stableOffsets.ts";
import { msToNs } from "../../base/units.ts";
import type { BrokerContext } from "../technology.ts";

/** Codes of the timers of transactions: its time is up · the coordinator decides · it looks for those that timed out ·
 *  markers are tried again. */
export const transactionWakes = { due: 9, decide: 10, scan: 11, mark: 12 } as const;

const NONE = -1;

// Phases of a transactional producer. From DRAINING on it takes no more records in; from FLUSHING on what is published
// belongs to the next transaction.
const IDLE = 0;
const OPEN = 1;
const DRAINING = 2;
const FLUSHING = 3;
const DECIDING = 4;
const MARKING = 5;

/** How long a coordinator waits before it tries again to write a marker [ns]. */
const MARK_AGAIN_NS = msToNs(100);

/** What the rest of the broker does for transactions. */
export interface TransactionOwner {
  /** Whether no worker of these clients holds a record. */
  isIdle(clients: readonly number[]): boolean;
  /** Commits the offsets of clients, or has them read again what is not committed. */
  endOffsets(clients: readonly number[], how: "committed" | "aborted"): void;
  goOn(clients: readonly number[]): void;
  /** Sends what is collected; returns whether all of it is answered. */
  flush(producer: number): boolean;
  /** Fails what is not answered. */
  giveUp(producer: number, reason: string): void;
  /** The next transaction may send. Returns whether anything waited for it. */
  release(producer: number): boolean;
  /** Writes a control record; returns its offset, or -1 while the partition has no leader. */
  writeMarker(partition: number): number;
  /** A marker is written: its partition replicates. */
  onMarker(partition: number): void;
  /** The records of a producer from an offset on below another are void. */
  abortRecords(producer: number, partition: number, range: { from: number; to: number }): void;
  note(sentence: string): void;
}

/** All transactional producers of a broker, and their coordinator. */
export class Transactions {
  readonly #plan: KafkaPlan;
  readonly #context: BrokerContext;
  readonly #stable: StableOffsets;
  readonly #owner: TransactionOwner;
  readonly #ofPublisher: ReadonlyMap<number, number>;
  readonly #ofClient: ReadonlyMap<number, number>;
  /** Per producer: its phase · 1 when it has to be aborted · records so far, from the flush on those of the next one · rises with each transaction. */
  readonly #phase: Int32Array;
  readonly #hasFailed: Int32Array;
  readonly #records: Int32Array;
  readonly #number: Int32Array;
  /** Per producer: 1 once the coordinator has shut it out, until its workers have noticed · 1 while its process is dead. */
  readonly #isFenced: Int32Array;
  readonly #isDead: Int32Array;
  /** Per producer: 1 when the markers to be written say that the transaction was aborted. */
  readonly #aborts: Int32Array;

  constructor(
    { plan, context }: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    stable: StableOffsets,
    owner: TransactionOwner,
  ) {
    const { transactional } = plan;
    const ints = (of: string): Int32Array =>
      context.arena.int32(`${plan.id}.transactions.${of}`, transactional.length).data;
    this.#plan = plan;
    this.#context = context;
    this.#stable = stable;
    this.#owner = owner;
    this.#ofPublisher = byMember(transactional.map(({ publishers }) => publishers));
    this.#ofClient = byMember(transactional.map(({ clients }) => clients));
    this.#phase = ints("phase");
    this.#hasFailed = ints("hasFailed");
    this.#records = ints("records");
    this.#number = ints("number");
    this.#isFenced = ints("isFenced");
    this.#isDead = ints("isDead");
    this.#aborts = ints("aborts");
  }

  /** The transactional producer of a client whose offsets it commits; -1 without. */
  ofClient(client: number): number {
    return this.#ofClient.get(client) ?? NONE;
  }

  /** Begins a transaction, unless one is open. */
  begin(producer: number): void {
    if (this.#phase[producer] !== IDLE) return;
    this.#phase[producer] = OPEN;
    this.#hasFailed[producer] = 0;
    const number = ++this.#number[producer]!;
    const { intervalNs, timeoutNs, recordsMax } = this.#planOf(producer);
    const isFull = this.#records[producer]! >= recordsMax;
    this.#context.schedule(isFull ? 0 : intervalNs, transactionWakes.due, producer, number);
    const scanMs =
      this.#plan.cluster["transaction.abort.timed.out.transaction.cleanup.interval.ms"];
    const scanNs = msToNs(scanMs);
    const now = this.#context.now();
    const overNs = Math.ceil((now + timeoutNs) / scanNs) * scanNs;
    this.#context.schedule(overNs - now, transactionWakes.scan, producer, number);
  }

  /** A record is published; false when its producer is shut out and may not publish. */
  admit(producer: number): boolean {
    if (this.#isFenced[producer] === 1 || this.#isDead[producer] === 1) return false;
    this.begin(producer);
    const { recordsMax } = this.#planOf(producer);
    if (++this.#records[producer]! >= recordsMax && this.#phase[producer] === OPEN)
      this.#context.schedule(0, transactionWakes.due, producer, this.#number[producer]!);
    return true;
  }

  /** Whether a transaction is about to end: its consumers take nothing more. */
  isEnding(producer: number): boolean {
    return this.#phase[producer]! >= DRAINING || this.#isFenced[producer] === 1;
  }

  /** Whether what is published now belongs to the next transaction. */
  isClosed(producer: number): boolean {
    return this.#phase[producer]! >= FLUSHING;
  }

  /** The open transaction cannot be committed any more. */
  fail(producer: number): void {
    if (this.#phase[producer]! <= DECIDING) this.#hasFailed[producer] = 1;
  }

  /** A worker of the service has dealt with all it was handed. */
  onDealtWith(producer: number): void {
    if (this.#phase[producer] === DRAINING) this.#tryFlush(producer);
    else if (this.#isFenced[producer] === 1) this.#tryUnfence(producer);
  }

  /** A batch of the producer is answered, or has failed for good. */
  onAnswered(producer: number): void {
    if (this.#phase[producer] === FLUSHING) this.#tryDecide(producer);
  }

  /** The process of a publisher has died: the coordinator learns of it when the transaction times out. */
  onCrash(publisher: number): void {
    const producer = this.#ofPublisher.get(publisher);
    if (producer === undefined || this.#isDead[producer] === 1) return;
    this.#isDead[producer] = 1;
    if (this.#phase[producer]! <= FLUSHING) this.#owner.giveUp(producer, "publisher-crashed");
  }

  /** The process of a publisher is back and introduces itself by its transactional.id: what it had left open is aborted,
   *  and a former self could write no more. */
  onRestart(publisher: number): void {
    const producer = this.#ofPublisher.get(publisher);
    if (producer === undefined || this.#isDead[producer] === 0) return;
    this.#isDead[producer] = 0;
    const phase = this.#phase[producer]!;
    if (phase < OPEN || phase > FLUSHING) return;
    const { node } = this.#planOf(producer);
    this.#owner.note(`${node} is back under its transactional.id: its open transaction is aborted`);
    this.#end(producer, "aborted");
  }

  /** A timer of transactions has fired. */
  wake(code: number, producer: number, number: number): void {
    if (this.#number[producer] !== number) return;
    const phase = this.#phase[producer]!;
    if (code === transactionWakes.mark) {
      if (phase === MARKING) this.#mark(producer);
    } else if (code === transactionWakes.scan) {
      if (phase >= OPEN && phase <= FLUSHING) this.#timeOut(producer);
    } else if (code === transactionWakes.decide) {
      if (phase !== DECIDING) return;
      this.#end(producer, this.#hasFailed[producer] === 1 ? "aborted" : "committed");
    } else if (phase === OPEN && this.#isDead[producer] === 0) {
      this.#phase[producer] = DRAINING;
      this.#tryFlush(producer);
    }
  }

  /** More of a partition can be read: markers there may be replicated. Returns whether one was. */
  onReadable(partition: number): boolean {
    let isOver = false;
    const readable = this.#stable.highWatermark(partition);
    for (let producer = 0; producer < this.#plan.transactional.length; producer++) {
      const marker = this.#stable.marker(producer, partition);
      if (marker < 0 || marker >= readable) continue;
      if (this.#aborts[producer] === 1) {
        const from = this.#stable.first(producer, partition);
        this.#owner.abortRecords(producer, partition, { from, to: marker });
      }
      this.#stable.close(producer, partition);
      isOver = true;
      this.#finishIfOver(producer);
    }
    return isOver;
  }

  /** All consumers are between two polls: sends what is collected. */
  #tryFlush(producer: number): void {
    if (!this.#owner.isIdle(this.#planOf(producer).clients)) return;
    this.#phase[producer] = FLUSHING;
    // From here on those of the next one are counted.
    this.#records[producer] = 0;
    this.#decideOnce(producer, this.#owner.flush(producer));
  }

  #tryDecide(producer: number): void {
    this.#decideOnce(producer, this.#owner.flush(producer));
  }

  /** With everything answered the coordinator is asked: first about the offsets, if there are any, then for the end. */
  #decideOnce(producer: number, isAnswered: boolean): void {
    if (!isAnswered || this.#phase[producer] !== FLUSHING || this.#isDead[producer] === 1) return;
    this.#phase[producer] = DECIDING;
    const { latencyNs, clients } = this.#planOf(producer);
    const replicationNs = msToNs(this.#plan.cluster["replica.fetch.latency.ms"]);
    // AddOffsetsToTxn and TxnOffsetCommit there and back, then EndTxn on its way.
    const asksNs = clients.length > 0 && this.#hasFailed[producer] === 0 ? 5 : 1;
    this.#context.schedule(
      asksNs * latencyNs + replicationNs,
      transactionWakes.decide,
      producer,
      this.#number[producer]!,
    );
  }

  #timeOut(producer: number): void {
    const { node } = this.#planOf(producer);
    this.#owner.note(`the transaction of ${node} has timed out: it is aborted, ${node} is fenced`);
    this.#isFenced[producer] = 1;
    this.#owner.giveUp(producer, "transaction-timed-out");
    this.#end(producer, "aborted");
  }

  /** The outcome is certain. */
  #end(producer: number, how: "committed" | "aborted"): void {
    // One that is aborted was not flushed.
    if (this.#phase[producer]! < FLUSHING) this.#records[producer] = 0;
    this.#phase[producer] = MARKING;
    this.#aborts[producer] = how === "aborted" ? 1 : 0;
    this.#owner.endOffsets(this.#planOf(producer).clients, how);
    this.#mark(producer);
    this.#finishIfOver(producer);
  }

  /** Writes the markers that are missing. */
  #mark(producer: number): void {
    let isMissing = false;
    for (let partition = 0; partition < this.#plan.topicOf.length; partition++) {
      if (this.#stable.first(producer, partition) < 0) continue;
      if (this.#stable.marker(producer, partition) < 0) {
        const marker = this.#owner.writeMarker(partition);
        if (marker >= 0) {
          this.#stable.setMarker(producer, partition, marker);
          this.#owner.onMarker(partition);
        }
      }
      isMissing ||= this.#stable.first(producer, partition) >= 0;
    }
    // A marker that is not replicated may yet be cut off with its leader.
    if (!isMissing || this.#phase[producer] !== MARKING) return;
    const number = this.#number[producer]!;
    this.#context.schedule(MARK_AGAIN_NS, transactionWakes.mark, producer, number);
  }

  #finishIfOver(producer: number): void {
    if (this.#phase[producer] !== MARKING) return;
    for (let partition = 0; partition < this.#plan.topicOf.length; partition++)
      if (this.#stable.first(producer, partition) >= 0) return;
    this.#phase[producer] = IDLE;
    this.#number[producer]!++;
    if (this.#isFenced[producer] === 1) this.#tryUnfence(producer);
    else this.#goOn(producer);
  }

  /** Whoever was shut out introduces itself anew when none of its workers is at work for the old transaction. */
  #tryUnfence(producer: number): void {
    if (this.#phase[producer] !== IDLE) return;
    if (!this.#owner.isIdle(this.#planOf(producer).clients)) return;
    this.#isFenced[producer] = 0;
    this.#goOn(producer);
  }

  #goOn(producer: number): void {
    if (this.#owner.release(producer)) this.begin(producer);
    this.#owner.goOn(this.#planOf(producer).clients);
  }

  #planOf(producer: number): TransactionalPlan {
    return this.#plan.transactional[producer]!;
  }
}

function byMember(lists: readonly (readonly number[])[]): ReadonlyMap<number, number> {
  return new Map(lists.flatMap((list, owner) => list.map((member) => [member, owner] as const)));
}
