// Imported files among the ways out: word for word, with the changes since then. Reading them again is loaded when asked for.

import type { WayOut } from "./wayOut.ts";

/** The files from which a scenario was imported. */
export const imported: WayOut = {
  id: "imported",
  label: "Imported files",
  description: "The files that were imported, as they were, with your changes where you made them.",
  group: "Contracts",
  choices: [],
  concerns: ({ sources = [] }) => sources.length > 0,
  make: async (scenario) => {
    const { exportImported } = await import("../imports/exportImported.ts");
    return exportImported(scenario);
  },
};
