// The worker: makes the service and exposes it, and computes replications when it belongs to a pool.

import { expose } from "comlink";
import { loadBehaviour } from "../brokers/simulatedByNeed.ts";
import { replicate, wholeRun } from "../engine/replicate.ts";
import { createRun } from "../engine/run.ts";
import { loadStations } from "../engine/stations/byNeed.ts";
import { readabilityFor } from "../schemas/readabilityFor.ts";
import type { Readability } from "../model/readability.ts";
import type { Scenario } from "../model/scenario.ts";
import type { ReplicationApi, SimulationApi, WholeRunApi } from "./api.ts";
import { SimulationService } from "./service.ts";
import { transferring } from "./transfer.ts";

/** Movements remembered between two frames; the page asks for fewer. */
const movesMax = 1024;
/** Memory for moments to which the run can go back at once [bytes]. */
const historyBytes = 256e6;

const api: SimulationApi & ReplicationApi & WholeRunApi = {
  ...transferring(
    new SimulationService({
      createRun: (scenario, readability) =>
        createRun(scenario, { movesMax, historyBytes, readability, watchesObjectives: true }),
      lookBack: async (run) => new (await import("../engine/lookback.ts")).Lookback(run),
      readabilityOf: prepare,
      nowMs: () => performance.now(),
    }),
  ),
  replicate: async (scenario, number) => replicate(scenario, number, await prepare(scenario)),
  wholeRun: async (scenario) => wholeRun(scenario, await prepare(scenario)),
};

/** Fetches what the technologies and stations of a scenario do, and finds out who can read whom. */
async function prepare(scenario: Scenario): Promise<Readability> {
  await Promise.all([
    loadBehaviour(
      scenario.nodes.flatMap((node) => (node.kind === "broker" ? [node.technology] : [])),
    ),
    loadStations(scenario),
  ]);
  return readabilityFor(scenario);
}

expose(api);
