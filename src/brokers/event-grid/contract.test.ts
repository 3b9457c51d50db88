// Event Grid passes the contract of all technologies.

import { describeTechnology } from "../technology.suite.ts";
import { simulatedEventGrid } from "./simulated.ts";

describeTechnology(simulatedEventGrid, {
  sketch: {
    channels: [
      { id: "t", kind: "topic" },
      { id: "all", kind: "subscription", parameters: { deadLetterDestination: "dead" } },
      { id: "again", kind: "subscription" },
      { id: "dead", kind: "container" },
    ],
    bindings: ["all", "again"].map((to) => ({ from: "t", to })),
    publishers: [{ to: "t" }, { to: "t" }],
    subscriptions: ["all", "again"].map((from) => ({ from, workers: 2 })),
  },
  order: "none",
  losesConfirmed: "never",
  nodes: 3,
  drainsWithinMs: 4_000_000,
  idleWakesPerHour: 2,
});
