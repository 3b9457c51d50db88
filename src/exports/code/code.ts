// Types and models of contracts for programming languages. The generators are large and come when somebody asks.

import type { Choice, WayOut } from "../wayOut.ts";
import { contractSchemas } from "./contractSchemas.ts";
import type { ModelLanguage } from "./models.ts";

const languages = [
  { value: "typescript", label: "TypeScript" },
  { value: "java", label: "Java" },
  { value: "python", label: "Python" },
  { value: "csharp", label: "C#" },
  { value: "go", label: "Go" },
] as const;

const language: Choice = {
  id: "language",
  label: "Language",
  help: "The programming language.",
  options: languages,
};

/** Types and models for code. */
export const code: WayOut = {
  id: "code",
  label: "Types and models",
  description:
    "Types of the newest version of every contract, and code that reads and writes its JSON.",
  group: "Code",
  choices: [language],
  make: async (scenario, { chosen }) => {
    const { schemas, remarks } = await contractSchemas(scenario);
    if (schemas.length === 0) return { files: [], remarks };
    const wanted = chosen(language);
    const made = isModelLanguage(wanted)
      ? await (await import("./models.ts")).modelFiles(schemas, wanted)
      : await (await import("./typescript.ts")).typescriptFiles(schemas);
    return { files: made.files, remarks: [...remarks, ...made.remarks] };
  },
};

function isModelLanguage(value: string): value is ModelLanguage {
  return value !== "typescript" && languages.some((one) => one.value === value);
}
