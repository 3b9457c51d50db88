// The analytic cases of ../shared/queueing-cases.json, where they are at hand, and the words in which they describe
// distributions. Times are in the units of the case; a scenario makes one unit one second.

import { existsSync, readFileSync } from "node:fs";
import { assert } from "../../base/assert.ts";
import type { Distribution } from "../../base/distribution.ts";

/** One analytic case: what is given, and what theory says. */
export interface QueueingCase {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly kind: "exact" | "numerical" | "approximation" | "asymptotic" | "bound";
  // oxlint-disable-next-line typescript/no-explicit-any -- every group has its own shape
  readonly parameters: Readonly<Record<string, any>>;
  readonly expected: Readonly<Record<string, number>>;
  readonly note?: string;
}

const file = new URL("../../../../shared/queueing-cases.json", import.meta.url);

/** All cases; none where the file does not lie beside the repository. */
export const cases: readonly QueueingCase[] = existsSync(file)
  ? // The file is ours to read as it is: a case that is not as expected fails its own test.
    (JSON.parse(readFileSync(file, "utf8")) as { readonly cases: QueueingCase[] }).cases
  : [];

/** A distribution of a case [s]. */
export interface Described {
  readonly distribution: Distribution;
  /** Mean [s] and squared coefficient of variation. */
  readonly mean: number;
  readonly cv2: number;
}

/** An exponential distribution with this mean [s]. */
export function exponential(mean: number): Described {
  return { distribution: { distribution: "exponential", mean: mean * 1000 }, mean, cv2: 1 };
}

/** Always the same [s]. */
export function constant(value: number): Described {
  return { distribution: { distribution: "constant", value: value * 1000 }, mean: value, cv2: 0 };
}

// oxlint-disable-next-line typescript/no-explicit-any -- as above
type Words = Readonly<Record<string, any>>;

/** Reads a distribution of a case such as { dist: "erlang-2", mean: 1 }; undefined when no scenario has it. */
export function describe(words: Words): Described | undefined {
  const name = String(words["dist"]);
  const mean = Number(words["mean"] ?? words["value"] ?? 0);
  const cv2 = Number(words["cv2"] ?? 1);
  const ms = mean * 1000;
  if (name === "deterministic" || name === "constant") return constant(mean);
  if (name === "exponential") return exponential(mean);
  if (name.startsWith("erlang-")) return erlang(mean, Number(name.slice("erlang-".length)));
  if (name === "hyperexponential-balanced")
    return { distribution: { distribution: "hyperexponential", mean: ms, cv2 }, mean, cv2 };
  if (name === "lognormal")
    return {
      distribution: { distribution: "lognormal", mean: ms, sd: ms * Math.sqrt(cv2) },
      mean,
      cv2,
    };
  const shaped = /^(gamma|weibull|pareto) shape ([\d.]+)$/u.exec(name);
  if (shaped !== null)
    return { distribution: shapedBy(shaped[1]!, ms, Number(shaped[2])), mean, cv2 };
  if (name === "uniform") return uniform(Number(words["min"]), Number(words["max"]));
  return undefined;
}

function shapedBy(name: string, mean: number, shape: number): Distribution {
  if (name === "gamma") return { distribution: "gamma", mean, shape };
  return { distribution: name === "weibull" ? "weibull" : "pareto", mean, shape };
}

/** An Erlang distribution [s]. */
export function erlang(mean: number, shape: number): Described {
  assert(Number.isInteger(shape) && shape >= 1, "an Erlang distribution has whole phases.");
  return {
    distribution: { distribution: "erlang", mean: mean * 1000, shape },
    mean,
    cv2: 1 / shape,
  };
}

function uniform(min: number, max: number): Described {
  const mean = (min + max) / 2;
  return {
    distribution: { distribution: "uniform", min: min * 1000, max: max * 1000 },
    mean,
    cv2: (max - min) ** 2 / 12 / mean ** 2,
  };
}
