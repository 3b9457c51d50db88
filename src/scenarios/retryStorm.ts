// A retry storm that outlasts its cause: a metastable failure (Bronson et al., "Metastable Failures in Distributed
// Systems", HotOS 2021). Requests wait longer than their callers do, so that every answer comes too late and is asked for
// again; the load of the retries keeps the queue long after the service is as fast as before.

import type { Scenario } from "../model/scenario.ts";
import { call, callersScenario } from "./callers.ts";

/** Ten slow seconds, and what a retry budget makes of them. */
export const retryStorm: Scenario = callersScenario({
  id: "retry-storm",
  title: "Retry storm: a failure that outlasts its cause",
  description:
    "The shop answers 100 requests a second and gets 70. For ten seconds it is five times as slow; callers time out and try again, up to four times. The retry budget keeps retries at a tenth of the calls, and the storm ends. Set “Retry budget” of the call to unlimited and watch the throughput of the shop's callers: it stays near zero although the shop is as fast as before.",
  duration: 180_000,
  requests: { order: "PlaceOrder" },
  nodes: [
    { id: "customers", kind: "producer", name: "Customers", parameters: { rate: 70 } },
    {
      id: "shop",
      kind: "service",
      name: "Shop",
      parameters: { concurrency: 10, serviceTime: { distribution: "exponential", mean: 100 } },
    },
  ],
  connections: [
    call(["customers", "shop"], "order", {
      timeout: 1000,
      attempts: 4,
      backoff: 100,
      retryBudget: 0.1,
    }),
  ],
  timeline: [{ at: 20_000, act: "slow", target: "shop", factor: 5, duration: 10_000 }],
});
