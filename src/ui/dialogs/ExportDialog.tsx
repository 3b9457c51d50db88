// AsyncAPI to look at, copy and download. The export itself and YAML are loaded when the dialog opens.

import { use, useMemo, useState } from "react";
import type * as ContractFiles from "../../contracts/files.ts";
import type { Format } from "../../contracts/yaml.ts";
import { hasErrors } from "../../base/problem.ts";
import type { Scenario } from "../../model/scenario.ts";
import { writeClipboard } from "../../store/clipboard.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { saveFile } from "../../store/files.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Boundary } from "../controls/Boundary.tsx";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import styles from "./transfer.module.css";

interface ExportDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The dialog for AsyncAPI documents. */
export function ExportDialog({ open, onClose }: ExportDialogProps) {
  return open ? <OpenExportDialog onClose={onClose} /> : null;
}

// Loaded once; every opening uses the same promise.
let exporting: Promise<typeof ContractFiles> | undefined;
const loadExport = () => (exporting ??= import("../../contracts/files.ts"));

function OpenExportDialog({ onClose }: { readonly onClose: () => void }) {
  const scenario = useDocumentStore((state) => state.scenario);
  const problems = useDocumentStore((state) => state.problems);
  const [scope, setScope] = useState<ContractFiles.Layout>("system");
  const [format, setFormat] = useState<Format>("yaml");
  return (
    <Dialog title="Export AsyncAPI" size="wide" onClose={onClose}>
      <div className={styles["choices"]}>
        <Choice
          legend="Documents"
          options={[
            { value: "system", label: "Whole system" },
            { value: "self-contained", label: "One per application" },
          ]}
          value={scope}
          onChoose={setScope}
        />
        <Choice
          legend="Format"
          options={[
            { value: "yaml", label: "YAML" },
            { value: "json", label: "JSON" },
          ]}
          value={format}
          onChoose={setFormat}
        />
      </div>
      {hasErrors(problems) ? (
        <p role="alert">
          This scenario has errors, and an export would repeat them. Correct them first; the tab
          “Problems” lists them.
        </p>
      ) : (
        <Boundary name="The export" waiting={<p>Preparing the documents …</p>}>
          <Files scenario={scenario} scope={scope} format={format} />
        </Boundary>
      )}
    </Dialog>
  );
}

interface FilesProps {
  readonly scenario: Scenario;
  readonly scope: ContractFiles.Layout;
  readonly format: Format;
}

function Files({ scenario, scope, format }: FilesProps) {
  const { documentFiles } = use(loadExport());
  const notify = useSessionStore((state) => state.notify);
  const files = useMemo(
    () => documentFiles(scenario, { layout: scope, format }),
    [documentFiles, scenario, scope, format],
  );
  const [shown, setShown] = useState("");
  const file = files.find(({ name }) => name === shown) ?? files[0];
  if (file === undefined)
    return <p>There is no producer and no service yet, so there is no application to describe.</p>;
  const copy = async () => {
    const where = await writeClipboard(file.text, navigator.clipboard);
    if (where === "system") notify("good", `Copied ${file.name}.`);
    else notify("failure", "The browser does not let Spillway copy. Select the text and copy it.");
  };
  return (
    <>
      {files.length > 1 ? (
        <label className={styles["picker"]}>
          Application
          <select value={file.name} onChange={(event) => setShown(event.target.value)}>
            {files.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <Preview file={file} />
      <div className={styles["actions"]}>
        <Button icon="copy" onClick={() => void copy()}>
          Copy
        </Button>
        <Button icon="download" onClick={() => saveFile(file.name, file.text, "text/plain")}>
          Download {file.name}
        </Button>
        {files.length > 1 ? (
          <Button tone="main" icon="download" onClick={() => void saveAll(scenario, files)}>
            Download all {files.length} as zip
          </Button>
        ) : null}
      </div>
    </>
  );
}

function Preview({ file }: { readonly file: ContractFiles.DocumentFile }) {
  return (
    // Scrolls, so it must be reachable with the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={styles["preview"]} tabIndex={0} role="region" aria-label={file.name}>
      {file.text}
    </pre>
  );
}

async function saveAll(
  scenario: Scenario,
  files: readonly ContractFiles.DocumentFile[],
): Promise<void> {
  const { zipFiles } = await import("../../share/zip.ts");
  saveFile(`${scenario.id}.asyncapi.zip`, zipFiles(files), "application/zip");
}

interface ChoiceProps<Value extends string> {
  readonly legend: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
}

function Choice<Value extends string>({ legend, options, value, onChoose }: ChoiceProps<Value>) {
  return (
    <fieldset className={styles["choice"]}>
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={legend}
            checked={option.value === value}
            onChange={() => onChoose(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
