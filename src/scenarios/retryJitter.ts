// Jitter: what fails together and waits for the same time fails together again. Random waits spread the second attempts.

import type { Scenario } from "../model/scenario.ts";
import { call, callersScenario } from "./callers.ts";

/** Meters that report on the full ten seconds, and what spreads them. */
export const retryJitter: Scenario = callersScenario({
  id: "retry-jitter",
  title: "Retries with and without jitter",
  description:
    "Every ten seconds 600 meters report at the same instant. The service does 200 a second and lets 100 wait; the others are refused and try again three times, after one, two and four seconds. With full jitter each waits for a random part of that, so the attempts arrive spread out. Compare how many calls succeed when you set “Jitter” of the call to none: all that were refused come back in the same instant and are refused together once more.",
  duration: 120_000,
  requests: { report: "ReportReading" },
  nodes: [
    {
      id: "meters",
      kind: "producer",
      name: "Meters",
      parameters: {
        arrivals: "constant",
        rate: 0.1,
        batch: { distribution: "constant", value: 600 },
      },
    },
    {
      id: "readings",
      kind: "service",
      name: "Readings",
      parameters: {
        concurrency: 4,
        serviceTime: { distribution: "constant", value: 20 },
        mailbox: 100,
      },
    },
  ],
  connections: [
    call(["meters", "readings"], "report", {
      timeout: 30_000,
      attempts: 4,
      backoff: 1000,
      jitter: "full",
    }),
  ],
});
