// Documents of services that call each other, for the scenarios about failures and overload: what they have in common is
// written once, so that each file shows what it is about.

import type { Parameters } from "../base/fields.ts";
import type { CallConnection, Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

/** What one of these scenarios says of itself; the rest is plain. */
export type Case = Pick<Scenario, "id" | "title" | "description" | "nodes" | "connections"> & {
  /** [ms] */
  readonly duration: number;
  readonly timeline?: Scenario["timeline"];
  readonly objectives?: Scenario["objectives"];
  /** Names of its requests by the ids of their contracts. */
  readonly requests: Readonly<Record<string, string>>;
};

/** A whole document, drawn from left to right. */
export function callersScenario({ duration, requests, ...about }: Case): Scenario {
  return {
    format: "spillway",
    version: 1,
    timeline: [],
    objectives: [],
    ...about,
    ...parties,
    seed: 11,
    load: { duration },
    channels: [],
    contracts: Object.entries(requests).map(([id, name]) => ({
      id,
      name,
      description: `The request ${name}.`,
      contractVersion: "1.0.0",
      schema: {
        type: "object",
        properties: { requestId: { type: "string", examples: ["request-17"] } },
        required: ["requestId"],
        additionalProperties: false,
      },
    })),
    layout: Object.fromEntries(about.nodes.map(({ id }, i) => [id, { x: 320 * i, y: 96 }])),
  };
}

/** A call between two nodes, of a contract. */
export function call(
  [from, to]: readonly [string, string],
  contract: string,
  parameters: Parameters,
): CallConnection {
  return { id: `${from}-${contract}`, kind: "call", from, to, contract, parameters };
}
