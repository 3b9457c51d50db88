// Points in time as logs write them: ISO 8601 with date, time and perhaps zone. Our own reading, because what Date
// accepts differs between engines, and because logs count nanoseconds.

const pattern =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?(Z|[+-]\d\d:?\d\d)?$/u;

/** A point in time: whole seconds since 1970 in UTC, and nanoseconds within the second. */
export interface Instant {
  readonly seconds: number;
  readonly ns: number;
}

/** Reads "2026-03-01T12:00:00.25Z"; without a zone it is UTC. Undefined when it is none. */
export function parseInstant(text: string): Instant | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const digits = match.slice(1, 7).map(Number);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits;
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  // The 60th second is the one that is sometimes put in.
  if (!isDay || hour > 23 || minute > 59 || second > 60) return undefined;
  const offset = offsetSeconds(match[8] ?? "Z");
  return {
    seconds: daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset,
    ns: Number((match[7] ?? "").padEnd(9, "0")),
  };
}

function offsetSeconds(zone: string): number {
  if (zone === "Z") return 0;
  const digits = zone.slice(1).replace(":", "");
  const size = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60;
  return zone.startsWith("-") ? -size : size;
}

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days of the Gregorian calendar; the year is counted from March, so that a leap day comes last. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return (
    365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468
  );
}
