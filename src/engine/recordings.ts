// Recordings of producers → what a run needs of them.

import { parseRecording, type Recording } from "../base/recording.ts";
import { valuesOf } from "../base/fields.ts";
import type { Scenario } from "../model/scenario.ts";
import type { ProducerValues, ReplayPlan, Route } from "../nodes/arrivals/source.ts";
import { producer } from "../nodes/producer.ts";

/** A producer of a document with what its parameters stand for. */
export interface CompiledProducer {
  readonly id: string;
  readonly values: ProducerValues;
  /** Undefined unless it replays one. */
  readonly recording: Recording | undefined;
  /** Number of its first key among those of all producers, and how many it has. */
  readonly firstKey: number;
  readonly keys: number;
}

/** All producers of a document, each with keys of its own. */
export function compileProducers(scenario: Scenario): readonly CompiledProducer[] {
  let firstKey = 0;
  return scenario.nodes
    .filter((node) => node.kind === "producer")
    .map((node) => {
      const values = valuesOf(producer.fields, node.parameters ?? {});
      const recording = recordingOf(values);
      const keys = recording?.hasKeys === true ? recording.keyNames.length : values.keys;
      const compiled = { id: node.id, values, recording, firstKey, keys };
      firstKey += keys;
      return compiled;
    });
}

/** A text that is no recording was found by the check; an empty one replays nothing. */
function recordingOf({ arrivals, recording }: ProducerValues): Recording | undefined {
  if (arrivals !== "replay") return undefined;
  const read = parseRecording(recording);
  return read.ok ? read.value : undefined;
}

/** What a run needs of a recording. `routeFor` gives the connections that carry a contract ("": all of them). */
export function replayPlanOf(
  { values, recording }: CompiledProducer,
  routeFor: (contract: string) => Route,
): ReplayPlan | undefined {
  if (recording === undefined) return undefined;
  const timesNs = recording.timesNs.map((timeNs) => Math.round(timeNs / values.recordingSpeed));
  return {
    timesNs,
    periodNs: values.recordingRepeats ? periodNs(timesNs) : Infinity,
    keys: recording.hasKeys ? recording.keys : undefined,
    sizes: recording.sizes,
    // Route 0 is for rows that name no contract.
    routeOf: recording.contracts.map((contract) => contract + 1),
    routes: [routeFor(""), ...recording.contractNames.map((name) => routeFor(name))],
  };
}

/** From the first arrival to that of the next round: one mean gap more than the recording takes. A single arrival
 *  comes again after the time that it has waited. Infinity where no time passes at all. */
function periodNs(timesNs: Float64Array): number {
  const first = timesNs[0] ?? 0;
  const length = (timesNs.at(-1) ?? 0) - first;
  const gap = timesNs.length < 2 ? first : Math.round(length / (timesNs.length - 1));
  return length + gap > 0 ? length + gap : Infinity;
}
