// The schema of one event as text. Every text that is a JSON object goes into the document at once (typing is one step
// to undo); while it is not, the document keeps the last good one and the problems say what to do.

import { useId, useMemo, useState } from "react";
import { checkSchemaText, type PlacedProblem } from "../../contracts/payloadSchema.ts";
import { replaceElement } from "../../model/edit.ts";
import type { Contract, JsonSchema } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { Icon } from "../controls/Icon.tsx";
import styles from "./editor.module.css";
import { MonacoEditor } from "./MonacoEditor.tsx";

function textOf(schema: JsonSchema): string {
  return JSON.stringify(schema, null, 2);
}

/** The editor of a contract's schema, with its problems in words below. */
export function SchemaEditor({ contract }: { readonly contract: Contract }) {
  const commit = useDocumentStore((state) => state.commit);
  const listId = useId();
  const [text, setText] = useState(() => textOf(contract.schema));
  const [target, setTarget] = useState<{ readonly line: number; readonly column: number } | null>(
    null,
  );
  const checked = useMemo(() => checkSchemaText(text), [text]);
  const documentText = textOf(contract.schema);

  // The document has changed without us (undo, another view): its text replaces ours.
  const [seen, setSeen] = useState(documentText);
  if (seen !== documentText) {
    setSeen(documentText);
    const own = checked.schema;
    if (own === undefined || textOf(own) !== documentText) setText(documentText);
  }

  const handleChange = (typed: string) => {
    setText(typed);
    const { schema } = checkSchemaText(typed);
    if (schema === undefined || textOf(schema) === documentText) return;
    const { scenario } = useDocumentStore.getState();
    setSeen(textOf(schema));
    commit(
      replaceElement(scenario, { ...contract, schema }),
      `Edit the schema of ${contract.name}`,
      { coalesce: `contract-schema:${contract.id}` },
    );
  };

  return (
    <div className={styles["schema"]}>
      <MonacoEditor
        label={`JSON Schema of ${contract.name}`}
        text={text}
        problems={checked.problems}
        describedBy={listId}
        target={target}
        onChange={handleChange}
      />
      <ProblemList
        id={listId}
        problems={checked.problems}
        isApplied={checked.schema !== undefined}
        onShow={({ line, column }) => setTarget({ line, column })}
      />
    </div>
  );
}

interface ProblemListProps {
  readonly id: string;
  readonly problems: readonly PlacedProblem[];
  readonly isApplied: boolean;
  readonly onShow: (problem: PlacedProblem) => void;
}

function ProblemList({ id, problems, isApplied, onShow }: ProblemListProps) {
  return (
    <div id={id} className={styles["problems"]} aria-live="polite">
      {isApplied ? null : <p>Not taken over yet: the scenario keeps the last good schema.</p>}
      {problems.length === 0 ? (
        <p className={styles["fine"]}>The schema is valid.</p>
      ) : (
        <ul>
          {problems.map((problem) => (
            <li key={`${problem.path} ${problem.message}`}>
              <button
                type="button"
                className={styles["problem"]}
                data-severity={problem.severity}
                onClick={() => onShow(problem)}
              >
                <Icon name={problem.severity === "error" ? "error" : "warning"} size={14} />
                <span>
                  Line {problem.line}: {problem.message}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
