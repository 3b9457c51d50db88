// An editor of texts as a component: Monaco once its chunk is there, a plain text field until then and where it fails to load.

import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { PlacedProblem } from "../../schemas/placedProblem.ts";
import type { CodeEditor } from "./codeEditor.ts";
import styles from "./editor.module.css";
import type { TextKind } from "./textKinds.ts";

interface MonacoEditorProps {
  /** What the text is; it stays the same as long as the editor is there. */
  readonly kind: TextKind;
  /** Accessible name. */
  readonly label: string;
  readonly text: string;
  /** Changes when the text was replaced by somebody else than `onChange`; only then the editor takes it over,
   *  because what it has itself is newer than what it reported and got back. */
  readonly revision: number;
  readonly problems: readonly PlacedProblem[];
  readonly onChange: (text: string) => void;
  readonly isReadOnly?: boolean;
  /** Id of the list of problems, for screen readers. */
  readonly describedBy?: string;
  /** A place to go to; a new object goes there again. */
  readonly target?: { readonly line: number; readonly column: number } | null;
}

/** An editor that marks problems. */
export function MonacoEditor(props: MonacoEditorProps) {
  const { kind, label, text, revision, problems, onChange, describedBy, target } = props;
  const { isReadOnly = false } = props;
  const host = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const [editor, setEditor] = useState<CodeEditor | null>(null);
  const latest = useEffectEvent(() => ({ kind, text, label, isReadOnly, onChange }));

  useEffect(() => {
    let made: CodeEditor | null = null;
    let isGone = false;
    const start = async () => {
      const { createCodeEditor } = await import("./codeEditor.ts");
      if (isGone || host.current === null) return;
      const now = latest();
      const hadFocus = document.activeElement === field.current;
      made = createCodeEditor(host.current, {
        ...now,
        onChange: (typed) => latest().onChange(typed),
      });
      setEditor(made);
      if (hadFocus) made.show(1, 1);
    };
    // Offline or blocked: the plain field stays, and everything works in it.
    start().catch(() => undefined);
    return () => {
      isGone = true;
      made?.dispose();
    };
  }, []);

  useEffect(() => {
    if (revision > 0) editor?.setText(latest().text);
  }, [editor, revision]);
  useEffect(() => editor?.setProblems(problems), [editor, problems]);
  useEffect(() => {
    if (target === null || target === undefined) return;
    if (editor === null) field.current?.focus();
    else editor.show(target.line, target.column);
  }, [editor, target]);

  return (
    <div className={styles["editor"]} data-editor={editor === null ? "plain" : "monaco"}>
      <div ref={host} className={styles["editorHost"]} hidden={editor === null} />
      {editor === null ? (
        <textarea
          ref={field}
          className={styles["plainEditor"]}
          aria-label={label}
          aria-describedby={describedBy}
          readOnly={isReadOnly}
          spellCheck={false}
          autoCapitalize="off"
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : null}
    </div>
  );
}
