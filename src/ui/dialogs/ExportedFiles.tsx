// The files of an export: which one is shown, how it looks, and how it is copied and saved.

import { useState } from "react";
import type { ExportFile, Extras, WayOut } from "../../exports/wayOut.ts";
import { writeClipboard } from "../../store/clipboard.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { saveFile } from "../../store/files.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Button } from "../controls/Button.tsx";
import styles from "./export.module.css";
import { pngOf } from "./raster.ts";
import { useExported } from "./useExported.ts";

/** Longest text that is shown whole [UTF-16 units]; longer ones would make the page slow. */
const shownMax = 200_000;

interface ExportedFilesProps {
  readonly way: WayOut;
  readonly chosen: Extras["chosen"];
}

/** What a way out makes of the open document. */
export function ExportedFiles(props: ExportedFilesProps) {
  const [round, setRound] = useState(0);
  return <Made key={round} {...props} onAgain={() => setRound(round + 1)} />;
}

interface MadeProps extends ExportedFilesProps {
  readonly onAgain: () => void;
}

function Made({ way, chosen, onAgain }: MadeProps) {
  const making = useExported(way, chosen);
  if (making.state === "making")
    return (
      <div className={styles["waiting"]} role="status">
        <progress aria-label="Preparing the files" />
        Preparing the files …
      </div>
    );
  if (making.state === "failed")
    return (
      <div className={styles["waiting"]} role="alert">
        <p>The files could not be made: {making.reason} The scenario is unharmed.</p>
        <Button onClick={onAgain}>Try again</Button>
      </div>
    );
  const { files, remarks } = making.exported;
  return (
    <>
      {remarks.length === 0 ? null : (
        <ul className={styles["remarks"]} aria-label="Remarks">
          {remarks.map((remark) => (
            <li key={remark}>{remark}</li>
          ))}
        </ul>
      )}
      {files.length === 0 ? null : <Files way={way} files={files} />}
    </>
  );
}

interface FilesProps {
  readonly way: WayOut;
  readonly files: readonly ExportFile[];
}

function Files({ way, files }: FilesProps) {
  const [shown, setShown] = useState("");
  const notify = useSessionStore((state) => state.notify);
  const file = files.find(({ name }) => name === shown) ?? files[0];
  if (file === undefined) return null;
  const base = file.name.split("/").at(-1) ?? file.name;
  const isPicture = base.endsWith(".svg");
  const copy = async () => {
    const where = await writeClipboard(file.text, navigator.clipboard);
    if (where === "system") notify("good", `Copied ${base}.`);
    else notify("failure", "The browser does not let Spillway copy. Select the text and copy it.");
  };
  const savePng = async () => {
    const png = await pngOf(file.text);
    if (png === undefined)
      notify("failure", "This browser cannot draw a picture of that size. Save the SVG instead.");
    else saveFile(base.replace(/svg$/u, "png"), png, "image/png");
  };
  return (
    <>
      {files.length > 1 ? (
        <label className={styles["picker"]}>
          File
          <select value={file.name} onChange={(event) => setShown(event.target.value)}>
            {files.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
          <span>of {files.length}</span>
        </label>
      ) : null}
      {isPicture ? <Picture file={file} /> : <Preview file={file} />}
      <div className={styles["actions"]}>
        <Button icon="copy" onClick={() => void copy()}>
          Copy
        </Button>
        {isPicture ? (
          <Button icon="download" onClick={() => void savePng()}>
            Download as PNG
          </Button>
        ) : null}
        <Button
          tone={files.length === 1 ? "main" : "plain"}
          icon="download"
          onClick={() => saveFile(base, file.text, "text/plain")}
        >
          Download {base}
        </Button>
        {files.length > 1 ? (
          <Button tone="main" icon="download" onClick={() => void saveAll(way, files)}>
            Download all {files.length} as zip
          </Button>
        ) : null}
      </div>
    </>
  );
}

function Preview({ file }: { readonly file: ExportFile }) {
  const isCut = file.text.length > shownMax;
  return (
    <>
      {/* Scrolls, so it must be reachable with the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={styles["preview"]} tabIndex={0} role="region" aria-label={file.name}>
        {isCut ? file.text.slice(0, shownMax) : file.text}
      </pre>
      {isCut ? (
        <p className={styles["note"]}>
          This is the beginning of a large file; copy and download have all of it.
        </p>
      ) : null}
    </>
  );
}

function Picture({ file }: { readonly file: ExportFile }) {
  return (
    <div className={styles["picture"]} role="region" aria-label={file.name}>
      <img src={`data:image/svg+xml,${encodeURIComponent(file.text)}`} alt="The canvas" />
    </div>
  );
}

async function saveAll(way: WayOut, files: readonly ExportFile[]): Promise<void> {
  const { zipFiles } = await import("../../share/zip.ts");
  const { id } = useDocumentStore.getState().scenario;
  saveFile(`${id}.${way.id}.zip`, zipFiles(files), "application/zip");
}
