// AsyncAPI among the ways out; the documents themselves are made by src/contracts.

import { asyncapiVersions, documentFiles, hasLayout, layouts } from "../contracts/files.ts";
import { formats } from "../contracts/yaml.ts";
import type { Choice, Extras, WayOut } from "./wayOut.ts";

const layout: Choice = {
  id: "layout",
  label: "Documents",
  help: "What is in which document.",
  options: [
    { value: "system", label: "Whole system" },
    { value: "self-contained", label: "One per application" },
    { value: "applications", label: "Applications, shared parts apart" },
    { value: "catalogue", label: "Channels and messages only" },
  ],
};

const version: Choice = {
  id: "version",
  label: "Version",
  help: "Version of AsyncAPI.",
  options: asyncapiVersions.map((value) => ({ value, label: value })),
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

const embed: Choice = {
  id: "embed",
  label: "Scenario",
  help: "Whether the document of the system carries the scenario, so that it can be opened again.",
  options: [
    { value: "yes", label: "Inside" },
    { value: "no", label: "Left out" },
  ],
};

/** AsyncAPI documents. */
export const asyncapi: WayOut = {
  id: "asyncapi",
  label: "AsyncAPI",
  description: "Channels, messages and operations as AsyncAPI, for portals and code generators.",
  group: "Contracts",
  choices: [layout, version, format, embed],
  make: (scenario, { chosen }) => {
    const asked = {
      layout: oneOf(layouts, layout, chosen),
      version: oneOf(asyncapiVersions, version, chosen),
    };
    if (!hasLayout(asked.version, asked.layout)) {
      const remark = `AsyncAPI ${asked.version} has no messages without operations. Choose a newer version.`;
      return { files: [], remarks: [remark] };
    }
    const files = documentFiles(scenario, {
      ...asked,
      format: oneOf(formats, format, chosen),
      embed: chosen(embed) === "yes",
    });
    const none = "There is no producer and no service yet, so there is no application to describe.";
    return { files, remarks: files.length === 0 ? [none] : [] };
  },
};

/** The chosen value as one of a list whose first value is the usual one. */
function oneOf<Value extends string>(
  values: readonly [Value, ...Value[]],
  choice: Choice,
  chosen: Extras["chosen"],
): Value {
  return values.find((value) => value === chosen(choice)) ?? values[0];
}
