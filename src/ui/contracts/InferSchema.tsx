// From messages that somebody has to a schema that fits all of them.

import { useId, useState } from "react";
import { formatOf } from "../../model/contracts.ts";
import { replaceElement } from "../../model/edit.ts";
import type { Contract } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import styles from "./contracts.module.css";

/** A field for messages, and a button that makes the schema of the newest version from them. */
export function InferSchema({ contract }: { readonly contract: Contract }) {
  const id = useId();
  const [text, setText] = useState("");
  const [complaint, setComplaint] = useState<string | undefined>(undefined);
  const infer = async () => {
    const { inferSchema, readSamples } = await import("../../schemas/inference.ts");
    const { samples, problems } = readSamples(text);
    const [problem] = problems;
    setComplaint(problem && `Line ${problem.line}: ${problem.message}`);
    if (problem !== undefined) return;
    const { scenario, commit } = useDocumentStore.getState();
    commit(
      replaceElement(scenario, { ...contract, schema: inferSchema(samples) }),
      `Infer the schema of ${contract.name}`,
    );
    setText("");
    useSessionStore
      .getState()
      .notify(
        "good",
        `${contract.name} has a schema that fits these messages. Undo brings the old one back.`,
      );
  };
  if (formatOf(contract) !== "json-schema") return null;
  return (
    <form
      className={styles["infer"]}
      onSubmit={(event) => {
        event.preventDefault();
        infer().catch(() =>
          setComplaint("The part that infers schemas could not be loaded. Try again."),
        );
      }}
    >
      <label htmlFor={id}>Infer the schema from messages</label>
      <textarea
        id={id}
        className={controls["input"]}
        rows={4}
        spellCheck={false}
        placeholder={'{ "orderId": "o-1", "total": 12.5 }'}
        aria-describedby={`${id}-help`}
        aria-invalid={complaint !== undefined}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <p
        id={`${id}-help`}
        className={styles["help"]}
        role={complaint === undefined ? undefined : "alert"}
      >
        {complaint ?? "One message, a list of them, or one on each line, as JSON."}
      </p>
      <Button type="submit" disabled={text.trim() === ""}>
        Use as schema
      </Button>
    </form>
  );
}
