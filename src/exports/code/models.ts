// Classes for Java, Python, C# and Go that read and write the payloads of contracts as JSON, by quicktype. All contracts
// of a scenario go in together, so that no two classes have the same name.

import type { ExportFile } from "../wayOut.ts";
import type { NamedSchema } from "./contractSchemas.ts";
import { plainReason } from "./plainReason.ts";
import { standInForNode } from "./standInForNode.ts";

/** The languages, by the words of quicktype. */
const languages = {
  java: { options: { package: "events", "acronym-style": "camel" }, single: undefined },
  python: { options: {}, single: "events.py" },
  csharp: {
    options: { features: "attributes-only", framework: "SystemTextJson", namespace: "Events" },
    single: "Events.cs",
  },
  go: { options: { package: "events" }, single: "events.go" },
} as const;

/** A language with models. */
export type ModelLanguage = keyof typeof languages;

/** Files with the models of contracts, and what is to be said of those without. */
export async function modelFiles(
  schemas: readonly NamedSchema[],
  language: ModelLanguage,
): Promise<{ readonly files: readonly ExportFile[]; readonly remarks: readonly string[] }> {
  const remarks: string[] = [];
  const together = await attempt(schemas, language);
  if (typeof together !== "string") return { files: together, remarks };
  // Which ones the generator cannot take is found by giving it one after the other.
  const good: NamedSchema[] = [];
  for (const one of schemas) {
    const alone = await attempt([one], language);
    if (typeof alone === "string") remarks.push(`${one.title} is left out: ${alone}`);
    else good.push(one);
  }
  const rest = await attempt(good, language);
  if (typeof rest !== "string") return { files: rest, remarks };
  return { files: [], remarks: [...remarks, `No models could be made: ${rest}`] };
}

/** The files, or why there are none. */
async function attempt(
  schemas: readonly NamedSchema[],
  language: ModelLanguage,
): Promise<readonly ExportFile[] | string> {
  if (schemas.length === 0) return [];
  standInForNode();
  const { InputData, JSONSchemaInput, quicktypeMultiFile } = await import("quicktype-core");
  const { options, single } = languages[language];
  try {
    // Without a store, references that lead outside a schema fail and nothing is fetched.
    const input = new JSONSchemaInput(undefined);
    for (const { name, schema } of schemas)
      await input.addSource({ name, schema: JSON.stringify(schema) });
    const inputData = new InputData();
    inputData.addInput(input);
    const made = await quicktypeMultiFile({
      inputData,
      lang: language,
      rendererOptions: options,
      leadingComments: [],
    });
    return [...made].map(([name, { lines }]) => ({
      name: single ?? name,
      text: `${lines.join("\n").trim()}\n`,
    }));
  } catch (error) {
    return plainReason(error);
  }
}
