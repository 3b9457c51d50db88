// Values that are more than a number in the words of a person.

import { type Distribution, meanOf } from "./distribution.ts";
import type { DistributionUnit } from "./fields.ts";
import { formatQuantity } from "./quantity.ts";
import { formatNumber } from "./units.ts";

/** A distribution as a person reads it, its numbers with their unit. */
export function formatDistribution(value: Distribution, unit: DistributionUnit): string {
  const format = (quantity: number): string => formatQuantity(unit, quantity);
  switch (value.distribution) {
    case "constant":
      return format(value.value);
    case "uniform":
    case "triangular":
      return `${format(value.min)} to ${format(value.max)}`;
    default:
      return `${value.distribution}, mean ${format(meanOf(value))}`;
  }
}

/** A recording: how many lines there are after the first, which names the columns. */
export function formatRecording(text: string): string {
  const rows = text.trim().split("\n").length - 1;
  return rows < 1 ? "empty" : `${formatNumber(rows)} ${rows === 1 ? "arrival" : "arrivals"}`;
}
