// A message that was fine and no longer is: a sample of the writer's schema that the reader's refuses. Samples prove that
// something breaks, never that nothing does; the verdict is that of the rules.

import type { PayloadSchema } from "../model/scenario.ts";
import { fitOf, type Misfit } from "./json/validate.ts";
import type { Language } from "./languages.ts";
import { samplesOf } from "./samples.ts";

/** What is searched. */
export interface CounterexampleSearch {
  readonly language: Language;
  readonly writer: PayloadSchema;
  readonly reader: PayloadSchema;
  /** Equal seeds give equal answers; absent: 1. */
  readonly seed?: number;
}

/** A payload that fits the writer's schema and not the reader's, and why. */
export interface Counterexample {
  readonly payload: unknown;
  readonly misfits: readonly Misfit[];
}

/** Samples that are tried: few at first, because most differences show at once. */
const counts = [6, 60] as const;

/** Looks for a counterexample among samples; undefined: none was found, or a schema cannot be sampled. */
export function counterexampleOf(search: CounterexampleSearch): Counterexample | undefined {
  const { language, writer, reader, seed = 1 } = search;
  const described = language.toJsonSchema(reader, "reader");
  if (described === undefined) return undefined;
  const fits = fitOf(described);
  let tried = 0;
  for (const count of counts) {
    const samples = samplesOf({ language, schema: writer, seed, count });
    for (const { value, fit } of samples.ok ? samples.value.slice(tried) : []) {
      if (fit.verdict !== "fits") continue;
      const { verdict, misfits } = fits(value);
      if (verdict === "misfit") return { payload: value, misfits };
    }
    tried = count;
  }
  return undefined;
}
