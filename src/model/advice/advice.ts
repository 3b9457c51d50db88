// What a piece of advice is: what is risky, why, and the change of the document that mends it. A change is a function, so
// that it still fits a document that was changed elsewhere; as data it is a patch.

import type { Setting } from "../../brokers/advice.ts";
import { setParameter } from "../edit.ts";
import { elementOf, parameterOf } from "../elements.ts";
import { isEqual, isObject } from "../equal.ts";
import { diffScenario, isEmptyPatch, type Patch } from "../patch.ts";
import type { Scenario } from "../scenario.ts";

/** One piece of advice. */
export interface Advice {
  /** Stable, of the form `advice/what`, or `kafka/what` from a technology. */
  readonly code: string;
  /** Id of the node, channel or connection that it concerns; "run" for the whole. */
  readonly element: string;
  /** What is risky, or what the run has shown, as a sentence. */
  readonly risk: string;
  /** Why, as a sentence. */
  readonly why: string;
  /** What taking it does, for a button. */
  readonly remedy: string;
  /** The document with the advice taken; the same document where there is nothing left to do. */
  readonly mend: (scenario: Scenario) => Scenario;
}

/** Advice as data, as the terminal prints it. */
export interface WrittenAdvice extends Omit<Advice, "mend"> {
  /** From the document alone, or from what the run has shown. */
  readonly basis: "document" | "run";
  /** What taking it changes in the document. */
  readonly patch: Patch;
}

/** Advice on a document as data. */
export function writeAdvice(
  scenario: Scenario,
  advice: Advice,
  basis: WrittenAdvice["basis"],
): WrittenAdvice {
  const { mend, ...words } = advice;
  return { ...words, basis, patch: diffScenario(scenario, mend(scenario)) };
}

/** A change that sets parameters. Numbers that are high enough already stay when they are to be raised. */
export function setAll(settings: readonly Setting[], mode: "set" | "raise" = "set") {
  return (scenario: Scenario): Scenario =>
    settings.reduce((next, { id, parameter, value }) => {
      const now = parameterOf(next, id, parameter);
      const isEnough = typeof now === "number" && typeof value === "number" && now >= value;
      return mode === "raise" && isEnough ? next : setParameter(next, id, parameter, value);
    }, scenario);
}

/** Whether advice on a document that ran still concerns the document as it is now: it would still change something, and
 *  whatever it would change is as it was when the document ran. */
export function isPending(advice: Advice, ran: Scenario, now: Scenario): boolean {
  if (advice.element !== "run" && elementOf(now, advice.element) === undefined) return false;
  const ahead = diffScenario(now, advice.mend(now));
  if (isEmptyPatch(ahead)) return false;
  if (ran === now) return true;
  const lists = ["nodes", "channels", "connections", "contracts", "objectives"] as const;
  return (
    Object.keys(ahead.fields).every((name) => isEqual(valueAt(ran, name), valueAt(now, name))) &&
    lists.every((name) =>
      Object.entries(ahead[name].elements).every(([id, { from, to }]) =>
        isAsBefore(elementOf(ran, id)?.value, from, to),
      ),
    )
  );
}

/** Whether what a change would alter in an element is what it was. */
function isAsBefore(before: unknown, from: unknown, to: unknown): boolean {
  if (!isObject(from) || !isObject(to) || !isObject(before)) return isEqual(before, from);
  const changed = Object.keys({ ...from, ...to }).filter((key) => !isEqual(from[key], to[key]));
  return changed.every((key) =>
    key === "parameters"
      ? isAsBefore(before[key] ?? {}, from[key] ?? {}, to[key] ?? {})
      : isEqual(before[key], from[key]),
  );
}

function valueAt(scenario: Scenario, name: string): unknown {
  return new Map<string, unknown>(Object.entries(scenario)).get(name);
}
