// A RabbitMQ work queue with retries by dead-lettering:
//
//   uploads ─▶ (images) ─▶ [resize] ─▶ resizer ─▶ thumbnails db
//                             │ rejected            ▲
//                             ▼                     │ after 5 s
//                          (retry) ─▶ [resize-retry]┘     no consumer, messages wait here
//
// One attempt in five fails; the message is rejected, waits five seconds in a queue without a consumer, and
// comes back through the exchange when it expires there.

import type { Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

/** A work queue whose failures come back after a while. */
export const workQueue: Scenario = {
  format: "spillway",
  version: 1,
  id: "work-queue",
  title: "Work queue with retries by dead letter",
  description:
    "Images are resized by four workers. One attempt in five fails: the message is rejected, waits five seconds in a retry queue, and comes back. Watch the retry queue; set resize’s x-dead-letter-exchange to none to see the failed ones lost.",
  ...parties,
  seed: 7,
  load: { duration: 120_000, sourcesStopAt: 90_000 },
  nodes: [
    {
      id: "uploads",
      kind: "producer",
      name: "Uploads",
      parameters: { rate: 12, keyName: "image", keys: 100_000 },
    },
    { id: "rabbit", kind: "broker", technology: "rabbitmq", name: "RabbitMQ" },
    {
      id: "resizer",
      kind: "service",
      name: "Resizer",
      parameters: {
        concurrency: 4,
        serviceTime: { distribution: "lognormal", mean: 200, sd: 120 },
        errorRate: 0.2,
      },
    },
    { id: "thumbnails", kind: "store", name: "Thumbnails" },
  ],
  channels: [
    { id: "images", broker: "rabbit", kind: "exchange", parameters: { type: "topic" } },
    { id: "retry", broker: "rabbit", kind: "exchange", parameters: { type: "fanout" } },
    {
      id: "resize",
      broker: "rabbit",
      kind: "queue",
      parameters: { "x-dead-letter-exchange": "retry" },
    },
    {
      id: "resize-retry",
      broker: "rabbit",
      kind: "queue",
      parameters: { "x-message-ttl": 5000, "x-dead-letter-exchange": "images" },
    },
  ],
  connections: [
    {
      id: "upload",
      kind: "publish",
      from: "uploads",
      to: "images",
      contract: "image-uploaded",
      parameters: { routing_key: "image.uploaded", delivery_mode: "2" },
    },
    {
      id: "images-to-resize",
      kind: "bind",
      from: "images",
      to: "resize",
      parameters: { routing_key: "image.*" },
    },
    { id: "retry-to-waiting", kind: "bind", from: "retry", to: "resize-retry" },
    {
      id: "work",
      kind: "consume",
      from: "resize",
      to: "resizer",
      parameters: { prefetch_count: 1, on_failure: "reject" },
    },
    { id: "save", kind: "write", from: "resizer", to: "thumbnails" },
  ],
  contracts: [
    {
      id: "image-uploaded",
      name: "ImageUploaded",
      description: "A customer has uploaded an image.",
      contractVersion: "1.0.0",
      schema: {
        type: "object",
        properties: {
          imageId: { type: "string", examples: ["image-17"] },
          url: { type: "string", format: "uri" },
          width: { type: "integer", minimum: 1 },
          height: { type: "integer", minimum: 1 },
        },
        required: ["imageId", "url"],
        additionalProperties: false,
      },
    },
  ],
  timeline: [],
  objectives: [
    {
      id: "nothing-dropped",
      title: "Nothing is dropped",
      of: "resize",
      measure: "dropped",
      is: "at most",
      value: 0,
    },
  ],
  layout: {
    uploads: { x: 0, y: 96 },
    rabbit: { x: 304, y: 40 },
    resizer: { x: 832, y: 96 },
    thumbnails: { x: 1136, y: 96 },
  },
};
