// Where the files come from: dropped, chosen, pasted, or from an address.

import { type DragEvent, useState } from "react";
import { pickFiles, pickFolder } from "../../store/files.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { droppedIn } from "./dropped.ts";
import { namedFiles } from "./handed.ts";
import styles from "./importing.module.css";
import type { Given } from "./useImport.ts";

interface ImportChoiceProps {
  readonly failure: string | undefined;
  readonly onGiven: (given: Given) => void;
}

const accept = ".yaml,.yml,.json,.avsc,.proto,.zip";

/** The choice. */
export function ImportChoice({ failure, onGiven }: ImportChoiceProps) {
  const [isOver, setIsOver] = useState(false);
  const [text, setText] = useState("");
  const [address, setAddress] = useState("");
  const give = (files: readonly File[]): void => {
    if (files.length > 0)
      onGiven({
        files: files.map((file) => ({ file, name: file.webkitRelativePath || file.name })),
      });
  };
  const handleDrop = (event: DragEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    setIsOver(false);
    void namedFiles(droppedIn(event.dataTransfer)).then((files) => onGiven({ files }));
  };
  return (
    <>
      {failure === undefined ? null : (
        <p className={styles["failure"]} role="alert">
          {failure}
        </p>
      )}
      <div
        className={styles["zone"]}
        data-over={isOver}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={handleDrop}
      >
        <p>
          Drop AsyncAPI files here: 2.0 to 3.1, YAML or JSON, with the files to which they refer, or
          a folder or zip of them. Services that share channels become one picture.
        </p>
        <div className={styles["buttons"]}>
          <Button
            tone="main"
            icon="file"
            data-first-focus=""
            onClick={() => void pickFiles(accept).then(give)}
          >
            Choose files …
          </Button>
          <Button icon="folder" onClick={() => void pickFolder().then(give)}>
            Choose a folder …
          </Button>
        </div>
      </div>
      <form
        className={styles["row"]}
        onSubmit={(event) => {
          event.preventDefault();
          onGiven({ text });
        }}
      >
        <label htmlFor="import-text">Or paste a document</label>
        <textarea
          id="import-text"
          className={controls["input"]}
          rows={4}
          spellCheck={false}
          placeholder="asyncapi: 3.0.0 …"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={text.trim() === ""}>
          Read the text
        </Button>
      </form>
      <form
        className={styles["row"]}
        onSubmit={(event) => {
          event.preventDefault();
          onGiven({ address: address.trim() });
        }}
      >
        <label htmlFor="import-address">Or fetch one from an address</label>
        <input
          id="import-address"
          type="url"
          className={controls["input"]}
          spellCheck={false}
          placeholder="https://…/asyncapi.yaml"
          value={address}
          onChange={(event) => setAddress(event.target.value)}
        />
        <Button type="submit" disabled={address.trim() === ""}>
          Fetch it
        </Button>
        <p className={styles["note"]}>
          Only this asks the network, and only that address. Everything else stays in the browser.
        </p>
      </form>
    </>
  );
}
