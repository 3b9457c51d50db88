// Whether what a producer replays is a recording, and whether somebody carries what it names.

import { valuesOf } from "../base/fields.ts";
import { pathTo, type Problem } from "../base/problem.ts";
import { parseRecording, type Recording } from "../base/recording.ts";
import type { Result } from "../base/result.ts";
import { producer } from "../nodes/producer.ts";
import { nameOf } from "./elements.ts";
import type { ProblemCode } from "./problemCatalogue.ts";
import type { Node, Scenario } from "./scenario.ts";

/** Recordings by the parameters that hold them: the page checks after every change, mostly of something else. */
const known = new WeakMap<object, Result<Recording, string>>();

function recordingIn(parameters: object, text: string): Result<Recording, string> {
  const before = known.get(parameters);
  if (before !== undefined) return before;
  const read = parseRecording(text);
  known.set(parameters, read);
  return read;
}

/** What is wrong with the recording of a producer; nothing when it replays none. */
export function checkProducer(scenario: Scenario, node: Node, path: string): readonly Problem[] {
  const stated = node.parameters ?? {};
  const values = valuesOf(producer.fields, stated);
  if (values.arrivals !== "replay") return [];
  const name = nameOf(scenario, node.id);
  const found = (code: ProblemCode, severity: Problem["severity"], message: string): Problem => ({
    code,
    severity,
    path: pathTo(`${path}/parameters`, "recording"),
    element: node.id,
    message,
  });
  if (values.recording.trim() === "")
    return [
      found(
        "producer/no-recording",
        "warning",
        `${name} replays nothing yet. Choose a CSV file of arrivals, or paste its text.`,
      ),
    ];
  const read = recordingIn(stated, values.recording);
  if (!read.ok) return [found("producer/recording", "error", read.failure)];
  const problems: Problem[] = [];
  const unsent = unsentContract(scenario, node.id, read.value);
  if (unsent !== undefined)
    problems.push(
      found(
        "producer/recording-contract",
        "warning",
        `No connection of ${name} carries "${unsent}", which the recording names; its arrivals send nothing. Choose it on a connection, or change the recording.`,
      ),
    );
  const { timesNs } = read.value;
  const takesNoTime =
    timesNs.length > 0 && (timesNs.length === 1 ? timesNs[0] : timesNs.at(-1)! - timesNs[0]!) === 0;
  if (values.recordingRepeats && takesNoTime)
    problems.push(
      found(
        "producer/recording-instant",
        "warning",
        `The recording of ${name} takes no time, so it cannot be repeated. Let its arrivals come at different times.`,
      ),
    );
  return problems;
}

/** A contract that a recording names and no connection of the producer carries, by its id or name. */
function unsentContract(scenario: Scenario, id: string, recording: Recording): string | undefined {
  const carried = new Set(
    scenario.connections.flatMap((link) =>
      link.from === id && "contract" in link ? [link.contract] : [],
    ),
  );
  const names = new Set(
    scenario.contracts.flatMap((one) => (carried.has(one.id) ? [one.id, one.name] : [])),
  );
  return recording.contractNames.find((name) => !names.has(name));
}
