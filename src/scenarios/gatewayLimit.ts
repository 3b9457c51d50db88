// A greedy client behind an API gateway:
//
//   apps ─────┐
//             ├─▶ gateway ─▶ catalogue (100/s at most)
//   scraper ──┘
//
// The scraper asks 200 times a second. With a limit for each client only it is refused; without one everybody is.

import type { Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

/** A rate limit for each client protects the others. */
export const gatewayLimit: Scenario = {
  format: "spillway",
  version: 1,
  id: "gateway-limit",
  title: "API gateway: one greedy client",
  description:
    "A hundred apps and one scraper ask the same catalogue through a gateway. Watch the gateway refuse the scraper while the apps get their answers. Then switch off “Rate limit per client” on the gateway: the queue of the catalogue fills, and the apps are turned away with the scraper.",
  ...parties,
  seed: 11,
  load: { duration: 60_000, sourcesStopAt: 55_000 },
  nodes: [
    {
      id: "apps",
      kind: "producer",
      name: "Apps",
      parameters: { rate: 40, keys: 100, keyName: "app" },
    },
    {
      id: "scraper",
      kind: "producer",
      name: "Scraper",
      parameters: { rate: 200, keys: 1, keyName: "scraper" },
    },
    {
      id: "gateway",
      kind: "gateway",
      name: "Gateway",
      parameters: { limitPerClient: true, clientRate: 5, clientBurst: 10 },
    },
    {
      id: "catalogue",
      kind: "service",
      name: "Catalogue",
      parameters: {
        concurrency: 4,
        serviceTime: { distribution: "exponential", mean: 40 },
        mailbox: 20,
      },
    },
  ],
  channels: [],
  connections: [
    { id: "apps-ask", kind: "call", from: "apps", to: "gateway", contract: "browse" },
    { id: "scraper-asks", kind: "call", from: "scraper", to: "gateway", contract: "browse" },
    {
      id: "route",
      kind: "call",
      from: "gateway",
      to: "catalogue",
      contract: "browse",
      parameters: { safe: true },
    },
  ],
  contracts: [
    {
      id: "browse",
      name: "BrowseCatalogue",
      description: "A page of the catalogue is asked for.",
      contractVersion: "1.0.0",
      schema: {
        type: "object",
        properties: { page: { type: "integer", minimum: 1, examples: [3] } },
        required: ["page"],
        additionalProperties: false,
      },
    },
  ],
  timeline: [],
  objectives: [
    {
      id: "apps-are-served",
      title: "Apps get their answers",
      of: "apps-ask",
      measure: "failed",
      is: "at most",
      value: 10,
    },
  ],
  layout: {
    apps: { x: 0, y: 0 },
    scraper: { x: 0, y: 160 },
    gateway: { x: 304, y: 80 },
    catalogue: { x: 608, y: 80 },
  },
};
