// Scooters that report through a slow uplink, so that events come out of order:
//
//   scooters ─▶ (reported) ─▶ uplink: half a second, seldom longer ─▶ (positions) ─▶ statistics: windows of 10 s
//                                                                        └─▶ (totals) ─▶ dashboard
//
// The watermark does not wait. What comes behind it is late: lost, or taken in as a correction within the allowed lateness.

import type { Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

const position = {
  type: "object",
  properties: { city: { type: "string", examples: ["city-2"] }, battery: { type: "number" } },
  required: ["city"],
  additionalProperties: false,
};

/** Late events and allowed lateness. */
export const lateEvents: Scenario = {
  format: "spillway",
  version: 1,
  id: "late-events",
  title: "Late events: watermark and allowed lateness",
  description:
    "Positions of scooters reach a stream processor out of order, because some of them hang in the uplink. It counts them for each city in windows of 10 s by when they happened. Watch corrections follow the results. Then set “Allowed lateness” of the processor to 0: what comes behind the watermark is dropped, and the totals are too low.",
  ...parties,
  seed: 9,
  load: { duration: 120_000, sourcesStopAt: 100_000 },
  nodes: [
    {
      id: "scooters",
      kind: "producer",
      name: "Scooters",
      parameters: { rate: 30, keys: 8, keyName: "city" },
    },
    { id: "rabbit", kind: "broker", technology: "rabbitmq", name: "RabbitMQ" },
    {
      id: "uplink",
      kind: "service",
      name: "Uplink",
      parameters: {
        concurrency: 200,
        serviceTime: { distribution: "lognormal", mean: 500, sd: 1000 },
      },
    },
    {
      id: "statistics",
      kind: "processor",
      name: "Statistics",
      parameters: { windowSize: 10_000, outOfOrderness: 500, lateness: 60_000 },
    },
    {
      id: "dashboard",
      kind: "service",
      name: "Dashboard",
      parameters: { serviceTime: { distribution: "constant", value: 2 } },
    },
  ],
  channels: [
    { id: "reported", broker: "rabbit", kind: "exchange", parameters: { type: "fanout" } },
    { id: "uplink-queue", broker: "rabbit", kind: "queue" },
    { id: "positions", broker: "rabbit", kind: "exchange", parameters: { type: "fanout" } },
    { id: "statistics-queue", broker: "rabbit", kind: "queue" },
    { id: "totals", broker: "rabbit", kind: "exchange", parameters: { type: "fanout" } },
    { id: "dashboard-queue", broker: "rabbit", kind: "queue" },
  ],
  connections: [
    { id: "report", kind: "publish", from: "scooters", to: "reported", contract: "scooter-seen" },
    { id: "bind-uplink", kind: "bind", from: "reported", to: "uplink-queue" },
    {
      id: "receive",
      kind: "consume",
      from: "uplink-queue",
      to: "uplink",
      parameters: { prefetch_count: 1, on_failure: "reject" },
    },
    { id: "pass-on", kind: "publish", from: "uplink", to: "positions", contract: "position-known" },
    { id: "bind-statistics", kind: "bind", from: "positions", to: "statistics-queue" },
    {
      id: "count",
      kind: "consume",
      from: "statistics-queue",
      to: "statistics",
      parameters: { prefetch_count: 100, on_failure: "reject" },
    },
    { id: "total", kind: "publish", from: "statistics", to: "totals", contract: "city-counted" },
    { id: "bind-dashboard", kind: "bind", from: "totals", to: "dashboard-queue" },
    {
      id: "show",
      kind: "consume",
      from: "dashboard-queue",
      to: "dashboard",
      parameters: { prefetch_count: 100, on_failure: "reject" },
    },
  ],
  contracts: [
    {
      id: "scooter-seen",
      name: "ScooterSeen",
      description: "A scooter reports where it is.",
      contractVersion: "1.0.0",
      schema: position,
    },
    {
      id: "position-known",
      name: "PositionKnown",
      description: "A position has come through the uplink.",
      contractVersion: "1.0.0",
      schema: position,
    },
    {
      id: "city-counted",
      name: "CityCounted",
      description: "How many positions a city had in a window.",
      contractVersion: "1.0.0",
      schema: {
        type: "object",
        properties: { city: { type: "string" }, count: { type: "integer", minimum: 0 } },
        required: ["city", "count"],
        additionalProperties: false,
      },
    },
  ],
  timeline: [],
  objectives: [],
  layout: {
    scooters: { x: 0, y: 80 },
    rabbit: { x: 304, y: 40 },
    uplink: { x: 832, y: 0 },
    statistics: { x: 832, y: 120 },
    dashboard: { x: 832, y: 240 },
  },
};
