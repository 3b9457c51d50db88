// What a service of the naive engine does with a message: the handlers that the document states, or those that follow
// from its connections.

import { valuesOf } from "../../base/fields.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import { lotOf } from "../../kernel/random.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { Handler, HandlerStep, WorkStep } from "../../model/handler.ts";
import type { ServiceNode, StepConnection, StepOutcome } from "../../model/scenario.ts";
import { readFields, writeFields } from "../../nodes/connections.ts";
import { keySpacesOf } from "../keySpaces.ts";
import { compileProducers } from "../recordings.ts";
import { isLocking } from "./atStore.suite.ts";
import type { Message } from "./things.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

/** The handlers of one service. */
export class NaiveHandlers {
  readonly #world: NaiveWorld;
  readonly #node: ServiceNode;
  readonly #times = new Map<WorkStep, Sampler>();
  readonly #numbers = new Map<WorkStep, number>();
  readonly #storeTimes = new Map<string, Sampler>();
  readonly #refusalSeed: number;

  constructor(world: NaiveWorld, node: ServiceNode) {
    this.#world = world;
    this.#node = node;
    const lists = (node.handlers ?? []).flatMap((one) => [
      one.steps,
      one.whenRefused ?? [],
      one.whenFailed ?? [],
    ]);
    for (const step of lists.flat()) {
      const isOwn =
        step.do === "work" &&
        (step.time !== undefined || step.errorRate !== undefined || (step.refusalRate ?? 0) > 0);
      if (!isOwn) continue;
      const number = this.#numbers.size;
      this.#numbers.set(step, number);
      if (step.time !== undefined)
        this.#times.set(step, createSampler(step.time, world.random(node.id, `work/${number}`)));
    }
    const refuses = [...this.#numbers.keys()].some(({ refusalRate = 0 }) => refusalRate > 0);
    this.#refusalSeed = refuses ? world.random(node.id, "refusals").below(2 ** 30) : 0;
    for (const link of world.scenario.connections)
      if ((link.kind === "write" || link.kind === "read") && link.from === node.id) {
        const fields = link.kind === "write" ? writeFields : readFields;
        const { duration } = valuesOf(fields, link.parameters ?? {});
        this.#storeTimes.set(link.id, createSampler(duration, world.random(link.id, link.kind)));
      }
  }

  /** What happens after a message of a contract. */
  handlerOf(contract: string): Handler {
    const stated = this.#node.handlers;
    if (stated === undefined) return derived(this.#world.scenario, this.#node.id, contract);
    return (
      stated.find(({ on }) => on?.includes(contract)) ??
      stated.find(({ on, every }) => on === undefined && every === undefined) ?? { steps: [] }
    );
  }

  /** The connection of a step. */
  linkOf(id: string): StepConnection {
    const link = this.#world.scenario.connections.find((one) => one.id === id);
    if (link === undefined || link.kind === "consume") throw new Error(`${id} is no step.`);
    if (link.kind === "bind" || link.kind === "bridge") throw new Error(`${id} is no step.`);
    return link;
  }

  /** Whether a read or write takes a lock, as the first of the steps that are left (none: it takes something back). */
  locks(link: StepConnection, rest: readonly HandlerStep[]): boolean {
    if (link.kind === "write") return isLocking(link);
    return rest.some((step) => {
      if (step.do !== "write") return false;
      const write = this.linkOf(step.over);
      return write.to === link.to && isLocking(write);
    });
  }

  /** Draws how long a write or read takes [ns]. */
  storeNs(link: StepConnection): number {
    return this.#storeTimes.get(link.id)!.sample() * 1e6;
  }

  /** Draws the time of work that states one [ns]; undefined for the service time. */
  workNs(step: WorkStep): number | undefined {
    const time = this.#times.get(step);
    return time === undefined ? undefined : Math.round(time.sample() * 1e6);
  }

  /** Whether work refuses a message: always the same for the same key, or message. */
  refuses(step: WorkStep, message: Message): boolean {
    const { refusalRate = 0 } = step;
    if (refusalRate === 0) return false;
    const { key } = message;
    const producers = compileProducers(this.#world.scenario);
    const first = producers.find(({ id }) => id === key?.producer)?.firstKey ?? 0;
    const own = keySpacesOf(this.#world.scenario, producers).own.get(key?.producer ?? "");
    const number = key === undefined ? 0 : first + key.number;
    const known = own === undefined ? number : own.firstKey + number * own.stride;
    const subject = key === undefined ? -message.number : known;
    return lotOf(this.#refusalSeed + this.#numbers.get(step)!, subject) < refusalRate;
  }
}

/** Work, then reads, calls, writes and publications, each in the order of the document. */
function derived(scenario: Scenario, service: string, contract: string): Handler {
  const own = scenario.connections.filter(
    (link): link is StepConnection =>
      link.from === service &&
      link.kind !== "consume" &&
      link.kind !== "bind" &&
      link.kind !== "bridge" &&
      (link.after?.includes(contract) ?? true),
  );
  const on = (outcome: StepOutcome): readonly HandlerStep[] =>
    (["read", "call", "write", "publish"] as const).flatMap((kind) =>
      own
        .filter((link) => link.kind === kind && (link.on ?? "success") === outcome)
        .map(({ id }): HandlerStep => ({ do: kind, over: id })),
    );
  return {
    steps: [{ do: "work" }, ...on("success")],
    whenRefused: on("refusal"),
    whenFailed: on("failure"),
  };
}
