// The worker: makes the service and exposes it.

import { expose } from "comlink";
import { createRun } from "../engine/run.ts";
import { SimulationService } from "./service.ts";
import { transferring } from "./transfer.ts";

expose(transferring(new SimulationService({ createRun, nowMs: () => performance.now() })));
