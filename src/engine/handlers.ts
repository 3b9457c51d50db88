// The handlers of a service, from the document to the lists of steps that a run walks.

import { valuesOf } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import { spreadingOf } from "../model/elements.ts";
import { derivedHandlers, isStepConnection } from "../model/handlers.ts";
import type { Connection, Scenario, ServiceNode } from "../model/scenario.ts";
import type { Handler as StatedHandler, HandlerStep, WorkStep } from "../model/handler.ts";
import { writeFields } from "../nodes/connections.ts";
import type { Handler, TimerPlan } from "../nodes/servicePlan.ts";
import { isDelayed } from "../nodes/spreading.ts";
import { stepKinds } from "../nodes/steps/index.ts";
import type { OwnWork, Step } from "../nodes/steps/kind.ts";

/** All handlers of a service: by row of the contract, and those that begin by themselves. */
export interface CompiledHandlers {
  readonly handlers: readonly Handler[];
  readonly timers: readonly TimerPlan[];
}

/** The handlers of a service. Contracts that none names share the one for the rest; without that they are handled
 *  without any step. */
export function handlersOf(
  scenario: Scenario,
  service: Pick<ServiceNode, "id" | "handlers">,
  rowOf: ReadonlyMap<string, number>,
): CompiledHandlers {
  const stated = service.handlers ?? derivedHandlers(scenario, service.id);
  const compiler = new Compiler(scenario, rowOf);
  const byContract = new Map<string, Handler>();
  const timers: TimerPlan[] = [];
  for (const one of stated) {
    const handler = compiler.handlerOf(one);
    if (one.every !== undefined) timers.push({ every: one.every, handler });
    else for (const contract of one.on ?? [""]) byContract.set(contract, handler);
  }
  const rest = byContract.get("") ?? compiler.handlerOf({ steps: [] });
  return { handlers: scenario.contracts.map(({ id }) => byContract.get(id) ?? rest), timers };
}

/** Numbers the steps of work of one service that state something of their own. */
class Compiler {
  readonly #scenario: Scenario;
  readonly #rowOf: ReadonlyMap<string, number>;
  #works = 0;

  constructor(scenario: Scenario, rowOf: ReadonlyMap<string, number>) {
    this.#scenario = scenario;
    this.#rowOf = rowOf;
  }

  handlerOf({ steps, whenRefused = [], whenFailed = [], timeout }: StatedHandler): Handler {
    const compiled = this.#list(steps);
    return {
      steps: compiled,
      whenRefused: this.#list(whenRefused),
      whenFailed: this.#list(whenFailed),
      timeoutNs: timeout === undefined ? Infinity : msToNs(timeout),
      undoes: compiled.some(({ undo }) => undo !== undefined),
    };
  }

  #list(steps: readonly HandlerStep[]): readonly Step[] {
    const last = steps.findLastIndex((step) => step.do === "write");
    return steps.map((step, i) => ({
      ...this.#step(step),
      concludes: i === last,
      locks: this.#locks(step, steps.slice(i)),
    }));
  }

  /** Whether a step takes the lock of its entity: it writes with one, or reads what is written so later on. */
  #locks(step: HandlerStep, rest: readonly HandlerStep[]): boolean {
    if (step.do !== "read" && step.do !== "write") return false;
    const { to } = this.#linkOf(step.over) ?? { to: "" };
    return rest.some((one) => {
      if (one.do !== "write") return false;
      const link = this.#linkOf(one.over);
      const isMeant = step.do === "read" ? link?.to === to : one === step;
      return isMeant && locksAt(link);
    });
  }

  #linkOf(id: string): Connection | undefined {
    return this.#scenario.connections[this.#rowOf.get(id) ?? -1];
  }

  #step(step: HandlerStep): Step {
    const rest = { concludes: false, locks: false, spread: undefined };
    const base = { kind: stepKinds[step.do], ...rest };
    if (step.do === "work")
      return { ...base, connection: -1, undo: undefined, work: this.#work(step) };
    const connection = this.#rowOf.get(step.over) ?? -1;
    const spread = this.#spread(connection);
    return { ...base, connection, undo: this.#undo(step.undo), spread, work: undefined };
  }

  #undo(id: string | undefined): Step | undefined {
    const row = this.#rowOf.get(id ?? "") ?? -1;
    const link = this.#scenario.connections[row];
    if (link === undefined || !isStepConnection(link)) return undefined;
    const kind = stepKinds[link.kind];
    const spread = this.#spread(row);
    const rest = { concludes: false, locks: locksAt(link), undo: undefined, work: undefined };
    return { kind, connection: row, spread, ...rest };
  }

  #spread(row: number): Step["spread"] {
    const link = this.#scenario.connections[row];
    const values = link && spreadingOf(this.#scenario, link);
    return values && (isDelayed(values) ? "later" : "now");
  }

  #work({ time, errorRate, refusalRate = 0 }: WorkStep): OwnWork | undefined {
    if (time === undefined && errorRate === undefined && refusalRate === 0) return undefined;
    return { number: this.#works++, time, errorRate, refusalRate };
  }
}

/** Whether a connection writes with a lock. */
function locksAt(link: Connection | undefined): boolean {
  return link?.kind === "write" && valuesOf(writeFields, link.parameters ?? {}).check === "lock";
}
