// Health checks of a fleet: who checks only himself leaves a dead instance out until it is back; who checks the database
// that all share is restarted together with all others when it stumbles.

import type { Scenario } from "../model/scenario.ts";
import { call, callersScenario } from "./callers.ts";

/** Three instances that crash one by one, and a database that is away for five seconds. */
export const healthChecks: Scenario = callersScenario({
  id: "health-checks",
  title: "Health checks: what a probe should ask",
  description:
    "Three instances of the shop use one database. At 30 s one instance crashes: the readiness check finds it out and the load balancer leaves it out, the liveness check restarts it. At 90 s the database is away for five seconds. Look at the failed calls of the visitors. Change “Checks” of the shop to also what it calls: the same five seconds restart the whole fleet. Switch the health checks off: the dead instance goes on getting a third of the requests.",
  duration: 180_000,
  requests: { order: "PlaceOrder", query: "Query" },
  nodes: [
    { id: "visitors", kind: "producer", name: "Visitors", parameters: { rate: 30 } },
    {
      id: "shop",
      kind: "service",
      name: "Shop",
      parameters: {
        instances: 3,
        concurrency: 4,
        serviceTime: { distribution: "exponential", mean: 20 },
        bootTime: { distribution: "constant", value: 20_000 },
        healthChecks: "both",
        checkPeriod: 1000,
      },
    },
    {
      id: "database",
      kind: "service",
      name: "Database",
      parameters: { concurrency: 20, serviceTime: { distribution: "exponential", mean: 5 } },
    },
  ],
  connections: [
    call(["visitors", "shop"], "order", { timeout: 2000 }),
    call(["shop", "database"], "query", { timeout: 1000 }),
  ],
  timeline: [
    { at: 30_000, act: "crash", target: "shop", member: 0 },
    { at: 90_000, act: "crash", target: "database", duration: 5000 },
  ],
});
