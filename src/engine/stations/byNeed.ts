// Fetches what runs the stations of a scenario, each kind in a file of its own.

import { type Scenario, type StationKind, stationKinds } from "../../model/scenario.ts";
import { type CompileStation, makeStationKnown } from "./index.ts";

const fetches: Readonly<Record<StationKind, () => Promise<CompileStation>>> = {
  external: async () => (await import("./external.ts")).compileExternal,
  function: async () => (await import("./function.ts")).compileFunction,
  gateway: async () => (await import("./gateway.ts")).compileGateway,
  processor: async () => (await import("./processor.ts")).compileProcessor,
};

/** Makes known what runs the stations of a scenario. */
export async function loadStations(scenario: Scenario): Promise<void> {
  const kinds = stationKinds.filter((kind) => scenario.nodes.some((node) => node.kind === kind));
  await Promise.all(
    kinds.map(async (kind) => {
      makeStationKnown(kind, await fetches[kind]());
    }),
  );
}
