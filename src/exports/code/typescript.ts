// Types for TypeScript, one module for each contract. References that lead outside a schema are never followed.

import type { ExportFile } from "../wayOut.ts";
import type { NamedSchema } from "./contractSchemas.ts";
import { indented } from "./indented.ts";
import { plainReason } from "./plainReason.ts";
import { standInForNode } from "./standInForNode.ts";

/** Modules with the types of contracts, and what is to be said of those without. */
export async function typescriptFiles(schemas: readonly NamedSchema[]): Promise<{
  readonly files: readonly ExportFile[];
  readonly remarks: readonly string[];
}> {
  standInForNode();
  const { compile } = await import("json-schema-to-typescript");
  const files: ExportFile[] = [];
  const remarks: string[] = [];
  for (const { name, title, schema } of schemas) {
    try {
      // The library changes what it is given.
      const text = await compile(structuredClone(schema), name, {
        bannerComment: `/** Types of the event ${title.replaceAll("*/", "* /")}. */`,
        cwd: "/",
        format: false,
        $refOptions: { resolve: { external: false } },
      });
      files.push({ name: `${name}.ts`, text: `${indented(text.trim())}\n` });
    } catch (error) {
      remarks.push(`${title} is left out: ${plainReason(error)}`);
    }
  }
  return { files, remarks };
}
