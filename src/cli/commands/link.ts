// `link`: a scenario as the link that restores it.

import { encodeLink } from "../../share/codec.ts";
import type { Command } from "../command.ts";
import { fine } from "../shell.ts";
import { readRunnable } from "../source.ts";

/** Prints the share link of a scenario. */
export const link: Command = {
  name: "link",
  summary: "Print the share link of a scenario.",
  operands: ["FILE|ID"],
  options: {
    base: {
      value: "URL",
      help: "Address of the page to put before it; without it only the part from # is printed.",
    },
  },
  run: async (given, shell) => {
    const scenario = await readRunnable(given.operands[0] ?? "", shell);
    if (!scenario.ok) return scenario.failure;
    const page = given.value("base")?.replace(/#.*$/su, "") ?? "";
    shell.out(`${page}${encodeLink(scenario.value)}\n`);
    return fine;
  },
};
