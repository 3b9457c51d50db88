// A producer: where load enters. Each arrival makes one event, sent over every outgoing connection.

import type { NodeKind } from "./kind.ts";
import { producerFields as fields } from "./producerFields.ts";

/** The kind "producer". */
export const producer: NodeKind & { readonly fields: typeof fields } = {
  id: "producer",
  label: "Producer",
  summary: "Makes events or requests at a rate: clients, devices, other systems.",
  icon: "radio-tower",
  key: "p",
  accent: "producer",
  fields,
  works: false,
  publishes: true,
  consumes: false,
  calls: true,
  isCalled: false,
  writes: false,
  isWritten: false,
};
