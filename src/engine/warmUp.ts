// The end of the warm-up: what was observed before is forgotten, and where counters and levels stood is remembered, so
// that the report can tell what came after. The books and the charts are of the whole run.

import type { Float64Column } from "../kernel/arena.ts";
import type { LevelSeries } from "../kernel/levelSeries.ts";
import { arrivals } from "./progress.ts";
import type { World } from "./world.ts";

/** What happened before the end of the warm-up. Without a warm-up, nothing did. */
export class WarmUp {
  readonly #world: World;
  /** When it ended [ns]. */
  readonly #endedNs: Float64Column;
  /** Integrals of the levels of all nodes and accounts, in the order of `#levels`. */
  readonly #integrals: Float64Column;
  readonly #handled: Float64Column;
  readonly #arrived: Float64Column;
  readonly #acknowledged: Float64Column;
  readonly #completed: Float64Column;
  readonly #levels: readonly LevelSeries[];
  readonly #numberOf: ReadonlyMap<LevelSeries, number>;

  /** Made after all components, which open accounts. */
  constructor(world: World) {
    const { arena, plan, recorder, ledger } = world;
    this.#world = world;
    this.#levels = [
      ...recorder.nodes.flatMap(({ busy, workers, inside }) => [busy, workers, inside]),
      ...ledger.accounts.flatMap(({ waiting, inSystem }) => [waiting, inSystem]),
    ];
    this.#numberOf = new Map(this.#levels.map((level, number) => [level, number]));
    this.#endedNs = arena.float64("warm-up/ended", 1);
    this.#integrals = arena.float64("warm-up/integrals", this.#levels.length);
    this.#handled = arena.float64("warm-up/handled", plan.ids.length);
    this.#arrived = arena.float64("warm-up/arrived", plan.scenario.channels.length);
    this.#acknowledged = arena.float64("warm-up/acknowledged", plan.scenario.connections.length);
    this.#completed = arena.float64("warm-up/completed", plan.flows.length);
  }

  /** Ends the warm-up now. */
  end(): void {
    const { recorder, ledger, calls, plan } = this.#world;
    const now = this.#world.now();
    this.#endedNs.data[0] = now;
    this.#levels.forEach((level, i) => (this.#integrals.data[i] = level.integral(now)));
    this.#handled.data.set(recorder.handled.data.subarray(0, this.#handled.length));
    plan.scenario.channels.forEach((_, row) => {
      this.#arrived.data[row] = arrivals(this.#world, row);
    });
    this.#acknowledged.data.set(ledger.acknowledgedBy.data.subarray(0, this.#acknowledged.length));
    recorder.flows.forEach(({ latency }, i) => {
      this.#completed.data[i] = latency.count();
      latency.reset();
    });
    for (const { latency } of recorder.nodes) latency.reset();
    for (const { latency } of ledger.accounts) latency.reset();
    for (const { connection } of plan.calls) calls.durationOf(connection).reset();
  }

  /** When it ended; 0 before and without [ns]. */
  endedNs(): number {
    return this.#endedNs.data[0]!;
  }

  /** Integral of a level of a node or an account at its end [level ns]. */
  integralOf(level: LevelSeries): number {
    return this.#integrals.data[this.#numberOf.get(level) ?? -1] ?? 0;
  }

  /** Handled by a node until its end. */
  handled(node: number): number {
    return this.#handled.data[node]!;
  }

  /** Came into a channel until its end. */
  arrived(channel: number): number {
    return this.#arrived.data[channel]!;
  }

  /** Acknowledged for a subscription until its end. */
  acknowledged(subscription: number): number {
    return this.#acknowledged.data[subscription]!;
  }

  /** Completed on a flow until its end. */
  completed(flow: number): number {
    return this.#completed.data[flow]!;
  }
}
