// Every example imports with the counts that the official parser found, with nothing wrong, and with its text as it was.

import { expect, test } from "vitest";
import { examples, filesOf } from "./examples.suite.ts";
import { exportImported } from "./exportImported.ts";
import { importAsyncapi } from "./importAsyncapi.ts";

test("finds the examples", () => {
  expect(examples().length).toBeGreaterThanOrEqual(259);
});

test.each(examples())("imports $file", (example) => {
  const files = filesOf(example);
  const { scenario, documents, findings } = importAsyncapi(files);
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(documents.find(({ file }) => file === example.file)?.counts).toEqual(example.counts);
  // Without changes the export is the import, byte for byte.
  expect(scenario && exportImported(scenario)).toEqual({ files, remarks: [] });
});
