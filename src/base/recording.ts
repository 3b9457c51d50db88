// Recorded arrivals as text: CSV with a line of column names (time, and perhaps contract, key, size), then one line per
// arrival. Read strictly; every complaint names line and column and says what to write instead.

import { durationMsMax } from "./distribution.ts";
import { type Instant, parseInstant } from "./instant.ts";
import { fail, type Result, succeed } from "./result.ts";

/** Limits of one recording. */
export const recordingMax = {
  characters: 1_000_000,
  rows: 100_000,
  /** Characters of a contract or a key. */
  text: 200,
  /** Payload of one event [bytes]. */
  bytes: 2 ** 30,
} as const;

/** Recorded arrivals, a column each; rows are in the order of their times. */
export interface Recording {
  /** [ns] */
  readonly timesNs: Float64Array;
  /** Index into `contractNames`, −1 where none is named: every connection then. */
  readonly contracts: Int32Array;
  readonly contractNames: readonly string[];
  /** Index into `keyNames`, −1 where there is none. */
  readonly keys: Int32Array;
  readonly keyNames: readonly string[];
  /** Whether there is a column of keys at all. */
  readonly hasKeys: boolean;
  /** [bytes], 0 where none is stated: that of the connection then. */
  readonly sizes: Int32Array;
}

const columnNames = ["time", "contract", "key", "size"] as const;
type ColumnName = (typeof columnNames)[number];
type Cells = Readonly<Record<ColumnName, string>>;

/** Reads a recording. The failure is a sentence that names line and column. */
export function parseRecording(text: string): Result<Recording, string> {
  if (text.length > recordingMax.characters)
    return fail(`A recording has at most ${recordingMax.characters} characters; shorten it.`);
  const lines = text.replace(/^\uFEFF/u, "").split(/\r?\n/u);
  const header = lines[0] ?? "";
  const separator = [";", "\t"].find((sign) => header.includes(sign)) ?? ",";
  const columns = parseHeader(splitLine(header, separator) ?? []);
  if (!columns.ok) return columns;
  const builder = new Builder(columns.value.includes("key"));
  for (const [i, line] of lines.entries()) {
    if (i === 0 || line.trim() === "") continue;
    const problem = readLine(builder, line, { columns: columns.value, separator });
    if (problem !== undefined) return fail(`Line ${i + 1}${problem}`);
  }
  return succeed(builder.finish());
}

function parseHeader(names: readonly string[]): Result<readonly ColumnName[], string> {
  const columns: ColumnName[] = [];
  for (const [i, written] of names.entries()) {
    const name = columnNames.find((one) => one === written.trim().toLowerCase());
    if (name === undefined)
      return fail(
        `Line 1, column ${i + 1}: "${shorten(written)}" is no column. The first line names them: time, and perhaps contract, key and size.`,
      );
    if (columns.includes(name))
      return fail(`Line 1: the column ${name} is there twice; remove one.`);
    columns.push(name);
  }
  return columns.includes("time")
    ? succeed(columns)
    : fail(
        `Line 1: the column time is missing. The first line names the columns: time,contract,key,size.`,
      );
}

interface Layout {
  readonly columns: readonly ColumnName[];
  readonly separator: string;
}

/** Adds a line to a recording; the rest of a sentence when it cannot be read. */
function readLine(builder: Builder, line: string, layout: Layout): string | undefined {
  const { columns, separator } = layout;
  const parts = splitLine(line, separator);
  if (parts === undefined)
    return `: a quotation mark is not closed. Close it on the same line, and double those inside a text.`;
  if (parts.length !== columns.length)
    return `: there are ${parts.length} columns instead of ${columns.length} (${columns.join(separator)}). Put texts with a separator in quotation marks.`;
  const cells = { time: "", contract: "", key: "", size: "" };
  for (const [i, name] of columns.entries()) cells[name] = (parts[i] ?? "").trim();
  return builder.add(cells);
}

/** The parts of a line, without the quotation marks around them; undefined when one is not closed. */
function splitLine(line: string, separator: string): readonly string[] | undefined {
  if (!line.includes('"')) return line.split(separator);
  const parts: string[] = [];
  let part = "";
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const sign = line[i]!;
    if (sign === '"' && isQuoted && line[i + 1] === '"') part += line[i++];
    else if (sign === '"') isQuoted = !isQuoted;
    else if (sign === separator && !isQuoted) {
      parts.push(part);
      part = "";
    } else part += sign;
  }
  return isQuoted ? undefined : [...parts, part];
}

/** A recording that grows line by line. */
class Builder {
  readonly #hasKeys: boolean;
  readonly #times: number[] = [];
  readonly #contracts: number[] = [];
  readonly #contractNumbers = new Map<string, number>();
  readonly #keys: number[] = [];
  readonly #keyNumbers = new Map<string, number>();
  readonly #sizes: number[] = [];
  /** The first point in time, where times are points in time; null where they are seconds. */
  #origin: Instant | null | undefined;

  constructor(hasKeys: boolean) {
    this.#hasKeys = hasKeys;
  }

  add({ time, contract, key, size }: Cells): string | undefined {
    if (this.#times.length === recordingMax.rows)
      return `: a recording has at most ${recordingMax.rows} arrivals; keep a part of it.`;
    const timeNs = this.#timeNs(time);
    if (timeNs === undefined)
      return `, column time: "${shorten(time)}" is no time. Write seconds such as 12.5, or all of them as points in time such as 2026-03-01T12:00:00.5Z.`;
    if (!(timeNs >= 0 && timeNs <= durationMsMax * 1e6))
      return `, column time: ${shorten(time)} is not within 104 days from the start. Let the times begin near 0.`;
    if (timeNs < (this.#times.at(-1) ?? 0))
      return `, column time: ${shorten(time)} is earlier than the line above. Sort the lines by time.`;
    const bytes = size === "" ? 0 : Number(size);
    if (size !== "" && !(Number.isInteger(bytes) && bytes >= 1 && bytes <= recordingMax.bytes))
      return `, column size: "${shorten(size)}" is no size. Write whole bytes from 1 to ${recordingMax.bytes}, or nothing.`;
    for (const [name, text] of [
      ["contract", contract],
      ["key", key],
    ] as const)
      if (text.length > recordingMax.text)
        return `, column ${name}: more than ${recordingMax.text} characters. Shorten it.`;
    this.#times.push(timeNs);
    this.#sizes.push(bytes);
    this.#contracts.push(numberOf(this.#contractNumbers, contract));
    this.#keys.push(numberOf(this.#keyNumbers, key));
    return undefined;
  }

  finish(): Recording {
    return {
      timesNs: Float64Array.from(this.#times),
      contracts: Int32Array.from(this.#contracts),
      contractNames: [...this.#contractNumbers.keys()],
      keys: Int32Array.from(this.#keys),
      keyNames: [...this.#keyNumbers.keys()],
      hasKeys: this.#hasKeys,
      sizes: Int32Array.from(this.#sizes),
    };
  }

  /** The first line decides whether times are seconds from the start or points in time, the first being the start. */
  #timeNs(text: string): number | undefined {
    const instant = this.#origin === null ? undefined : parseInstant(text);
    this.#origin ??= instant ?? null;
    if (this.#origin === null)
      return /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu.test(text)
        ? Math.round(Number(text) * 1e9)
        : undefined;
    if (instant === undefined) return undefined;
    return (instant.seconds - this.#origin.seconds) * 1e9 + (instant.ns - this.#origin.ns);
  }
}

/** The number of a text, a new one the first time; −1 for none. */
function numberOf(numbers: Map<string, number>, text: string): number {
  if (text === "") return -1;
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}

/** The beginning of a text, for a sentence: what cannot be seen is shown as a dot. */
function shorten(text: string): string {
  const visible = text.slice(0, 40).replaceAll(/\p{C}/gu, "·");
  return text.length > 40 ? `${visible}…` : visible;
}
