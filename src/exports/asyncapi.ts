// AsyncAPI among the ways out; the documents themselves are made by src/contracts.

import type { Choice, WayOut } from "./wayOut.ts";

const documents: Choice = {
  id: "documents",
  label: "Documents",
  help: "The whole system in one document, which Spillway can open again; one for each producer and service, with all that it needs or with what they share in files of its own; or a catalogue without operations.",
  options: [
    { value: "system", label: "Whole system" },
    { value: "self-contained", label: "One per application" },
    { value: "applications", label: "One per application, shared definitions" },
    { value: "catalogue", label: "Catalogue" },
  ],
};

const version: Choice = {
  id: "version",
  label: "Version",
  help: "Version of AsyncAPI. 3.1.0 is the newest; some tools read older ones only.",
  options: [
    { value: "3.1.0", label: "3.1" },
    { value: "3.0.0", label: "3.0" },
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
  description: "Channels, messages and operations as AsyncAPI, for portals and code generators.",
  group: "Contracts",
  choices: [documents, version, format],
  make: async (scenario, { chosen }) => {
    const { asyncapiVersions, documentFiles, layouts } = await import("../contracts/files.ts");
    const files = documentFiles(scenario, {
      layout: layouts.find((one) => one === chosen(documents)) ?? "system",
      version: asyncapiVersions.find((one) => one === chosen(version)) ?? "3.1.0",
      format: chosen(format) === "json" ? "json" : "yaml",
    });
    const none = "There is no producer and no service yet, so there is no application to describe.";
    return { files, remarks: files.length === 0 ? [none] : [] };
  },
};
