// Priorities in overload: a service that can do 100 a second gets 150. Whose priority is high is served as if the others
// were not there; the lowest get what is left, and that is nothing.

import type { Scenario } from "../model/scenario.ts";
import { call, callersScenario } from "./callers.ts";

const visitors = (id: string, name: string, rate: number) =>
  ({ id, kind: "producer", name, parameters: { rate } }) as const;

/** Three classes of requests for one service that is too slow for all of them. */
export const prioritiesInOverload: Scenario = callersScenario({
  id: "priorities",
  title: "Priorities: who is served when not all can be",
  description:
    "Payments (60 a second), orders (60) and recommendations (30) ask a service that can do 100 a second. It takes the highest priority first: payments are all served, orders in part, recommendations not at all. Compare the succeeded calls of the three. Set “Order” of the service to first in, first out: payments wait in the same growing line as all others.",
  duration: 60_000,
  requests: { pay: "Pay", order: "PlaceOrder", recommend: "Recommend" },
  nodes: [
    visitors("payers", "Payers", 60),
    visitors("buyers", "Buyers", 60),
    visitors("browsers", "Browsers", 30),
    {
      id: "desk",
      kind: "service",
      name: "Desk",
      parameters: {
        concurrency: 10,
        serviceTime: { distribution: "exponential", mean: 100 },
        order: "priority",
      },
    },
  ],
  connections: [
    call(["payers", "desk"], "pay", { timeout: 120_000, priority: 9 }),
    call(["buyers", "desk"], "order", { timeout: 120_000, priority: 5 }),
    call(["browsers", "desk"], "recommend", { timeout: 120_000, priority: 1 }),
  ],
});
