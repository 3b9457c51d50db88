// The results as a table for a terminal, one line at a time, so that something is seen while the rest is measured.

import type { Result } from "./measure.ts";
import type { Amount } from "./row.ts";

const widths = { title: 66, figure: 18, bar: 9, yardstick: 10, ratio: 7 };

/** The line above the results. */
export function tableHead(): string {
  const { title, figure, bar, yardstick, ratio } = widths;
  return [
    "what".padEnd(title),
    "figure".padEnd(figure),
    "at least".padStart(bar),
    "aim".padStart(bar),
    "yardstick".padStart(yardstick),
    "ratio".padStart(ratio),
    " met",
  ].join(" ");
}

/** The line of a result, and below it what was measured beside. */
export function tableLines(result: Result): string {
  const { title, figure, bar, yardstick, ratio } = widths;
  const { target } = result;
  const unitOfBar = target?.of === "ratio" ? " ×" : "";
  const barText = (value: number | undefined): string =>
    (value === undefined ? "" : `${value}${unitOfBar}`).padStart(bar);
  const main = [
    result.title.padEnd(title),
    amountText({ figure: result.figure, unit: result.unit }).padEnd(figure),
    barText(target?.atLeast),
    barText(target?.aim),
    (result.yardstick === null ? "" : numberText(result.yardstick.figure)).padStart(yardstick),
    (result.ratio === null ? "" : numberText(result.ratio)).padStart(ratio),
    ` ${metText(result)}`,
  ].join(" ");
  const also = Object.entries(result.also).map(([word, amount]) => `${word} ${amountText(amount)}`);
  return [main.trimEnd(), ...(also.length === 0 ? [] : [`    ${also.join(", ")}`])].join("\n");
}

function metText({ met, aimMet }: Result): string {
  if (met === null) return "";
  if (!met) return "no";
  return aimMet === true ? "yes, aim too" : "yes";
}

function amountText({ figure, unit }: Amount): string {
  return `${numberText(figure)} ${unit}`;
}

/** Three digits that count, without powers of ten. */
function numberText(value: number): string {
  return value.toLocaleString("en-US", {
    maximumFractionDigits: Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2,
  });
}
