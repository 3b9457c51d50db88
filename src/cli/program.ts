// The program without the process: finds the command, reads its arguments, runs it, and says how it went.

import { suggestion } from "../model/near.ts";
import { type Command, helpOf, parseArguments, usageOf } from "./command.ts";
import { commands } from "./commands/index.ts";
import { fine, type Outcome, type Shell, wrongUse } from "./shell.ts";

/** Runs the program with the words that were typed behind its name. */
export async function runProgram(typed: readonly string[], shell: Shell): Promise<Outcome> {
  const [first = ""] = typed;
  if (["", "help", "--help", "-h"].includes(first)) {
    shell.out(overview());
    return first === "" ? wrongUse("No command was given. Type: spillway list") : fine;
  }
  const command = findCommand(typed);
  if (command === undefined) return wrongUse(unknownCommand(typed));
  const given = parseArguments(command, typed.slice(command.name.split(" ").length));
  if (!given.ok) return wrongUse(given.failure);
  if (given.value.has("help")) {
    shell.out(helpOf(command));
    return fine;
  }
  return command.run(given.value, shell);
}

function findCommand(typed: readonly string[]): Command | undefined {
  return commands.find(({ name }) => name.split(" ").every((word, index) => typed[index] === word));
}

function unknownCommand(typed: readonly string[]): string {
  const [first = "", second = ""] = typed;
  const group = commands.find(({ name }) => name.startsWith(`${first} `));
  if (group !== undefined)
    return `“${first} ${second}”`.replace(" ”", "”") + ` is no command. Type: ${usageOf(group)}`;
  const near = suggestion(
    first,
    commands.map(({ name }) => name),
  );
  return `“${first}” is no command.${near} Type: spillway --help`;
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "Spillway simulates event-driven systems.",
    "",
    "Usage: spillway COMMAND",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "FILE is a *.spillway.json file or - for standard input, ID a built-in scenario.",
    "Exit codes: 0 fine, 1 problems found or an objective missed, 2 wrong use.",
    "Type spillway COMMAND --help for its options.",
    "",
  ].join("\n");
}
