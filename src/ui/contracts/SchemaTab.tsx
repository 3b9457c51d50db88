// The schema of one version of an event: of its payload or of its headers. Only the newest version can be edited; what
// was published before is shown as it was.

import { useState } from "react";
import type { Contract, ContractVersion, JsonSchema } from "../../model/scenario.ts";
import { type Language, languageFacts } from "../../schemas/languages.ts";
import { replaceElement } from "../../model/edit.ts";
import { formatOf } from "../../model/contracts.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import styles from "./contracts.module.css";
import { SchemaEditor } from "./SchemaEditor.tsx";
import { useJsonSchema } from "./useLanguages.ts";

interface SchemaTabProps {
  readonly contract: Contract;
  readonly version: ContractVersion;
  /** The language of the payload; undefined until it has arrived. */
  readonly language: Language | undefined;
}

/** Payload and headers of a version. Give it the version as key. */
export function SchemaTab({ contract, version, language }: SchemaTabProps) {
  const [part, setPart] = useState<"payload" | "headers">("payload");
  const jsonSchema = useJsonSchema();
  const isNewest = version === contract;
  const format = formatOf(contract);
  const editor =
    part === "payload"
      ? { language, format, schema: version.schema, name: "schema" as const }
      : {
          language: jsonSchema,
          format: "json-schema" as const,
          schema: version.headers,
          name: "headers" as const,
        };
  return (
    <div className={styles["schemaTab"]}>
      <div className={styles["parts"]} role="group" aria-label="Part of the message">
        <button type="button" aria-pressed={part === "payload"} onClick={() => setPart("payload")}>
          Payload
        </button>
        <button type="button" aria-pressed={part === "headers"} onClick={() => setPart("headers")}>
          Headers
        </button>
        <span className={styles["help"]}>
          {languageFacts[editor.format].label}
          {isNewest ? "" : ` · version ${version.contractVersion} is published and stays as it is`}
        </span>
      </div>
      {editor.language === undefined ? (
        <p className={controls["empty"]}>Loading …</p>
      ) : editor.schema === undefined ? (
        <NoHeaders contract={contract} isNewest={isNewest} />
      ) : (
        <SchemaEditor
          key={part}
          contract={contract}
          part={editor.name}
          format={editor.format}
          language={editor.language}
          schema={editor.schema}
          isReadOnly={!isNewest}
        />
      )}
    </div>
  );
}

const emptyHeaders: JsonSchema = {
  type: "object",
  properties: { traceparent: { type: "string" } },
};

function NoHeaders({
  contract,
  isNewest,
}: {
  readonly contract: Contract;
  readonly isNewest: boolean;
}) {
  return (
    <div className={controls["empty"]}>
      <p>No headers are described.</p>
      {isNewest ? (
        <Button icon="plus" onClick={() => describe(contract)}>
          Describe headers
        </Button>
      ) : null}
    </div>
  );
}

function describe(contract: Contract): void {
  const { scenario, commit } = useDocumentStore.getState();
  commit(
    replaceElement(scenario, { ...contract, headers: emptyHeaders }),
    `Describe the headers of ${contract.name}`,
  );
}
