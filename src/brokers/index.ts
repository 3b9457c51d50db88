// The registry of broker technologies: the ids, and their order on screen.
// To add one: make a folder like rabbitmq/ with what it shows (rabbitmq.ts), what can be read, exported and checked of it
// (manual.ts) and what it does (runtime.ts), add one line here, one in manuals.ts and one in simulated.ts; then run `npx vitest run src/brokers`.

import { kafka } from "./kafka/kafka.ts";
import { rabbitmq } from "./rabbitmq/rabbitmq.ts";
import type { Technology } from "./technology.ts";

/** Every technology by its id. */
export const technologies = { kafka, rabbitmq } as const satisfies Readonly<
  Record<string, Technology>
>;

/** Id of a technology. */
export type TechnologyId = keyof typeof technologies;

/** Whether a text names a technology. */
export function isTechnologyId(text: string): text is TechnologyId {
  return Object.hasOwn(technologies, text);
}
