// Cold starts:
//
//   app ··▶ quotes (function)
//
// Users come in bursts. Every burst needs more environments than there are, and each new one has to start first.

import type { Scenario } from "../model/scenario.ts";
import { eventOf, functionNode, serverless } from "./functionParts.ts";

/** A function that answers calls in bursts, with provisioned concurrency. */
export const coldStarts: Scenario = {
  ...serverless,
  id: "cold-starts",
  title: "Cold starts and provisioned concurrency",
  description:
    "A Lambda function answers calls that come in bursts. A new environment takes 1.2 s to start, and idle ones are gone after 20 s. 25 environments are provisioned; set ProvisionedConcurrentExecutions of Quotes to 0 and look at the 99th percentile.",
  seed: 11,
  load: { duration: 180_000 },
  nodes: [
    {
      id: "app",
      kind: "producer",
      name: "App",
      parameters: {
        rate: 20,
        bursts: "on-off",
        onTime: { distribution: "constant", value: 5000 },
        offTime: { distribution: "constant", value: 25_000 },
        keyName: "customer",
      },
    },
    functionNode("quotes", "Quotes", 120, {
      coldStart: { distribution: "uniform", min: 900, max: 1500 },
      keepWarm: 20_000,
      ProvisionedConcurrentExecutions: 25,
    }),
  ],
  channels: [],
  connections: [
    {
      id: "ask",
      kind: "call",
      from: "app",
      to: "quotes",
      contract: "quote-requested",
      parameters: { timeout: 10_000 },
    },
  ],
  contracts: [eventOf("quote-requested", "QuoteRequested", "customerId")],
  layout: { app: { x: 0, y: 0 }, quotes: { x: 320, y: 0 } },
};
