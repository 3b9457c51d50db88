// One imported AsyncAPI document as text, with completion and hovers of its version, and what the official parser says.

import { useId, useMemo, useState } from "react";
import type { Finding } from "../../imports/findings.ts";
import type { SourceText } from "../../model/scenario.ts";
import type { LineAndColumn, PlacedProblem } from "../../schemas/placedProblem.ts";
import { Icon } from "../controls/Icon.tsx";
import { MonacoEditor } from "../editor/MonacoEditor.tsx";
import styles from "./contracts.module.css";
import { type Reading, useSourceText } from "./useSourceText.ts";

/** The editor of an imported document. Give it the id of the text as key. */
export function SourceEditor({ source }: { readonly source: SourceText }) {
  const listId = useId();
  const { text, revision, reading, change } = useSourceText(source);
  const [target, setTarget] = useState<LineAndColumn | null>(null);
  const problems = useMemo(() => placedIn(text, reading), [text, reading]);
  const isJson = source.text.trimStart().startsWith("{");
  return (
    <section className={styles["details"]} aria-label={source.name}>
      <div className={styles["parts"]}>
        <strong>{source.name}</strong>
        <span className={styles["help"]} role="status">
          {statusOf(reading)}
        </span>
      </div>
      <div className={styles["schema"]}>
        <MonacoEditor
          kind={isJson ? "asyncapi-json" : "asyncapi-yaml"}
          label={`Text of ${source.name}`}
          text={text}
          revision={revision}
          problems={problems}
          describedBy={listId}
          target={target}
          onChange={change}
        />
        <ul id={listId} className={styles["problems"]}>
          {problems.map((problem) => (
            <li key={`${problem.code} ${problem.path} ${problem.message}`}>
              <button
                type="button"
                className={styles["problem"]}
                data-severity={problem.severity}
                onClick={() => setTarget({ line: problem.line, column: problem.column })}
              >
                <Icon name={problem.severity} size={14} />
                <span>
                  Line {problem.line}: {problem.message}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function statusOf(reading: Reading): string {
  if (reading === undefined) return "Reading …";
  if ("failure" in reading) return reading.failure;
  return reading.isTaken
    ? "The drawing follows this text."
    : "Not taken over yet: the drawing keeps the last good text.";
}

function placedIn(text: string, reading: Reading): readonly PlacedProblem[] {
  if (reading === undefined || "failure" in reading) return [];
  const lines = text.split("\n");
  return reading.findings.flatMap((finding) => {
    const { severity } = finding;
    return severity === "info" ? [] : [placed(finding, severity, lines)];
  });
}

function placed(
  { code, pointer, line, column, message }: Finding,
  severity: PlacedProblem["severity"],
  lines: readonly string[],
): PlacedProblem {
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, column - 1);
  const rest = (lines[line - 1] ?? "").slice(column - 1);
  const span = { start, end: start + Math.max(1, rest.trimEnd().length) };
  return { code, severity, path: pointer, message, span, line, column };
}
