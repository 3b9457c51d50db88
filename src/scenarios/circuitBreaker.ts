// A circuit breaker: a payment service that stands still holds every worker of the shop that waits for it, until nobody
// is left to show the catalogue. The breaker lets those calls fail at once.

import type { Scenario } from "../model/scenario.ts";
import { call, callersScenario } from "./callers.ts";

/** The outage of one dependency, and who else suffers from it. */
export const circuitBreaker: Scenario = callersScenario({
  id: "circuit-breaker",
  title: "Circuit breaker: one dependency must not take all down",
  description:
    "Every order asks the payment service, browsing does not, but both are served by the same twenty workers of the shop. For thirty seconds payment stands still. The breaker opens after ten failed calls and payment answers by a fallback; compare the 95th percentile of browsing. Switch the circuit breaker of the call to payment off: the workers wait for payment and nobody can browse.",
  duration: 90_000,
  requests: { browse: "BrowseCatalogue", order: "PlaceOrder", charge: "ChargeCard" },
  nodes: [
    { id: "visitors", kind: "producer", name: "Visitors", parameters: { rate: 50 } },
    { id: "buyers", kind: "producer", name: "Buyers", parameters: { rate: 10 } },
    {
      id: "shop",
      kind: "service",
      name: "Shop",
      parameters: { concurrency: 20, serviceTime: { distribution: "exponential", mean: 20 } },
    },
    {
      id: "payment",
      kind: "service",
      name: "Payment",
      parameters: { concurrency: 10, serviceTime: { distribution: "exponential", mean: 50 } },
    },
  ],
  connections: [
    call(["visitors", "shop"], "browse", { timeout: 10_000 }),
    call(["buyers", "shop"], "order", { timeout: 10_000 }),
    {
      ...call(["shop", "payment"], "charge", {
        timeout: 3000,
        fallback: "answer",
        circuitBreaker: true,
        slidingWindowSize: 10,
        minimumNumberOfCalls: 10,
        waitDurationInOpenState: 5000,
        permittedNumberOfCallsInHalfOpenState: 1,
      }),
      after: ["order"],
    },
  ],
  timeline: [{ at: 20_000, act: "pause", target: "payment", duration: 30_000 }],
});
