// Units: documents hold milliseconds, rates per second and bytes; the engine holds integer nanoseconds.

/** Nanoseconds in a millisecond. */
export const nsPerMs = 1e6;

/** Nanoseconds in a second. */
export const nsPerS = 1e9;

/** The nearest integer, halves upwards, of a number that is not negative: what `Math.round` gives, but without
 *  its branch, which for random numbers costs more than drawing them. */
export function wholeOf(value: number): number {
  // Just less than a half: the double below 0.5 must not become 1. Everything else rounds as it should.
  return Math.floor(value + 0.49999999999999994);
}

/** Milliseconds of a document to integer nanoseconds, rounded to the nearest. */
export function msToNs(durationMs: number): number {
  return wholeOf(durationMs * nsPerMs);
}

const durationUnitsMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1e3,
  min: 6e4,
  m: 6e4,
  h: 3.6e6,
  d: 8.64e7,
};

const byteUnits: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

function parseQuantity(
  text: string,
  units: Readonly<Record<string, number>>,
  unitWhenBare: string,
): number | undefined {
  const match = /^\s*(-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([^\d\s]*)\s*$/iu.exec(text);
  if (match === null) return undefined;
  const unit = match[2] === "" ? unitWhenBare : (match[2] ?? "");
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return factor === undefined ? undefined : Number(match[1]) * factor;
}

/** Reads "250ms", "1.5 s", "2min", "1h", or a bare number of milliseconds. Undefined when it is none. [ms] */
export function parseDurationMs(text: string): number | undefined {
  return parseQuantity(text, durationUnitsMs, "ms");
}

/** Reads "512", "16 KiB", "1MB". Undefined when it is none. [bytes] */
export function parseBytes(text: string): number | undefined {
  return parseQuantity(text, byteUnits, "B");
}

/** Reads "20", "20/s", "1200/min", "3600/h". Undefined when it is none. [1/s] */
export function parseRatePerS(text: string): number | undefined {
  return parseQuantity(text, { "/s": 1, "/min": 1 / 60, "/h": 1 / 3600 }, "/s");
}

/** Reads "0.05" or "5%". Undefined when it is none. [ratio] */
export function parseRatio(text: string): number | undefined {
  return parseQuantity(text, { "%": 0.01, "": 1 }, "");
}

/** A number with at most three significant decimals and no trailing zeros: 0.0512 → "0.0512", 1234.5 → "1,235". */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

/** A duration in the unit a person would choose: 0.25 ms, 12 ms, 1.5 s, 2 min 5 s, 7 d. */
export function formatDurationMs(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return "–";
  const size = Math.abs(durationMs);
  if (size < 1 && size > 0) return `${formatNumber(durationMs * 1000)} µs`;
  if (size < 1000) return `${formatNumber(durationMs)} ms`;
  if (size < 60_000) return `${formatNumber(durationMs / 1000)} s`;
  if (size < 3.6e6) return formatPair(durationMs / 1000, 60, "min", "s");
  if (size < 8.64e7) return formatPair(durationMs / 6e4, 60, "h", "min");
  return formatPair(durationMs / 3.6e6, 24, "d", "h");
}

function formatPair(value: number, base: number, large: string, small: string): string {
  const whole = Math.round(value);
  const rest = whole % base;
  const head = `${(whole - rest) / base} ${large}`;
  return rest === 0 ? head : `${head} ${rest} ${small}`;
}

/** Bytes in binary units when they come out even, else in decimal ones: 16 KiB, 1.2 MB. */
export function formatBytes(bytes: number): string {
  for (const unit of ["GiB", "MiB", "KiB"]) {
    const size = byteUnits[unit] ?? 1;
    if (bytes >= size && bytes % size === 0) return `${formatNumber(bytes / size)} ${unit}`;
  }
  for (const unit of ["GB", "MB", "kB"]) {
    const size = byteUnits[unit] ?? 1;
    if (bytes >= size) return `${formatNumber(bytes / size)} ${unit}`;
  }
  return `${formatNumber(bytes)} B`;
}
