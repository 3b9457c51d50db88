// A rate limit: a nightly job asks as fast as it can, and a limit on its calls leaves the service to those who wait for it.

import type { Scenario } from "../model/scenario.ts";
import { call, callersScenario } from "./callers.ts";

/** One greedy caller beside many that are not. */
export const rateLimit: Scenario = {
  ...callersScenario({
    id: "rate-limit",
    title: "Rate limit: a greedy job beside its neighbours",
    description:
      "Users ask a service 40 times a second; it can do 100. From 20 s on a job asks another 150 times a second. A token bucket on the job's calls lets 40 a second pass, and its full bucket of 80 at once; the rest is refused before it costs the service anything. Look at how long users wait; then set “Rate limit” of the job's call to none: they wait as long as the job. A leaky bucket instead lets the same number pass evenly, without the burst.",
    duration: 80_000,
    requests: { read: "ReadAccount", export: "ExportAccount" },
    nodes: [
      { id: "users", kind: "producer", name: "Users", parameters: { rate: 40 } },
      { id: "job", kind: "producer", name: "Job", parameters: { rate: 0 } },
      {
        id: "accounts",
        kind: "service",
        name: "Accounts",
        parameters: { concurrency: 10, serviceTime: { distribution: "exponential", mean: 100 } },
      },
    ],
    connections: [
      call(["users", "accounts"], "read", { timeout: 60_000 }),
      call(["job", "accounts"], "export", {
        timeout: 60_000,
        rateLimiter: "token bucket",
        limitForPeriod: 40,
        burst: 80,
      }),
    ],
    timeline: [{ at: 20_000, act: "set", target: "job", parameter: "rate", value: 150 }],
  }),
  layout: {
    users: { x: 0, y: 0 },
    job: { x: 0, y: 192 },
    accounts: { x: 320, y: 96 },
  },
};
