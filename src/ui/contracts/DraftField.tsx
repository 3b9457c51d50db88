// A text that is taken over on Enter or when its field is left; Escape drops what was typed.

import { useId, useState } from "react";
import controls from "../controls/controls.module.css";
import styles from "./contracts.module.css";

interface DraftFieldProps {
  readonly label: string;
  readonly value: string;
  readonly maxLength: number;
  readonly isRequired?: boolean;
  /** Several lines; Enter begins a new one then. */
  readonly isLong?: boolean;
  readonly placeholder?: string;
  /** What it means, below the field. */
  readonly help?: string;
  readonly onAccept: (value: string) => void;
}

/** A labelled field for a text. */
export function DraftField(props: DraftFieldProps) {
  const { label, value, isRequired = false, isLong = false, help, onAccept } = props;
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const accept = () => {
    const typed = draft?.trim();
    setDraft(null);
    if (typed === undefined || typed === value || (isRequired && typed === "")) return;
    onAccept(typed);
  };
  const field = {
    id,
    className: controls["input"],
    value: draft ?? value,
    maxLength: props.maxLength,
    placeholder: props.placeholder,
    spellCheck: false,
    "aria-describedby": help === undefined ? undefined : `${id}-help`,
    onBlur: accept,
  };
  return (
    <div className={styles["field"]} data-long={isLong}>
      <label htmlFor={id}>{label}</label>
      {isLong ? (
        <textarea
          {...field}
          rows={2}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") setDraft(null);
          }}
        />
      ) : (
        <input
          {...field}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") accept();
            if (event.key === "Escape") setDraft(null);
          }}
        />
      )}
      {help === undefined ? null : (
        <p id={`${id}-help`} className={styles["help"]}>
          {help}
        </p>
      )}
    </div>
  );
}
