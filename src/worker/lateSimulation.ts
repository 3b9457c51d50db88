// A stand-in for the simulation that fetches its client with the first call: nothing of it is in the first load.

import type { SimulationApi } from "./api.ts";

/** Hands every call on to the simulation that `fetch` brings, once. */
export function createLateSimulation(fetch: () => Promise<SimulationApi>): SimulationApi {
  let fetched: Promise<SimulationApi> | undefined;
  const simulation = async (): Promise<SimulationApi> => {
    fetched ??= fetch();
    try {
      return await fetched;
    } catch (error) {
      // The next call tries again.
      fetched = undefined;
      throw error;
    }
  };
  return {
    load: async (scenario) => (await simulation()).load(scenario),
    advance: async (request) => (await simulation()).advance(request),
    step: async () => (await simulation()).step(),
    seek: async (request) => (await simulation()).seek(request),
    stepBack: async () => (await simulation()).stepBack(),
    act: async (act) => (await simulation()).act(act),
    series: async (chart, of) => (await simulation()).series(chart, of),
    objectives: async () => (await simulation()).objectives(),
    consistency: async (query) => (await simulation()).consistency(query),
    report: async () => (await simulation()).report(),
    log: async (request) => (await simulation()).log(request),
    trace: async (request) => (await simulation()).trace(request),
    survey: async (request) => (await simulation()).survey(request),
  };
}
