// Apache Kafka, whole: what it shows, its manual and its behaviour.

import type { SimulatedTechnology } from "../technology.ts";
import { openKafka } from "./broker.ts";
import { kafka } from "./kafka.ts";
import { kafkaManual } from "./manual.ts";

/** Apache Kafka with its behaviour. */
export const simulatedKafka: SimulatedTechnology = { ...kafka, ...kafkaManual, open: openKafka };
