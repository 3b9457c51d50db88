// A broker on the canvas. What it does is its technology's business (see src/brokers).

import type { NodeKind } from "./kind.ts";

/** The kind "broker"; its parameters are the cluster fields of its technology. */
export const broker: NodeKind = {
  id: "broker",
  label: "Broker",
  summary: "Takes messages and hands them on, the way its technology does.",
  icon: "waypoints",
  key: "b",
  accent: "broker",
  fields: {},
  works: false,
  publishes: false,
  consumes: false,
  calls: false,
  isCalled: false,
  writes: false,
  isWritten: false,
};
