// A store: a service's own database. This version counts its writes and the keys it knows.

import type { NodeKind } from "./kind.ts";

/** The kind "store". */
export const store: NodeKind = {
  id: "store",
  label: "Store",
  summary: "A service's own database; it lags behind as long as events wait before its service.",
  icon: "database",
  key: "d",
  accent: "store",
  fields: {},
  works: false,
  publishes: false,
  consumes: false,
  calls: false,
  isCalled: false,
  writes: false,
  isWritten: true,
};
