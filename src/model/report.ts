// The report of a run: the JSON that `spillway run --json` prints. Other tools read it: fields are added, never changed.

import type { Breach } from "./objectiveState.ts";
import type { ConsistencyReport, OutboxReport } from "./consistencyReport.ts";

/** Version of this format. */
export const reportVersion = 1;

/** How sure a mean is: the 95 % confidence interval by the method of batch means. */
export interface Certainty {
  /** Half the width of the interval around the mean, in the mean's unit; null where none can be told. */
  readonly halfWidth: number | null;
  /** Batches that scatter independently, from which it is told; 0 where none can be told. */
  readonly batches: number;
  /** Whether it can be told; if not: there are too `few` observations, or batches are still `correlated`. */
  readonly verdict: "told" | "few" | "correlated";
  /** From what it is told, or why not. */
  readonly sentence: string;
}

/** Both ends of an interval. */
export type Interval = readonly [low: number, high: number];

/** Latencies of one place [ms]; percentiles are within 0.4 %. Null where nothing was observed. */
export interface LatencyFigures {
  readonly count: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly meanCertainty: Certainty;
  /** 95 % intervals of the percentiles by order statistics [ms], wide enough for the correlation of the observations;
   *  null where there are too few of them. */
  readonly p50Interval: Interval | null;
  readonly p95Interval: Interval | null;
  readonly p99Interval: Interval | null;
}

/** The figures that nodes, channels and subscriptions have in common. What does not apply is 0.
 *  Counters are of the whole run, backlog and lag are at its end, the rest is measured after the warm-up. */
export interface Figures {
  readonly published: number;
  readonly delivered: number;
  readonly acknowledged: number;
  readonly redelivered: number;
  readonly deadLettered: number;
  readonly expired: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, number>>;
  readonly backlog: number;
  readonly inFlight: number;
  readonly lagMessages: number;
  readonly lagSeconds: number;
  /** Handled (node), published (channel), acknowledged (subscription) per measured second [1/s]. */
  readonly throughput: number;
  /** Mean share of busy workers while the service was up; 0 where there are none. */
  readonly utilisation: number;
  /** Time-weighted mean number waiting or in service (node: at its workers; channel, subscription: waiting and in flight). */
  readonly meanInSystem: number;
  /** How sure the mean share and the mean number are, from the means of stretches of time. */
  readonly utilisationCertainty: Certainty;
  readonly meanInSystemCertainty: Certainty;
  /** Node: from arrival at its workers to the end of handling. Channel and subscription: from publication to
   *  acknowledgement. */
  readonly latency: LatencyFigures;
}

/** A node's figures. For services also requests: answered, failed by reason. */
export interface NodeReport extends Figures {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly handled: number;
  readonly failed: Readonly<Record<string, number>>;
  /** Of what was handled, refused for a reason of the business, by reason. */
  readonly declined: Readonly<Record<string, number>>;
  /** Stores: writes and different keys. */
  readonly writes: number;
  readonly entities: number;
  /** Kinds with mechanisms of their own: what these did, by name. */
  readonly counts: Readonly<Record<string, number>>;
}

/** A channel's figures. */
export interface ChannelReport extends Figures {
  readonly id: string;
  readonly name: string;
  readonly broker: string;
  readonly kind: string;
}

/** A subscription's figures (a consume connection). */
export interface SubscriptionReport extends Figures {
  readonly id: string;
  readonly channel: string;
  readonly consumer: string;
  /** For how long partitions had nobody who reads them, added up over partitions, of the whole run [s]; absent where that
   *  was never so. */
  readonly unreadSeconds?: number;
}

/** A bridge's figures: its subscription at the source, its tasks, and what it has published into the target. */
export interface BridgeReport extends Figures {
  readonly id: string;
  readonly name: string;
  /** Ids of the channels at its ends. */
  readonly from: string;
  readonly to: string;
  /** Messages dealt with: passed on, or ended at it because they may not pass. */
  readonly handled: number;
  /** Given up, by reason. */
  readonly failed: Readonly<Record<string, number>>;
  /** Tasks that have stopped at a message that they could not pass on. */
  readonly stopped: number;
}

/** A call connection's figures: whole calls, retries included. */
export interface CallReport {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly calls: number;
  readonly attempts: number;
  readonly succeeded: number;
  readonly failed: Readonly<Record<string, number>>;
  readonly pending: number;
  /** Second requests of attempts that took long (among the attempts), and how many of them were answered first. */
  readonly hedges: number;
  readonly hedgesWon: number;
  /** Of the succeeded, those that the fallback answered, by the failure that it hides. */
  readonly degraded: Readonly<Record<string, number>>;
  readonly latency: LatencyFigures;
}

/** What went over a connection in one version of a contract that has several. */
export interface VersionReport {
  readonly connection: string;
  /** Publish and call connections write; consume connections read, and so does a called service over its call. */
  readonly does: "writes" | "reads";
  /** Id of the contract. */
  readonly contract: string;
  /** Version in which the messages are written. */
  readonly contractVersion: string;
  /** Publications and requests, or deliveries and requests whose handling began. */
  readonly messages: number;
  /** Of these, refused by the registry, or not readable at the first attempt. */
  readonly failed: number;
}

/** From the moment an event entered at a producer to the end of its handling at a service, or to the answer. */
export interface FlowReport {
  readonly id: string;
  /** Connection over which it entered. */
  readonly entry: string;
  /** Service that handled it, or the producer that got its answer. */
  readonly end: string;
  readonly completed: number;
  readonly throughput: number;
  readonly latency: LatencyFigures;
}

/** The books. Publications: published = confirmed + refused + pending.
 *  Copies: routed = acknowledged + waiting + inFlight + deadLettered + expired + dropped, in every account.
 *  Calls: called = succeeded + failed + pending. */
export interface ConservationReport {
  readonly holds: boolean;
  readonly publications: {
    readonly published: number;
    readonly confirmed: number;
    readonly refused: number;
    readonly pending: number;
    /** Confirmed, yet gone: nobody was bound, or lost on the way without confirmation. */
    readonly unroutable: number;
    readonly lost: number;
  };
  readonly copies: {
    readonly routed: number;
    readonly acknowledged: number;
    readonly waiting: number;
    readonly inFlight: number;
    readonly deadLettered: number;
    readonly expired: number;
    readonly dropped: number;
  };
  readonly calls: {
    readonly called: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly pending: number;
  };
  /** Sentences about accounts that do not balance; empty when it holds. */
  readonly violations: readonly string[];
}

/** Something that happened in the run and concerns no single message: an act, a leader that moved. */
export interface Note {
  /** Simulated time [s]. */
  readonly t: number;
  /** Id of the node, channel or connection. */
  readonly element: string;
  readonly sentence: string;
}

/** Something that a formula takes for granted and that does not hold here. */
export interface FailedAssumption {
  /** Short and stable, such as "arrivals" or "faults". */
  readonly code: string;
  readonly sentence: string;
}

/** One figure of a formula beside the simulated one. Both in the unit that the measure has in the report. */
export interface TheoryFigure {
  readonly measure: "utilisation" | "meanInSystem" | "latency.mean" | "latency.p95" | "lossRatio";
  readonly theory: number;
  readonly simulated: number | null;
  /** Half of the 95 % interval of the simulated figure; null where none can be told. */
  readonly halfWidth: number | null;
  /** Whether the difference can be chance; null where nobody can tell. */
  readonly agrees: boolean | null;
}

/** A service beside the queue of the textbook to which it comes nearest. */
export interface TheoryReport {
  /** Id of the service. */
  readonly id: string;
  /** The queue in Kendall's notation, such as "M/M/1" or "M/G/4 (approximate)"; null where there is no formula. */
  readonly model: string | null;
  /** False where more comes than the workers can do: then there is no steady state and no figure. */
  readonly stable: boolean;
  /** Arrivals as the drawing has them [1/s]; null where it does not say. */
  readonly arrivalsPerS: number | null;
  readonly figures: readonly TheoryFigure[];
  /** Whether all figures agree; null where none can be compared. */
  readonly agrees: boolean | null;
  /** What the formula takes for granted and is not so; empty when the service is that queue. */
  readonly assumptions: readonly FailedAssumption[];
  /** All of it in words. */
  readonly sentence: string;
}

/** Whether a target was met. */
export interface ObjectiveReport {
  readonly id: string;
  readonly title: string;
  readonly of: string;
  readonly measure: string;
  readonly is: "at most" | "at least";
  readonly target: number;
  readonly actual: number | null;
  readonly met: boolean;
  /** When it was missed on the way, where the run was watched for that. */
  readonly breaches?: readonly Breach[];
}

/** The report of a run. */
export interface Report {
  readonly reportVersion: typeof reportVersion;
  readonly scenario: string;
  readonly title: string;
  readonly seed: number;
  readonly simulatedSeconds: number;
  /** Left out at the start of the run: latencies, rates and time-weighted means rest on what came after [s]. Counters
   *  and books are of the whole run. */
  readonly warmUpSeconds: number;
  /** What rates and time-weighted means rest on [s]. */
  readonly measuredSeconds: number;
  /** Measured by the shell, 0 where it was not. */
  readonly wallSeconds: number;
  readonly events: number;
  /** Hash of the whole state at the end: equal for equal document, seed and version of Spillway. */
  readonly stateHash: string;
  readonly ended: { readonly reason: string; readonly sentence: string };
  readonly nodes: readonly NodeReport[];
  readonly channels: readonly ChannelReport[];
  readonly subscriptions: readonly SubscriptionReport[];
  readonly bridges: readonly BridgeReport[];
  readonly calls: readonly CallReport[];
  /** By connection and version, of contracts with several versions. */
  readonly versions: readonly VersionReport[];
  /** Services that publish through an outbox. */
  readonly outboxes: readonly OutboxReport[];
  readonly flows: readonly FlowReport[];
  /** Every service that something comes to, beside the formula that describes it best. */
  readonly theory: readonly TheoryReport[];
  /** Empty where no store keeps versions. */
  readonly consistency: ConsistencyReport;
  readonly conservation: ConservationReport;
  readonly objectives: readonly ObjectiveReport[];
  /** The first thousand of them, in order of time. */
  readonly notes: readonly Note[];
}
