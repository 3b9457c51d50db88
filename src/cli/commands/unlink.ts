// `unlink`: the scenario behind a share link.

import { writeScenario } from "../../model/parse.ts";
import { decodeLink } from "../../share/codec.ts";
import type { Command } from "../command.ts";
import { fine, found, wrongUse } from "../shell.ts";
import { printProblems } from "../source.ts";

/** Prints the scenario of a share link as a document. */
export const unlink: Command = {
  name: "unlink",
  summary: "Print the scenario behind a share link as a document.",
  operands: ["URL"],
  options: {},
  notes: ["URL is a whole link or its part from # on, or - for standard input."],
  run: (given, shell) => {
    const [operand = ""] = given.operands;
    const url = operand === "-" ? shell.readInput() : { ok: true as const, value: operand };
    if (!url.ok) return wrongUse(url.failure);
    const scenario = decodeLink(hashOf(url.value.trim()));
    if (!scenario.ok) {
      printProblems(scenario.failure, shell);
      return found;
    }
    shell.out(writeScenario(scenario.value));
    return fine;
  },
};

function hashOf(url: string): string {
  const start = url.indexOf("#");
  return start < 0 ? url : url.slice(start);
}
