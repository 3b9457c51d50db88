// The worker: makes the service and exposes it.

import { expose } from "comlink";
import { createRun } from "../engine/run.ts";
import { SimulationService } from "./service.ts";
import { transferring } from "./transfer.ts";

/** Movements remembered between two frames; the page asks for fewer. */
const movesMax = 1024;
/** Memory for moments to which the run can go back at once [bytes]. */
const historyBytes = 256e6;

expose(
  transferring(
    new SimulationService({
      createRun: (scenario) => createRun(scenario, { movesMax, historyBytes }),
      nowMs: () => performance.now(),
    }),
  ),
);
