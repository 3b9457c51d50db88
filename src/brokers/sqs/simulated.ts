// Amazon SQS, whole: what it shows, its manual and its behaviour.

import type { SimulatedTechnology } from "../technology.ts";
import { sqsManual } from "./manual.ts";
import { SqsBroker } from "./runtime.ts";
import { sqs } from "./sqs.ts";

/** Amazon SQS with its behaviour. */
export const simulatedSqs: SimulatedTechnology = {
  ...sqs,
  ...sqsManual,
  open: (config, context) => new SqsBroker(config, context),
};
