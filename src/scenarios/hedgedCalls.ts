// Hedged calls: most answers of the search come within milliseconds, a few take a hundred times as long. A second request
// to another worker takes the tail away for a few percent more load (Dean and Barroso, "The Tail at Scale", 2013).

import type { Scenario } from "../model/scenario.ts";
import { call, callersScenario } from "./callers.ts";

/** A long tail of latency, cut by asking twice. */
export const hedgedCalls: Scenario = callersScenario({
  id: "hedged-calls",
  title: "Hedged calls: asking twice cuts the tail",
  description:
    "Most searches take a few milliseconds, some take seconds. Who has no answer after 50 ms asks a second time, and the first answer wins. Look at the 99th percentile of the call and at its number of hedges. Set “Second request after” to none: the tail is back.",
  duration: 60_000,
  requests: { query: "Search" },
  nodes: [
    { id: "visitors", kind: "producer", name: "Visitors", parameters: { rate: 100 } },
    {
      id: "search",
      kind: "service",
      name: "Search",
      parameters: {
        concurrency: 100,
        serviceTime: { distribution: "hyperexponential", mean: 30, cv2: 30 },
      },
    },
  ],
  connections: [call(["visitors", "search"], "query", { timeout: 10_000, hedgeAfter: 50 })],
});
