// Completion, hovers and the structure check for AsyncAPI documents in Monaco, in YAML and in JSON. Loaded with the
// first such document: the schema of its version comes from the standard's own package, the help from monaco-yaml.

import * as monaco from "monaco-editor/editor/editor.api.js";
import { jsonDefaults } from "monaco-editor/languages/features/json/register.js";
import { configureMonacoYaml, type MonacoYaml } from "monaco-yaml";
import YamlWorker from "./yaml.worker.ts?worker";

type SchemaModule = { readonly default: object };

/** The schema of each version; those without ids, which editors follow without asking the network. */
const schemas: Readonly<Record<string, () => Promise<SchemaModule>>> = {
  "2.0.0": () => import("@asyncapi/specs/schemas/2.0.0-without-$id.json"),
  "2.1.0": () => import("@asyncapi/specs/schemas/2.1.0-without-$id.json"),
  "2.2.0": () => import("@asyncapi/specs/schemas/2.2.0-without-$id.json"),
  "2.3.0": () => import("@asyncapi/specs/schemas/2.3.0-without-$id.json"),
  "2.4.0": () => import("@asyncapi/specs/schemas/2.4.0-without-$id.json"),
  "2.5.0": () => import("@asyncapi/specs/schemas/2.5.0-without-$id.json"),
  "2.6.0": () => import("@asyncapi/specs/schemas/2.6.0-without-$id.json"),
  "3.0.0": () => import("@asyncapi/specs/schemas/3.0.0-without-$id.json"),
  "3.1.0": () => import("@asyncapi/specs/schemas/3.1.0-without-$id.json"),
};

/** Characters up to which the structure is checked while one types: about a hundred channels. */
const checkedCharacters = 200_000;

// The package asks Monaco for its worker in the words of earlier versions; this one is handed over ready-made.
function startYamlWorker<Api extends object>({
  createData,
  ...rest
}: {
  readonly createData?: unknown;
  readonly label?: string;
}): monaco.editor.MonacoWebWorker<Api> {
  const worker = new YamlWorker();
  worker.postMessage("ignore");
  worker.postMessage(createData);
  return monaco.editor.createWebWorker<Api>({ ...rest, worker });
}

let yaml: MonacoYaml | undefined;

/** Helps with a document of a version in a model whose address ends as given. */
export async function helpWithAsyncapi(version: string, text: string): Promise<void> {
  const load = schemas[version] ?? schemas["3.1.0"]!;
  const { default: schema } = await load();
  const options = {
    enableSchemaRequest: false,
    completion: true,
    hover: true,
    validate: text.length <= checkedCharacters,
    // The address of a schema must have no "$" in it.
    schemas: [{ uri: `spillway:/asyncapi-${version}`, fileMatch: ["*.asyncapi-yaml"], schema }],
  };
  const { schemas: others = [] } = jsonDefaults.diagnosticsOptions;
  const uri = "spillway:/asyncapi-json";
  jsonDefaults.setDiagnosticsOptions({
    ...jsonDefaults.diagnosticsOptions,
    schemas: [
      ...others.filter((one) => one.uri !== uri),
      { uri, fileMatch: ["*.asyncapi-json"], schema },
    ],
  });
  if (yaml === undefined) {
    const editor = { ...monaco.editor, createWebWorker: startYamlWorker };
    yaml = configureMonacoYaml({ ...monaco, editor }, options);
  } else await yaml.update(options);
}
