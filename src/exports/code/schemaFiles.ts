// The schemas themselves as files of their languages: what a registry or a repository of schemas takes.

import { formatOf, versionsOf } from "../../model/contracts.ts";
import { languageFacts, loadLanguage } from "../../schemas/languages.ts";
import { createNamer, fileStem } from "../names.ts";
import type { Choice, ExportFile, WayOut } from "../wayOut.ts";

const versions: Choice = {
  id: "versions",
  label: "Versions",
  help: "The newest version of each contract, or all of them.",
  options: [
    { value: "newest", label: "Newest" },
    { value: "all", label: "All" },
  ],
};

/** Files with the schemas of contracts. */
export const schemaFiles: WayOut = {
  id: "schemas",
  label: "Schemas",
  description: "The schemas of all contracts as JSON Schema, Avro and Protobuf files.",
  group: "Code",
  choices: [versions],
  make: async (scenario, { chosen }) => {
    const name = createNamer(fileStem, { isSame: (wish) => wish.toLowerCase() });
    const files: ExportFile[] = [];
    for (const contract of scenario.contracts) {
      const format = formatOf(contract);
      const { textOf } = await loadLanguage(format);
      const stem = name(contract.name);
      const all = chosen(versions) === "all";
      for (const one of all ? versionsOf(contract) : [contract]) {
        const version = all ? `.v${fileStem(one.contractVersion)}` : "";
        const text = `${textOf(one.schema).trimEnd()}\n`;
        files.push({ name: `${stem}${version}${languageFacts[format].fileEnding}`, text });
      }
    }
    const none = "There is no contract yet, so there is no schema to write.";
    return { files, remarks: files.length === 0 ? [none] : [] };
  },
};
