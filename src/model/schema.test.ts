// The published JSON Schema is the one that the document's definition gives. `npm run schema` runs this test with
// --update, which writes the file. That the schema agrees with the parser is shown in contracts/scenarioSchema.test.ts.

import { expect, it } from "vitest";
import { scenarioSchema } from "./schema.ts";

it("the published JSON Schema of the document is up to date", async () => {
  const text = `${JSON.stringify(scenarioSchema(), null, 2)}\n`;
  await expect(text, "The document format has changed: run `npm run schema`.").toMatchFileSnapshot(
    "../../public/spillway.schema.json",
  );
});
