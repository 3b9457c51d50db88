// The registry of manuals, one for each technology of index.ts. Apart from it, so that a page which only draws does not
// load what can be read, exported and checked of every broker.

import type { TechnologyId } from "./index.ts";
import { kafkaManual } from "./kafka/manual.ts";
import { rabbitmqManual } from "./rabbitmq/manual.ts";
import type { TechnologyManual } from "./technology.ts";

/** The manual of every technology by its id. */
export const manuals: Readonly<Record<TechnologyId, TechnologyManual>> = {
  kafka: kafkaManual,
  rabbitmq: rabbitmqManual,
};
