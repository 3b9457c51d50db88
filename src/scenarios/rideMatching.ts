// Riders and drivers of one zone find each other:
//
//   riders ──▶ (ride-requests) ──┐
//                                ├─▶ matching: join within 15 s per zone ─▶ (rides) ─▶ dispatch
//   drivers ─▶ (free-drivers) ───┘
//
// A join gives all pairs; a ride uses up both sides.

import type { Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

const inZone = {
  type: "object",
  properties: { zone: { type: "string", examples: ["zone-7"] }, id: { type: "string" } },
  required: ["zone"],
  additionalProperties: false,
};

/** A join of two streams within a time, each event used once. */
export const rideMatching: Scenario = {
  format: "spillway",
  version: 1,
  id: "ride-matching",
  title: "Ride matching: a join of two streams",
  description:
    "Riders and free drivers are joined by their zone when they come within 15 s of each other. Compare the rides with the requests: each rider and each driver is used once, and who finds nobody is counted as unmatched. Then set “Pairs” of the processor to all that fit: the same driver is sent to many riders.",
  ...parties,
  seed: 21,
  load: { duration: 120_000, sourcesStopAt: 110_000 },
  nodes: [
    {
      id: "riders",
      kind: "producer",
      name: "Riders",
      parameters: { rate: 10, keys: 20, keyName: "zone" },
    },
    {
      id: "drivers",
      kind: "producer",
      name: "Drivers",
      parameters: { rate: 8, keys: 20, keyName: "zone" },
    },
    { id: "kafka", kind: "broker", technology: "kafka", name: "Kafka" },
    {
      id: "matching",
      kind: "processor",
      name: "Matching",
      parameters: { operation: "join", joinWithin: 15_000, pairing: "once" },
    },
    {
      id: "dispatch",
      kind: "service",
      name: "Dispatch",
      parameters: { concurrency: 6, serviceTime: { distribution: "constant", value: 10 } },
    },
  ],
  channels: ["ride-requests", "free-drivers", "rides"].map((id) => ({
    id,
    broker: "kafka",
    kind: "topic",
    parameters: { partitions: 6 },
  })),
  connections: [
    { id: "ask", kind: "publish", from: "riders", to: "ride-requests", contract: "ride-requested" },
    { id: "offer", kind: "publish", from: "drivers", to: "free-drivers", contract: "driver-free" },
    { id: "wishes", kind: "consume", from: "ride-requests", to: "matching" },
    { id: "offers", kind: "consume", from: "free-drivers", to: "matching" },
    { id: "match", kind: "publish", from: "matching", to: "rides", contract: "ride-matched" },
    { id: "drive", kind: "consume", from: "rides", to: "dispatch" },
  ],
  contracts: [
    {
      id: "ride-requested",
      name: "RideRequested",
      description: "A rider waits in a zone.",
      contractVersion: "1.0.0",
      schema: inZone,
    },
    {
      id: "driver-free",
      name: "DriverFree",
      description: "A driver is free in a zone.",
      contractVersion: "1.0.0",
      schema: inZone,
    },
    {
      id: "ride-matched",
      name: "RideMatched",
      description: "A rider and a driver were brought together.",
      contractVersion: "1.0.0",
      schema: inZone,
    },
  ],
  timeline: [],
  objectives: [],
  layout: {
    riders: { x: 0, y: 0 },
    drivers: { x: 0, y: 160 },
    kafka: { x: 304, y: 40 },
    matching: { x: 680, y: 0 },
    dispatch: { x: 680, y: 160 },
  },
};
