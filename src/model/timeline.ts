// The timeline of a scenario: faults, changes and roll-outs at moments of the run.

import type { FieldValue } from "../base/fields.ts";
import type { NetworkFault } from "./networkFault.ts";
import type { Extensible } from "./scenario.ts";

/** Something that happens at a moment of the run. */
export type TimelineEntry =
  | FaultEntry
  | NetworkEntry
  | HealEntry
  | SetEntry
  | RollOutEntry
  | RedriveEntry;

/** Something that befalls a service or nodes of a broker, or ends. */
export type FaultEntry =
  | CrashEntry
  | RestartEntry
  | IsolateEntry
  | ReconnectEntry
  | PauseEntry
  | ResumeEntry
  | SlowEntry;

interface TimelineBase extends Extensible {
  /** Simulated time [ms]; live acts have three decimals at most (microseconds). */
  readonly at: number;
  /** Id of the service or broker (crash, restart, slow), of the broker (isolate, reconnect), of the service (pause,
   *  resume), of any element (set), of a node or connection (roll out), of a dead-letter channel (redrive). */
  readonly target: string;
}

/** Which nodes of a broker's cluster are meant: one node, or all of a zone, both 0-based; with neither the first node.
 *  Of a service with instances the member is one of them; without it all are meant. */
export interface ClusterPlace {
  readonly member?: number;
  readonly zone?: number;
}

/** A service stops at once, or nodes of a broker's cluster. */
export interface CrashEntry extends TimelineBase, ClusterPlace {
  readonly act: "crash";
  /** Restarts by itself after this time [ms]. */
  readonly duration?: number;
}

/** What had crashed comes back. */
export interface RestartEntry extends TimelineBase, ClusterPlace {
  readonly act: "restart";
}

/** Nodes of a broker's cluster are cut off from all other nodes; they run on and do not know. */
export interface IsolateEntry extends TimelineBase, ClusterPlace {
  readonly act: "isolate";
  /** Is connected again by itself after this time [ms]. */
  readonly duration?: number;
}

/** What had been cut off is connected again. */
export interface ReconnectEntry extends TimelineBase, ClusterPlace {
  readonly act: "reconnect";
}

/** A service stands still, or one of its instances, as while memory is cleaned up: work goes on behind the pause. */
export interface PauseEntry extends TimelineBase, ClusterPlace {
  readonly act: "pause";
  /** Goes on by itself after this time [ms]. */
  readonly duration?: number;
}

/** What stood still goes on. */
export interface ResumeEntry extends TimelineBase, ClusterPlace {
  readonly act: "resume";
}

/** What a service or nodes of a broker's cluster do takes so many times as long as usual. */
export interface SlowEntry extends TimelineBase, ClusterPlace {
  readonly act: "slow";
  /** At least 1; 1 ends it. */
  readonly factor: number;
  /** Is as fast as before by itself after this time [ms]. */
  readonly duration?: number;
}

/** The network between some nodes and others is not as it should be. */
export interface NetworkEntry extends TimelineBase, NetworkFault {
  readonly act: "network";
  readonly target: string;
  /** Is as before by itself after this time [ms]. */
  readonly duration?: number;
}

/** All faults of the network end that name the target first. */
export interface HealEntry extends TimelineBase {
  readonly act: "heal";
}

/** A live parameter gets a new value. */
export interface SetEntry extends TimelineBase {
  readonly act: "set";
  readonly parameter: string;
  readonly value: FieldValue;
}

/** From then on the target speaks another version of a contract: a publish or call connection writes it, a consume
 *  connection reads with it, a node does both wherever it deals with the contract. */
export interface RollOutEntry extends TimelineBase {
  readonly act: "roll out";
  /** Id of the contract. */
  readonly contract: string;
  readonly contractVersion: string;
}

/** Dead letters are taken out of their channel and published again where they came from. */
export interface RedriveEntry extends TimelineBase {
  readonly act: "redrive";
  /** Messages per second. */
  readonly rate: number;
  /** How many at most; absent: all that lie there at that moment. */
  readonly count?: number;
  /** Id of the channel into which they go; absent: where they came from. */
  readonly to?: string;
}
