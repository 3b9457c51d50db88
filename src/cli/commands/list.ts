// `list`: the built-in scenarios.

import { shelf } from "../../scenarios/index.ts";
import type { Command } from "../command.ts";
import { fine } from "../shell.ts";

/** Prints id and title of each built-in scenario, one a line. */
export const list: Command = {
  name: "list",
  summary: "Name the built-in scenarios, one a line: id, then title.",
  operands: [],
  options: {},
  run: (_given, shell) => {
    for (const { id, title } of shelf) shell.out(`${id} ${title}\n`);
    return fine;
  },
};
