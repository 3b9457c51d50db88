// The registry of broker technologies: their ids, and what is known of them so far. A technology comes in parts, because
// a page that only draws needs less than one that checks, and a run needs no more than the technologies in its scenario:
// importing technologies.ts, manuals.ts or simulated.ts makes known all of a part, simulatedByNeed.ts one whole technology.

import { assert } from "../base/assert.ts";
import type { SimulatedTechnology, Technology, TechnologyManual } from "./technology.ts";

/** Every technology, in the order on screen. */
export const technologyIds = [
  "kafka",
  "rabbitmq",
  "google-pubsub",
  "event-grid",
  "sqs",
  "mqtt",
  "redis-streams",
  "pulsar",
  "eventbridge",
  "sns",
  "event-hubs",
  "service-bus",
  "nats",
] as const;

/** Id of a technology. */
export type TechnologyId = (typeof technologyIds)[number];

const faces = new Map<string, Technology>();
const manuals = new Map<string, TechnologyManual>();
const behaviours = new Map<string, SimulatedTechnology>();

/** Whether a text names a technology. */
export function isTechnologyId(text: string): text is TechnologyId {
  return technologyIds.some((id) => id === text);
}

/** What a technology shows; it must be known by now. */
export function technology(id: TechnologyId): Technology {
  return known(faces, id);
}

/** The manual of a technology; it must be known by now. */
export function technologyManual(id: TechnologyId): TechnologyManual {
  return known(manuals, id);
}

/** Whether the manual of a technology is known by now. */
export function isManualKnown(id: TechnologyId): boolean {
  return manuals.has(id);
}

/** A technology with its behaviour; it must be known by now. */
export function simulatedTechnology(id: TechnologyId): SimulatedTechnology {
  return known(behaviours, id);
}

/** Makes known what technologies show. */
export function makeKnown(list: readonly Technology[]): void {
  for (const one of list) faces.set(one.id, one);
}

/** Makes manuals known, by the ids of their technologies. */
export function makeManualsKnown(list: Readonly<Record<string, TechnologyManual>>): void {
  for (const [id, manual] of Object.entries(list)) manuals.set(id, manual);
}

/** Makes whole technologies known. */
export function makeBehaviourKnown(list: readonly SimulatedTechnology[]): void {
  makeKnown(list);
  for (const one of list) {
    manuals.set(one.id, one);
    behaviours.set(one.id, one);
  }
}

function known<Part>(parts: ReadonlyMap<string, Part>, id: TechnologyId): Part {
  const part = parts.get(id);
  assert(part !== undefined, `the technology "${id}" is loaded before it is needed.`);
  return part;
}
