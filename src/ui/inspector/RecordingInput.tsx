// A recording of arrivals: chosen as a file, or pasted and typed where it is short enough to be read.

import { useState } from "react";
import { type RecordingField } from "../../base/fields.ts";
import { formatValue } from "../../base/fieldText.ts";
import { pickFiles } from "../../store/files.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Button, join } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import styles from "./inspector.module.css";

interface RecordingInputProps {
  readonly id: string;
  readonly field: RecordingField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A longer text is shown by its beginning, and not edited: a field of a megabyte makes a page slow. */
const editableMax = 20_000;
const shownMax = 1000;

/** The editor of a recording. What is typed is handed over on leaving the field. */
export function RecordingInput({ id, field, value, onChange }: RecordingInputProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const isLong = value.length > editableMax;
  const handleFile = async (): Promise<void> => {
    const text = await readPicked(field.maxLength);
    if (text !== undefined) onChange(text);
  };
  return (
    <div className={styles["distribution"]} role="group" aria-label={field.label}>
      <textarea
        id={id}
        rows={5}
        spellCheck={false}
        className={join(controls["input"], styles["recording"])}
        aria-describedby={`${id}-help`}
        placeholder={"time,contract,key,size\n0.5,Order placed,order-1,900\n0.8,,order-2,"}
        readOnly={isLong}
        value={isLong ? `${value.slice(0, shownMax)}…` : (typed ?? value)}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => {
          if (typed !== null && typed.length > field.maxLength) sayTooLong("The text");
          else if (typed !== null && typed !== value) onChange(typed);
          setTyped(null);
        }}
      />
      <div className={styles["buttons"]}>
        <Button icon="folder" onClick={() => void handleFile()}>
          Choose a file
        </Button>
        {value === "" ? null : (
          <Button tone="quiet" onClick={() => onChange("")}>
            Remove
          </Button>
        )}
        <span className={styles["itemNote"]}>{formatValue(field, value)}</span>
      </div>
    </div>
  );
}

/** The text of a file that the person chooses; undefined for none, or for one that is too large, which is said. */
async function readPicked(charactersMax: number): Promise<string | undefined> {
  const [file] = await pickFiles(".csv,.txt,text/csv,text/plain");
  if (file === undefined) return undefined;
  // A character takes at least one byte; what is decoded is measured again by the document's parser.
  if (file.size <= charactersMax) return file.text();
  sayTooLong(file.name);
  return undefined;
}

function sayTooLong(what: string): void {
  useSessionStore
    .getState()
    .announce(`${what} is larger than 1 MB. Keep a part of the recording, then choose it again.`);
}
