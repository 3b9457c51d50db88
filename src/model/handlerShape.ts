// The handlers of a service in the document: strict parser and JSON Schema of their lists of steps.

import { durationMsMax } from "../base/distribution.ts";
import { listMax } from "./limits.ts";
import { distribution as time } from "./parameterShape.ts";
import type { ConnectionStep, Handler, HandlerStep, WorkStep } from "./handler.ts";
import {
  choice,
  described,
  id,
  list,
  number,
  object,
  optional,
  type Shape,
  variants,
} from "./shape.ts";

const share = number({ min: 0, max: 1 });

function overConnection(does: ConnectionStep["do"]): Shape<HandlerStep> {
  return object<ConnectionStep>({
    do: choice([does]),
    over: described("Id of an outgoing connection of the service.", id),
    undo: optional(
      described(
        "Id of the connection over which it is taken back when a later step is refused or finally fails.",
        id,
      ),
    ),
  });
}

const step = variants<HandlerStep>("do", {
  work: object<WorkStep>({
    do: choice(["work"]),
    time: optional(described("How long it takes [ms]; absent: the service time.", time)),
    errorRate: optional(
      described("Share of the attempts that fail; absent: the error rate of the service.", share),
    ),
    refusalRate: optional(
      described("Share of the messages that are refused for a reason of the business.", share),
    ),
  }),
  read: overConnection("read"),
  call: overConnection("call"),
  write: overConnection("write"),
  publish: overConnection("publish"),
});

const steps = list(step, { max: listMax.steps });

/** The handlers of a service. */
export const handlers: Shape<readonly Handler[]> = list(
  object<Handler>({
    on: optional(
      described(
        "Contracts (ids) that it handles; absent: whatever no other handler names.",
        list(id, { min: 1, max: listMax.after }),
      ),
    ),
    every: optional(described("It begins by itself, again after such a time [ms].", time)),
    steps,
    whenRefused: optional(described("After a step was refused.", steps)),
    whenFailed: optional(described("After it has finally failed.", steps)),
    timeout: optional(
      described(
        "An attempt that takes longer fails [ms].",
        number({ min: 0.001, max: durationMsMax }),
      ),
    ),
  }),
  { min: 1, max: listMax.handlers },
);
