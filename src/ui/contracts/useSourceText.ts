// The text of an imported document while somebody edits it: read again in another thread a moment after the last
// keystroke; when nothing in it is wrong, the drawing follows. What is not taken over yet is kept as a draft.

import { useEffect, useRef, useState } from "react";
import type { Result } from "../../base/result.ts";
import type { Finding } from "../../imports/findings.ts";
import type { Imported } from "../../imports/importAsyncapi.ts";
import { withReread } from "../../imports/again.ts";
import type { Scenario, SourceText } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { type ImportJob, importStarter } from "../../store/importStart.ts";

/** Long enough that typing is not interrupted [ms]. */
const settleMs = 700;

/** Texts that were typed and not taken over, by id; they outlive the panel. */
const drafts = new Map<string, string>();

/** What the last reading found; undefined while it is under way. */
export type Reading =
  | { readonly findings: readonly Finding[]; readonly isTaken: boolean }
  | { readonly failure: string }
  | undefined;

/** Text and findings of an imported document, and what to do when it changes. */
export function useSourceText(source: SourceText) {
  const { id, name } = source;
  const [text, setText] = useState(() => drafts.get(id) ?? source.text);
  const [revision, setRevision] = useState(0);
  const [reading, setReading] = useState<Reading>(undefined);
  const known = useRef(source.text);

  // Undo, or another view, has changed the text in the document.
  useEffect(() => {
    if (source.text === known.current) return;
    known.current = source.text;
    drafts.delete(id);
    setText(source.text);
    setRevision((before) => before + 1);
  }, [id, source.text]);

  useEffect(() => {
    let job: ImportJob | undefined;
    let isGone = false;
    const read = async (): Promise<void> => {
      const { scenario } = useDocumentStore.getState();
      const result = await readTexts(textsWith(scenario, id, text), (begun) => (job = begun));
      if (isGone || result === undefined) return;
      if (!result.ok) {
        setReading({ failure: result.failure });
        return;
      }
      const findings = result.value.findings.filter(({ file }) => file === name);
      const isGood = findings.every(({ severity }) => severity !== "error");
      if (isGood && text !== known.current && (await takeOver(result.value, name))) {
        known.current = text;
        drafts.delete(id);
      }
      if (!isGone) setReading({ findings, isTaken: text === known.current });
    };
    const timer = setTimeout(() => {
      read().catch(() =>
        setReading({ failure: "The part that reads AsyncAPI could not be loaded. Try again." }),
      );
    }, settleMs);
    return () => {
      isGone = true;
      clearTimeout(timer);
      job?.cancel();
    };
  }, [id, name, text]);

  const change = (typed: string): void => {
    drafts.set(id, typed);
    setReading(undefined);
    setText(typed);
  };
  return { text, revision, reading, change };
}

function textsWith({ sources = [] }: Scenario, id: string, text: string): readonly SourceText[] {
  return sources.map((one) => (one.id === id ? { ...one, text } : one));
}

/** Reads texts in another thread, with what the official parser says. */
async function readTexts(
  texts: readonly SourceText[],
  begin: (job: ImportJob) => void = () => undefined,
): Promise<Result<Imported, string> | undefined> {
  const start = await importStarter();
  if (start === undefined) return undefined;
  const files = texts.map(({ name, text }) => ({ name, bytes: new TextEncoder().encode(text) }));
  const job = start({ files }, () => undefined);
  begin(job);
  return job.judged;
}

/** Lets the drawing follow a text that was read again; whether it could. */
async function takeOver({ scenario: now }: Imported, name: string): Promise<boolean> {
  const { sources = [] } = useDocumentStore.getState().scenario;
  const before = await readTexts(sources);
  if (now === undefined || before?.ok !== true || before.value.scenario === undefined) return false;
  const { scenario, commit } = useDocumentStore.getState();
  commit(withReread(scenario, before.value.scenario, now), `Edit ${name}`, {
    coalesce: `source:${name}`,
  });
  return true;
}
