// Hands columns from thread to thread without copying them: the numbers of an answer change their owner.

import { transfer } from "comlink";
import type { SimulationApi } from "./api.ts";

/** Answers nest three objects deep at the most (result → frame → moves → column). */
const depthMax = 4;

/** The buffers of all columns in an answer, each once; views of a part of a buffer stay and are copied. */
export function buffersOf(answer: unknown): readonly ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  collect(answer, 0, buffers);
  return [...buffers];
}

function collect(value: unknown, depth: number, buffers: Set<ArrayBuffer>): void {
  if (typeof value !== "object" || value === null || depth > depthMax) return;
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value;
    const isWhole = byteLength > 0 && byteLength === buffer.byteLength;
    if (isWhole && buffer instanceof ArrayBuffer) buffers.add(buffer);
    return;
  }
  for (const part of Object.values(value)) collect(part, depth + 1, buffers);
}

function handOver<Answer extends object>(answer: Answer): Answer {
  return transfer(answer, [...buffersOf(answer)]);
}

/** The same interface, whose answers give their columns away instead of having them copied. */
export function transferring(api: SimulationApi): SimulationApi {
  return {
    load: async (scenario) => handOver(await api.load(scenario)),
    advance: async (request) => handOver(await api.advance(request)),
    step: async () => handOver(await api.step()),
    seek: async (request) => handOver(await api.seek(request)),
    stepBack: async () => handOver(await api.stepBack()),
    act: async (act) => handOver(await api.act(act)),
    series: async (chart, of) => handOver(await api.series(chart, of)),
    consistency: async (query) => {
      const view = await api.consistency(query);
      return view === null ? view : handOver(view);
    },
    objectives: () => api.objectives(),
    report: () => api.report(),
    log: (request) => api.log(request),
    trace: (request) => api.trace(request),
    survey: (request) => api.survey(request),
  };
}
