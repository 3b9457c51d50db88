// Importing AsyncAPI: choose, drop, paste or fetch files, see what was understood, and take it as a new document. The open
// document is never touched.

import { useEffect, useState } from "react";
import type { Imported } from "../../imports/importAsyncapi.ts";
import { openAsNew } from "../../store/commands/documents.ts";
import { type HandedOver, useSessionStore } from "../../store/sessionStore.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { ImportChoice } from "./ImportChoice.tsx";
import { ImportFindings } from "./ImportFindings.tsx";
import styles from "./importing.module.css";
import { type ImportState, useImport } from "./useImport.ts";

interface ImportDialogProps {
  /** Files that were dropped onto the page. */
  readonly given: readonly HandedOver[] | undefined;
  readonly onClose: () => void;
}

/** The dialog. */
export function ImportDialog({ given, onClose }: ImportDialogProps) {
  const { state, start, cancel } = useImport();
  useEffect(() => {
    if (given !== undefined) void start({ files: given });
  }, [given, start]);
  return (
    <Dialog
      title="Import AsyncAPI"
      size="wide"
      onClose={onClose}
      foot={<Foot state={state} onCancel={cancel} onClose={onClose} />}
    >
      {state.step === "choosing" ? (
        <ImportChoice failure={state.failure} onGiven={(chosen) => void start(chosen)} />
      ) : state.step === "reading" ? (
        <p className={styles["waiting"]} role="status">
          <progress aria-label="Reading the files" />
          Reading {state.name} …
        </p>
      ) : (
        <Result {...state} />
      )}
    </Dialog>
  );
}

interface FootProps {
  readonly state: ImportState;
  readonly onCancel: () => void;
  readonly onClose: () => void;
}

function Foot({ state, onCancel, onClose }: FootProps) {
  if (state.step === "choosing") return <Button onClick={onClose}>Close</Button>;
  if (state.step === "reading") return <Button onClick={onCancel}>Cancel</Button>;
  const { scenario } = state.imported;
  const take = (): void => {
    if (scenario === undefined) return;
    openAsNew(scenario);
    useSessionStore.getState().notify("good", `${scenario.title} was imported as a new document.`);
  };
  return (
    <>
      <Button onClick={onCancel}>Other files</Button>
      {scenario === undefined ? (
        <Button onClick={onClose}>Close</Button>
      ) : (
        <Button tone="main" onClick={take} data-first-focus="">
          Open as a new document
        </Button>
      )}
    </>
  );
}

function Result({ imported, judging }: Extract<ImportState, { readonly step: "read" }>) {
  return (
    <>
      <Counts imported={imported} />
      {imported.documents.length === 0 ? null : <Documents imported={imported} />}
      {judging === undefined || judging.most === 0 ? null : (
        <p className={styles["waiting"]} role="status">
          <progress
            value={judging.done}
            max={judging.most}
            aria-label="Checked by the official parser"
          />
          The official parser is checking
          {judging.most === 1
            ? " the document"
            : ` document ${judging.done + 1} of ${judging.most}`}{" "}
          … You need not wait for it.
        </p>
      )}
      <ImportFindings findings={imported.findings} isComplete={judging === undefined} />
    </>
  );
}

function Counts({ imported: { scenario, documents } }: { readonly imported: Imported }) {
  if (scenario === undefined)
    return <p>Nothing could be drawn. Your document is as it was; the list says why.</p>;
  const brokers = scenario.nodes.filter(({ kind }) => kind === "broker").length;
  const counts = [
    [documents.length, "document"],
    [scenario.nodes.length - brokers, "application"],
    [brokers, "broker"],
    [scenario.channels.length, "channel"],
    [scenario.contracts.length, "contract"],
  ] as const;
  return (
    <dl className={styles["counts"]} aria-label="What was found">
      {counts.map(([count, word]) => (
        <div key={word}>
          <dt>{count === 1 ? word : `${word}s`}</dt>
          <dd>{count}</dd>
        </div>
      ))}
    </dl>
  );
}

function counted(count: number, word: string): string {
  return `${count} ${count === 1 ? word : `${word}s`}`;
}

/** Documents that are listed; more than these nobody reads. */
const shownMax = 100;

function Documents({ imported: { documents } }: { readonly imported: Imported }) {
  const [isOpen, setIsOpen] = useState(documents.length <= 6);
  const rest = documents.length - shownMax;
  return (
    <details open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className={styles["summary"]}>Documents</summary>
      <ul className={styles["documents"]}>
        {documents.slice(0, shownMax).map(({ file, title, version, counts }) => (
          <li key={file}>
            <strong>{title}</strong>
            <code>{file}</code>
            <span>
              AsyncAPI {version} · {counted(counts.operations, "operation")} ·{" "}
              {counted(counts.messages, "message")}
            </span>
          </li>
        ))}
      </ul>
      {rest > 0 ? <p className={styles["note"]}>… and {rest} more.</p> : null}
    </details>
  );
}
