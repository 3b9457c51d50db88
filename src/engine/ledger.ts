// The books of a run: every publication, every copy and every call is in exactly one state at every instant.
// Brokers and nodes report through verbs; the ledger counts, and can prove that nothing has vanished.

import type { ConservationReport } from "../model/report.ts";
import type { Arena, Float64Column, Int32Column } from "../kernel/arena.ts";
import { Observations } from "../kernel/observations.ts";
import { CounterSeries } from "../kernel/counterSeries.ts";
import { LevelSeries } from "../kernel/levelSeries.ts";
import { ReasonCounts } from "./reasons.ts";

/** What a run keeps books of: numbers of connections, channels and contracts of the document. */
export interface LedgerSize {
  readonly connections: number;
  readonly channels: number;
}

/** Books of the copies in one place: one queue, or one group's view of a topic. */
export class Account {
  readonly channel: number;
  /** Row of the subscription, −1 when several share it. */
  readonly subscription: number;
  readonly waiting: LevelSeries;
  /** Waiting and in flight. */
  readonly inSystem: LevelSeries;
  readonly inFlight: Int32Column;
  /** From publication to acknowledgement [ns]. */
  readonly latency: Observations;

  constructor(arena: Arena, name: string, place: { channel: number; subscription: number }) {
    this.channel = place.channel;
    this.subscription = place.subscription;
    this.waiting = new LevelSeries(arena, `${name}/waiting`);
    this.inSystem = new LevelSeries(arena, `${name}/in-system`);
    this.inFlight = arena.int32(`${name}/in-flight`, 1);
    this.latency = new Observations(arena, `${name}/latency`);
  }
}

/** What is counted of the copies of an account. */
const copyTerms = [
  "routed",
  "delivered",
  "redelivered",
  "returned",
  "acknowledged",
  "deadLettered",
  "expired",
  "dropped",
] as const;

type CopyTerm = (typeof copyTerms)[number];

/** The books. Columns are indexed by connection row, channel row or account number. */
export class Ledger {
  readonly accounts: Account[] = [];
  /** Copies waiting or in flight in all accounts together. */
  readonly inAll: Float64Column;
  /** Per account. */
  readonly copies: Readonly<Record<CopyTerm, Float64Column>>;
  readonly droppedBy: ReasonCounts;
  // Publications, per connection.
  readonly published: Float64Column;
  readonly confirmed: Float64Column;
  readonly refused: Float64Column;
  readonly publishing: Float64Column;
  readonly refusedBy: ReasonCounts;
  // Per subscription (connection row).
  readonly deliveredTo: Float64Column;
  readonly redeliveredTo: Float64Column;
  readonly acknowledgedBy: Float64Column;
  readonly deadLetteredBy: Float64Column;
  readonly inFlightAt: Float64Column;
  // Per channel.
  readonly stored: Float64Column;
  readonly unroutable: Float64Column;
  readonly lost: Float64Column;
  readonly lostBy: ReasonCounts;
  // Calls, per connection.
  readonly called: Float64Column;
  readonly attempts: Float64Column;
  readonly succeeded: Float64Column;
  readonly callFailed: Float64Column;
  readonly calling: Float64Column;
  readonly callFailedBy: ReasonCounts;
  readonly written: Float64Column;
  readonly read: Float64Column;
  /** Failures of any kind over time, per connection: refused, failed calls. */
  readonly failures: readonly CounterSeries[];
  readonly #arena: Arena;
  /** Simulated time [ns]. */
  readonly #clock: Float64Array;
  /** First account of a channel alone, and of a subscription, by row. */
  readonly #ofChannel = new Map<number, number>();
  readonly #ofSubscription = new Map<number, number>();

  constructor(arena: Arena, clock: Float64Array, size: LedgerSize) {
    this.#arena = arena;
    this.#clock = clock;
    const copies = (term: CopyTerm): Float64Column => arena.float64(`ledger/copies/${term}`);
    this.copies = {
      routed: copies("routed"),
      delivered: copies("delivered"),
      redelivered: copies("redelivered"),
      returned: copies("returned"),
      acknowledged: copies("acknowledged"),
      deadLettered: copies("deadLettered"),
      expired: copies("expired"),
      dropped: copies("dropped"),
    };
    this.inAll = arena.float64("ledger/in-all", 1);
    const perConnection = (name: string): Float64Column =>
      arena.float64(`ledger/${name}`, size.connections);
    const perChannel = (name: string): Float64Column =>
      arena.float64(`ledger/channel/${name}`, size.channels);
    this.published = perConnection("published");
    this.confirmed = perConnection("confirmed");
    this.refused = perConnection("refused");
    this.publishing = perConnection("publishing");
    this.deliveredTo = perConnection("delivered");
    this.redeliveredTo = perConnection("redelivered");
    this.acknowledgedBy = perConnection("acknowledged");
    this.deadLetteredBy = perConnection("dead-lettered");
    this.inFlightAt = perConnection("in-flight");
    this.called = perConnection("called");
    this.attempts = perConnection("attempts");
    this.succeeded = perConnection("succeeded");
    this.callFailed = perConnection("call-failed");
    this.calling = perConnection("calling");
    this.written = perConnection("written");
    this.read = perConnection("read");
    this.stored = perChannel("stored");
    this.unroutable = perChannel("unroutable");
    this.lost = perChannel("lost");
    this.refusedBy = new ReasonCounts(arena, "ledger/refused-by", size.connections);
    this.callFailedBy = new ReasonCounts(arena, "ledger/call-failed-by", size.connections);
    this.lostBy = new ReasonCounts(arena, "ledger/lost-by", size.channels);
    // Accounts are opened later; 2 per channel or connection is more than any technology opens.
    const places = 2 * (size.channels + size.connections) + 1;
    this.droppedBy = new ReasonCounts(arena, "ledger/dropped-by", places);
    this.failures = Array.from(
      { length: size.connections },
      (_, row) => new CounterSeries(arena, `ledger/failures-${row}`),
    );
  }

  /** Opens an account and returns its number. */
  open(channel: number, subscription: number): number {
    const number = this.accounts.length;
    const place = { channel, subscription };
    // No id holds a space, so no column of a node or connection has this name.
    this.accounts.push(new Account(this.#arena, `account ${number}`, place));
    const [rows, row] =
      subscription < 0 ? [this.#ofChannel, channel] : [this.#ofSubscription, subscription];
    if (!rows.has(row)) rows.set(row, number);
    for (const term of copyTerms) this.copies[term].push(0);
    return number;
  }

  /** Number of the account of a subscription, or of its channel where several share one; −1 for none. */
  accountOf(subscription: number, channel: number): number {
    return this.#ofSubscription.get(subscription) ?? this.#ofChannel.get(channel) ?? -1;
  }

  /** Copies have come to wait in an account. */
  routed(account: number, count: number): void {
    this.copies.routed.data[account]! += count;
    this.#waits(account, count);
    this.#isInside(account, count);
  }

  /** A waiting copy has left an account for good. */
  left(account: number, term: "expired" | "deadLettered" | "dropped"): void {
    this.copies[term].data[account]!++;
    this.#waits(account, -1);
    this.#isInside(account, -1);
  }

  /** Waiting copies were handed to a worker. */
  delivered(account: number, subscription: number, count: number): void {
    this.copies.delivered.data[account]! += count;
    this.deliveredTo.data[subscription]! += count;
    this.#waits(account, -count);
    this.accounts[account]!.inFlight.data[0]! += count;
    this.inFlightAt.data[subscription]! += count;
  }

  /** One of the copies that were just handed over had been with a worker before. */
  redelivered(account: number, subscription: number): void {
    this.copies.redelivered.data[account]!++;
    this.redeliveredTo.data[subscription]!++;
  }

  /** A copy in flight waits again. */
  returned(account: number, subscription: number): void {
    this.copies.returned.data[account]!++;
    this.#waits(account, 1);
    this.#land(account, subscription, 1);
  }

  /** Copies in flight have been dealt with. */
  acknowledged(account: number, subscription: number, count: number): void {
    this.copies.acknowledged.data[account]! += count;
    this.acknowledgedBy.data[subscription]! += count;
    this.#isInside(account, -count);
    this.#land(account, subscription, count);
  }

  /** A copy in flight was given up and put elsewhere. */
  rejected(account: number, subscription: number): void {
    this.copies.deadLettered.data[account]!++;
    this.deadLetteredBy.data[subscription]!++;
    this.#isInside(account, -1);
    this.#land(account, subscription, 1);
  }

  /** A copy in flight was dropped. */
  discarded(account: number, subscription: number): void {
    this.copies.dropped.data[account]!++;
    this.#isInside(account, -1);
    this.#land(account, subscription, 1);
  }

  #waits(account: number, difference: number): void {
    this.accounts[account]!.waiting.add(this.#clock[0]!, difference);
  }

  #isInside(account: number, difference: number): void {
    this.accounts[account]!.inSystem.add(this.#clock[0]!, difference);
    this.inAll.data[0]! += difference;
  }

  #land(account: number, subscription: number, count: number): void {
    this.accounts[account]!.inFlight.data[0]! -= count;
    this.inFlightAt.data[subscription]! -= count;
  }

  /** The balance of everything, with sentences about what does not balance. Cheap: no history is read. */
  conservation(): ConservationReport {
    const violations: string[] = [];
    const publications = {
      published: sum(this.published),
      confirmed: sum(this.confirmed),
      refused: sum(this.refused),
      pending: sum(this.publishing),
      unroutable: sum(this.unroutable),
      lost: sum(this.lost),
    };
    const calls = {
      called: sum(this.called),
      succeeded: sum(this.succeeded),
      failed: sum(this.callFailed),
      pending: sum(this.calling),
    };
    this.#checkConnections(violations);
    const copies = this.#checkAccounts(violations);
    return { holds: violations.length === 0, publications, copies, calls, violations };
  }

  #checkConnections(violations: string[]): void {
    for (let row = 0; row < this.published.length; row++) {
      const pending = this.publishing.data[row]!;
      const settled = this.confirmed.data[row]! + this.refused.data[row]!;
      if (pending < 0 || this.published.data[row] !== settled + pending)
        violations.push(
          `Connection ${row}: ${this.published.data[row]} published, but ${settled} settled and ${pending} pending.`,
        );
      const calling = this.calling.data[row]!;
      const ended = this.succeeded.data[row]! + this.callFailed.data[row]!;
      if (calling < 0 || this.called.data[row] !== ended + calling)
        violations.push(
          `Connection ${row}: ${this.called.data[row]} calls, but ${ended} ended and ${calling} pending.`,
        );
    }
  }

  #checkAccounts(violations: string[]): ConservationReport["copies"] {
    const totals = {
      routed: sum(this.copies.routed),
      acknowledged: sum(this.copies.acknowledged),
      waiting: 0,
      inFlight: 0,
      deadLettered: sum(this.copies.deadLettered),
      expired: sum(this.copies.expired),
      dropped: sum(this.copies.dropped),
    };
    this.accounts.forEach((account, number) => {
      const waiting = account.waiting.level();
      const inFlight = account.inFlight.data[0]!;
      totals.waiting += waiting;
      totals.inFlight += inFlight;
      const gone =
        this.copies.acknowledged.data[number]! +
        this.copies.deadLettered.data[number]! +
        this.copies.expired.data[number]! +
        this.copies.dropped.data[number]!;
      const routed = this.copies.routed.data[number]!;
      if (waiting < 0 || inFlight < 0 || routed !== gone + waiting + inFlight)
        violations.push(
          `Account ${number} (channel ${account.channel}): ${routed} routed, but ${gone} settled, ${waiting} waiting and ${inFlight} in flight.`,
        );
    });
    return totals;
  }
}

function sum(column: Float64Column): number {
  let total = 0;
  for (let i = 0; i < column.length; i++) total += column.data[i]!;
  return total;
}
