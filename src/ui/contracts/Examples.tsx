// The examples that somebody keeps with a version of an event: they go into AsyncAPI documents, and the check says when
// one does not fit the schema any more.

import { useId, useState } from "react";
import { replaceElement } from "../../model/edit.ts";
import { listMax } from "../../model/limits.ts";
import type { Contract, ContractExample, ContractVersion } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { IconButton } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import styles from "./contracts.module.css";

/** Keeps a payload as an example of the newest version. */
export function keepExample(contract: Contract, payload: unknown): void {
  const { examples = [] } = contract;
  if (examples.length >= listMax.examples) return;
  const name = `example-${examples.length + 1}`;
  put(contract, [...examples, { name, payload }], `Keep an example of ${contract.name}`);
}

function put(contract: Contract, examples: readonly ContractExample[], title: string): void {
  const { scenario, commit } = useDocumentStore.getState();
  const { examples: _, ...rest } = contract;
  commit(replaceElement(scenario, examples.length === 0 ? rest : { ...rest, examples }), title);
}

interface ExamplesProps {
  readonly contract: Contract;
  readonly version: ContractVersion;
}

/** The examples of a version; those of the newest can be changed. */
export function Examples({ contract, version }: ExamplesProps) {
  const { examples = [] } = version;
  if (examples.length === 0) return null;
  const replaced = (index: number, next: readonly ContractExample[], title: string) =>
    put(contract, examples.toSpliced(index, 1, ...next), `${title} of ${contract.name}`);
  return (
    <section className={styles["samples"]} aria-label="Examples">
      <strong>Examples</strong>
      <ol className={styles["sampleList"]}>
        {examples.map((example, index) => (
          <ExampleCard
            key={`${index} ${JSON.stringify(example.payload)}`}
            name={example.name ?? `Example ${index + 1}`}
            payload={example.payload}
            isFixed={version !== contract}
            onChange={(payload) => replaced(index, [{ ...example, payload }], "Change an example")}
            onRemove={() => replaced(index, [], "Remove an example")}
          />
        ))}
      </ol>
    </section>
  );
}

interface ExampleCardProps {
  readonly name: string;
  readonly payload: unknown;
  readonly isFixed: boolean;
  readonly onChange: (payload: unknown) => void;
  readonly onRemove: () => void;
}

function ExampleCard({ name, payload, isFixed, onChange, onRemove }: ExampleCardProps) {
  const id = useId();
  const [text, setText] = useState(() => JSON.stringify(payload ?? null, null, 2));
  const read = parsed(text);
  return (
    <li className={styles["sample"]}>
      <div className={styles["sampleHead"]}>
        <label htmlFor={id}>{name}</label>
        {read === undefined ? <span role="alert">This is no JSON yet.</span> : null}
        {isFixed ? null : (
          <IconButton icon="trash" size={14} label={`Remove ${name}`} onClick={onRemove} />
        )}
      </div>
      <textarea
        id={id}
        className={controls["input"]}
        rows={Math.min(12, text.split("\n").length)}
        spellCheck={false}
        readOnly={isFixed}
        aria-invalid={read === undefined}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => {
          if (read !== undefined && JSON.stringify(read.value) !== JSON.stringify(payload))
            onChange(read.value);
        }}
      />
    </li>
  );
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
