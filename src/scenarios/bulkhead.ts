// A bulkhead: calls to a dependency that has become slow hold so many workers at most, so that the others stay free for
// what does not need it.

import type { Scenario } from "../model/scenario.ts";
import { call, callersScenario } from "./callers.ts";

/** A slow dependency, and the compartment that keeps it from sinking the ship. */
export const bulkhead: Scenario = {
  ...callersScenario({
    id: "bulkhead",
    title: "Bulkhead: a slow dependency gets so many workers",
    description:
      "Reviews and the catalogue are shown by the same twenty workers of a shop. For a minute the review service is forty times as slow as usual: each of its calls takes two seconds. The bulkhead lets five calls at a time through and refuses the rest at once, so fifteen workers are always left for the catalogue. Set “maxConcurrentCalls” of the call to reviews to no bulkhead and compare the 95th percentile of the catalogue.",
    duration: 100_000,
    requests: { catalogue: "ShowCatalogue", product: "ShowProduct", "get-reviews": "GetReviews" },
    nodes: [
      { id: "visitors", kind: "producer", name: "Visitors", parameters: { rate: 60 } },
      { id: "readers", kind: "producer", name: "Readers", parameters: { rate: 20 } },
      {
        id: "shop",
        kind: "service",
        name: "Shop",
        parameters: { concurrency: 20, serviceTime: { distribution: "exponential", mean: 10 } },
      },
      {
        id: "reviews",
        kind: "service",
        name: "Reviews",
        parameters: { concurrency: 50, serviceTime: { distribution: "exponential", mean: 50 } },
      },
    ],
    connections: [
      call(["visitors", "shop"], "catalogue", { timeout: 10_000 }),
      call(["readers", "shop"], "product", { timeout: 10_000 }),
      {
        ...call(["shop", "reviews"], "get-reviews", {
          timeout: 5000,
          fallback: "answer",
          maxConcurrentCalls: 5,
        }),
        after: ["product"],
      },
    ],
    timeline: [{ at: 20_000, act: "slow", target: "reviews", factor: 40, duration: 60_000 }],
  }),
  layout: {
    visitors: { x: 0, y: 0 },
    readers: { x: 0, y: 192 },
    shop: { x: 320, y: 96 },
    reviews: { x: 640, y: 96 },
  },
};
