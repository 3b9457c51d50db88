// The part of the report about data: stores with versions, replicas of them, anomalies, outboxes.

import type { LatencyFigures } from "./report.ts";

/** An outbox: what was inserted has been published, waits, or was passed over for ever. */
export interface OutboxReport {
  /** Id of the service. */
  readonly id: string;
  readonly inserted: number;
  /** Published once more, because a crash or a refusal came in between. */
  readonly repeated: number;
  /** Passed over by a relay that remembers the last id only. */
  readonly skipped: number;
  /** Not marked as published yet. */
  readonly waiting: number;
}

/** What a store with versions has committed and shown. Figures of lag are those of the worst of its replicas of other
 *  stores, 0 where it is none. */
export interface StoreConsistency {
  /** Id of the store. */
  readonly id: string;
  readonly keys: number;
  /** Versions of its own. */
  readonly commits: number;
  /** Writes that met a newer version than they rested on and did nothing (optimistic check). */
  readonly conflicts: number;
  /** Writes that would have gone below their limit. */
  readonly refused: number;
  readonly reads: number;
  /** Reads that did not return the newest version. */
  readonly staleReads: number;
  /** k-staleness: reads by how many versions they were behind; the last one counts all that were further behind. */
  readonly readLags: readonly number[];
  /** Sum of the values of all keys, as they are and as they would be if every accepted change had counted once. */
  readonly value: number;
  readonly expected: number;
  /** Sum over all keys of how far the two are apart. */
  readonly discrepancy: number;
  /** How much was sold that was not there. */
  readonly oversold: number;
  readonly lostUpdates: number;
  readonly duplicateEffects: number;
  readonly outOfOrder: number;
  readonly readYourWrites: number;
  readonly monotonicReads: number;
  readonly invariantBroken: number;
  readonly staleKeys: number;
  readonly missing: number;
  readonly ageMs: number;
  readonly meanAgeMs: number;
  readonly maxAgeMs: number;
  readonly shareTooOld: number;
  readonly divergedKeys: number;
}

/** Share of the versions that a replica had within a time after their commit; null before the first. */
export interface Visibility {
  readonly withinMs: number;
  readonly share: number | null;
}

/** How far one store is behind another of which it is a replica. */
export interface ReplicaReport {
  readonly id: string;
  /** Ids of the replica and of the store that it follows. */
  readonly store: string;
  readonly source: string;
  /** Keys and versions of the source. */
  readonly keys: number;
  readonly commits: number;
  readonly applications: number;
  /** The same version once more. */
  readonly repeated: number;
  /** Older than what was there, and left out. */
  readonly olderIgnored: number;
  /** Older than what was there, and put in its place. */
  readonly wentBack: number;
  /** Versions that a newer one passed before they came. */
  readonly skipped: number;
  /** Keys of which it lacks something now, and versions that it lacks. */
  readonly staleKeys: number;
  readonly missing: number;
  /** Age of the oldest update that it lacks: now, its time-weighted mean, its largest value [ms]. */
  readonly ageMs: number;
  readonly meanAgeMs: number;
  readonly maxAgeMs: number;
  /** Share of the time in which it was above the limit of the store. */
  readonly shareTooOld: number;
  /** Whether nothing is on its way, so that what differs now differs for good: so many keys, and the first of them. */
  readonly isAtRest: boolean;
  readonly divergedKeys: number;
  readonly diverged: readonly string[];
  /** t-visibility at some delays. */
  readonly visibility: readonly Visibility[];
  /** From the commit of a version to the moment from which the replica has it or a newer one. */
  readonly delay: LatencyFigures;
}

/** A subscription to the events of a store: how far it has come. */
export interface SubscriptionProgress {
  /** Id of the connection, of the store, and of the service that gets the events. */
  readonly id: string;
  readonly store: string;
  readonly service: string;
  /** When it was added [s], and how long it then took until nothing was left for the first time [s]; null before. */
  readonly addedAt: number | null;
  readonly caughtUpAfter: number | null;
  /** Events that were handled, that were passed over because their calls had failed, and calls that have failed. */
  readonly done: number;
  readonly passedOver: number;
  readonly failed: number;
  /** Events that are not handed over yet, or under way. */
  readonly waiting: number;
}

/** A read connection whose reads wait for own writes: reads that waited, for how long on average, and those that had waited
 *  in vain. */
export interface WaitingReadReport {
  /** Id of the connection, of the service that reads, and of the store. */
  readonly id: string;
  readonly service: string;
  readonly store: string;
  readonly waited: number;
  readonly meanWaitMs: number;
  readonly timedOut: number;
  /** Those that wait now. */
  readonly waiting: number;
}

/** One anomaly that was kept. */
export interface AnomalyReport {
  /** Simulated time [s]. */
  readonly t: number;
  readonly kind: string;
  /** Id of the store. */
  readonly store: string;
  readonly key: string;
  /** Number of the message at fault. */
  readonly message: number;
  readonly version: number;
  readonly other: number;
  readonly sentence: string;
}

/** Stores with versions, replicas, and the first thousand anomalies in order of time. */
export interface ConsistencyReport {
  readonly stores: readonly StoreConsistency[];
  readonly replicas: readonly ReplicaReport[];
  readonly subscriptions: readonly SubscriptionProgress[];
  readonly waitingReads: readonly WaitingReadReport[];
  readonly anomalies: readonly AnomalyReport[];
}
