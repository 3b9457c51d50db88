// AsyncAPI among the ways out; the documents themselves are made by src/contracts.

import type { Choice, WayOut } from "./wayOut.ts";

const documents: Choice = {
  id: "documents",
  label: "Documents",
  help: "One document for the whole system, or one for each producer and service.",
  options: [
    { value: "system", label: "Whole system" },
    { value: "applications", label: "One per application" },
  ],
};

const format: Choice = {
  id: "format",
  label: "Format",
  help: "The language of the files.",
  options: [
    { value: "yaml", label: "YAML" },
    { value: "json", label: "JSON" },
  ],
};

/** AsyncAPI documents. */
export const asyncapi: WayOut = {
  id: "asyncapi",
  label: "AsyncAPI",
  description:
    "Channels, messages and operations as AsyncAPI 3.0, for portals and code generators.",
  group: "Contracts",
  choices: [documents, format],
  make: async (scenario, { chosen }) => {
    const { documentFiles } = await import("../contracts/files.ts");
    const scope = chosen(documents) === "applications" ? "applications" : "system";
    const files = documentFiles(scenario, scope, chosen(format) === "json" ? "json" : "yaml");
    const none = "There is no producer and no service yet, so there is no application to describe.";
    return { files, remarks: files.length === 0 ? [none] : [] };
  },
};
