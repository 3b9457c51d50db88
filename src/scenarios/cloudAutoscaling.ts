// Autoscaling in the cloud: the number of instances follows the load, late by the time that it takes to notice and to start.

import type { Scenario } from "../model/scenario.ts";
import { call, callersScenario } from "./callers.ts";

/** A load that grows tenfold for five minutes. */
export const cloudAutoscaling: Scenario = callersScenario({
  id: "cloud-autoscaling",
  title: "Cloud auto-scaling: instances follow the load",
  description:
    "From 60 s to 360 s ten times as many visitors come. Every 15 s the autoscaler compares the utilisation with its target of 70 %, and new instances need 10 s to start, so that the first of the crowd are refused. Watch the number of workers of the shop, out and in again. Switch “Autoscaling” off: most of the crowd is refused to the end.",
  duration: 900_000,
  requests: { browse: "BrowseCatalogue" },
  nodes: [
    { id: "visitors", kind: "producer", name: "Visitors", parameters: { rate: 20 } },
    {
      id: "shop",
      kind: "service",
      name: "Shop",
      parameters: {
        instances: 2,
        concurrency: 4,
        serviceTime: { distribution: "exponential", mean: 200 },
        mailbox: 20,
        balancing: "least",
        bootTime: { distribution: "constant", value: 10_000 },
        healthChecks: "readiness",
        checkPeriod: 1000,
        autoscaling: "utilisation",
        targetUtilisation: 0.7,
        minReplicas: 2,
        maxReplicas: 30,
      },
    },
  ],
  connections: [call(["visitors", "shop"], "browse", { timeout: 5000 })],
  timeline: [
    { at: 60_000, act: "set", target: "visitors", parameter: "rate", value: 200 },
    { at: 360_000, act: "set", target: "visitors", parameter: "rate", value: 20 },
  ],
});
