// Priorities that do not let anybody starve: what waits rises by a priority from time to time, until it is its turn.

import type { Scenario } from "../model/scenario.ts";
import { call, callersScenario } from "./callers.ts";

/** The low class gets its turn although the high ones alone would fill the service. */
export const fairPriorities: Scenario = {
  ...callersScenario({
    id: "fair-priorities",
    title: "Priorities without starvation",
    description:
      "Payments are 95 of the 100 requests a second that a service can do, and go first; reports come eight times a second, three more than what is left for them. By priority alone only reports wait, ever longer. Here a request rises by one priority for every second that it has waited, so that a report stands level with a new payment after eight seconds. Set “Rises after” of the service to never and compare the longest wait of reports with that of payments.",
    duration: 120_000,
    requests: { pay: "Pay", report: "Report" },
    nodes: [
      { id: "payers", kind: "producer", name: "Payers", parameters: { rate: 95 } },
      { id: "analysts", kind: "producer", name: "Analysts", parameters: { rate: 8 } },
      {
        id: "desk",
        kind: "service",
        name: "Desk",
        parameters: {
          concurrency: 10,
          serviceTime: { distribution: "exponential", mean: 100 },
          order: "priority",
          ageing: 1000,
        },
      },
    ],
    connections: [
      call(["payers", "desk"], "pay", { timeout: 600_000, priority: 9 }),
      call(["analysts", "desk"], "report", { timeout: 600_000, priority: 1 }),
    ],
  }),
  layout: {
    payers: { x: 0, y: 0 },
    analysts: { x: 0, y: 192 },
    desk: { x: 320, y: 96 },
  },
};
