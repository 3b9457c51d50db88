// The schema of one event as text. Every text that is a JSON object goes into the document at once (typing is one step
// to undo); while it is not, the document keeps the last good one and the problems say what to do.

import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { LineAndColumn, PlacedProblem } from "../../schemas/placedProblem.ts";
import { checkSchemaText } from "../../schemas/json/checkJsonSchema.ts";
import { replaceElement } from "../../model/edit.ts";
import type { Contract, PayloadSchema } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { Icon } from "../controls/Icon.tsx";
import styles from "./editor.module.css";
import { MonacoEditor } from "./MonacoEditor.tsx";

function textOf(schema: PayloadSchema): string {
  return JSON.stringify(schema, null, 2);
}

/** The editor of a contract's schema, with its problems in words below. Give it the contract's id as key. */
export function SchemaEditor({ contract }: { readonly contract: Contract }) {
  const listId = useId();
  const { text, revision, change } = useSchemaText(contract.id, contract.schema);
  const [target, setTarget] = useState<LineAndColumn | null>(null);
  const checked = useMemo(() => checkSchemaText(text), [text]);
  return (
    <div className={styles["schema"]}>
      <MonacoEditor
        label={`JSON Schema of ${contract.name}`}
        text={text}
        revision={revision}
        problems={checked.problems}
        describedBy={listId}
        target={target}
        onChange={change}
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

// What is typed goes into the store; what comes from the store without us (undo, another view) replaces the text.
// The store is listened to directly: between a keystroke and its rendering, props are older than the text.
function useSchemaText(id: string, schema: PayloadSchema) {
  const [text, setText] = useState(() => textOf(schema));
  const [revision, setRevision] = useState(0);
  const known = useRef(text);

  useEffect(
    () =>
      useDocumentStore.subscribe(({ scenario }) => {
        const contract = scenario.contracts.find((one) => one.id === id);
        const stored = contract === undefined ? known.current : textOf(contract.schema);
        if (stored === known.current) return;
        known.current = stored;
        setText(stored);
        setRevision((before) => before + 1);
      }),
    [id],
  );

  const change = (typed: string) => {
    setText(typed);
    const { schema: typedSchema } = checkSchemaText(typed);
    if (typedSchema === undefined || textOf(typedSchema) === known.current) return;
    known.current = textOf(typedSchema);
    const { scenario, commit } = useDocumentStore.getState();
    const contract = scenario.contracts.find((one) => one.id === id);
    if (contract === undefined) return;
    commit(
      replaceElement(scenario, { ...contract, schema: typedSchema }),
      `Edit the schema of ${contract.name}`,
      { coalesce: `contract-schema:${id}` },
    );
  };
  return { text, revision, change };
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
