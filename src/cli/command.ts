// What a command says about itself, and how its arguments are read: help, usage and parsing come from the same list.

import { parseArgs } from "node:util";
import { fail, type Result, succeed } from "../base/result.ts";
import { suggestion } from "../model/near.ts";
import type { Outcome, Shell } from "./shell.ts";

/** An option; `value` names what stands after it (absent: it stands alone). */
export interface Option {
  readonly value?: string;
  /** May stand several times. */
  readonly repeats?: true;
  readonly help: string;
}

/** The arguments of a call, after parsing. */
export interface Arguments {
  readonly operands: readonly string[];
  /** Whether an option without a value was given. */
  has(option: string): boolean;
  /** The last value of an option. */
  value(option: string): string | undefined;
  /** All values of an option that repeats. */
  values(option: string): readonly string[];
}

/** A command of the program. */
export interface Command {
  /** One or two words, such as "run" or "export asyncapi". */
  readonly name: string;
  readonly summary: string;
  /** Names of the operands, such as "FILE|ID". All are needed; one that ends in "…" is the last and may be several. */
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** Lines below the options in the help. */
  readonly notes?: readonly string[];
  run(given: Arguments, shell: Shell): Outcome | Promise<Outcome>;
}

/** One line that shows how a command is typed. */
export function usageOf(command: Command): string {
  const options = Object.entries(command.options).map(([name, { value, repeats }]) => {
    const typed = value === undefined ? `[--${name}]` : `[--${name} ${value}]`;
    return repeats ? `${typed}…` : typed;
  });
  return ["spillway", command.name, ...command.operands, ...options].join(" ");
}

/** The help of a command. */
export function helpOf(command: Command): string {
  const rows = Object.entries({ ...command.options, help: helpOption }).map(
    ([name, { value, help }]) =>
      [`--${name}${value === undefined ? "" : ` ${value}`}`, help] as const,
  );
  const width = Math.max(...rows.map(([typed]) => typed.length));
  return [
    command.summary,
    "",
    `Usage: ${usageOf(command)}`,
    "",
    "Options:",
    ...rows.map(([typed, help]) => `  ${typed.padEnd(width)}  ${help}`),
    ...(command.notes === undefined ? [] : ["", ...command.notes]),
    "",
  ].join("\n");
}

const helpOption: Option = { help: "Print this help." };

/** Reads the arguments behind the name of a command; the failure is a sentence with the remedy. */
export function parseArguments(
  command: Command,
  typed: readonly string[],
): Result<Arguments, string> {
  const all: Readonly<Record<string, Option>> = { ...command.options, help: helpOption };
  const { tokens, positionals } = parseArgs({
    args: [...typed],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(all).map(([name, { value }]) => [
        name,
        { type: value === undefined ? ("boolean" as const) : ("string" as const) },
      ]),
    ),
  });
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const mistake = optionMistake(command, all, token);
    if (mistake !== undefined) return fail(mistake);
    values.set(token.name, [...(values.get(token.name) ?? []), token.value ?? ""]);
  }
  if (!values.has("help") && !isCount(command.operands, positionals.length))
    return fail(operandMistake(command, positionals));
  return succeed({
    operands: positionals,
    has: (option) => values.has(option),
    value: (option) => values.get(option)?.at(-1),
    values: (option) => values.get(option) ?? [],
  });
}

function isCount(operands: readonly string[], count: number): boolean {
  const hasSeveral = operands.at(-1)?.endsWith("…") ?? false;
  return count === operands.length || (hasSeveral && count > operands.length);
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function optionMistake(
  command: Command,
  options: Readonly<Record<string, Option>>,
  token: OptionToken,
): string | undefined {
  const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
  if (option === undefined) {
    const near = suggestion(
      token.rawName,
      Object.keys(options).map((name) => `--${name}`),
    );
    return `“${command.name}” has no option ${token.rawName}.${near} Type: spillway ${command.name} --help`;
  }
  if (option.value === undefined)
    return token.value === undefined
      ? undefined
      : `--${token.name} stands alone. Leave out what follows the “=”.`;
  const isNextOption = !token.inlineValue && token.value?.startsWith("--");
  if (token.value === undefined || token.value === "" || isNextOption)
    return `--${token.name} needs a value. Type: --${token.name} ${option.value}`;
  return undefined;
}

function operandMistake(command: Command, given: readonly string[]): string {
  const missing = command.operands[given.length];
  if (missing !== undefined) return `${missing} is missing. Type: ${usageOf(command)}`;
  return `“${given[command.operands.length]}” is one word too many. Type: ${usageOf(command)}`;
}
