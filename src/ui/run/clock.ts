// Texts of the transport: simulated time, speed and pace.

import { formatNumber } from "../../base/units.ts";

/** Simulated time as a clock shows it: "00:12.345", "1:02:03"; without milliseconds on request. */
export function clockText(timeNs: number, precision: "ms" | "s" = "ms"): string {
  const ms = Math.floor(timeNs / 1e6);
  const hours = Math.floor(ms / 3.6e6);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const head = `${hours > 0 ? `${hours}:` : ""}${two((ms / 6e4) % 60)}:${two((ms / 1000) % 60)}`;
  return precision === "s" ? head : `${head}.${String(ms % 1000).padStart(3, "0")}`;
}

/** A speed as it is offered: "0.5×", "as fast as possible". */
export function speedText(speed: number): string {
  return speed === Infinity ? "max" : `${speed}×`;
}

/** Events per wall second: "812", "24 k", "3.1 M". */
export function paceText(perS: number): string {
  if (perS >= 1e6) return `${formatNumber(Number((perS / 1e6).toPrecision(2)))} M`;
  if (perS >= 1e4) return `${formatNumber(Math.round(perS / 1e3))} k`;
  return formatNumber(Math.round(perS));
}
