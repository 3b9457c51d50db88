// Load shedding: a service that can do 100 a second gets 120. Without it every request waits in a growing line until nobody
// waits for its answer any more; all work is then done in vain. CoDel gives up what would come too late.

import type { Scenario } from "../model/scenario.ts";
import { call, callersScenario } from "./callers.ts";

/** A steady overload, and goodput with CoDel. */
export const loadShedding: Scenario = callersScenario({
  id: "load-shedding",
  title: "Load shedding: who serves all serves nobody",
  description:
    "Visitors send 120 requests a second to a service that can do 100, and give up after five seconds. CoDel notices that all requests wait for longer than 5 ms, gives up more and more of them, and the rest is answered at once. Watch how many calls succeed, then set “Load shedding” of the service to none: after 25 s every request has waited for five seconds, the service is as busy as before, and hardly anybody gets an answer. “Order: last in, first out” helps as well.",
  duration: 90_000,
  requests: { query: "Query" },
  nodes: [
    {
      id: "visitors",
      kind: "producer",
      name: "Visitors",
      parameters: { rate: 120, arrivals: "constant" },
    },
    {
      id: "search",
      kind: "service",
      name: "Search",
      parameters: {
        serviceTime: { distribution: "constant", value: 10 },
        shedding: "codel",
      },
    },
  ],
  connections: [call(["visitors", "search"], "query", { timeout: 5000 })],
});
