// `trace`: runs a scenario and prints the lives of messages, as a waterfall of lines, JSON lines, or OpenTelemetry.

import { fail, type Result, succeed } from "../../base/result.ts";
import { Lookback } from "../../engine/lookback.ts";
import type { Run } from "../../engine/run.ts";
import { otlpOf, traceLines } from "../../exports/traces/traces.ts";
import type { MessageEvent } from "../../model/events.ts";
import type { SurveyRequest } from "../../model/lookback.ts";
import type { Scenario } from "../../model/scenario.ts";
import { type Trace, traceOf } from "../../model/trace.ts";
import { adjust } from "../adjust.ts";
import type { Arguments, Command } from "../command.ts";
import { fine, found, wrongUse } from "../shell.ts";
import { simulate } from "../simulate.ts";
import { printProblems, readRunnable } from "../source.ts";
import { describeTrace } from "../traceText.ts";

const formats = ["text", "otlp", "jsonl"];
const countMax = 1000;
/** Memory for moments from which lives are followed [bytes]. */
const historyBytes = 256e6;

/** One life, with the lines that it was made of. */
interface Life {
  readonly trace: Trace;
  readonly records: readonly MessageEvent[];
}

/** Prints lives of messages. */
export const trace: Command = {
  name: "trace",
  summary: "Simulate a scenario and follow messages from their causes to everything they led to.",
  operands: ["FILE|ID"],
  options: {
    message: { value: "N", help: "The message with this number." },
    slowest: { value: "N", help: "The slowest N messages; without any choice, the slowest one." },
    "dead-letters": { value: "N", help: "The latest N dead letters." },
    failures: { value: "N", help: "The latest N messages that failed, expired or were lost." },
    contract: { value: "ID", help: "Only those of this contract." },
    key: { value: "KEY", help: "Only those with this key." },
    format: {
      value: formats.join("|"),
      help: "Lines to read, OpenTelemetry's JSON, or the event log.",
    },
    seed: { value: "N", help: "Another seed, 0 to 4294967295." },
    duration: { value: "60s", help: "Another length of the run: 500ms, 60s, 5min, 1h." },
    set: {
      value: "NODE.PARAM=VALUE",
      repeats: true,
      help: "Another value for a parameter of a node, channel or connection.",
    },
  },
  notes: ["Exit code 1: the document has errors, or there is no such message."],
  run: async (given, shell) => {
    const format = given.value("format") ?? "text";
    if (!formats.includes(format))
      return wrongUse(`“${format}” is no format. Type one of: ${formats.join(", ")}`);
    const asked = askedOf(given);
    if (!asked.ok) return wrongUse(asked.failure);
    const read = await readRunnable(given.operands[0] ?? "", shell);
    if (!read.ok) return read.failure;
    const adjusted = adjust(read.value, given, shell);
    if (!adjusted.ok) return wrongUse(adjusted.failure);
    const scenario = adjusted.value;
    const ran = simulate(scenario, undefined, undefined, historyBytes);
    if (!ran.ok) {
      printProblems(ran.failure, shell);
      return found;
    }
    const lives = livesOf(ran.value, asked.value, scenario);
    if (!lives.ok) {
      shell.err(`${lives.failure}\n`);
      return found;
    }
    shell.out(written(lives.value, format, scenario));
    return fine;
  },
};

type Asked = { readonly message: number } | Omit<SurveyRequest, "maxEvents">;

const lists = [
  ["slowest", "slowest"],
  ["dead-letters", "dead letters"],
  ["failures", "failures"],
] as const;

function askedOf(given: Arguments): Result<Asked, string> {
  const chosen = ["message", "slowest", "dead-letters", "failures"].filter((one) => given.has(one));
  if (chosen.length > 1)
    return fail(`Choose one of ${chosen.map((one) => `--${one}`).join(", ")}.`);
  const option = chosen[0] ?? "slowest";
  const number = Number(given.value(option) ?? 1);
  if (!Number.isInteger(number) || number < 1)
    return fail(`--${option} needs a whole number from 1, such as --${option} 10`);
  if (option === "message") return succeed({ message: number });
  if (number > countMax) return fail(`At most ${countMax} messages are followed at once.`);
  const what = lists.find(([name]) => name === option)![1];
  const [contract, key] = [given.value("contract"), given.value("key")];
  return succeed({
    what,
    count: number,
    ...(contract === undefined ? {} : { contract }),
    ...(key === undefined ? {} : { key }),
  });
}

function livesOf(run: Run, asked: Asked, scenario: Scenario): Result<readonly Life[], string> {
  const past = new Lookback(run);
  const messages =
    "message" in asked
      ? [asked.message]
      : past.survey({ ...asked, maxEvents: Infinity }).found.map(({ message }) => message);
  if (messages.length === 0) return fail("There are no such messages in this run.");
  const lives: Life[] = [];
  for (const message of messages) {
    const life = lifeOf(past, message, scenario);
    if (!life.ok) return life;
    lives.push(life.value);
  }
  // Several of them may belong to one tree.
  return succeed(
    lives.filter(
      ({ trace: { root } }, i) => lives.findIndex((one) => one.trace.root === root) === i,
    ),
  );
}

function lifeOf(past: Lookback, message: number, scenario: Scenario): Result<Life, string> {
  const records: MessageEvent[] = [];
  for (;;) {
    const part = past.trace({ message, have: records.length, maxEvents: Infinity });
    if (!part.ok) return part;
    records.push(...part.value.records);
    const life = traceOf(records, part.value.root, scenario);
    if (part.value.isComplete && life !== undefined) return succeed({ trace: life, records });
  }
}

function written(lives: readonly Life[], format: string, scenario: Scenario): string {
  if (format === "jsonl") return lives.map(({ records }) => traceLines(records)).join("");
  const traces = lives.map((life) => life.trace);
  if (format === "otlp") return `${JSON.stringify(otlpOf(traces, scenario))}\n`;
  return traces.map((one) => describeTrace(one, scenario)).join("\n");
}
