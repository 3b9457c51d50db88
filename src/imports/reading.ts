// Reading single fields of a document without trusting any of them: what has the wrong type counts as absent; the
// official parser says that it is wrong.

import { isObject } from "../model/equal.ts";
import type { Bindings } from "./description.ts";
import type { Findings } from "./findings.ts";
import type { References, Spot } from "./references.ts";

/** What all readers need. */
export interface Reading {
  readonly references: References;
  readonly findings: Findings;
  /** In version 2 traits overwrite what they are applied to, later it is the other way round. */
  readonly traitsWin: boolean;
}

/** An object with what its traits add, in the order in which they are asked. */
export type Layers = readonly Spot[];

/** An object and its traits. */
export function layersOf({ references, traitsWin }: Reading, spot: Spot): Layers {
  const traits = references.child(spot, "traits");
  const applied = traits === undefined ? [] : itemsOf(references, traits).toReversed();
  return traitsWin ? [...applied, spot] : [spot, ...applied];
}

/** The first layer's value under a key. */
export function fieldOf({ references }: Reading, layers: Layers, key: string): Spot | undefined {
  for (const layer of layers) {
    const found = references.child(layer, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A text that is not empty. */
export function textOf(reading: Reading, layers: Layers, key: string): string | undefined {
  const value = fieldOf(reading, layers, key)?.value;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The entries of an object under a key, references followed. */
export function entriesOf(
  references: References,
  spot: Spot | undefined,
): readonly (readonly [key: string, spot: Spot])[] {
  if (spot === undefined || !isObject(spot.value)) return [];
  return Object.keys(spot.value).flatMap((key) => {
    if (key.startsWith("x-")) return [];
    const found = references.child(spot, key);
    return found === undefined ? [] : [[key, found] as const];
  });
}

/** The items of a list, references followed. */
export function itemsOf(references: References, spot: Spot | undefined): readonly Spot[] {
  if (spot === undefined || !Array.isArray(spot.value)) return [];
  return spot.value.flatMap((_, index) => references.child(spot, String(index)) ?? []);
}

/** The bindings of an object and of its traits. */
export function bindingsOf({ references }: Reading, layers: Layers): Bindings {
  const bindings = new Map<string, Spot>();
  for (const layer of layers)
    for (const [protocol, spot] of entriesOf(references, references.child(layer, "bindings")))
      if (!bindings.has(protocol)) bindings.set(protocol, spot);
  return bindings;
}

/** Names of tags. */
export function tagsOf({ references }: Reading, layers: Layers): readonly string[] {
  const names = layers
    .flatMap((layer) => itemsOf(references, references.child(layer, "tags")))
    .map(({ value }) => (isObject(value) ? value["name"] : undefined))
    .filter((name) => typeof name === "string" && name !== "");
  return [...new Set(names)].filter((name) => typeof name === "string");
}
