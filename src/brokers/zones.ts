// Zones of a broker's cluster: places that fail together. Which node lies where is one rule for all technologies.

import { count } from "../base/fields.ts";

/** The field of a cluster that says over how many zones its nodes are spread. */
export const zonesField = count({
  label: "Zones",
  help: "Node n lies in zone n modulo zones; a whole zone can crash or be cut off (Spillway's own).",
  min: 1,
  max: 9,
  default: 3,
});

/** The zone in which a node (0-based) lies. */
export function zoneOf(node: number, zones: number): number {
  return node % zones;
}
