// What a producer's card says at rest: the kind of its load in a few words.

import { expect, test } from "vitest";
import type { Parameters } from "../base/fields.ts";
import { addNode } from "../model/edit.ts";
import { emptyScenario } from "../model/scenario.suite.ts";
import { atRestOf } from "./atRest.ts";

test.each<[string, Parameters]>([
  ["10/s poisson", {}],
  ["20/s constant", { rate: 20, arrivals: "constant" }],
  ["10/s in bursts", { bursts: "on-off" }],
  ["10/s ± 50 % poisson", { shape: "wave" }],
  ["0/s to 10/s constant", { shape: "ramp", arrivals: "constant" }],
  ["10/s, then 50/s poisson", { shape: "step" }],
  ["10/s, spike × 5 poisson", { shape: "spike" }],
  ["scheduled poisson", { shape: "schedule" }],
  ["every 100 ms, exponential", { arrivals: "renewal" }],
  ["10 clients", { arrivals: "closed" }],
  ["1 client", { arrivals: "closed", clients: 1 }],
  ["recorded: 2 arrivals", { arrivals: "replay", recording: "time\n1\n2\n" }],
])("%s", (text, parameters) => {
  const scenario = addNode(
    emptyScenario(),
    { id: "client", kind: "producer", parameters },
    { x: 0, y: 0 },
  );
  expect(atRestOf(scenario, "client").primary).toBe(text);
});
