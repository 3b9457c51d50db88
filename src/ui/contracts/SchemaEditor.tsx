// One schema as text. Every text that can be used goes into the document at once (typing is one step to undo); while it
// cannot, the document keeps the last good one and the problems say what to do.

import { useEffect, useId, useMemo, useRef, useState } from "react";
import { replaceElement } from "../../model/edit.ts";
import { isEqual } from "../../model/equal.ts";
import type { Contract, PayloadSchema, SchemaFormat } from "../../model/scenario.ts";
import type { Language } from "../../schemas/languages.ts";
import type { LineAndColumn, PlacedProblem } from "../../schemas/placedProblem.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Icon } from "../controls/Icon.tsx";
import { MonacoEditor } from "../editor/MonacoEditor.tsx";
import styles from "./contracts.module.css";

interface SchemaEditorProps {
  readonly contract: Contract;
  /** Which schema of the contract it is. */
  readonly part: "schema" | "headers";
  readonly format: SchemaFormat;
  readonly language: Language;
  readonly schema: PayloadSchema;
  readonly isReadOnly: boolean;
}

/** The editor of a schema, with its problems in words below. Give it a key for each schema. */
export function SchemaEditor(props: SchemaEditorProps) {
  const { contract, part, format, language, isReadOnly } = props;
  const listId = useId();
  const { text, revision, change } = useSchemaText(props);
  const [chosen, setTarget] = useState<LineAndColumn | null>(null);
  const checked = useMemo(() => language.checkText(text), [language, text]);
  const asked = useAskedPlace(contract, part, checked.problems);
  const what = part === "headers" ? "headers" : "payload";
  return (
    <div className={styles["schema"]}>
      <MonacoEditor
        kind={format}
        label={`Schema of the ${what} of ${contract.name}`}
        text={text}
        revision={revision}
        problems={checked.problems}
        describedBy={listId}
        target={chosen ?? asked}
        isReadOnly={isReadOnly}
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
function useSchemaText({
  contract: { id },
  part,
  language,
  schema,
  isReadOnly,
}: SchemaEditorProps) {
  const { textOf, checkText } = language;
  const [text, setText] = useState(() => textOf(schema));
  const [revision, setRevision] = useState(0);
  const known = useRef<PayloadSchema>(schema);

  useEffect(() => {
    if (isReadOnly) return undefined;
    return useDocumentStore.subscribe(({ scenario }) => {
      const stored = scenario.contracts.find((one) => one.id === id)?.[part];
      if (stored === undefined || isEqual(stored, known.current)) return;
      known.current = stored;
      setText(textOf(stored));
      setRevision((before) => before + 1);
    });
  }, [id, part, textOf, isReadOnly]);

  const change = (typed: string) => {
    setText(typed);
    const { schema: next } = checkText(typed);
    if (next === undefined || isEqual(next, known.current)) return;
    known.current = next;
    const { scenario, commit } = useDocumentStore.getState();
    const contract = scenario.contracts.find((one) => one.id === id);
    if (contract === undefined) return;
    commit(
      replaceElement(scenario, { ...contract, [part]: next }),
      `Edit the ${part === "schema" ? "schema" : "headers"} of ${contract.name}`,
      { coalesce: `contract-${part}:${id}` },
    );
  };
  return { text, revision, change };
}

/** The place of a problem on which somebody clicked elsewhere. */
function useAskedPlace(
  { id }: Contract,
  part: string,
  problems: readonly PlacedProblem[],
): LineAndColumn | null {
  const visited = useSessionStore((state) => state.visited);
  return useMemo(() => {
    if (visited?.element !== id) return null;
    const inside = new RegExp(`^/contracts/\\d+/${part}(?<path>/.*)?$`, "u").exec(visited.path);
    const path = inside?.groups?.["path"] ?? "";
    const found = inside === null ? undefined : problems.find((one) => one.path === path);
    return found === undefined ? null : { line: found.line, column: found.column };
    // A place is gone to once for each click, wherever the problem moves while one types.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [visited]);
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
