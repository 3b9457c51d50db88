// Asynchronous events and their on-failure destination:
//
//   uploads ─▶ (uploaded) ─▶ thumbnails (function) ─ on failure ─▶ [failures] ─▶ repair
//
// SNS hands every event to Lambda's own queue and is through with it. Lambda tries three times; what then still fails is
// told to the destination, or gone.

import type { Scenario } from "../model/scenario.ts";
import { deadLetters, eventOf, functionNode, serverless } from "./functionParts.ts";

/** Asynchronous retries, and a queue for what they do not cure. */
export const onFailureDestination: Scenario = {
  ...serverless,
  id: "on-failure-destination",
  title: "Asynchronous retries and an on-failure destination",
  description:
    "Lambda takes events from SNS into a queue of its own and tries a failed one again after one and after two minutes. What fails three times goes to a queue from which it is repaired. Watch the queue fill after three minutes. Remove the line “on failure”: the same events are given up, and nobody hears of them.",
  seed: 14,
  load: { duration: 600_000, sourcesStopAt: 300_000 },
  nodes: [
    {
      id: "uploads",
      kind: "producer",
      name: "Uploads",
      parameters: { rate: 5, keyName: "image", keys: 100_000 },
    },
    { id: "sns", kind: "broker", technology: "sns", name: "SNS" },
    functionNode("thumbnails", "Thumbnails", 300, { errorRate: 0.3 }),
    { id: "sqs", kind: "broker", technology: "sqs", name: "SQS" },
    { id: "repair", kind: "service", name: "Repair" },
  ],
  channels: [
    { id: "uploaded", broker: "sns", kind: "topic" },
    {
      id: "failures",
      broker: "sqs",
      kind: "queue",
      parameters: {
        deadLetterTargetArn: "failures-dlq",
        ReceiveMessageWaitTimeSeconds: 20_000,
        early_duplicates: 0,
      },
    },
    deadLetters("failures-dlq"),
  ],
  connections: [
    { id: "upload", kind: "publish", from: "uploads", to: "uploaded", contract: "image-uploaded" },
    { id: "trigger", kind: "consume", from: "uploaded", to: "thumbnails" },
    {
      id: "on-failure",
      name: "on failure",
      kind: "publish",
      from: "thumbnails",
      to: "failures",
      contract: "thumbnail-failed",
      on: "failure",
    },
    { id: "mend", kind: "consume", from: "failures", to: "repair" },
  ],
  contracts: [
    eventOf("image-uploaded", "ImageUploaded", "imageId"),
    eventOf("thumbnail-failed", "ThumbnailFailed", "imageId"),
  ],
  layout: {
    uploads: { x: 0, y: 40 },
    sns: { x: 280, y: 0 },
    thumbnails: { x: 640, y: 40 },
    sqs: { x: 920, y: 0 },
    repair: { x: 1280, y: 40 },
  },
};
