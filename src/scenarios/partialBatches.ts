// Partial batch failure:
//
//   sensors ─▶ [readings] ─▶ ingest (function, batches of ten) ─▶ readings store
//
// One message in fifty makes the code throw. Without a report of which, the whole batch comes back.

import type { Scenario } from "../model/scenario.ts";
import { deadLetters, eventOf, functionNode, serverless } from "./functionParts.ts";

/** A function that reports which messages of a batch have failed. */
export const partialBatches: Scenario = {
  ...serverless,
  id: "partial-batches",
  title: "Partial batch failure",
  description:
    "A function takes readings from a queue in batches of ten; one in fifty fails. It reports which, and only that one comes back. Switch ReportBatchItemFailures off at the line and compare what the store writes: the other nine of the batch are done and written once more each time.",
  seed: 13,
  load: { duration: 180_000, sourcesStopAt: 90_000 },
  nodes: [
    {
      id: "sensors",
      kind: "producer",
      name: "Sensors",
      parameters: { rate: 40, keyName: "sensor", keys: 500 },
    },
    { id: "sqs", kind: "broker", technology: "sqs", name: "SQS" },
    functionNode("ingest", "Ingest", 20, { errorRate: 0.02 }),
    { id: "store", kind: "store", name: "Readings" },
  ],
  channels: [
    {
      id: "readings",
      broker: "sqs",
      kind: "queue",
      parameters: {
        VisibilityTimeout: 20_000,
        early_duplicates: 0,
        deadLetterTargetArn: "readings-dlq",
      },
    },
    deadLetters("readings-dlq"),
  ],
  connections: [
    { id: "measure", kind: "publish", from: "sensors", to: "readings", contract: "reading-taken" },
    {
      id: "trigger",
      kind: "consume",
      from: "readings",
      to: "ingest",
      parameters: { ReportBatchItemFailures: true, MaximumBatchingWindowInSeconds: 1000 },
    },
    { id: "save", kind: "write", from: "ingest", to: "store" },
  ],
  contracts: [eventOf("reading-taken", "ReadingTaken", "sensorId")],
  layout: {
    sensors: { x: 0, y: 40 },
    sqs: { x: 280, y: 0 },
    ingest: { x: 640, y: 40 },
    store: { x: 920, y: 40 },
  },
};
