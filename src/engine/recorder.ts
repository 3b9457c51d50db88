// What a run remembers for charts, tables and particles. Histories are state of the run (bounded, in the
// arena); movements are only for the picture: they live outside and change nothing.

import type { Arena, Float64Column } from "../kernel/arena.ts";
import { HistogramSeries } from "../kernel/histogramSeries.ts";
import { Observations } from "../kernel/observations.ts";
import { CounterSeries } from "../kernel/counterSeries.ts";
import { LevelSeries } from "../kernel/levelSeries.ts";
import { type Moves, type Outcome, outcomes } from "../model/result.ts";
import type { Plan } from "./compile.ts";
import { ReasonCounts } from "./reasons.ts";

/** History of one node or bridge. */
export interface NodeHistory {
  /** Events produced, or messages and requests handled with success. */
  readonly handled: CounterSeries;
  readonly failed: CounterSeries;
  readonly busy: LevelSeries;
  readonly workers: LevelSeries;
  readonly inside: LevelSeries;
  /** From arrival at the service to the end of handling [ns]. */
  readonly latency: Observations;
}

/** History of one flow. */
export interface FlowHistory {
  readonly latency: Observations;
  readonly overTime: HistogramSeries;
}

/** Histories and counters of nodes and flows. */
export class Recorder {
  /** Register for a time on its way to `complete`: see ARCHITECTURE.md on doubles. */
  private rootNs = NaN;
  readonly nodes: readonly NodeHistory[];
  readonly flows: readonly FlowHistory[];
  readonly failedBy: ReasonCounts;
  /** Handled with a refusal, by reason. */
  readonly declinedBy: ReasonCounts;
  readonly handled: Float64Column;
  readonly failed: Float64Column;
  /** Number of a flow by row of the connection over which it enters and number of the node at which it ends; −1 for
   *  none. */
  readonly #flowsFrom: readonly Int32Array[];
  /** Simulated time [ns]. */
  readonly #clock: Float64Array;

  constructor(arena: Arena, clock: Float64Array, plan: Plan) {
    const { ids } = plan;
    this.#clock = clock;
    this.nodes = ids.map((id) => ({
      handled: new CounterSeries(arena, `${id}/handled`),
      failed: new CounterSeries(arena, `${id}/failed`),
      busy: new LevelSeries(arena, `${id}/busy`),
      workers: new LevelSeries(arena, `${id}/workers`),
      inside: new LevelSeries(arena, `${id}/inside`),
      latency: new Observations(arena, `${id}/latency`),
    }));
    this.flows = plan.flows.map((flow) => ({
      latency: new Observations(arena, `flow/${flow.id}/latency`),
      overTime: new HistogramSeries(arena, `flow/${flow.id}/over-time`),
    }));
    this.failedBy = new ReasonCounts(arena, "nodes/failed-by", ids.length);
    this.declinedBy = new ReasonCounts(arena, "nodes/declined-by", ids.length);
    this.handled = arena.float64("nodes/handled", ids.length);
    this.failed = arena.float64("nodes/failed", ids.length);
    this.#flowsFrom = flowsByEntry(plan);
  }

  /** Books success at a node. */
  countHandled(node: number): void {
    this.handled.data[node]!++;
    this.nodes[node]!.handled.add(this.#clock[0]!, 1);
  }

  /** Books a final failure at a node. */
  countFailed(node: number, reason: string): void {
    this.failed.data[node]!++;
    this.failedBy.add(node, reason);
    this.nodes[node]!.failed.add(this.#clock[0]!, 1);
  }

  /** Books a refusal at a node. */
  countDeclined(node: number, reason: string): void {
    this.declinedBy.add(node, reason);
  }

  /** Books the end at a node of a flow that entered at a time [ns]. */
  completeFlow(entry: number, end: number, rootNs: number): void {
    this.rootNs = rootNs;
    this.complete(entry, end);
  }

  private complete(entry: number, end: number): void {
    const flow = this.#flowsFrom[entry]![end]!;
    if (flow < 0) return;
    const { latency, overTime } = this.flows[flow]!;
    const tookNs = this.#clock[0]! - this.rootNs;
    latency.record(tookNs);
    overTime.record(this.#clock[0]!, tookNs);
  }
}

function flowsByEntry({ flows, scenario }: Plan): readonly Int32Array[] {
  const none = new Int32Array(scenario.nodes.length).fill(-1);
  const byEntry = scenario.connections.map(() => none);
  flows.forEach(({ entry, end }, flow) => {
    if (byEntry[entry] === none) byEntry[entry] = none.slice();
    byEntry[entry]![end] = flow;
  });
  return byEntry;
}

const outcomeNumbers = new Map(outcomes.map((outcome, number) => [outcome, number]));

/** Movements since the last frame. When there are more than fit, every second one is forgotten, again and again. */
export class Movements {
  readonly #connection: Int32Array;
  readonly #timeNs: Float64Array;
  readonly #outcome: Uint8Array;
  readonly #contract: Int32Array;
  readonly #message: Float64Array;
  readonly #clock: Float64Array;
  #length = 0;
  #seen = 0;
  #oneOf = 1;

  constructor(capacity: number, clock: Float64Array) {
    this.#clock = clock;
    this.#connection = new Int32Array(capacity);
    this.#timeNs = new Float64Array(capacity);
    this.#outcome = new Uint8Array(capacity);
    this.#contract = new Int32Array(capacity);
    this.#message = new Float64Array(capacity);
  }

  /** Whether there is room for any. */
  isWanted(): boolean {
    return this.#connection.length > 0;
  }

  /** Remembers one movement of now over a connection, or samples it. */
  add(connection: number, outcome: Outcome, contract: number, message: number): void {
    if (this.#seen++ % this.#oneOf !== 0) return;
    if (this.#length === this.#connection.length) this.#thin();
    const i = this.#length++;
    this.#connection[i] = connection;
    this.#timeNs[i] = this.#clock[0]!;
    this.#outcome[i] = outcomeNumbers.get(outcome)!;
    this.#contract[i] = contract;
    this.#message[i] = message;
  }

  /** Hands over at most `max` movements and forgets all. */
  take(max: number): Moves {
    const most = Math.max(1, max);
    while (this.#length > most) this.#thin();
    const length = max === 0 ? 0 : this.#length;
    const moves: Moves = {
      oneOf: this.#oneOf,
      connection: this.#connection.slice(0, length),
      timeNs: this.#timeNs.slice(0, length),
      outcome: this.#outcome.slice(0, length),
      contract: this.#contract.slice(0, length),
      message: this.#message.slice(0, length),
    };
    this.clear();
    return moves;
  }

  /** Forgets all. */
  clear(): void {
    this.#length = 0;
    this.#seen = 0;
    this.#oneOf = 1;
  }

  #thin(): void {
    const kept = Math.ceil(this.#length / 2);
    for (const column of [
      this.#connection,
      this.#timeNs,
      this.#outcome,
      this.#contract,
      this.#message,
    ])
      for (let i = 0; i < kept; i++) column[i] = column[2 * i]!;
    this.#length = kept;
    this.#oneOf *= 2;
  }
}
