// What the ready-made scenarios of functions have in common: a producer, a managed source, a function and its event.

import type { Contract, Node, Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

/** Everything of a document but its drawing and its words. */
export const serverless = {
  format: "spillway",
  version: 1,
  ...parties,
  timeline: [],
  objectives: [],
} as const satisfies Partial<Scenario>;

/** A function whose messages take so long on average [ms]. */
export function functionNode(
  id: string,
  name: string,
  meanMs: number,
  parameters: NonNullable<Node["parameters"]>,
): Node {
  return {
    id,
    kind: "function",
    name,
    parameters: {
      serviceTime: { distribution: "lognormal", mean: meanMs, sd: meanMs / 2 },
      ...parameters,
    },
  };
}

/** A dead-letter queue of SQS keeps what it gets for longer than the queue before it: 14 days. */
export function deadLetters(id: string): Scenario["channels"][number] {
  const parameters = { MessageRetentionPeriod: 1_209_600_000 };
  return { id, broker: "sqs", kind: "queue", parameters };
}

/** An event with a text as its key. */
export function eventOf(id: string, name: string, key: string): Contract {
  return {
    id,
    name,
    contractVersion: "1.0.0",
    key: `/${key}`,
    schema: {
      type: "object",
      properties: { [key]: { type: "string" } },
      required: [key],
    },
  };
}
